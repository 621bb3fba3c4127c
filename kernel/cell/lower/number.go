package lower

import (
	"go/ast"
	"go/types"
)

// The interpreter converts a number through package reflect, which allocates. The
// result of an operation that is assigned has the type of the variable there, and
// its operands are converted on the way, as Go converts them: x * 1, assigned to
// a float64, is float64(x) for the price of a product.

// numbers are the types between which numbers are converted so. A float32 is none:
// it would be rounded twice.
var numbers = map[string]bool{
	"int": true, "int8": true, "int16": true, "int32": true, "int64": true, "rune": true,
	"uint": true, "uint8": true, "uint16": true, "uint32": true, "uint64": true, "byte": true,
	"float64": true,
}

// scaled is the operand of a conversion between numbers times 1; ok is false for
// what is no such conversion.
func (f *fn) scaled(e ast.Expr) (text string, ok bool) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !f.u.Info.Types[call.Fun].IsType() || f.value(e) != nil || f.value(call.Args[0]) != nil {
		return "", false
	}
	x := ast.Unparen(call.Args[0])
	from, to := f.s.goType(f.typeOf(x)), f.s.goType(f.typeOf(e))
	if from == to || !numbers[from] || !numbers[to] || f.hasCall(x) {
		return "", false
	}
	switch x.(type) {
	case *ast.Ident, *ast.IndexExpr, *ast.SelectorExpr:
		return f.expr(x) + " * 1", true
	}
	// The type of the variable would be that of every operation below it.
	if !f.repeats() {
		return "", false
	}
	return f.tempOf(f.expr(x), f.typeOf(x)) + " * 1", true
}

// scaledTo is scaled for a value that is assigned to a place of type t.
func (f *fn) scaledTo(place, e ast.Expr, t types.Type) (text string, ok bool) {
	switch p := place.(type) {
	case *ast.Ident:
	case *ast.SelectorExpr:
		if f.packageOf(p.X) != nil {
			return "", false
		}
	case *ast.IndexExpr:
		if _, isMap := f.under(p.X).(*types.Map); isMap {
			return "", false
		}
	default:
		return "", false
	}
	if !types.Identical(f.typeOf(e), t) {
		return "", false
	}
	return f.scaled(e)
}

// ahead lowers a conversion between numbers to a variable that is set before the
// statement, where it makes no difference that it is.
func (f *fn) ahead(e *ast.CallExpr) (name string, ok bool) {
	if !f.early || !f.steady(e.Args[0]) {
		return "", false
	}
	text, ok := f.scaled(e)
	if !ok {
		return "", false
	}
	t := f.typeOf(e)
	name = f.slot(f.fresh("t"), t)
	f.line("%s = %s", name, text)
	return name, true
}

// whole is ahead for what is all that a statement evaluates.
func (f *fn) whole(e ast.Expr) (name string, ok bool) {
	if !f.early {
		return "", false
	}
	text, ok := f.scaled(e)
	if !ok {
		return "", false
	}
	t := f.typeOf(e)
	name = f.slot(f.fresh("t"), t)
	f.line("%s = %s", name, text)
	return name, true
}

// steady tells an expression that cannot fail, of variables that nothing else
// changes while a statement runs.
func (f *fn) steady(e ast.Expr) bool {
	steady := f.pure(e)
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := f.object(id).(*types.Var); ok && !v.IsField() {
				_, local := f.shared.names[v]
				steady = steady && local && !f.shared.captured[v]
			}
		}
		return steady
	})
	return steady
}
