package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// A call of a function value goes through package reflect, at three times the
// price of a call by name. A function literal that is kept in a variable which is
// only called, and never set again, becomes a function of its own: what it uses
// of the function around it are parameters, by pointer where that may change.
// A function that only makes such a literal is written out where it is called.

// A lifted is what a variable of a function type stands for.
type lifted struct {
	name     string
	instance *instance // of a declared function
	captures []capture
}

// A capture is a variable of the function around a literal.
type capture struct {
	variable *types.Var
	pointer  bool
}

// callLifted gives the call of a function that a variable stands for.
func (f *fn) callLifted(l *lifted, args string) string {
	var list []string
	for _, c := range l.captures {
		text := f.variable(c.variable)
		if c.pointer {
			if rest, through := strings.CutPrefix(text, "*"); through {
				text = rest
			} else {
				text = "&" + text
			}
		}
		list = append(list, text)
	}
	if args != "" {
		list = append(list, args)
	}
	return l.name + "(" + strings.Join(list, ", ") + ")"
}

// lifted is what the called expression stands for, nil for others.
func (f *fn) liftedCallee(e ast.Expr) *lifted {
	if id, ok := e.(*ast.Ident); ok {
		return f.shared.lifted[f.object(id)]
	}
	return nil
}

// lifts makes a function of the value of a new variable; ok is false when the
// variable has to be one.
func (f *fn) lifts(obj types.Object, e ast.Expr, set ast.Stmt) (ok bool) {
	if obj == nil || f.shared.root == nil || f.inRange != nil || f.s.profiled || !isCell(f.u.Pkg) {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return f.onlyCalled(obj, set) && f.lift(obj, e)
	case *ast.CallExpr:
		return f.onlyCalled(obj, set) && f.liftMade(obj, e)
	}
	return false
}

// onlyCalled tells a variable that nothing is done with but calling it, and
// setting it in one statement.
func (f *fn) onlyCalled(obj types.Object, set ast.Stmt) bool {
	called := true
	var path []ast.Node
	ast.Inspect(f.shared.root, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok && f.u.Info.Uses[id] == obj {
			parent := path[len(path)-1]
			call, isCall := parent.(*ast.CallExpr)
			switch {
			case parent == set:
			case !isCall || call.Fun != id:
				called = false
			default:
				switch path[len(path)-2].(type) {
				case *ast.GoStmt, *ast.DeferStmt:
					called = false
				}
			}
		}
		path = append(path, n)
		return true
	})
	return called
}

// lift makes a function of a literal.
func (f *fn) lift(obj types.Object, lit *ast.FuncLit) bool {
	sig, ok := f.u.Info.Types[lit].Type.(*types.Signature)
	if !ok || sig.Variadic() || recovers(f.u.Info, lit.Body) {
		return false
	}
	captures, ok := f.captures(obj, lit)
	if !ok {
		return false
	}
	l := &lifted{name: rt.Literal + f.s.fresh(""), captures: captures}
	f.standFor(obj, l)
	g := &fn{s: f.s, u: f.u, inst: f.inst, subst: f.subst, out: &strings.Builder{}, marks: &marks{}, slots: &slots{},
		shared: &shared{names: map[types.Object]string{}, captured: captured(f.u.Info, lit), root: f.shared.root, lifted: f.shared.lifted}}
	for _, c := range captures {
		name, typ := g.fresh(c.variable.Name()), f.s.goType(f.typ(c.variable.Type()))
		g.shared.names[c.variable] = name
		if c.pointer {
			g.shared.names[c.variable], typ = "*"+name, "*"+typ
		}
		g.leading = append(g.leading, name+" "+typ)
	}
	text := g.function(l.name, nil, lit.Type, lit.Body, sig)
	f.s.text = append(f.s.text, "//line "+f.place(lit.Pos())+"\n"+text+"\n")
	return true
}

// standFor lets calls of a variable be calls of a function.
func (f *fn) standFor(obj types.Object, l *lifted) {
	all := map[types.Object]*lifted{obj: l}
	maps.Copy(all, f.shared.lifted)
	f.shared.lifted = all
}

// captures lists the variables around a literal that it uses; ok is false when
// they cannot be parameters.
func (f *fn) captures(obj types.Object, lit *ast.FuncLit) (list []capture, ok bool) {
	ok = true
	seen := map[types.Object]bool{obj: true}
	add := func(c capture) {
		if seen[c.variable] {
			return
		}
		seen[c.variable] = true
		_, known := f.shared.names[c.variable]
		if c.pointer {
			switch c.variable.Type().Underlying().(type) {
			case *types.Basic, *types.Slice:
			default:
				known = false
			}
		}
		ok = ok && known
		list = append(list, c)
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if u, isUnary := n.(*ast.UnaryExpr); isUnary && u.Op == token.AND {
			if id, plain := ast.Unparen(u.X).(*ast.Ident); plain {
				ok = ok && f.within(f.object(id), lit)
			}
		}
		id, isIdent := n.(*ast.Ident)
		if !isIdent {
			return true
		}
		v, isVar := f.u.Info.Uses[id].(*types.Var)
		if !isVar || v.IsField() || f.within(v, lit) {
			return true
		}
		if _, global := f.s.globals[v]; global {
			return true
		}
		if l := f.shared.lifted[v]; l != nil {
			for _, c := range l.captures {
				add(c)
			}
			return true
		}
		if !f.within(v, f.shared.root) {
			return true // of another package
		}
		add(capture{v, f.changes(v)})
		return true
	})
	return list, ok
}

func (f *fn) within(obj types.Object, n ast.Node) bool {
	return obj != nil && obj.Pos() >= n.Pos() && obj.Pos() < n.End()
}

// changes tells a variable that is set after its definition, or whose address is
// taken.
func (f *fn) changes(v *types.Var) (found bool) {
	var is func(e ast.Expr)
	is = func(e ast.Expr) {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			found = found || f.u.Info.Uses[e] == v
		case *ast.SelectorExpr:
			is(e.X)
		case *ast.IndexExpr:
			if _, array := f.under(e.X).(*types.Array); array {
				is(e.X)
			}
		}
	}
	ast.Inspect(f.shared.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				is(l)
			}
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				is(n.Key)
				if n.Value != nil {
					is(n.Value)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				is(n.X)
			}
		case *ast.SliceExpr:
			if mayBeArray(f.under(n.X)) {
				is(n.X)
			}
		case *ast.SelectorExpr:
			if sel := f.u.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				if _, pointer := sel.Recv().Underlying().(*types.Pointer); !pointer {
					is(n.X)
				}
			}
		}
		return !found
	})
	return found
}

// liftMade writes out a call of a function that makes a literal of its
// parameters, and lifts the literal.
func (f *fn) liftMade(obj types.Object, e *ast.CallExpr) bool {
	i, _ := f.staticCallee(e)
	if i == nil || i.token || i == f.inst {
		return false
	}
	d, sig := f.s.decls[i.obj], i.obj.Signature()
	if d == nil || sig.Recv() != nil || sig.Variadic() || sig.Params().Len() != len(e.Args) || !isCell(d.unit.Pkg) || mentions(d, i.obj) {
		return false
	}
	list := d.node.Body.List
	if len(list) == 0 {
		return false
	}
	ret, ok := list[len(list)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return false
	}
	lit, ok := ast.Unparen(ret.Results[0]).(*ast.FuncLit)
	if !ok {
		return false
	}
	h := &fn{s: f.s, u: d.unit, inst: f.inst, subst: map[*types.TypeParam]types.Type{}, out: f.out, marks: f.marks, slots: f.slots, loops: f.loops,
		shared: &shared{names: map[types.Object]string{}, captured: captured(d.unit.Info, d.node), root: d.node, count: f.shared.count}}
	for _, s := range list[:len(list)-1] {
		if !h.definition(s) || len(h.risks(s)) > 0 {
			return false
		}
	}
	mark := f.out.Len()
	for k := range sig.Params().Len() {
		h.parameter(sig.Params().At(k), e.Args[k], f)
	}
	for _, s := range list[:len(list)-1] {
		h.unmarked(s)
	}
	f.shared.count = h.shared.count
	if !h.lift(obj, lit) {
		text := f.out.String()[:mark]
		f.out.Reset()
		f.out.WriteString(text)
		return false
	}
	l := *h.shared.lifted[obj]
	for k, c := range l.captures { // each call has its own
		own := types.NewVar(c.variable.Pos(), c.variable.Pkg(), c.variable.Name(), c.variable.Type())
		f.shared.names[own] = h.shared.names[c.variable]
		l.captures[k].variable = own
	}
	f.standFor(obj, &l)
	f.use(i)
	return true
}

// definition tells a statement that defines variables.
func (f *fn) definition(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return s.Tok == token.DEFINE
	case *ast.DeclStmt:
		return s.Decl.(*ast.GenDecl).Tok == token.VAR
	}
	return false
}

// parameter gives a parameter of a function that is written out the argument of
// the caller.
func (f *fn) parameter(p *types.Var, arg ast.Expr, caller *fn) {
	if id, ok := ast.Unparen(arg).(*ast.Ident); ok {
		if obj, ok := caller.object(id).(*types.Func); ok && f.s.own(obj.Pkg()) && obj.Signature().TypeParams().Len() == 0 && f.onlyCalled(p, nil) {
			if i := caller.callee(id, obj); !i.token && !obj.Signature().Variadic() {
				f.standFor(p, &lifted{name: i.name, instance: i})
				return
			}
		}
	}
	caller.shared.count = f.shared.count
	text := caller.conv(arg, p.Type())
	f.shared.count = caller.shared.count
	if p.Name() == "" || p.Name() == "_" {
		f.line("_ = %s", text)
		return
	}
	f.line("var %s %s = %s", f.declare(p), f.s.goType(f.typ(p.Type())), text)
}

// literalAfter is the function literal that the statement after a declaration
// gives the variable, with the statement.
func (f *fn) literalAfter(s *ast.ValueSpec, obj types.Object) (lit ast.Expr, set ast.Stmt) {
	if _, function := obj.Type().Underlying().(*types.Signature); !function || f.shared.root == nil {
		return nil, nil
	}
	ast.Inspect(f.shared.root, func(n ast.Node) bool {
		block, ok := n.(*ast.BlockStmt)
		if !ok || lit != nil {
			return lit == nil
		}
		for i, stmt := range block.List[:max(len(block.List)-1, 0)] {
			d, ok := stmt.(*ast.DeclStmt)
			if !ok || len(d.Decl.(*ast.GenDecl).Specs) != 1 || d.Decl.(*ast.GenDecl).Specs[0] != s {
				continue
			}
			a, ok := block.List[i+1].(*ast.AssignStmt)
			if ok && a.Tok == token.ASSIGN && len(a.Lhs) == 1 && len(a.Rhs) == 1 && f.means(a.Lhs[0], obj) {
				if e, ok := ast.Unparen(a.Rhs[0]).(*ast.FuncLit); ok {
					lit, set = e, a
				}
			}
		}
		return true
	})
	return lit, set
}
