package eval

import (
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// globals are where yaegi keeps the variables of all cells: one slice, which it
// replaces by a longer copy when a cell declares more. A goroutine that assigns
// meanwhile, of an earlier cell or of another subshell, would assign to the old
// one. So the slice is made long beforehand, and what is new is filled in here.
type globals struct {
	data  *[]reflect.Value
	types *[]reflect.Type
	used  int
}

// roomForGlobals is how many variables the slice is made for; it is doubled when
// they are used up.
const roomForGlobals = 1 << 14

// globalsOf finds the slice, nil where yaegi is not as expected, which then does
// as it does.
func globalsOf(i *interp.Interpreter) *globals {
	data, ok := inside[[]reflect.Value](i, "frame", "data")
	types, found := inside[[]reflect.Type](i, "universe", "types")
	if !ok || !found {
		return nil
	}
	return &globals{data: data, types: types, used: len(*data)}
}

// inside is a field of a struct that a field of v points to.
func inside[T any](v any, pointer, field string) (*T, bool) {
	at := reflect.ValueOf(v).Elem().FieldByName(pointer)
	if !at.IsValid() || at.Kind() != reflect.Pointer || at.IsNil() || at.Elem().Kind() != reflect.Struct {
		return nil, false
	}
	return fieldOf[T](at.Elem(), field)
}

// fieldOf is a field of a struct, which need not be exported.
func fieldOf[T any](v reflect.Value, name string) (*T, bool) {
	f := v.FieldByName(name)
	if !f.IsValid() || f.Type() != reflect.TypeFor[T]() {
		return nil, false
	}
	return (*T)(unsafe.Pointer(f.UnsafeAddr())), true
}

// grow makes the variables of code that has been compiled and not run yet.
func (g *globals) grow() {
	if g == nil {
		return
	}
	types := *g.types
	if have := len(*g.data); have < len(types) || have < roomForGlobals {
		longer := make([]reflect.Value, max(roomForGlobals, 2*len(types)))
		copy(longer, *g.data)
		*g.data = longer
	}
	for ; g.used < len(types); g.used++ {
		(*g.data)[g.used] = reflect.New(types[g.used]).Elem()
	}
}

// forget lets go of the code of earlier cells that nothing calls any more.
func (e *Engine) forget() {
	i := reflect.ValueOf(e.interp).Elem()
	clearSlice(i.FieldByName("roots"))
	scopes := i.FieldByName("scopes")
	if scopes.Kind() != reflect.Map {
		return
	}
	for all := scopes.MapRange(); all.Next(); {
		if s := all.Value(); s.Kind() == reflect.Pointer && s.Elem().Kind() == reflect.Struct {
			clearSlice(s.Elem().FieldByName("child"))
		}
	}
}

// clearSlice empties a slice of yaegi's that only its debugger reads.
func clearSlice(f reflect.Value) {
	if f.IsValid() && f.Kind() == reflect.Slice && f.CanAddr() {
		reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().SetZero()
	}
}

// eval evaluates code in the interpreter. The caller holds build.
func (e *Engine) eval(code string) (reflect.Value, error) {
	program, err := e.interp.Compile(code)
	if err != nil {
		return reflect.Value{}, err
	}
	e.globals.grow()
	e.forget()
	return e.interp.Execute(program)
}

// global is what a variable of the interpreter holds, unless it changes just now.
func (e *Engine) global(name string) reflect.Value {
	if !e.build.TryLock() {
		return reflect.Value{}
	}
	defer e.build.Unlock()
	return e.interp.Globals()[name]
}
