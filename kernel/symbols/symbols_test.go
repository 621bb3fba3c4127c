package symbols

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// Every exported name that go/types knows has its value, of the same kind, and
// the other way round.
func TestTablesAgreeWithTypes(t *testing.T) {
	for _, path := range Paths() {
		pkg, err := Importer().Import(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if pkg.Name() != Name(path) {
			t.Errorf("%s: name %q in the table, %q in the types", path, Name(path), pkg.Name())
		}
		values := Values(path)
		for _, name := range pkg.Scope().Names() {
			obj := pkg.Scope().Lookup(name)
			v, ok := values[name]
			delete(values, name)
			delete(values, "_"+name)
			switch {
			case !obj.Exported() || isGeneric(obj) || isConstraint(obj):
				if ok {
					t.Errorf("%s.%s: in the table, but no value has it", path, name)
				}
			case !ok:
				t.Errorf("%s.%s: not in the table", path, name)
			default:
				if fault := mismatch(obj, v); fault != "" {
					t.Errorf("%s.%s: %s", path, name, fault)
				}
			}
		}
		for name := range values {
			t.Errorf("%s.%s: in the table, not in the types", path, name)
		}
	}
}

func isGeneric(obj types.Object) bool {
	switch t := obj.Type().(type) {
	case *types.Signature:
		return t.TypeParams().Len() > 0
	case *types.Named:
		return obj.Name() == t.Obj().Name() && t.TypeParams().Len() > t.TypeArgs().Len()
	case *types.Alias:
		return t.TypeParams().Len() > t.TypeArgs().Len()
	}
	return false
}

func isConstraint(obj types.Object) bool {
	it, ok := obj.Type().Underlying().(*types.Interface)
	_, isType := obj.(*types.TypeName)
	return ok && isType && !it.IsMethodSet()
}

func mismatch(obj types.Object, v reflect.Value) string {
	switch obj := obj.(type) {
	case *types.Func:
		sig := obj.Signature()
		if v.Kind() != reflect.Func || v.Type().NumIn() != sig.Params().Len() || v.Type().NumOut() != sig.Results().Len() {
			return fmt.Sprintf("function %s has a value of type %s", sig, v.Type())
		}
	case *types.Var:
		if !v.CanSet() {
			return "variable is not addressable"
		}
	case *types.TypeName:
		if v.Kind() != reflect.Pointer || !v.IsNil() {
			return "type is not a nil pointer"
		}
	case *types.Const:
		c, untyped := v.Interface().(constant.Value)
		if untyped && !closeTo(c, obj.Val()) {
			return fmt.Sprintf("constant is %s, table has %s", obj.Val().ExactString(), c.ExactString())
		}
	}
	return ""
}

// closeTo allows a float constant the rounding of its 512 bits.
func closeTo(a, b constant.Value) bool {
	if a.Kind() == constant.String {
		return constant.Compare(a, token.EQL, b)
	}
	x, y := constant.ToFloat(a), constant.ToFloat(b)
	diff := constant.BinaryOp(x, token.SUB, y)
	if constant.Sign(diff) < 0 {
		diff = constant.UnaryOp(token.SUB, diff, 0)
	}
	scale := constant.MakeFromLiteral("1e-100", token.FLOAT, 0)
	if constant.Sign(y) < 0 {
		y = constant.UnaryOp(token.SUB, y, 0)
	}
	return constant.Compare(diff, token.LEQ, constant.BinaryOp(scale, token.MUL, y))
}

// yaegi takes every package's table, and a name of it evaluates.
func TestTablesThroughYaegi(t *testing.T) {
	for _, path := range Paths() {
		values := Values(path)
		if len(values) == 0 {
			continue
		}
		i := interp.New(interp.Options{})
		if err := i.Use(interp.Exports{path + "/" + Name(path): values}); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if _, err := i.Eval("import p \"" + path + "\""); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		src := probe(values)
		v, err := i.Eval(src)
		if err != nil || !v.IsValid() {
			t.Errorf("%s: %s: %v, %v", path, src, v, err)
		}
	}
}

// probe gives an expression that uses the first function, constant or else type
// of a package that is imported as p.
func probe(values map[string]reflect.Value) string {
	var names []string
	for name, v := range values {
		if !strings.HasPrefix(name, "_") && (v.Kind() != reflect.Pointer || !v.IsNil()) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return "p." + slices.Min(names)
	}
	for name := range values {
		if !strings.HasPrefix(name, "_") {
			names = append(names, name)
		}
	}
	return "new(p." + slices.Min(names) + ")"
}

func TestExactValues(t *testing.T) {
	fmtValues := Values("fmt")
	out := fmtValues["Sprint"].Call([]reflect.Value{reflect.ValueOf("a"), reflect.ValueOf(1)})
	if got := out[0].String(); got != "a1" {
		t.Errorf("fmt.Sprint = %q", got)
	}
	w := reflect.New(fmtValues["_Stringer"].Type().Elem()).Elem()
	w.FieldByName("WString").Set(reflect.ValueOf(func() string { return "of mine" }))
	if got := fmt.Sprint(w.Interface().(fmt.Stringer)); got != "of mine" {
		t.Errorf("wrapped Stringer prints %q", got)
	}
	if c := Values("math")["MaxUint64"].Interface().(constant.Value); c.ExactString() != "18446744073709551615" {
		t.Errorf("math.MaxUint64 = %s", c)
	}
	if Values("no/such") != nil || Has("no/such") || Name("internal/poll") != "" {
		t.Error("packages that are not there are found")
	}
}

func TestImporter(t *testing.T) {
	imp := Importer()
	http, err := imp.Import("net/http")
	if err != nil {
		t.Fatal(err)
	}
	url, err := imp.Import("net/url")
	if err != nil {
		t.Fatal(err)
	}
	// http.Request has a field of the very type that net/url declares.
	request := http.Scope().Lookup("Request").Type().Underlying().(*types.Struct)
	for f := range request.Fields() {
		if f.Name() == "URL" && !types.Identical(f.Type(), types.NewPointer(url.Scope().Lookup("URL").Type())) {
			t.Errorf("http.Request.URL has type %s", f.Type())
		}
	}
	if _, err := imp.Import("internal/poll"); err == nil || !strings.Contains(err.Error(), "not bundled") {
		t.Errorf("internal/poll: %v", err)
	}
	if again, _ := imp.Import("net/url"); again != url {
		t.Error("the second import gives another package")
	}
}

func TestDoc(t *testing.T) {
	for _, c := range []struct{ path, name, want string }{
		{"strings", "", "Package strings implements"},
		{"strings", "Contains", "Contains reports whether"},
		{"strings", "Builder.WriteString", "WriteString appends"},
		{"net/http", "Request.Method", "Method specifies the HTTP method"},
		{"io", "Reader.Read", ""},
		{"io", "Reader", "Reader is the interface"},
		{"time", "RFC3339", "These are predefined layouts"},
		{"gonum.org/v1/gonum/mat", "Dense.Mul", "Mul takes the matrix product"},
		{"no/such", "X", ""},
		{"fmt", "nosuch", ""},
	} {
		if got := Doc(c.path, c.name); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("Doc(%q, %q) = %.60q, want %q...", c.path, c.name, got, c.want)
		}
	}
	if got := Synopsis("strings"); !strings.HasPrefix(got, "Package strings implements") {
		t.Errorf("Synopsis(strings) = %q", got)
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name    string
		members []string
		want    string
	}{
		{"fmt", nil, "fmt"},
		{"mat", []string{"NewDense"}, "gonum.org/v1/gonum/mat"},
		{"plot", nil, "gonum.org/v1/plot"},
		{"rand", nil, "math/rand/v2"},
		{"rand", []string{"N"}, "math/rand/v2"},
		{"rand", []string{"New", "NewSource"}, "math/rand"},
		{"rand", []string{"Reader"}, "crypto/rand"},
		{"template", []string{"New"}, "text/template"},
		{"template", []string{"HTML"}, "html/template"},
		{"draw", []string{"Canvas"}, "gonum.org/v1/plot/vg/draw"},
		{"scanner", []string{"ErrorList"}, "go/scanner"},
		{"encoding", nil, "encoding"},
		{"path", []string{"DijkstraFrom"}, "gonum.org/v1/gonum/graph/path"},
		{"display", nil, "github.com/nabla-go/nabla/display"},
		{"unsafe", nil, "unsafe"},
		{"nosuch", []string{"X"}, ""},
	} {
		if got := Resolve(c.name, c.members); got != c.want {
			t.Errorf("Resolve(%q, %v) = %q, want %q", c.name, c.members, got, c.want)
		}
	}
	if got := ByName("rand"); !slices.Equal(got, []string{"math/rand/v2", "math/rand", "crypto/rand"}) {
		t.Errorf("ByName(rand) = %q", got)
	}
}
