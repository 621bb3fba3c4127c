package rt

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

var toText = &Type{Name: "func() string", Kind: reflect.Func, Exact: true}

// celsius makes a type float64 with the method String, as lowered cells do.
func celsius() *Type {
	t := &Type{Name: "main.Celsius", Pkg: "main", Kind: reflect.Float64, Named: true}
	methods := map[string]string{"String": "func() string"}
	t.SetMethods(methods, methods, []Method{{Name: "String", Type: toText}})
	Define(t, (*float64)(nil), "String", func(c *float64) string { return fmt.Sprint(*c, " °C") })
	return t
}

func TestMakeAndOpen(t *testing.T) {
	c := celsius()
	v := Make(c, 36.5)
	if got := fmt.Sprintf("%v %T %.2f", v, v, v); got != "36.5 °C main.Celsius 36.50" {
		t.Error(got)
	}
	if x, ok := Open(v, c); !ok || x != 36.5 {
		t.Errorf("opened as %v, %v", x, ok)
	}
	if _, ok := Open(36.5, c); ok {
		t.Error("a float64 is taken for a Celsius")
	}
	if of, x := Split(v); of != c || x != 36.5 {
		t.Errorf("split into %v, %v", of, x)
	}
	if of, x := Split("text"); of != nil || x != "text" {
		t.Errorf("text is split into %v, %v", of, x)
	}
	if !Eq(v, Make(c, 36.5)) || Eq(v, 36.5) || Eq(v, Make(celsius(), 36.5)) {
		t.Error("== is wrong")
	}
	if Make(c, nil) != Make(c, 0.0) {
		t.Error("nil is not the zero value")
	}
}

func TestFindAndHas(t *testing.T) {
	c := celsius()
	stringer := &Type{Name: "fmt.Stringer", Kind: reflect.Interface, Iface: reflect.TypeFor[fmt.Stringer]()}
	stringer.SetMethods(map[string]string{"String": "func() string"}, nil, nil)
	own := &Type{Name: "main.Namer", Kind: reflect.Interface}
	own.SetMethods(map[string]string{"Name": "func() string"}, nil, nil)
	v := Make(c, 1.0)
	if _, ok := Has(v, stringer); !ok {
		t.Error("the method is not there")
	}
	if _, ok := Has(v, own); ok {
		t.Error("there is a method too many")
	}
	if To(v, stringer).(fmt.Stringer).String() != "1 °C" {
		t.Error("the compiled interface calls another method")
	}
	p, f := Find(v, "String", (func(unsafe.Pointer) string)(nil))
	if got := f.(func(unsafe.Pointer) string)(p); got != "1 °C" {
		t.Error(got)
	}
	_, f = Find(errors.New("compiled"), "Error", (func(unsafe.Pointer) string)(nil))
	if got := f.(func(unsafe.Pointer) string)(nil); got != "compiled" {
		t.Error(got)
	}
	defer func() {
		if r := fmt.Sprint(recover()); r != "interface conversion: int is not main.Namer: missing method Name" {
			t.Error(r)
		}
	}()
	BadAssert(3, own)
}

// TestParts holds that a type reaches into types that are made of it.
func TestParts(t *testing.T) {
	c := celsius()
	list := &Type{Name: "[]main.Celsius", Kind: reflect.Slice, Elem: c}
	Define(list, (*[]float64)(nil))
	node := &Type{Name: "main.Node", Pkg: "main", Kind: reflect.Struct, Named: true}
	pointer := &Type{Name: "*main.Node", Kind: reflect.Pointer, Elem: node}
	node.Fields = []Field{{Name: "Value", Type: c, Exported: true}, {Name: "next", Type: pointer}}
	type canon struct {
		Value float64
		Xnext *canon
	}
	Define(node, (*canon)(nil), pointer, (**canon)(nil))
	for _, x := range []struct {
		value any
		want  string
	}{
		{Make(list, []float64{1, 2}), "[1 °C 2 °C] []main.Celsius"},
		{Make(node, canon{Value: 3}), "{Value:3 °C next:<nil>} main.Node"},
		{Make(pointer, &canon{Value: 4}), "&{Value:4 °C next:<nil>} *main.Node"},
	} {
		if got := fmt.Sprintf("%+v %T", x.value, x.value); got != x.want {
			t.Errorf("%s, want %s", got, x.want)
		}
	}
	made := reflect.New(node.Reflect()).Interface()
	if of, _ := Split(made); of != pointer {
		t.Errorf("a pointer that reflection made is of type %v", of)
	}
}

// TestLateMethod holds that a type may be given a method after values of it
// have been printed.
func TestLateMethod(t *testing.T) {
	n := &Type{Name: "main.N", Pkg: "main", Kind: reflect.Int, Named: true}
	Define(n, (*int)(nil))
	before := Make(n, 1)
	if got := fmt.Sprint(before); got != "1" {
		t.Error(got)
	}
	methods := map[string]string{"String": "func() string"}
	n.SetMethods(methods, methods, []Method{{Name: "String", Type: toText}})
	Define(n, (*int)(nil), "String", func(*int) string { return "first" })
	if got := fmt.Sprint(Make(n, 1)); got != "first" {
		t.Error(got)
	}
	if x, ok := Open(before, n); !ok || x != 1 {
		t.Error("a value from before is no longer of its type")
	}
	Define(n, (*int)(nil), "String", func(*int) string { return "second" })
	if got := fmt.Sprint(Make(n, 1)); got != "second" {
		t.Error(got)
	}
}

func TestFrames(t *testing.T) {
	var log []string
	f := NewFrame()
	Push(f, func(p *Panicking) { log = append(log, fmt.Sprint("last ", Recover(p))) })
	Push(f, func(p *Panicking) { log = append(log, fmt.Sprint("first ", Recover(p))); panic("again") })
	Run(f, func() { panic("body") })
	if got := strings.Join(log, ", "); got != "first body, last again" {
		t.Error(got)
	}
	if Recover(nil) != nil {
		t.Error("recover outside of a deferred call recovers")
	}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		f := NewFrame()
		Run(f, func() { Push(f, func(*Panicking) { log = nil }) })
	}()
	<-ended
	if log != nil {
		t.Error("what the body defers does not run")
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{1, "1"}, {-2.5, "-2.5"}, {true, "true"}, {"a", "a"}, {uint8(7), "7"}, {nil, "nil"}, {complex(1, -2), "(1-2i)"}, {float32(0.1), "0.1"},
	} {
		if got := Sprint(false, c.value); got != c.want {
			t.Errorf("print(%v) gives %s", c.value, got)
		}
	}
	if got := Sprint(true, 1, "b"); got != "1 b\n" {
		t.Errorf("println gives %q", got)
	}
}

func TestUnsafe(t *testing.T) {
	x := [3]int{1, 2, 3}
	p := Pointer(&x)
	if *PointerAt(p, (*int)(nil)).(*int) != 1 || Address(p) != uintptr(unsafe.Pointer(&x)) {
		t.Error("pointers are converted wrongly")
	}
	if s := UnsafeSlice(&x[0], 3).([]int); len(s) != 3 || &s[2] != &x[2] {
		t.Errorf("unsafe.Slice gives %v", s)
	}
	defer func() {
		if r := fmt.Sprint(recover()); r != "runtime error: unsafe.Slice: len out of range" {
			t.Error(r)
		}
	}()
	UnsafeSlice(&x[0], Count(1<<63))
}
