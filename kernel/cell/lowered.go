package cell

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// plan lowers a checked cell.
func (l *Live) plan(a *assembly) *Plan {
	w := &lowering{assembly: a, live: l, names: map[types.Object]string{}, aliases: map[string]string{}}
	declared := w.declare()
	w.identifiers()
	w.rewrite()
	slices.SortStableFunc(w.edits, func(x, y edit) int {
		if x.at != y.at {
			return x.at - y.at
		}
		return x.end - y.end
	})
	p := &Plan{}
	var decls []string
	for i, c := range a.chunks {
		switch c.kind {
		case typeDecl, constDecl, funcDecl:
			decls = append(decls, w.chunkText(i))
		case define, varDecl, statement:
			decls = w.step(p, decls, i)
		}
	}
	p.Declarations = strings.Join(decls, "\n")
	p.Imports = w.added
	p.commit = func() { l.commit(w, declared) }
	return p
}

// declare gives internal names to what the cell declares.
func (w *lowering) declare() map[string]name {
	out := map[string]name{}
	for n := range w.declared() {
		obj := w.pkg.Scope().Lookup(n)
		if obj == nil || n == "_" || n == "init" {
			continue
		}
		internal := w.live.internalFor(n, obj)
		w.names[obj] = internal
		out[n] = name{object: obj, internal: internal, source: w.sourceOf(n)}
	}
	for i, c := range w.chunks {
		if c.kind != importDecl {
			continue
		}
		for _, s := range w.file.Imports {
			at := w.offset(s.Pos())
			if at < w.starts[i] || at >= w.starts[i]+len(c.text) {
				continue
			}
			obj, ok := w.info.Implicits[s].(*types.PkgName)
			if s.Name != nil {
				obj, ok = w.info.Defs[s.Name].(*types.PkgName)
			}
			if ok {
				out[obj.Name()] = name{object: obj, internal: w.alias(obj.Imported())}
			}
		}
	}
	return out
}

func (w *lowering) sourceOf(n string) string {
	for i, c := range w.chunks {
		if w.starts[i] < 0 || c.kind == statement || c.kind == define {
			continue
		}
		if strings.Contains(c.text, n) {
			return c.text
		}
	}
	return ""
}

func (w *lowering) chunkText(i int) string {
	return w.textOf(w.starts[i], w.starts[i]+len(w.chunks[i].text))
}

// step adds a statement to the plan. A variable whose type can be named is
// declared first, so that functions of the cell may use it.
func (w *lowering) step(p *Plan, decls []string, i int) []string {
	c := w.chunks[i]
	line := w.fset.Position(token.Pos(w.base + w.starts[i])).Line
	if c.kind == statement {
		s := Step{Code: w.chunkText(i), Line: line}
		if i == len(w.chunks)-1 && w.last != nil && !c.hidden {
			s = w.result(s)
		}
		p.Steps = append(p.Steps, s)
		return decls
	}
	if c.kind == define {
		if w.starts[i] < w.offset(w.body().Lbrace) { // not an assignment in the function
			return w.define(p, decls, i, line)
		}
		p.Steps = append(p.Steps, Step{Code: w.chunkText(i), Line: line})
		return decls
	}
	p.Steps = append(p.Steps, Step{Code: w.chunkText(i), Line: line})
	return decls
}

// define adds a definition: its variables are declared first when their types
// can be named.
func (w *lowering) define(p *Plan, decls []string, i, line int) []string {
	c := w.chunks[i]
	var left, vars []string
	whole := true
	for _, n := range c.names {
		obj := w.pkg.Scope().Lookup(n)
		if n == "_" || obj == nil {
			left = append(left, "_")
			continue
		}
		left = append(left, w.internal(obj))
		t, ok := w.typeText(obj.Type())
		whole = whole && ok
		if v := fmt.Sprintf("var %s %s", w.internal(obj), t); !slices.Contains(decls, v) {
			vars = append(vars, v)
		}
	}
	right := w.textOf(w.starts[i]+c.assign+2, w.starts[i]+len(c.text))
	sign := " :="
	if whole {
		sign = " ="
		decls = append(decls, vars...)
	}
	p.Steps = append(p.Steps, Step{Code: strings.Join(left, ", ") + sign + right, Line: line})
	return decls
}

// result says what the last expression gives.
func (w *lowering) result(s Step) Step {
	tv := w.info.Types[w.last]
	r := &Result{}
	switch t := tv.Type.(type) {
	case nil:
		return s
	case *types.Tuple:
		if t.Len() == 0 {
			return s
		}
		for i := range t.Len() {
			r.Names = append(r.Names, fmt.Sprintf("nablaˍr%d", i))
			r.Types = append(r.Types, t.At(i).Type())
			r.Count = r.Count || t.At(i).Name() == "n"
		}
		s.Code = strings.Join(r.Names, ", ") + " := " + s.Code
	case *types.Basic:
		if t.Kind() == types.UntypedNil || tv.IsVoid() {
			return s
		}
		r.Types, r.Const = []types.Type{types.Default(t)}, tv.Value
	default:
		if tv.IsVoid() || tv.IsType() {
			return s
		}
		r.Types, r.Const = []types.Type{t}, tv.Value
	}
	s.Result = r
	return s
}

// commit makes the declarations live.
func (l *Live) commit(w *lowering, declared map[string]name) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n, v := range declared {
		l.names[n] = v
		l.taken[v.internal] = true
	}
	for p, a := range w.aliases {
		l.aliases[p] = a
		l.taken[a] = true
	}
}
