package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The interpreter's own defer costs a quarter of ours, and is right for one call
// that is deferred once: of a function that is known and recovers from nothing.
// While it runs that call the interpreter holds what function literals of the same
// frame wait for, so there must be none, and results have been copied, so they
// must have no names.

// bareDefer tells that the interpreter's own defer does for a function.
func (f *fn) bareDefer(t *ast.FuncType, body *ast.BlockStmt) bool {
	if t.Results != nil {
		for _, field := range t.Results.List {
			if len(field.Names) > 0 {
				return false
			}
		}
	}
	var only *ast.DeferStmt
	bare := true
	for _, s := range body.List {
		d, ok := s.(*ast.DeferStmt)
		switch {
		case ok && only == nil:
			only = d
		case ok || hasDefer(s):
			return false // more than one, or one that a loop may defer again
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if only == nil || n != plainLiteral(only.Call) || recovers(f.u.Info, n.Body) || hasDefer(n.Body) {
				bare = false
			}
			return false
		case *ast.GoStmt, *ast.LabeledStmt:
			bare = false
		case *ast.BranchStmt:
			bare = bare && n.Tok != token.GOTO
		case *ast.RangeStmt:
			_, iterator := f.under(n.X).(*types.Signature)
			bare = bare && !iterator
		}
		return bare
	})
	return bare && only != nil && f.plainCallee(only.Call)
}

// plainCallee tells a call of a compiled function or method, or of a person's
// that does not defer or recover itself, with arguments that are no functions.
func (f *fn) plainCallee(e *ast.CallExpr) bool {
	if plainLiteral(e) != nil {
		return true // if it can be a function of its own
	}
	for _, a := range e.Args {
		t := f.typeOf(a)
		if _, function := t.Underlying().(*types.Signature); function || e.Ellipsis.IsValid() {
			return false
		}
		if tuple, ok := t.(*types.Tuple); ok && tuple.Len() != 1 {
			return false
		}
	}
	var obj *types.Func
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		obj, _ = f.object(fun).(*types.Func)
	case *ast.SelectorExpr:
		obj, _ = f.object(fun.Sel).(*types.Func)
		if s := f.u.Info.Selections[fun]; s != nil && (s.Kind() != types.MethodVal || isInterface(s.Recv())) {
			return false
		}
	}
	if obj == nil || obj.Signature().TypeParams().Len() > 0 || obj.Signature().RecvTypeParams().Len() > 0 {
		return false
	}
	if !f.s.own(obj.Pkg()) {
		return true
	}
	d := f.s.decls[obj.Origin()]
	return d != nil && !hasDefer(d.node.Body) && !recovers(d.unit.Info, d.node.Body)
}

// hasLiteral tells lowered text that makes a function value.
func hasLiteral(text string) bool {
	return strings.Contains(text, "func(") || strings.Contains(text, "func (")
}
