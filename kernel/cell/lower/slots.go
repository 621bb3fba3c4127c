package lower

import (
	"go/types"
	"strings"
)

// The interpreter allocates a variable each time that it is defined, and copies
// into it what an operation has given. A variable of a loop that no iteration
// leaves behind is declared once, where the function begins: its definitions are
// assignments then, into which the interpreter computes at once.

// slots are the variables of a function's loops.
type slots struct{ text strings.Builder }

// declaration is what the function's text begins with, after the mark.
func (s *slots) declaration() string { return s.text.String() }

// slot declares a variable of a loop, and gives its name.
func (f *fn) slot(name string, t types.Type) string {
	f.slots.text.WriteString("var " + name + " " + f.s.goType(t) + "\n")
	return name
}

// reused tells a local variable of a loop that all iterations can share. That of
// a function is none: the interpreter has two forms of them.
func (f *fn) reused(obj types.Object, t types.Type) bool {
	return f.repeats() && !f.shared.captured[obj] && f.reusable(t)
}

// reusable tells a type whose values are copied when they are assigned.
func (f *fn) reusable(t types.Type) bool {
	_, function := t.Underlying().(*types.Signature)
	return !function
}

// repeats tells that what is lowered runs many times in one call of its function.
func (f *fn) repeats() bool {
	if f.inRange != nil {
		return false
	}
	for _, l := range f.loops {
		if l.isLoop {
			return true
		}
	}
	return false
}

// tempOf keeps a value of a type in a variable.
func (f *fn) tempOf(text string, t types.Type) string {
	if !f.repeats() || !f.reusable(t) {
		return f.temp2(text)
	}
	name := f.slot(f.fresh("t"), t)
	f.line("%s = %s", name, text)
	return name
}

// mayBeArray tells a type of which a slice shares the variable.
func mayBeArray(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic, *types.Slice:
		return false
	case *types.Interface:
		return types.IsInterface(u) // a type parameter
	}
	return true
}
