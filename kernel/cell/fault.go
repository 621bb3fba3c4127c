package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A fault is something that the interpreter gets wrong, with the rewriting
// that avoids it. Program is the smallest cell that shows it.
type fault struct {
	name, program string
	// lower rewrites the node if the fault applies to it.
	lower func(w *lowering, n ast.Node) bool
}

var faults = []fault{
	{"range over an integer", `for i := range 3 { fmt.Print(i) }`, rangeInteger},
	{"min, max, clear", `min(2, 1)`, newBuiltins},
	{"a panic of a goroutine ends the process", `go func() { panic("x") }()`, guardGoroutine},
	{"inference of several type parameters", `func F[A, B any](a A, f func(A) B) B { return f(a) }; F(1, func(int) string { return "" })`, instantiate},
}

// rangeInteger makes a loop with a counter.
func rangeInteger(w *lowering, n ast.Node) bool {
	r, ok := n.(*ast.RangeStmt)
	if !ok || r.Tok == token.ASSIGN {
		return false
	}
	tv := w.info.Types[r.X]
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return false
	}
	typ := types.Default(tv.Type)
	key := "_"
	if id, ok := r.Key.(*ast.Ident); ok {
		key = id.Name
		if obj := w.info.Defs[id]; obj != nil {
			typ = obj.Type()
		}
	}
	text, ok := w.typeText(typ)
	if !ok {
		return false
	}
	w.count++
	counter, limit := fmt.Sprintf("nablaˍi%d", w.count), fmt.Sprintf("nablaˍn%d", w.count)
	w.replace(r.For, r.X.Pos(), fmt.Sprintf("for %s, %s := %s(0), %s(", counter, limit, text, text))
	copied := ""
	if key != "_" {
		copied = fmt.Sprintf("%s := %s; ", key, counter)
	}
	w.replace(r.X.End(), r.Body.Lbrace+1, fmt.Sprintf("); %s < %s; %s++ { %s", counter, limit, counter, copied))
	return true
}

// newBuiltins replaces the name of a builtin by a function literal.
func newBuiltins(w *lowering, n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	builtin, ok := w.info.Uses[id].(*types.Builtin)
	if !ok {
		return false
	}
	switch builtin.Name() {
	case "min", "max":
		typ, ok := w.typeText(types.Default(w.info.Types[call].Type))
		if !ok {
			return false
		}
		sign := map[string]string{"min": "<", "max": ">"}[builtin.Name()]
		w.replace(id.Pos(), id.End(), fmt.Sprintf("func(s ...%s) %s { m := s[0]; for _, v := range s[1:] { if v %s m || v != v { m = v } }; return m }", typ, typ, sign))
		return true
	case "clear":
		t := w.info.Types[call.Args[0]].Type
		typ, ok := w.typeText(t)
		if !ok {
			return false
		}
		switch u := t.Underlying().(type) {
		case *types.Map:
			w.replace(id.Pos(), id.End(), fmt.Sprintf("func(m %s) { for k := range m { delete(m, k) } }", typ))
		case *types.Slice:
			elem, ok := w.typeText(u.Elem())
			if !ok {
				return false
			}
			w.replace(id.Pos(), id.End(), fmt.Sprintf("func(s %s) { var zero %s; for i := range s { s[i] = zero } }", typ, elem))
		}
		return true
	}
	return false
}

// instantiate writes the type arguments that the checker inferred.
func instantiate(w *lowering, n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	inst, ok := w.info.Instances[id]
	if !ok || inst.TypeArgs.Len() == 0 {
		return false
	}
	var args []string
	for i := range inst.TypeArgs.Len() {
		if _, param := inst.TypeArgs.At(i).(*types.TypeParam); param {
			return false
		}
		text, ok := w.typeText(inst.TypeArgs.At(i))
		if !ok {
			return false
		}
		args = append(args, text)
	}
	w.replace(id.End(), id.End(), "["+strings.Join(args, ", ")+"]")
	return true
}

// guardGoroutine lets a function literal that is started as a goroutine report
// its panic.
func guardGoroutine(w *lowering, n ast.Node) bool {
	g, ok := n.(*ast.GoStmt)
	if !ok {
		return false
	}
	lit, ok := g.Call.Fun.(*ast.FuncLit)
	if !ok {
		return false
	}
	w.replace(lit.Body.Lbrace+1, lit.Body.Lbrace+1, " defer func() { if r := recover(); r != nil { "+Runtime+".Report(r) } }();")
	return true
}
