package rt

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/nabla-go/nabla/kernel/rt/dynamic"
)

// building is held while real types are made.
var building sync.Mutex

// pending are the types that have no real type yet, waiting their number.
var (
	pending []*Type
	waiting atomic.Int32
)

// await notes that a type has no real type.
func await(t *Type) {
	pending = append(pending, t)
	waiting.Store(int32(len(pending)))
}

// index finds a Type by its real type. It is replaced when types are added.
var index atomic.Pointer[map[unsafe.Pointer]*Type]

// Reflect is the type as package reflect knows it.
func (t *Type) Reflect() reflect.Type { return t.resolved().typ }

func (t *Type) resolved() *realType {
	if r := t.real.Load(); r != nil {
		return r
	}
	building.Lock()
	defer building.Unlock()
	return t.build()
}

// build makes the real type of t, which the interpreter has defined.
func (t *Type) build() *realType {
	if r := t.real.Load(); r != nil {
		return r
	}
	if t.canon == nil {
		panic(fmt.Sprintf("rt: the type %s is not defined", t.Name))
	}
	r := &realType{canon: t.canon}
	if t.defined() {
		r.typ = t.declare(t.canon)
	} else {
		r.typ = t.compose(t.canon)
	}
	t.real.Store(r)
	publish(map[unsafe.Pointer]*Type{dynamic.Of(r.typ): t})
	return r
}

func publish(more map[unsafe.Pointer]*Type) {
	next := map[unsafe.Pointer]*Type{}
	if old := index.Load(); old != nil {
		for k, v := range *old {
			next[k] = v
		}
	}
	for k, v := range more {
		next[k] = v
	}
	index.Store(&next)
}

// defined tells a type that package reflect cannot make.
func (t *Type) defined() bool {
	return t.Named || t.Kind == reflect.Struct && !t.Exact || t.Kind == reflect.Pointer && t.Elem != nil && t.Elem.Opaque
}

// place is the real type of t where the interpreter has a canon: inside of
// another type.
func (t *Type) place(canon reflect.Type) reflect.Type {
	switch {
	case t.Exact, t.Opaque, t.Kind != canon.Kind():
		return canon
	case t.Kind == reflect.Interface:
		if !t.Named || canon.NumMethod() > 0 {
			return canon
		}
		return t.declare(canon)
	case t.defined():
		if t.canon != nil {
			canon = t.canon
		}
		return t.declare(canon)
	}
	return t.compose(canon)
}

// compose makes the type of a type literal.
func (t *Type) compose(canon reflect.Type) reflect.Type {
	switch t.Kind {
	case reflect.Pointer:
		return reflect.PointerTo(t.Elem.place(canon.Elem()))
	case reflect.Slice:
		return reflect.SliceOf(t.Elem.place(canon.Elem()))
	case reflect.Array:
		return reflect.ArrayOf(canon.Len(), t.Elem.place(canon.Elem()))
	case reflect.Chan:
		return reflect.ChanOf(canon.ChanDir(), t.Elem.place(canon.Elem()))
	case reflect.Map:
		return reflect.MapOf(t.Key.place(canon.Key()), t.Elem.place(canon.Elem()))
	case reflect.Func:
		in, out := t.parameters(canon)
		return reflect.FuncOf(in, out, t.Variadic)
	}
	return canon
}

// parameters are those of a function type.
func (t *Type) parameters(canon reflect.Type) (in, out []reflect.Type) {
	if t.Exact {
		return parameters(canon.NumIn, canon.In), parameters(canon.NumOut, canon.Out)
	}
	for i, p := range t.In {
		in = append(in, p.place(canon.In(i)))
	}
	for i, p := range t.Out {
		out = append(out, p.place(canon.Out(i)))
	}
	return in, out
}

// declare makes a defined type. It may refer to itself: the type is there
// before its parts.
func (t *Type) declare(canon reflect.Type) reflect.Type {
	if t.making != nil {
		return t.making.Reflect()
	}
	var methods []dynamic.Method
	t.mu.RLock()
	exported := t.exported
	t.mu.RUnlock()
	for _, m := range exported {
		if _, ok := t.function(m.Name); ok {
			methods = append(methods, dynamic.Method{Name: m.Name, Pointer: m.Pointer})
		}
	}
	d := dynamic.New(canon, t.Name, t.Pkg, t.Named, methods)
	t.making = d
	switch t.Kind {
	case reflect.Struct:
		fields := make([]dynamic.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = dynamic.Field{Name: f.Name, Tag: f.Tag, Type: f.Type.place(canon.Field(i).Type), Embedded: f.Embedded, Exported: f.Exported}
		}
		d.SetFields(t.Pkg, fields)
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		d.SetElem(t.Elem.place(canon.Elem()))
	case reflect.Map:
		d.SetKey(t.Key.place(canon.Key()))
		d.SetElem(t.Elem.place(canon.Elem()))
	case reflect.Func:
		d.SetSignature(t.parameters(canon))
	}
	t.fill()
	return d.Reflect()
}

// fill gives the real type the code of its methods. Without room for more code
// compiled packages do not see the methods.
func (t *Type) fill() {
	for _, m := range t.exported {
		f, ok := t.function(m.Name)
		if !ok {
			continue
		}
		typ := reflect.TypeOf(f)
		in, out := m.Type.parameters(reflect.FuncOf(parameters(typ.NumIn, typ.In)[1:], parameters(typ.NumOut, typ.Out), typ.IsVariadic()))
		if err := t.making.SetMethod(m.Name, reflect.FuncOf(in, out, typ.IsVariadic()), f); err != nil {
			panic(err)
		}
	}
}

func parameters(count func() int, at func(int) reflect.Type) []reflect.Type {
	out := make([]reflect.Type, count())
	for i := range out {
		out[i] = at(i)
	}
	return out
}

// forget lets the real types be made anew in which t takes part. Values that
// have the old ones keep them, and are of the same Type.
func forget(t *Type) {
	for _, known := range *index.Load() {
		if known.real.Load() != nil && known.mentions(t, map[*Type]bool{}) {
			known.real.Store(nil)
			await(known)
		}
	}
	t.unmake(t, map[*Type]bool{})
	for _, p := range pending {
		p.unmake(t, map[*Type]bool{})
	}
}

// unmake drops the defined types below t of which changed is a part.
func (t *Type) unmake(changed *Type, seen map[*Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	if t.making != nil && t.mentions(changed, map[*Type]bool{}) {
		t.making = nil
	}
	t.parts(func(p *Type) { p.unmake(changed, seen) })
}

func (t *Type) mentions(part *Type, seen map[*Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	found := t == part
	t.parts(func(p *Type) { found = found || p.mentions(part, seen) })
	return found
}

// parts calls f for each type that t is made of.
func (t *Type) parts(f func(*Type)) {
	for _, p := range slices.Concat([]*Type{t.Elem, t.Key}, t.In, t.Out) {
		if p != nil {
			f(p)
		}
	}
	for _, field := range t.Fields {
		f(field.Type)
	}
}

// typeOf is the Type of the value in an interface, nil for a value of a type
// that no cell has declared.
func typeOf(v any) *Type {
	word := dynamic.TypeWord(v)
	m := index.Load()
	if m != nil {
		if t := (*m)[word]; t != nil {
			return t
		}
	}
	if waiting.Load() == 0 {
		if r := reflect.TypeOf(v); m == nil || r == nil || r.Kind() != reflect.Pointer || (*m)[dynamic.Of(r.Elem())] == nil {
			return nil
		}
	}
	return late(v, word)
}

// late is typeOf for a value that reflection has made: its type may not have
// been asked for yet.
func late(v any, word unsafe.Pointer) *Type {
	building.Lock()
	defer building.Unlock()
	for len(pending) > 0 {
		t := pending[0]
		pending = pending[1:]
		t.build()
	}
	waiting.Store(0)
	m := index.Load()
	if m == nil || v == nil {
		return nil
	}
	if t := (*m)[word]; t != nil {
		return t
	}
	r := reflect.TypeOf(v)
	if r.Kind() != reflect.Pointer {
		return nil
	}
	elem := (*m)[dynamic.Of(r.Elem())]
	if elem == nil {
		return nil
	}
	t := &Type{Name: "*" + elem.Name, Kind: reflect.Pointer, Elem: elem, methods: elem.ofPtr, canon: reflect.PointerTo(elem.canon)}
	t.real.Store(&realType{typ: r, canon: t.canon})
	publish(map[unsafe.Pointer]*Type{word: t})
	return t
}
