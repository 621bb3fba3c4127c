package cell

import (
	"go/types"
	"strconv"
	"sync"
)

// Packages says what can be imported. Resolve gives the path that a bare
// package name means for the members selected from it, "" for none.
type Packages interface {
	types.Importer
	Resolve(name string, members []string) string
}

// A name is one thing that lives: its object and the name that the
// interpreter knows it by.
type name struct {
	object   types.Object
	internal string
	source   string
}

// Live is what the cells so far have declared.
type Live struct {
	packages Packages

	mu      sync.RWMutex
	names   map[string]name
	aliases map[string]string // import path to the alias in the interpreter
	taken   map[string]bool   // internal names in use
}

// path is the import path of the package that cells declare things in.
const path = "main"

// NewLive is an empty session.
func NewLive(packages Packages) *Live {
	return &Live{packages: packages, names: map[string]name{}, aliases: map[string]string{}, taken: map[string]bool{}}
}

// Path is the import path of the package of the cells.
func (l *Live) Path() string { return path }

// Objects gives what a new cell can name.
func (l *Live) Objects() map[string]types.Object {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := make(map[string]types.Object, len(l.names))
	for n, v := range l.names {
		out[n] = v.object
	}
	return out
}

// Internal is the name by which the interpreter knows a live name, "" when
// there is none.
func (l *Live) Internal(n string) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.names[n].internal
}

// Source is the text that declared a name.
func (l *Live) Source(n string) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.names[n].source
}

// Runtime is the name under which lowered code calls the interpreter's helpers.
const Runtime = "nablaˍrt"

// Forget drops every name, for an interpreter that starts afresh.
func (l *Live) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.names)
	clear(l.aliases)
	clear(l.taken)
}

// fresh is an internal name that nothing has.
func (l *Live) fresh(n string) string {
	candidate := n
	for k := 2; l.taken[candidate]; k++ {
		candidate = n + "ˍ" + strconv.Itoa(k)
	}
	return candidate
}

// internalFor keeps the internal name of what is declared again alike, so that
// earlier cells see the new value, and takes a fresh one otherwise.
func (l *Live) internalFor(n string, obj types.Object) string {
	old, ok := l.names[n]
	if ok {
		switch obj.(type) {
		case *types.Var, *types.Func:
			if sameKind(old.object, obj) && types.Identical(old.object.Type(), obj.Type()) {
				return old.internal
			}
		}
	}
	return l.fresh(n)
}

func sameKind(a, b types.Object) bool {
	switch a.(type) {
	case *types.Var:
		_, ok := b.(*types.Var)
		return ok
	case *types.Func:
		_, ok := b.(*types.Func)
		return ok
	}
	return false
}

// renamed is an object like obj in another package value of the same path.
func renamed(pkg *types.Package, n string, obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Var:
		return types.NewVar(0, pkg, n, obj.Type())
	case *types.Const:
		return types.NewConst(0, pkg, n, obj.Type(), obj.Val())
	case *types.Func:
		return types.NewFunc(0, pkg, n, obj.Signature())
	case *types.PkgName:
		return types.NewPkgName(0, pkg, n, obj.Imported())
	case *types.TypeName:
		if obj.Name() == n {
			return obj
		}
		return types.NewTypeName(0, pkg, n, obj.Type())
	}
	return nil
}
