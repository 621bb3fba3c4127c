package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// prepare evaluates the operands of a call into variables. Token is the panic
// that a recovering function is given.
func (f *fn) prepare(e *ast.CallExpr, token string) string {
	fun := ast.Unparen(e.Fun)
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := f.object(id).(*types.Builtin); ok {
			return f.prepareBuiltin(e, b.Name(), token)
		}
	}
	if tv := f.u.Info.Types[e.Fun]; tv.IsType() {
		return "_ = " + f.temp2(f.expr(e))
	}
	var args []string
	sig := f.calleeSignature(e)
	if len(e.Args) == 1 {
		if t, ok := f.typeOf(e.Args[0]).(*types.Tuple); ok {
			for i, v := range f.several(t.Len(), ast.Unparen(e.Args[0])) {
				p, _ := paramType(sig, i, false)
				args = append(args, f.temp2(f.convText(v.text, v.typ, f.typ(p))))
			}
			return f.prepareCallee(e, fun, strings.Join(args, ", "), token)
		}
	}
	callee := func(args string) string { return f.prepareCallee(e, fun, args, token) }
	// The function value is evaluated before the arguments.
	text := callee("\x00")
	for i, a := range e.Args {
		t, spread := paramType(sig, i, e.Ellipsis.IsValid())
		v := ""
		switch {
		case isNil(f.u.Info, a):
			v = "nil"
		case f.value(a) != nil:
			v = f.conv(a, f.typ(t))
		default:
			v = f.fresh("v")
			f.line("var %s %s = %s", v, f.s.goType(f.typ(t)), f.conv(a, f.typ(t)))
		}
		if spread {
			v += "..."
		}
		args = append(args, v)
	}
	list := strings.Join(args, ", ")
	if list == "" {
		text = strings.Replace(text, ", \x00", "", 1)
	}
	return strings.Replace(text, "\x00", list, 1)
}

// prepareCallee evaluates what is called and gives the call with the arguments.
func (f *fn) prepareCallee(e *ast.CallExpr, fun ast.Expr, args, token string) string {
	if id := functionName(fun); id != nil {
		if obj, ok := f.object(id).(*types.Func); ok && obj.Signature().Recv() == nil {
			if i := f.callee(id, obj); i != nil {
				if i.token {
					return i.name + "(" + token + comma(args) + ")"
				}
				return i.name + "(" + args + ")"
			}
			return f.s.alias(obj.Pkg()) + "." + obj.Name() + "(" + args + ")"
		}
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := f.u.Info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			obj, path := f.lookup(sel, s)
			if m, ok := obj.(*types.Func); ok {
				text, t := f.walk(f.expr(sel.X), f.typeOf(sel.X), path[:len(path)-1])
				return f.prepareMethod(text, t, f.resolve(t, m), args, token)
			}
		}
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		g := f.inner()
		sig := f.u.Info.Types[lit].Type.(*types.Signature)
		if !recovers(f.u.Info, lit.Body) {
			token = ""
		}
		n := f.fresh("call")
		f.line("%s := %s", n, g.functionWith("", nil, lit.Type, lit.Body, sig, token))
		if token == "" {
			return n + "(" + args + ")"
		}
		return n + "(" + token + comma(args) + ")"
	}
	n := f.fresh("call")
	f.line("var %s %s = %s", n, f.s.goType(f.typeOf(fun).Underlying()), f.primary(fun))
	return n + "(" + args + ")"
}

func (f *fn) prepareMethod(text string, t types.Type, m target, args, token string) string {
	r := f.fresh("recv")
	if m.iface != nil {
		f.line("var %s %s = %s", r, f.s.goType(t), text)
		f.line("if %s == nil { %s.NilCall() }", r, Runtime)
		if m.native {
			return f.callMethod(r, t, m, args)
		}
		// A dispatcher would stand between the frame and the method.
		find, call := f.s.find(r, f.fresh("p"), f.fresh("f"), m.name, m.sig)
		f.line("%s", find)
		return call(args)
	}
	if m.native {
		_, isPointer := t.Underlying().(*types.Pointer)
		if m.pointer && !isPointer {
			f.line("%s := &%s", r, text)
		} else {
			f.line("%s := %s", r, text)
		}
		return r + "." + m.name + "(" + args + ")"
	}
	f.line("%s := %s", r, f.receiver(text, t, m.pointer))
	if m.instance.token {
		return m.instance.name + "(" + token + ", " + r + comma(args) + ")"
	}
	return m.instance.name + "(" + r + comma(args) + ")"
}

func (f *fn) prepareBuiltin(e *ast.CallExpr, name, token string) string {
	if name == "recover" {
		outer := f.panic
		if outer == "" {
			outer = "nil"
		}
		return Runtime + ".DeferredRecover(" + token + ", " + outer + ")"
	}
	c := *e
	c.Args = nil
	for _, a := range e.Args {
		if t, ok := f.typeOf(a).(*types.Tuple); ok {
			for _, v := range f.several(t.Len(), ast.Unparen(a)) {
				c.Args = append(c.Args, f.stand(v.text, v.typ, a.Pos()))
			}
			continue
		}
		if f.value(a) != nil || f.u.Info.Types[a].IsType() || isNil(f.u.Info, a) {
			c.Args = append(c.Args, a)
			continue
		}
		t := f.typeOf(a)
		v := f.fresh("v")
		f.line("var %s %s = %s", v, f.s.goType(t), f.expr(a))
		c.Args = append(c.Args, f.stand(v, t, a.Pos()))
	}
	f.u.Info.Types[&c] = f.u.Info.Types[e]
	return f.builtin(&c, name)
}

// plainLiteral is the function literal that is called, nil for other calls and for
// one with arguments or results.
func plainLiteral(e *ast.CallExpr) *ast.FuncLit {
	lit, ok := ast.Unparen(e.Fun).(*ast.FuncLit)
	if !ok || len(e.Args) > 0 || lit.Type.Results != nil && len(lit.Type.Results.List) > 0 {
		return nil
	}
	return lit
}

// guard is the literal that a function defers in its first statement, when it
// defers nothing else.
func guard(body *ast.BlockStmt) *ast.FuncLit {
	if len(body.List) == 0 {
		return nil
	}
	d, ok := body.List[0].(*ast.DeferStmt)
	if !ok || hasDefer(&ast.BlockStmt{List: body.List[1:]}) {
		return nil
	}
	return plainLiteral(d.Call)
}

// deferredLiteral is a literal as the frame calls it, with its panic.
func (f *fn) deferredLiteral(lit *ast.FuncLit) string {
	g := f.inner()
	return g.functionWith("", nil, lit.Type, lit.Body, f.u.Info.Types[lit].Type.(*types.Signature), f.fresh("panic"))
}

// deferLifted defers a literal that becomes a function of its own; ok is false
// when it cannot.
func (f *fn) deferLifted(lit *ast.FuncLit) (ok bool) {
	if f.shared.root == nil {
		return false
	}
	stand := types.NewVar(lit.Pos(), nil, "deferred", f.u.Info.Types[lit].Type)
	if !f.lift(stand, lit) {
		return false
	}
	f.line("defer %s", f.callLifted(f.shared.lifted[stand], ""))
	return true
}

// deferStmt adds a call to the frame, or leaves it to the interpreter.
func (f *fn) deferStmt(s *ast.DeferStmt) {
	lit := plainLiteral(s.Call)
	switch {
	case f.frame == "" && lit != nil && f.deferLifted(lit):
		return
	case f.frame == "":
		f.line("defer %s", f.prepare(s.Call, ""))
		return
	case lit != nil:
		n := f.fresh("deferred")
		f.line("%s := %s", n, f.deferredLiteral(lit))
		f.line("%s.Push(%s, %s)", Runtime, f.frame, n)
		return
	}
	token := f.fresh("panic")
	call := f.prepare(s.Call, token)
	n := f.fresh("deferred")
	f.line("%s := func(%s *%s.Panicking) { %s }", n, token, Runtime, call)
	f.line("%s.Push(%s, %s)", Runtime, f.frame, n)
}

// goStmt starts a goroutine whose panic is reported.
func (f *fn) goStmt(s *ast.GoStmt) {
	if len(f.loops) > 0 { // a frame of its own, as kept has it
		f.line("func() {")
		defer f.line("}()")
	}
	call := f.prepare(s.Call, "nil")
	n := f.fresh("routine")
	f.line("%s := func() { %s }", n, call)
	f.line("%s.Go(%s)", Runtime, n)
}
