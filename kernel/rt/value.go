package rt

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/nabla-go/nabla/kernel/rt/dynamic"
)

// Make gives a value of the interpreter its type: the dynamic type that an
// interface holds.
func Make(t *Type, v any) any {
	r := t.resolved()
	if v == nil {
		return reflect.Zero(r.typ).Interface()
	}
	if have := reflect.TypeOf(v); have != r.canon && (have.Kind() != r.canon.Kind() || have.Size() != r.canon.Size()) {
		v = reflect.ValueOf(v).Convert(r.canon).Interface()
	}
	return dynamic.As(v, r.typ)
}

// MakeError is Make for a value that becomes an error.
func MakeError(t *Type, v any) error {
	x := Make(t, v)
	if err, ok := x.(error); ok {
		return err
	}
	panic(conversion{from: x, to: &Type{Name: "error", Kind: reflect.Interface}, missing: "Error"})
}

// Open gives the interpreter's view of a value whose dynamic type is t.
func Open(v any, t *Type) (any, bool) {
	r := t.resolved()
	if dynamic.TypeWord(v) != dynamic.Of(r.typ) && (v == nil || typeOf(v) != t) {
		return nil, false
	}
	return dynamic.As(v, r.canon), true
}

// Opaque gives a value that is kept in an interface{} its type if it is nil:
// others have it.
func Opaque(t *Type, v any) any {
	if v == nil {
		return Make(t, nil)
	}
	return v
}

// Split gives the dynamic type, nil for one that no cell has declared, and the
// interpreter's view of the value.
func Split(v any) (*Type, any) {
	if v == nil {
		return nil, nil
	}
	t := typeOf(v)
	if t == nil {
		return nil, v
	}
	return t, dynamic.As(v, t.resolved().canon)
}

// Any lets the interpreter turn a value, a function above all, into what
// compiled code knows it as.
func Any(v any) any { return v }

// Plain gives v if its type is a type literal of the kind: the interpreter takes a
// declared type for the literal that it is declared with, and cannot tell struct{}
// from others.
func Plain(v any, kind int) any {
	if t := reflect.TypeOf(v); t == nil || t.Name() != "" || t.Kind() != reflect.Kind(kind) {
		return nil
	}
	return v
}

// Directed gives v if its type is the literal of a channel type with the
// direction.
func Directed(v any, dir int) any {
	v = Plain(v, int(reflect.Chan))
	if t := reflect.TypeOf(v); t == nil || t.ChanDir() != reflect.ChanDir(dir) {
		return nil
	}
	return v
}

// Empty tells a value of type struct{}.
func Empty(v any) bool {
	_, ok := v.(struct{})
	return ok
}

// Has gives the value if it satisfies the interface.
func Has(v any, i *Type) (any, bool) { return v, missing(v, i) == "" }

// missing names a method that the value lacks for the interface.
func missing(v any, i *Type) string {
	if v == nil {
		return "value"
	}
	if t := typeOf(v); t != nil {
		return t.lacks(i)
	}
	r := reflect.TypeOf(v)
	if i.Iface != nil && r.Implements(i.Iface) {
		return ""
	}
	for name, want := range i.methods {
		m, ok := r.MethodByName(name)
		if !ok || !sameSignature(m.Type, want) {
			return name
		}
	}
	if i.Iface != nil {
		return "method"
	}
	return ""
}

// sameSignature compares a method of a compiled type with the text of what an
// interface asks for, as far as reflect's names go.
func sameSignature(m reflect.Type, want string) bool {
	in := make([]reflect.Type, 0, m.NumIn())
	for i := 1; i < m.NumIn(); i++ {
		in = append(in, m.In(i))
	}
	out := make([]reflect.Type, 0, m.NumOut())
	for i := range m.NumOut() {
		out = append(out, m.Out(i))
	}
	got := reflect.FuncOf(in, out, m.IsVariadic()).String()
	return strings.ReplaceAll(got, "interface {}", "any") == base(want)
}

// base shortens import paths in the text of a type to package names.
func base(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '/')
		if i < 0 {
			return b.String() + s
		}
		start := i
		for start > 0 && strings.IndexByte("*[]() ,", s[start-1]) < 0 {
			start--
		}
		b.WriteString(s[:start])
		s = s[i+1:]
	}
}

// To gives a value that satisfies a compiled interface, or panics.
func To(v any, i *Type) any {
	if _, ok := Wrap(v, i); ok {
		return v
	}
	panic(conversion{from: v, to: i, missing: missing(v, i)})
}

// Wrap gives a value if it satisfies a compiled interface.
func Wrap(v any, i *Type) (any, bool) {
	return v, v != nil && i.Iface != nil && reflect.TypeOf(v).Implements(i.Iface)
}

// Find gives a method of the dynamic type of v as a function like proto: of a
// pointer to the value, which is given too, and the arguments.
func Find(v any, name string, proto any) (unsafe.Pointer, any) {
	if v == nil {
		panic(Nil)
	}
	p := reflect.TypeOf(proto)
	if t := typeOf(v); t != nil {
		of, at := t, dynamic.Data
		if t.Kind == reflect.Pointer && t.Elem.defined() && !t.Elem.Opaque {
			of, at = t.Elem, dynamic.Word
		}
		f, ok := of.function(name)
		if !ok {
			panic(fmt.Sprintf("the method %s of %s is not known", name, t.Name))
		}
		return at(v), dynamic.As(f, p)
	}
	method := reflect.ValueOf(v).MethodByName(name)
	if !method.IsValid() {
		panic(fmt.Sprintf("%T has no method %s", v, name))
	}
	return nil, reflect.MakeFunc(p, func(args []reflect.Value) []reflect.Value {
		if p.IsVariadic() {
			return method.CallSlice(args[1:])
		}
		return method.Call(args[1:])
	}).Interface()
}

// Eq is == of two interface values.
func Eq(a, b any) bool { return a == b }

// EqOf is == of two values of type t, which is no interface.
func EqOf(a, b any, t *Type) bool {
	if t.Exact {
		return a == b
	}
	return Make(t, a) == Make(t, b)
}

// BadAssert panics as a failed type assertion does.
func BadAssert(v any, t *Type) { panic(conversion{from: v, to: t, missing: missing(v, t)}) }

// A conversion is the panic of a failed type assertion.
type conversion struct {
	from    any
	to      *Type
	missing string
}

func (c conversion) RuntimeError() {}

func (c conversion) Error() string {
	from := "nil"
	if c.from != nil {
		from = reflect.TypeOf(c.from).String()
	}
	switch {
	case c.to.Kind != reflect.Interface:
		text := "interface conversion: interface {} is " + from + ", not " + c.to.Name
		if from == c.to.Name {
			text += " (types from different scopes)"
		}
		return text
	case c.from == nil:
		return "interface conversion: interface is nil, not " + c.to.Name
	}
	return "interface conversion: " + from + " is not " + c.to.Name + ": missing method " + c.missing
}
