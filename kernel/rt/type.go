package rt

import (
	"reflect"
	"sync"
)

// A Type is the dynamic type of values in interfaces: a person's named type,
// or a type that is made of one. There is one Type for each type, so that types
// are compared by pointer.
type Type struct {
	Name string // as %T prints it
	Kind reflect.Kind
	// Elem is the element of a pointer, slice, array, map or channel, Key the
	// key of a map.
	Elem, Key *Type
	Fields    []Field
	// Methods of the method set, by name, as text of their signatures. Of an
	// interface: what it asks for.
	Methods map[string]string
	// Wrapper is the struct through which boxes satisfy a compiled interface,
	// Iface that interface.
	Wrapper, Iface reflect.Type
	// Exact tells a type that package reflect knows as it is.
	Exact bool
	// Named tells a declared type from a type literal.
	Named bool

	mu    sync.RWMutex
	funcs map[string]reflect.Value // methods as functions of the value
	canon reflect.Type             // the interpreter's type of the values
}

// A Field is a field of a struct.
type Field struct {
	Name, Tag          string
	Type               *Type
	Embedded, Exported bool
}

// Register gives a method of the type: a function that takes the value, as an
// interface, before the arguments.
func Register(t *Type, name string, function any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.funcs == nil {
		t.funcs = map[string]reflect.Value{}
	}
	t.funcs[name] = reflect.ValueOf(function)
}

// Canon says by an example which reflect.Type the values of t have.
func Canon(t *Type, example any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.canon = reflect.TypeOf(example)
}

func (t *Type) function(name string) (reflect.Value, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	f, ok := t.funcs[name]
	return f, ok
}

// AddMethod makes a method of a later cell known.
func (t *Type) AddMethod(name, signature string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Methods == nil {
		t.Methods = map[string]string{}
	}
	t.Methods[name] = signature
}

func (t *Type) signature(name string) (string, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	s, ok := t.Methods[name]
	return s, ok
}

// has tells whether values of t satisfy the interface i.
func (t *Type) has(i *Type) (missing string) {
	for name, want := range i.Methods {
		if got, ok := t.signature(name); !ok || got != want {
			return name
		}
	}
	return ""
}
