package rt

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// A Box is a value of a person's type in an interface.
type Box struct {
	T *Type
	V any
}

// Mk boxes a value.
func Mk(t *Type, v any) any {
	if t.canon != nil && t.Kind == reflect.Pointer {
		// The interpreter's types of recursive structs hold placeholders: the
		// same pointer may come with two types.
		if r := reflect.ValueOf(v); r.IsValid() && r.Kind() == reflect.Pointer && r.Type() != t.canon {
			v = reflect.NewAt(t.canon.Elem(), r.UnsafePointer()).Interface()
		}
	}
	return Box{t, v}
}

// Any lets the interpreter turn a value, a function above all, into what
// compiled code knows it as.
func Any(v any) any { return v }

// Unwrap gives the value in a wrapper of a compiled interface.
func Unwrap(v any) any {
	switch v.(type) {
	case nil, Box, string, int, float64, bool:
		return v
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Struct && strings.HasPrefix(r.Type().Name(), "_") {
		if f := r.FieldByName("IValue"); f.IsValid() && f.Kind() == reflect.Interface {
			if b, ok := f.Interface().(Box); ok {
				return b
			}
		}
	}
	return v
}

// Has gives the value if it satisfies the interface.
func Has(v any, i *Type) (any, bool) {
	v = Unwrap(v)
	if missing(v, i) != "" {
		return nil, false
	}
	return v, true
}

// missing names a method that the value lacks for the interface.
func missing(v any, i *Type) string {
	switch b := v.(type) {
	case nil:
		return "value"
	case Box:
		return b.T.has(i)
	}
	r := reflect.TypeOf(v)
	if i.Iface != nil {
		if r.Implements(i.Iface) {
			return ""
		}
		return "method"
	}
	for name, want := range i.Methods {
		m, ok := r.MethodByName(name)
		if !ok || !sameSignature(m.Type, want) {
			return name
		}
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

// To makes a value satisfy a compiled interface, or panics.
func To(v any, i *Type) any {
	if out, ok := Wrap(v, i); ok {
		return out
	}
	panic(conversion{from: v, to: i, missing: missing(Unwrap(v), i)})
}

// Wrap makes a value satisfy a compiled interface: boxes through its wrapper.
func Wrap(v any, i *Type) (any, bool) {
	v = Unwrap(v)
	b, boxed := v.(Box)
	if !boxed {
		return v, v != nil && reflect.TypeOf(v).Implements(i.Iface)
	}
	if i.Iface == errorType {
		_, ok := b.T.signature("Error")
		return v, ok
	}
	if b.T.has(i) != "" || i.Wrapper == nil {
		return nil, false
	}
	w := reflect.New(i.Wrapper).Elem()
	w.FieldByName("IValue").Set(reflect.ValueOf(v))
	for name := range i.Methods {
		f := w.FieldByName("W" + name)
		if !f.IsValid() {
			continue
		}
		method, ok := b.T.function(name)
		if !ok {
			return nil, false
		}
		f.Set(bound(f.Type(), method, b.V))
	}
	return w.Interface(), true
}

// bound gives a method with its receiver as a function of the given type.
func bound(t reflect.Type, method reflect.Value, v any) reflect.Value {
	recv := reflect.ValueOf(&v).Elem()
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		all := append([]reflect.Value{recv}, args...)
		var out []reflect.Value
		if t.IsVariadic() {
			out = method.CallSlice(all)
		} else {
			out = method.Call(all)
		}
		for i := range out {
			if want := t.Out(i); out[i].Type() != want {
				converted := reflect.New(want).Elem()
				if x := out[i]; x.Kind() != reflect.Interface || !x.IsNil() {
					converted.Set(reflect.ValueOf(x.Interface()))
				}
				out[i] = converted
			}
		}
		return out
	})
}

// Find gives a method of the dynamic type of v as a function like proto: of the
// unboxed value and the arguments.
func Find(v any, name string, proto any) (value, function any) {
	v = Unwrap(v)
	switch b := v.(type) {
	case nil:
		panic(Nil)
	case Box:
		if f, ok := b.T.function(name); ok {
			return b.V, f.Interface()
		}
		panic(fmt.Sprintf("method %s of %s is not known", name, b.T.Name))
	}
	t := reflect.TypeOf(proto)
	method := reflect.ValueOf(v).MethodByName(name)
	if !method.IsValid() {
		panic(fmt.Sprintf("%T has no method %s", v, name))
	}
	return v, reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		if t.IsVariadic() {
			return method.CallSlice(args[1:])
		}
		return method.Call(args[1:])
	}).Interface()
}

// Is tells whether the dynamic type of v is t.
func Is(v any, t *Type) bool {
	b, ok := v.(Box)
	return ok && b.T == t
}

// BadAssert panics as a failed type assertion does.
func BadAssert(v any, t *Type) { panic(conversion{from: Unwrap(v), to: t}) }

// A conversion is the panic of a failed type assertion.
type conversion struct {
	from    any
	to      *Type
	missing string
}

func (c conversion) RuntimeError() {}

func (c conversion) Error() string {
	to := c.to.Name
	if c.to.Kind == reflect.Interface {
		switch {
		case c.from == nil:
			return "interface conversion: interface is nil, not " + to
		default:
			return "interface conversion: " + TypeName(c.from) + " is not " + to + ": missing method " + c.missing
		}
	}
	from := "nil"
	if c.from != nil {
		from = TypeName(c.from)
	}
	return "interface conversion: interface {} is " + from + ", not " + to
}

var _ runtime.Error = conversion{}

// TypeName is what %T prints.
func TypeName(v any) string {
	switch b := Unwrap(v).(type) {
	case nil:
		return "<nil>"
	case Box:
		return b.T.Name
	default:
		return fmt.Sprintf("%T", b)
	}
}

var errorType = reflect.TypeFor[error]()
