package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// values evaluates the right side of an assignment to n places into variables,
// those of several values with these names.
func (f *fn) values(n int, rhs []ast.Expr, names ...string) []typed {
	if len(rhs) == 1 && n > 1 {
		return f.several(n, ast.Unparen(rhs[0]), names...)
	}
	out := make([]typed, len(rhs))
	for i, e := range rhs {
		t := types.Default(f.typeOf(e))
		switch {
		case isNil(f.u.Info, e):
			out[i] = typed{text: "nil", typ: types.Typ[types.UntypedNil]}
			continue
		case f.value(e) != nil && !isInterface(t):
			out[i] = typed{text: f.conv(e, t), typ: t}
			continue
		}
		v := f.fresh("v")
		f.line("%s := %s", v, f.conv(e, t))
		out[i] = typed{text: v, typ: t}
	}
	return out
}

// several evaluates an expression with two values or a call with any number.
func (f *fn) several(n int, e ast.Expr, names ...string) []typed {
	boolean := types.Typ[types.Bool]
	switch x := e.(type) {
	case *ast.IndexExpr:
		m := f.under(x.X).(*types.Map)
		text := f.primary(x.X) + "[" + f.mapKey(x.Index, m) + "]"
		return f.maybe(text, f.typ(m.Elem()), names)
	case *ast.UnaryExpr:
		return f.take("<-"+f.primary(x.X), []types.Type{f.typ(f.under(x.X).(*types.Chan).Elem()), boolean}, names)
	case *ast.TypeAssertExpr:
		return f.assertOK(x, names)
	}
	tuple := f.typeOf(e).(*types.Tuple)
	list := make([]types.Type, n)
	for i := range n {
		list[i] = f.typ(tuple.At(i).Type())
	}
	return f.take(f.expr(e), list, names)
}

// take keeps several values in variables.
func (f *fn) take(text string, list []types.Type, names []string) []typed {
	out := make([]typed, len(list))
	left := make([]string, len(list))
	shared := f.repeats()
	for i, t := range list {
		name := "v"
		if i < len(names) && names[i] != "_" {
			name = names[i]
		}
		left[i] = f.fresh(name)
		out[i] = typed{left[i], t, true}
		shared = shared && !isInterface(t) && f.reusable(t)
	}
	if !shared {
		f.line("%s := %s", strings.Join(left, ", "), text)
		return out
	}
	for i, t := range list {
		f.slot(left[i], t)
	}
	f.line("%s = %s", strings.Join(left, ", "), text)
	return out
}

// maybe is take for a value and whether it is there. The interpreter leaves
// the variable of a value that is not there as it was before.
func (f *fn) maybe(text string, t types.Type, names []string) []typed {
	out := f.take(text, []types.Type{t, types.Typ[types.Bool]}, names)
	if (f.repeats() || f.inRange != nil) && (len(names) == 0 || names[0] != "_") {
		f.line("if !%s { %s = %s }", out[1].text, out[0].text, f.s.zero(t))
	}
	return out
}

// assertOK is x.(T) with two values.
func (f *fn) assertOK(e *ast.TypeAssertExpr, names []string) []typed {
	t := f.typ(f.u.Info.Types[e.Type].Type)
	if b, ok := types.Unalias(t).(*types.Basic); ok && b.Kind() != types.UnsafePointer {
		return f.maybe(operand(f.unwrapped(e.X))+".("+f.s.goType(t)+")", t, names)
	}
	x := f.fresh("x")
	f.line("%s := %s", x, f.unwrapped(e.X))
	v := f.fresh("v")
	f.line("var %s %s", v, f.s.goType(t))
	ok, value := f.tester(x, t)
	f.line("if %s { %s = %s }", ok, v, value)
	return []typed{{text: v, typ: t}, {text: ok, typ: types.Typ[types.Bool]}}
}
