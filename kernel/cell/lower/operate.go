package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// operate lowers x op= y.
func (f *fn) operate(s *ast.AssignStmt) {
	l, r := ast.Unparen(s.Lhs[0]), s.Rhs[0]
	t := f.typeOf(l)
	op := strings.TrimSuffix(s.Tok.String(), "=")
	if _, plain := l.(*ast.Ident); plain && op != "<<" && op != ">>" && op != "&^" {
		if name, ok := f.whole(r); ok {
			f.line("%s %s %s", f.expr(l), s.Tok, name)
			return
		}
	}
	if zero, ok := f.zeroDivisor(map[string]token.Token{"/": token.QUO, "%": token.REM}[op], r, t); ok {
		f.line("%s = %s %s %s", f.fixed(l), operand(f.expr(l)), op, zero)
		return
	}
	operandOf := func(of token.Token, right bool) string {
		if s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN {
			return f.shiftCount(r)
		}
		return f.side(r, of, right, t)
	}
	bare := func() string { return operandOf(token.LOR, false) }
	switch x := l.(type) {
	case *ast.Ident:
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&(types.IsInteger|types.IsFloat|types.IsString) != 0 && op != "&^" {
			f.line("%s %s %s", f.expr(l), s.Tok, bare())
			return
		}
	case *ast.IndexExpr:
		m, isMap := f.under(x.X).(*types.Map)
		_, isPointer := f.under(x.X).(*types.Pointer)
		_, isVariable := ast.Unparen(x.X).(*ast.Ident)
		if !isMap && (isVariable || !isPointer) && f.simple(x.X) && f.simple(x.Index) {
			f.line("%s %s %s", f.expr(l), s.Tok, bare())
			return
		}
		if isMap && f.simple(x.X) && !isInterface(m.Key()) && !f.s.isOpaque(f.typeOf(x.X)) && op != "&^" && !f.hasCall(r) {
			f.line("%s[%s] %s %s", f.expr(x.X), f.mapKey(x.Index, m), s.Tok, bare())
			return
		}
	case *ast.SelectorExpr:
		if f.packageOf(x.X) == nil && f.simple(x.X) {
			f.line("%s %s %s", f.expr(l), s.Tok, bare())
			return
		}
	}
	place, right := f.fixed(l), operandOf(token.MUL, true)
	if call := f.hasCall(r); call {
		old := f.temp2(operand(place))
		f.line("%s = %s %s %s", place, old, op, right)
		return
	}
	f.line("%s = %s %s %s", place, operand(place), op, right)
}

// simple tells an operand without effects that is cheap to evaluate twice.
func (f *fn) simple(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return f.simple(e.X)
	case *ast.StarExpr:
		return f.simple(e.X)
	case *ast.BinaryExpr:
		return f.simple(e.X) && f.simple(e.Y)
	case *ast.IndexExpr:
		return f.simple(e.X) && f.simple(e.Index)
	}
	return f.value(e) != nil
}

func (f *fn) hasCall(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if _, ok := n.(*ast.CallExpr); ok {
			found = true
		}
		return !found
	})
	return found
}
