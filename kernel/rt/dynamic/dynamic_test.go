package dynamic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"testing"
)

// point stands for what an interpreter knows of a struct type.
type point struct {
	X int `json:"x"`
	Y *point
	Z string
}

func newPoint(t *testing.T) *Type {
	t.Helper()
	d := New(reflect.TypeFor[struct {
		X int
		Y *int
		Z string
	}](), "main.Point", "main", true, []Method{{Name: "String"}, {Name: "Move", Pointer: true}, {Name: "Error"}, {Name: "Sum"}})
	d.SetFields("main", []Field{
		{Name: "X", Tag: `json:"x"`, Type: reflect.TypeFor[int](), Exported: true},
		{Name: "Next", Type: d.Pointer(), Exported: true},
		{Name: "hidden", Type: reflect.TypeFor[string]()},
	})
	set := func(name string, typ reflect.Type, f any) {
		if err := d.SetMethod(name, typ, f); err != nil {
			t.Fatal(err)
		}
	}
	set("String", reflect.TypeFor[func() string](), func(p *point) string { return fmt.Sprintf("<%d %s>", p.X, p.Z) })
	set("Error", reflect.TypeFor[func() string](), func(p *point) string { return "bad " + p.Z })
	set("Move", reflect.TypeFor[func(int)](), func(p *point, by int) { p.X += by })
	set("Sum", reflect.TypeFor[func(a, b int, rest ...float64) (float64, error)](), func(p *point, a, b int, rest ...float64) (float64, error) {
		s := float64(p.X + a + b)
		for _, r := range rest {
			s += r
		}
		return s, io.EOF
	})
	return d
}

func TestStruct(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	d := newPoint(t)
	v := As(point{X: 3, Z: "z"}, d.Reflect())
	p := &point{X: 4, Z: "q"}
	ptr := As(p, d.Pointer())
	for _, c := range []struct{ got, want string }{
		{fmt.Sprintf("%T %T", v, ptr), "main.Point *main.Point"},
		{fmt.Sprint(v, ptr), "bad z bad q"},
		{fmt.Sprintf("%#v", v), `main.Point{X:3, Next:(*main.Point)(nil), hidden:"z"}`},
		{d.Reflect().Name() + " " + d.Reflect().PkgPath(), "Point main"},
		{v.(fmt.Stringer).String() + ptr.(fmt.Stringer).String(), "<3 z><4 q>"},
		{fmt.Sprint([]any{v}), "[bad z]"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	if _, ok := v.(interface{ Move(int) }); ok {
		t.Error("the value has a method of the pointer")
	}
	ptr.(interface{ Move(int) }).Move(10)
	if p.X != 14 {
		t.Errorf("moved to %d", p.X)
	}
	s, err := v.(interface {
		Sum(a, b int, rest ...float64) (float64, error)
	}).Sum(1, 2, 0.5, 0.25)
	if s != 6.75 || err != io.EOF {
		t.Errorf("Sum = %v, %v", s, err)
	}
	out := reflect.ValueOf(v).MethodByName("Sum").Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf(1), reflect.ValueOf(1.0)})
	if out[0].Float() != 6 {
		t.Errorf("by reflection: %v", out)
	}
	m, _ := d.Reflect().MethodByName("String")
	if got := m.Func.Call([]reflect.Value{reflect.ValueOf(v)})[0].String(); got != "<3 z>" {
		t.Errorf("the function of the method gives %s", got)
	}
	target := reflect.New(d.Reflect())
	if !errors.As(fmt.Errorf("more: %w", v.(error)), target.Interface()) || target.Elem().Field(0).Int() != 3 {
		t.Error("errors.As does not find the value")
	}
	if data, err := json.Marshal(v); err != nil || string(data) != `{"x":3,"Next":null}` {
		t.Errorf("json: %s, %v", data, err)
	}
	if err := json.Unmarshal([]byte(`{"x":7,"Next":{"x":8}}`), ptr); err != nil || p.X != 7 || p.Y.X != 8 {
		t.Errorf("from json: %+v, %v", p, err)
	}
	if v != As(point{X: 3, Z: "z"}, d.Reflect()) || v == As(point{X: 4, Z: "z"}, d.Reflect()) || v == any(point{X: 3, Z: "z"}) {
		t.Error("== is wrong")
	}
}

func TestOtherKinds(t *testing.T) {
	text := reflect.TypeFor[func() string]()
	for _, c := range []struct {
		value any
		text  any
		want  string
	}{
		{7, func(p *int) string { return fmt.Sprint("int ", *p) }, "int 7"},
		{"s", func(p *string) string { return "string " + *p }, "string s"},
		{map[string]int{"a": 1}, func(p *map[string]int) string { return fmt.Sprint("map ", len(*p)) }, "map 1"},
		{[]int{1, 2}, func(p *[]int) string { return fmt.Sprint("slice ", len(*p)) }, "slice 2"},
		{[2]int{1, 2}, func(p *[2]int) string { return fmt.Sprint("array ", p[1]) }, "array 2"},
		{func() int { return 5 }, func(p *func() int) string { return fmt.Sprint("func ", (*p)()) }, "func 5"},
		{struct{ P *int }{nil}, func(p *struct{ P *int }) string { return fmt.Sprint("pointer ", p.P == nil) }, "pointer true"},
		{1.5, func(p *float64) string { return fmt.Sprint("float ", *p) }, "float 1.5"},
		{make(chan int, 3), func(p *chan int) string { return fmt.Sprint("chan ", cap(*p)) }, "chan 3"},
		{complex(1, 2), func(p *complex128) string { return fmt.Sprint("complex ", *p) }, "complex (1+2i)"},
	} {
		d := New(reflect.TypeOf(c.value), "main.T", "main", true, []Method{{Name: "String"}})
		if err := d.SetMethod("String", text, c.text); err != nil {
			t.Fatal(err)
		}
		v := As(c.value, d.Reflect())
		if got := v.(fmt.Stringer).String(); got != c.want {
			t.Errorf("%T: %s, want %s", c.value, got, c.want)
		}
		if got := fmt.Sprintf("%v %T", v, v); got != c.want+" main.T" {
			t.Errorf("%T prints %s", c.value, got)
		}
		if got := reflect.ValueOf(v).Kind(); got != reflect.TypeOf(c.value).Kind() {
			t.Errorf("%T: kind %s", c.value, got)
		}
		p := reflect.New(d.Reflect())
		p.Elem().Set(reflect.ValueOf(v))
		if got := p.Interface().(fmt.Stringer).String(); got != c.want {
			t.Errorf("pointer to %T: %s", c.value, got)
		}
		m, _ := d.Reflect().MethodByName("String")
		if got := m.Func.Call([]reflect.Value{reflect.ValueOf(v)})[0].String(); got != c.want {
			t.Errorf("function of %T: %s", c.value, got)
		}
	}
}

// TestEntries holds that every entry finds its closure.
func TestEntries(t *testing.T) {
	before := entered.count
	defer func() { entered.count = before }()
	methods := make([]Method, 0, 100)
	for i := range 100 {
		methods = append(methods, Method{Name: fmt.Sprintf("M%02d", i), Pointer: true})
	}
	made := 0
	for {
		d := New(reflect.TypeFor[struct{ N int }](), "main.Many", "main", true, methods)
		for i, m := range methods {
			n := made + i
			err := d.SetMethod(m.Name, reflect.TypeFor[func(string, float64) (int, string)](), func(p *struct{ N int }, s string, f float64) (int, string) {
				return p.N + n + int(f), s
			})
			if errors.Is(err, errFull) {
				if made < Entries/2 {
					t.Fatalf("full after %d", made)
				}
				return
			}
		}
		v := reflect.ValueOf(As(&struct{ N int }{1000000}, d.Pointer()))
		runtime.GC()
		for i := range methods {
			out := v.Method(i).Call([]reflect.Value{reflect.ValueOf("x"), reflect.ValueOf(2.0)})
			if out[0].Int() != int64(1000002+made+i) || out[1].String() != "x" {
				t.Fatalf("method %d of type %d gives %v", i, made, out[0])
			}
		}
		made += len(methods)
	}
}

func TestParts(t *testing.T) {
	name := New(reflect.TypeFor[string](), "main.Name", "main", true, nil).Reflect()
	m := New(reflect.TypeFor[map[string]string](), "main.Book", "main", true, nil)
	m.SetKey(name)
	m.SetElem(name)
	v := As(map[string]string{"a": "x"}, m.Reflect())
	if got := fmt.Sprintf("%v %#v", v, v); got != `map[a:x] main.Book{"a":"x"}` {
		t.Error(got)
	}
	if reflect.ValueOf(v).MapIndex(reflect.ValueOf(As("a", name))).String() != "x" {
		t.Error("the key is not found")
	}
	f := New(reflect.TypeFor[func(int, string) error](), "main.Fn", "main", true, []Method{{Name: "Do"}})
	f.SetSignature([]reflect.Type{reflect.TypeFor[int](), name}, []reflect.Type{reflect.TypeFor[error]()})
	if got := f.Reflect().In(1).String(); got != "main.Name" || f.Reflect().NumIn() != 2 || f.Reflect().NumOut() != 1 {
		t.Error("the function takes", got)
	}
	list := New(reflect.TypeFor[[3]string](), "main.List", "main", true, nil)
	list.SetElem(name)
	if got := reflect.ValueOf(As([3]string{"a", "b"}, list.Reflect())).Index(1).Type(); got != name {
		t.Error(got)
	}
}
