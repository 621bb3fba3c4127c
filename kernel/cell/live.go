package cell

import (
	"go/types"
	"reflect"
	"sync"

	"github.com/nabla-go/nabla/kernel/cell/lower"
)

// Packages says what can be imported. Resolve gives the path that a bare
// package name means for the members selected from it, "" for none.
type Packages interface {
	lower.Packages
	Resolve(name string, members []string) string
}

// A name is one thing that lives.
type name struct {
	object types.Object
	doc    string // the comment above its declaration
	source string
}

// Live is what the cells so far have declared.
type Live struct {
	packages Packages

	mu      sync.RWMutex
	names   map[string]name
	session *lower.Session
	context *types.Context
	cells   int // number of cells so far
}

// path is the import path of the package that cells declare things in.
const path = lower.Path

// NewLive is an empty session.
func NewLive(packages Packages) *Live {
	l := &Live{packages: packages}
	l.Forget()
	return l
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

// Value plans the evaluation of a live variable, nil when there is none of the
// name.
func (l *Live) Value(n string) *Plan {
	l.mu.Lock()
	defer l.mu.Unlock()
	obj, ok := l.names[n].object.(*types.Var)
	if !ok || l.session.Internal(obj) == "" {
		return nil
	}
	out := l.session.Value(obj)
	p := &Plan{}
	p.take(out)
	return p
}

// Internal is what lowered code calls a live variable, "" when there is none.
func (l *Live) Internal(n string) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if obj := l.names[n].object; obj != nil {
		return l.session.Internal(obj)
	}
	return ""
}

// Source is the text that declared a name, and the comment above it.
func (l *Live) Source(n string) (doc, source string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.names[n].doc, l.names[n].source
}

// Runtime is the name under which lowered code calls the interpreter's helpers.
const Runtime = lower.Runtime

// Symbols are the helpers that do not depend on an engine.
func Symbols() map[string]reflect.Value { return lower.Symbols() }

// Forget drops every name, for an interpreter that starts afresh.
func (l *Live) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names = map[string]name{}
	l.session = lower.NewSession(l.packages)
	l.context = types.NewContext()
}

// renamed is what the scope of a new cell has for a living object.
func renamed(pkg *types.Package, n string, obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.PkgName:
		return types.NewPkgName(0, pkg, n, obj.Imported())
	default:
		return obj
	}
}
