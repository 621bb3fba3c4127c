package rt

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func is(err, target error) bool { return errors.Is(err, target) }

// Format prints the boxed value as fmt prints a value of a declared type.
func (b Box) Format(s fmt.State, verb rune) {
	p := &printer{state: s, verb: verb}
	p.print(reflect.ValueOf(b.V), b.T, 0)
}

// A printer prints one operand. It follows fmt, with types from Type where the
// interpreter's values have lost theirs.
type printer struct {
	state fmt.State
	verb  rune
}

func (p *printer) text(s string) { fmt.Fprint(p.state, s) }

// plain prints a value that has no type of a person in it.
func (p *printer) plain(v any) { fmt.Fprintf(p.state, fmt.FormatString(p.state, p.verb), v) }

// print prints v, of type t.
func (p *printer) print(v reflect.Value, t *Type, depth int) {
	if p.verb == 'T' {
		p.text(t.Name)
		return
	}
	if v.IsValid() && v.Kind() == reflect.Interface {
		p.element(v, depth)
		return
	}
	if p.methods(v, t) {
		return
	}
	switch t.Kind {
	case reflect.Struct:
		if len(t.Fields) == 0 && v.IsValid() && v.NumField() > 0 {
			p.known(v)
			return
		}
		p.structure(v, t, depth)
	case reflect.Map:
		p.mapping(v, t, depth)
	case reflect.Slice, reflect.Array:
		p.list(v, t, depth)
	case reflect.Pointer:
		p.pointer(v, t, depth)
	default:
		p.basic(v, t)
	}
}

// known prints a value whose own type says everything.
func (p *printer) known(v reflect.Value) {
	if !v.IsValid() {
		p.text("<nil>")
		return
	}
	p.plain(exported(v).Interface())
}

// exported makes the value of an unexported field readable.
func exported(v reflect.Value) reflect.Value {
	if v.CanInterface() {
		return v
	}
	if v.CanAddr() {
		return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
	}
	c := reflect.New(v.Type()).Elem()
	switch {
	case v.CanInt():
		c.SetInt(v.Int())
	case v.CanUint():
		c.SetUint(v.Uint())
	case v.CanFloat():
		c.SetFloat(v.Float())
	case v.Kind() == reflect.String:
		c.SetString(v.String())
	case v.Kind() == reflect.Bool:
		c.SetBool(v.Bool())
	}
	return c
}

// methods lets the value print itself.
func (p *printer) methods(v reflect.Value, t *Type) (done bool) {
	if !v.IsValid() {
		return false
	}
	b := Box{t, nil}
	if !b.has("Format") && !b.has("Error") && !b.has("String") && !b.has("GoString") {
		return false
	}
	b.V = exported(v).Interface()
	var format func(fmt.State, rune)
	if b.method("Format", &format) {
		defer p.catch(v, t, "Format")
		format(p.state, p.verb)
		return true
	}
	if p.verb == 'v' && p.state.Flag('#') {
		var f func() string
		if b.method("GoString", &f) {
			defer p.catch(v, t, "GoString")
			p.text(f())
			return true
		}
		return false
	}
	if !strings.ContainsRune("vsxXq", p.verb) {
		return false
	}
	for _, name := range []string{"Error", "String"} {
		var f func() string
		if b.method(name, &f) {
			defer p.catch(v, t, name)
			p.plain(f())
			return true
		}
	}
	return false
}

// catch prints the panic of a method as fmt does.
func (p *printer) catch(v reflect.Value, t *Type, name string) {
	r := recover()
	if r == nil {
		return
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		p.text("<nil>")
		return
	}
	p.text("%!" + string(p.verb) + "(PANIC=" + name + " method: " + fmt.Sprint(Panicked(r)) + ")")
}

// element prints what an interface holds.
func (p *printer) element(v reflect.Value, depth int) {
	if v.IsNil() {
		if p.sharp() {
			p.text("interface {}(nil)")
		} else {
			p.text("<nil>")
		}
		return
	}
	switch x := Unwrap(exported(v).Interface()).(type) {
	case Box:
		p.print(reflect.ValueOf(x.V), x.T, depth)
	default:
		p.nested(reflect.ValueOf(x), depth)
	}
}

// nested prints a value without a person's type inside of one with: a pointer
// is an address there.
func (p *printer) nested(v reflect.Value, depth int) {
	if v.IsValid() && v.Kind() == reflect.Pointer && depth > 0 && (p.verb == 'v' || p.verb == 's' || p.verb == 'd') {
		x := exported(v).Interface()
		switch x.(type) {
		case fmt.Formatter, fmt.Stringer, error:
		default:
			p.text(p.address(v))
			return
		}
	}
	p.known(v)
}

func (p *printer) address(v reflect.Value) string {
	if v.IsNil() {
		if p.sharp() {
			return "nil"
		}
		return "<nil>"
	}
	return "0x" + strconv.FormatUint(uint64(v.Pointer()), 16)
}

func (p *printer) sharp() bool { return p.verb == 'v' && p.state.Flag('#') }

// part prints an element or field.
func (p *printer) part(v reflect.Value, t *Type, depth int) {
	switch {
	case v.Kind() == reflect.Interface && t.Kind == reflect.Interface:
		p.element(v, depth+1)
	case t.lowered():
		if v.Kind() == reflect.Interface { // an opaque type
			v = v.Elem()
		}
		p.print(v, t, depth+1)
	default:
		p.nested(v, depth+1)
	}
}

// lowered tells a type that has a part which package reflect does not know.
func (t *Type) lowered() bool { return !t.Exact }

func (p *printer) structure(v reflect.Value, t *Type, depth int) {
	if p.sharp() {
		p.text(t.Name)
	}
	p.text("{")
	for i, f := range t.Fields {
		if i > 0 {
			if p.sharp() {
				p.text(", ")
			} else {
				p.text(" ")
			}
		}
		if p.state.Flag('+') && p.verb == 'v' || p.sharp() {
			p.text(f.Name + ":")
		}
		p.part(v.Field(i), f.Type, depth)
	}
	p.text("}")
}

func (p *printer) list(v reflect.Value, t *Type, depth int) {
	if !v.IsValid() || t.Elem.Kind == reflect.Uint8 && strings.ContainsRune("sqxX", p.verb) {
		p.known(v)
		return
	}
	open, shut, space := "[", "]", " "
	if p.sharp() {
		if t.Kind == reflect.Slice && v.IsNil() {
			p.text(t.Name + "(nil)")
			return
		}
		open, shut, space = t.Name+"{", "}", ", "
	}
	p.text(open)
	for i := range v.Len() {
		if i > 0 {
			p.text(space)
		}
		p.part(v.Index(i), t.Elem, depth)
	}
	p.text(shut)
}

func (p *printer) mapping(v reflect.Value, t *Type, depth int) {
	open, shut, space := "map[", "]", " "
	if p.sharp() {
		if v.IsNil() {
			p.text(t.Name + "(nil)")
			return
		}
		open, shut, space = t.Name+"{", "}", ", "
	}
	p.text(open)
	keys := v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	for i, k := range keys {
		if i > 0 {
			p.text(space)
		}
		p.part(k, t.Key, depth)
		p.text(":")
		p.part(v.MapIndex(k), t.Elem, depth)
	}
	p.text(shut)
}

// compareKeys orders the keys of a map as fmt does.
func compareKeys(a, b reflect.Value) int {
	for a.Kind() == reflect.Interface && !a.IsNil() {
		a = unboxed(a)
	}
	for b.Kind() == reflect.Interface && !b.IsNil() {
		b = unboxed(b)
	}
	switch {
	case a.Kind() != b.Kind():
		return int(a.Kind()) - int(b.Kind())
	case a.CanInt():
		return order(a.Int() < b.Int(), a.Int() > b.Int())
	case a.CanUint():
		return order(a.Uint() < b.Uint(), a.Uint() > b.Uint())
	case a.CanFloat():
		return order(a.Float() < b.Float() || a.Float() != a.Float() && b.Float() == b.Float(), a.Float() > b.Float())
	case a.Kind() == reflect.String:
		return strings.Compare(a.String(), b.String())
	case a.Kind() == reflect.Bool:
		return order(!a.Bool() && b.Bool(), a.Bool() && !b.Bool())
	case a.Kind() == reflect.Struct:
		for i := range a.NumField() {
			if c := compareKeys(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case a.Kind() == reflect.Array:
		for i := range a.Len() {
			if c := compareKeys(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	case a.Kind() == reflect.Pointer || a.Kind() == reflect.Chan:
		return order(a.Pointer() < b.Pointer(), a.Pointer() > b.Pointer())
	}
	return 0
}

func unboxed(v reflect.Value) reflect.Value {
	if b, ok := v.Interface().(Box); ok {
		return reflect.ValueOf(b.V)
	}
	return v.Elem()
}

func order(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

func (p *printer) pointer(v reflect.Value, t *Type, depth int) {
	if !v.IsValid() || v.IsNil() {
		switch {
		case p.sharp():
			p.text("(" + t.Name + ")(nil)")
		case p.verb == 'p':
			p.text("%!p(" + t.Name + "=<nil>)")
		default:
			p.text("<nil>")
		}
		return
	}
	e := v.Elem()
	if depth == 0 && p.verb != 'p' {
		switch t.Elem.Kind {
		case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
			if t.canon != nil && t.canon != v.Type() {
				e = reflect.NewAt(t.canon.Elem(), v.UnsafePointer()).Elem()
			}
			p.text("&")
			p.print(e, t.Elem, depth+1)
			return
		}
	}
	if p.sharp() {
		p.text("(" + t.Name + ")(" + p.address(v) + ")")
		return
	}
	p.text(p.address(v))
}

// basic prints a number, string, function or channel of a named type.
func (p *printer) basic(v reflect.Value, t *Type) {
	if !v.IsValid() {
		p.text("<nil>")
		return
	}
	switch v.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if p.sharp() {
			p.text("(" + t.Name + ")(" + p.address(v) + ")")
			return
		}
		p.text(p.address(v))
		return
	}
	v = exported(v)
	if f := fmt.FormatString(p.state, p.verb); !fits(p.verb, v.Kind()) {
		text := fmt.Sprintf(f, v.Interface())
		p.text(strings.Replace(text, "("+v.Type().String()+"=", "("+t.Name+"=", 1))
		return
	}
	p.plain(v.Interface())
}

// fits tells a verb that prints values of the kind.
func fits(verb rune, k reflect.Kind) bool {
	switch k {
	case reflect.Bool:
		return strings.ContainsRune("vt", verb)
	case reflect.String:
		return strings.ContainsRune("vsqxX", verb)
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return strings.ContainsRune("vbeEfFgGxX", verb)
	}
	return strings.ContainsRune("vbcdoOqxXU", verb)
}
