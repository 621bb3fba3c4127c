package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// A loop that counts costs the interpreter a comparison and an increment for each
// iteration, and the length that it compares with; a range takes one operation
// for all. So counting from 0 to a constant, or through a slice, becomes a range.

// fewest is the number of iterations from which a range is cheaper.
const fewest = 8

// counted lowers a loop that counts as a range; ok is false for other loops.
func (f *fn) counted(s *ast.ForStmt, l *loop) (ok bool) {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || len(init.Rhs) != 1 {
		return false
	}
	id := init.Lhs[0].(*ast.Ident)
	obj := f.u.Info.Defs[id]
	if obj == nil || id.Name == "_" || f.s.goType(f.typ(obj.Type())) != "int" || f.assigns(s.Body, obj) {
		return false
	}
	if _, global := f.s.globals[obj]; global {
		return false
	}
	if v := f.value(init.Rhs[0]); v == nil || constant.Sign(v) != 0 {
		return false
	}
	if post, ok := s.Post.(*ast.IncDecStmt); !ok || post.Tok != token.INC || !f.means(post.X, obj) {
		return false
	}
	cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS || !f.means(cond.X, obj) {
		return false
	}
	over := f.steps(cond.Y)
	if over == "" {
		over = f.lengthOf(cond.Y, s.Body)
	}
	if over == "" {
		return false
	}
	f.label(l)
	f.line("for %s := range %s {", f.declare(obj), over)
	f.block(s.Body.List)
	f.line("}")
	return true
}

func (f *fn) means(e ast.Expr, obj types.Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && f.object(id) == obj
}

// steps is an array without bytes that has as many elements as a constant says,
// empty when there is none.
func (f *fn) steps(e ast.Expr) string {
	v := f.value(e)
	if v == nil {
		return ""
	}
	n, exact := constant.Int64Val(constant.ToInt(v))
	if !exact || n < fewest || n > 1<<31-1 {
		return ""
	}
	size := constant.MakeInt64(n).ExactString()
	return f.s.helper("steps "+size, func(name string) string { return "var " + name + " [" + size + "]struct{}\n" })
}

// lengthOf is the slice of which e is the length, when it is a variable that
// stays the same in the body of the loop.
func (f *fn) lengthOf(e ast.Expr, body *ast.BlockStmt) string {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !f.u.Info.Types[call.Fun].IsBuiltin() {
		return ""
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); !ok || id.Name != "len" {
		return ""
	}
	id, ok := ast.Unparen(call.Args[0]).(*ast.Ident)
	if !ok {
		return ""
	}
	obj, ok := f.object(id).(*types.Var)
	if !ok || f.shared.captured[obj] || f.assigns(body, obj) || f.s.isOpaque(f.typ(obj.Type())) {
		return ""
	}
	if _, local := f.shared.names[obj]; !local {
		return "" // what is called could change it
	}
	slice, ok := f.under(id).(*types.Slice)
	if !ok {
		return ""
	}
	if _, channel := slice.Elem().Underlying().(*types.Chan); channel || isInterface(slice.Elem()) {
		return ""
	}
	return f.variable(obj)
}
