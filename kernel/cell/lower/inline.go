package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A call costs the interpreter as much as twenty operations. Functions that only
// compute, with nothing in them that could fail, are written out where they are
// called: an expression of parameters, or assignments to fields of a receiver
// that is a variable. A function that is declared again has its callers lowered
// again, so they see the new one.

// smallBody is the number of nodes that a function may have to be written out.
const smallBody = 24

// writtenOut gives the call of a function as an expression, when its body is one.
// Receiver is the lowered receiver of a method, "" for a function.
func (f *fn) writtenOut(e *ast.CallExpr, i *instance, receiver string) (string, bool) {
	d := f.s.decls[i.obj]
	if d == nil || i.token || len(d.node.Body.List) != 1 {
		return "", false
	}
	ret, ok := d.node.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return "", false
	}
	g, ok := f.opened(e, i, d, receiver)
	if !ok || !g.pure(ret.Results[0]) || g.value(ret.Results[0]) != nil {
		return "", false
	}
	if !g.fitting(ret.Results[0], e, f) {
		return "", false
	}
	text := g.conv(ret.Results[0], i.obj.Signature().Results().At(0).Type())
	f.shared.count = g.shared.count
	f.use(i)
	return operand(text), true
}

// writeOut writes out a call of which the body assigns to fields; ok is false
// for other calls.
func (f *fn) writeOut(e *ast.CallExpr, i *instance, receiver string) bool {
	d := f.s.decls[i.obj]
	if d == nil || i.token || i.obj.Signature().Results().Len() > 0 || len(d.node.Body.List) == 0 || len(d.node.Body.List) > 4 {
		return false
	}
	recv := i.obj.Signature().Recv()
	if recv == nil {
		return false
	}
	if _, pointer := recv.Type().Underlying().(*types.Pointer); !pointer {
		return false
	}
	for _, a := range e.Args { // they are evaluated after fields have changed
		if _, plain := ast.Unparen(a).(*ast.Ident); !plain && f.value(a) == nil || !isNumeric(f.under(a)) {
			return false
		}
	}
	g, ok := f.opened(e, i, d, receiver)
	if !ok {
		return false
	}
	for _, s := range d.node.Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || len(s.Lhs) != 1 || !g.ownField(s.Lhs[0]) || !g.pure(s.Rhs[0]) || s.Tok == token.QUO_ASSIGN || s.Tok == token.REM_ASSIGN || s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN {
				return false
			}
		case *ast.IncDecStmt:
			if !g.ownField(s.X) {
				return false
			}
		default:
			return false
		}
	}
	g.marks = f.marks
	for _, s := range d.node.Body.List {
		g.unmarked(s)
	}
	f.shared.count = g.shared.count
	f.use(i)
	return true
}

// asLiteral gives a small function as a literal with its body, which saves a
// call.
func (f *fn) asLiteral(i *instance) (string, bool) {
	d := f.s.decls[i.obj]
	sig := i.obj.Signature()
	if d == nil || i.token || sig.Recv() != nil || sig.TypeParams().Len() > 0 || !isCell(d.unit.Pkg) || size(d.node.Body) > smallBody || hasDefer(d.node.Body) || mentions(d, i.obj) || f.s.opening[i] {
		return "", false
	}
	f.s.opening[i] = true // functions may mention one another
	defer delete(f.s.opening, i)
	g := &fn{s: f.s, u: d.unit, inst: f.inst, subst: map[*types.TypeParam]types.Type{}, out: &strings.Builder{}, marks: &marks{}, slots: &slots{},
		shared: &shared{names: map[types.Object]string{}, captured: captured(d.unit.Info, d.node), count: f.shared.count}}
	text := g.function("", nil, d.node.Type, d.node.Body, sig)
	f.shared.count = g.shared.count
	return text, true
}

// mentions tells a function that calls itself.
func mentions(d *declared, obj *types.Func) bool {
	return uses(d.unit.Info, d.node.Body, obj) > 0
}

// opened is a fn for the body of a callee whose parameters are the arguments.
// They must be such that it makes no difference when and how often they are
// evaluated.
func (f *fn) opened(e *ast.CallExpr, i *instance, d *declared, receiver string) (*fn, bool) {
	sig := i.obj.Signature()
	if sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0 || sig.Variadic() || sig.Params().Len() != len(e.Args) || size(d.node.Body) > smallBody || !isCell(d.unit.Pkg) {
		return nil, false
	}
	if results := sig.Results(); results.Len() > 0 && results.At(0).Name() != "" {
		return nil, false // the body may mean its results
	}
	names := map[types.Object]string{}
	if sig.Recv() != nil {
		if d.node.Recv == nil { // declared apart from its type: the receiver is a parameter of the node
			return nil, false
		}
		if receiver == "" || !isName(receiver) {
			return nil, false
		}
		names[d.unit.Info.Defs[receiverIdent(d.node)]] = receiver
	}
	for k := range sig.Params().Len() {
		p := sig.Params().At(k)
		if isInterface(p.Type()) || f.s.isOpaque(p.Type()) || !f.pure(e.Args[k]) {
			return nil, false
		}
		text := f.conv(e.Args[k], p.Type())
		if f.value(e.Args[k]) == nil && !isName(text) && uses(d.unit.Info, d.node.Body, p) > 1 {
			return nil, false
		}
		names[p] = operand(text)
	}
	g := &fn{s: f.s, u: d.unit, inst: f.inst, subst: map[*types.TypeParam]types.Type{}, out: f.out, marks: &marks{}, slots: &slots{},
		shared: &shared{names: names, captured: map[types.Object]bool{}, count: f.shared.count}}
	return g, true
}

func receiverIdent(d *ast.FuncDecl) *ast.Ident {
	if d.Recv == nil || len(d.Recv.List) == 0 || len(d.Recv.List[0].Names) == 0 {
		return nil
	}
	return d.Recv.List[0].Names[0]
}

func size(n ast.Node) (count int) {
	ast.Inspect(n, func(n ast.Node) bool {
		if n != nil {
			count++
		}
		return true
	})
	return count
}

func uses(info *types.Info, n ast.Node, obj types.Object) (count int) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == obj {
			count++
		}
		return true
	})
	return count
}

// pure tells an expression that cannot fail, changes nothing and calls nothing.
func (f *fn) pure(e ast.Expr) bool {
	if tv := f.u.Info.Types[e]; tv.Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.pure(e.X)
	case *ast.Ident:
		v, ok := f.object(e).(*types.Var)
		if !ok {
			return false
		}
		_, pointer := v.Type().Underlying().(*types.Pointer)
		return !pointer || v.Kind() != types.RecvVar
	case *ast.UnaryExpr:
		return (e.Op == token.SUB || e.Op == token.NOT || e.Op == token.XOR) && f.pure(e.X)
	case *ast.SelectorExpr:
		sel := f.u.Info.Selections[e]
		if sel == nil || sel.Kind() != types.FieldVal || len(sel.Index()) != 1 {
			return false
		}
		if _, structure := f.under(e.X).(*types.Struct); structure {
			return f.pure(e.X)
		}
		return f.ownField(e)
	case *ast.BinaryExpr:
		b, ok := f.under(e.X).(*types.Basic)
		switch {
		case !ok || isInterface(f.typeOf(e.Y)):
			return false
		case e.Op == token.SHL, e.Op == token.SHR:
			return f.value(e.Y) != nil && f.pure(e.X)
		case (e.Op == token.QUO || e.Op == token.REM) && b.Info()&types.IsInteger != 0:
			v := f.value(e.Y)
			return v != nil && constant.Sign(v) != 0 && f.pure(e.X)
		}
		return f.pure(e.X) && f.pure(e.Y)
	case *ast.CallExpr:
		return len(e.Args) == 1 && f.u.Info.Types[e.Fun].IsType() && isNumeric(f.under(e)) && isNumeric(f.under(e.Args[0])) && f.pure(e.Args[0])
	}
	return false
}

func isNumeric(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&(types.IsInteger|types.IsFloat) != 0
}

// ownField tells a field of the receiver of the function that is written out.
func (f *fn) ownField(e ast.Expr) bool {
	s, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	sel := f.u.Info.Selections[s]
	id, plain := ast.Unparen(s.X).(*ast.Ident)
	if !plain || sel == nil || sel.Kind() != types.FieldVal || len(sel.Index()) != 1 {
		return false
	}
	v, ok := f.object(id).(*types.Var)
	_, named := f.shared.names[v]
	return ok && named && v.Kind() == types.RecvVar
}

// fitting tells that constant arguments cannot make the interpreter fold a part
// of the expression to something that does not fit its type.
func (f *fn) fitting(body ast.Expr, e *ast.CallExpr, caller *fn) bool {
	if len(e.Args) > 0 && !slices.ContainsFunc(e.Args, func(a ast.Expr) bool { return caller.value(a) == nil }) && !f.readsReceiver(body) {
		return false
	}
	for _, a := range e.Args {
		v := caller.value(a)
		if v == nil {
			continue
		}
		divides := false
		ast.Inspect(body, func(n ast.Node) bool {
			if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.QUO || b.Op == token.REM || b.Op == token.SHL) {
				divides = true
			}
			return true
		})
		if divides || v.Kind() == constant.Int && constant.BitLen(v) > 5 || v.Kind() == constant.Complex || caller.s.goType(caller.typeOf(a)) != "float64" && caller.s.goType(caller.typeOf(a)) != "int" {
			return false
		}
	}
	return true
}

// readsReceiver tells an expression with a part that is no constant even when
// the arguments are: a field of the receiver.
func (f *fn) readsReceiver(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			found = found || f.ownField(s)
		}
		return !found
	})
	return found
}
