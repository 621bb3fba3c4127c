package rt

import (
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/nabla-go/nabla/kernel/rt/dynamic"
)

// A Type is the dynamic type of values in interfaces: a person's named type,
// or a type that is made of one. There is one Type for each type, so that types
// are compared by pointer.
type Type struct {
	Name string // as %T prints it
	Pkg  string // import path of the package that declares it
	Kind reflect.Kind
	// Elem is the element of a pointer, slice, array, map or channel, Key the
	// key of a map, In and Out the parameters and results of a function.
	Elem, Key *Type
	In, Out   []*Type
	Variadic  bool
	Fields    []Field
	// Iface is the compiled interface that this type is.
	Iface reflect.Type
	// Exact tells a type that package reflect knows as it is, Named a declared
	// type from a type literal, Opaque one that refers to itself: the interpreter
	// keeps its values in an interface{}.
	Exact, Named, Opaque bool

	mu       sync.RWMutex
	methods  map[string]string // of the method set, as text of their signatures
	ofPtr    map[string]string // those of the pointer to the type
	exported []Method
	funcs    map[string]any // methods as functions of a pointer
	canon    reflect.Type   // the interpreter's type of the values

	real   atomic.Pointer[realType]
	making *dynamic.Type // of a defined type
}

// A realType is a Type as package reflect knows it.
type realType struct{ typ, canon reflect.Type }

// A Field is a field of a struct.
type Field struct {
	Name, Tag          string
	Type               *Type
	Embedded, Exported bool
}

// A Method is an exported method of a type or of the pointer to it.
type Method struct {
	Name    string
	Pointer bool  // only the pointer has it
	Type    *Type // without receiver
}

// SetMethods says which methods values of the type have, and pointers to them,
// by name with the text of the signature.
func (t *Type) SetMethods(own, ofPtr map[string]string, exported []Method) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.methods, t.ofPtr, t.exported = own, ofPtr, exported
}

// Has tells whether values of the type have a method of that signature.
func (t *Type) Has(name, signature string) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.methods[name] == signature
}

// lacks names a method that values of t lack for the interface i.
func (t *Type) lacks(i *Type) (missing string) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for name, want := range i.methods {
		if got, ok := t.methods[name]; !ok || got != want {
			return name
		}
	}
	return ""
}

func (t *Type) function(name string) (any, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	f, ok := t.funcs[name]
	return f, ok
}

// Define tells of types what only the interpreter knows: for each a nil pointer
// to it, as the interpreter has it, then the names and functions of its methods.
// A function takes a pointer to the receiver before the arguments.
func Define(list ...any) {
	for i := 0; i < len(list); {
		t := list[i].(*Type)
		example := reflect.TypeOf(list[i+1]).Elem()
		funcs := map[string]any{}
		for i += 2; i < len(list); i += 2 {
			name, ok := list[i].(string)
			if !ok {
				break
			}
			funcs[name] = list[i+1]
		}
		t.define(example, funcs)
	}
}

func (t *Type) define(canon reflect.Type, funcs map[string]any) {
	building.Lock()
	defer building.Unlock()
	t.mu.Lock()
	more := false
	if t.funcs == nil {
		t.funcs = map[string]any{}
	}
	for name, f := range funcs {
		_, had := t.funcs[name]
		more = more || !had
		t.funcs[name] = f
	}
	t.mu.Unlock()
	if t.canon == nil {
		t.canon = canon
	}
	if t.making != nil && len(funcs) > 0 {
		if more {
			forget(t)
		} else {
			t.fill()
		}
	}
	if t.real.Load() == nil {
		await(t)
	}
}
