package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// call lowers a call, conversion or builtin.
func (f *fn) call(e *ast.CallExpr) string {
	if tv := f.u.Info.Types[e.Fun]; tv.IsType() {
		return f.conversion(e)
	}
	fun := ast.Unparen(e.Fun)
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := f.object(id).(*types.Builtin); ok {
			return f.builtin(e, b.Name())
		}
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if pkg := f.packageOf(sel.X); pkg == types.Unsafe {
			return f.unsafe(e, sel.Sel.Name)
		}
	}
	if len(e.Args) == 1 {
		if t, ok := f.typeOf(e.Args[0]).(*types.Tuple); ok && t.Len() != 1 {
			return f.spread(e, t)
		}
	}
	i, receiver := f.staticCallee(e)
	l := f.liftedCallee(fun)
	if l != nil {
		i = l.instance
	}
	if i != nil {
		if text, ok := f.writtenOut(e, i, receiver); ok {
			return text
		}
	}
	sig := f.calleeSignature(e)
	if l != nil {
		return f.callLifted(l, f.args(e, sig))
	}
	return f.callWith(e, f.args(e, sig))
}

// staticCallee is the lowered function that is called, nil when it is not known
// here. Receiver is that of a method: a variable, for a method with a pointer
// too.
func (f *fn) staticCallee(e *ast.CallExpr) (i *instance, receiver string) {
	fun := ast.Unparen(e.Fun)
	if id, ok := fun.(*ast.Ident); ok {
		if obj, ok := f.object(id).(*types.Func); ok && f.s.own(obj.Pkg()) && obj.Signature().TypeParams().Len() == 0 {
			return f.callee(id, obj), ""
		}
		return nil, ""
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil, ""
	}
	s := f.u.Info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || len(s.Index()) != 1 {
		return nil, ""
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return nil, ""
	}
	t := f.typeOf(id)
	if _, structure := t.Underlying().(*types.Struct); !structure {
		return nil, ""
	}
	obj, path := f.lookup(sel, s)
	m, ok := obj.(*types.Func)
	if n, own := f.s.isOwn(t); !ok || !own || n.TypeArgs().Len() > 0 || len(path) != 1 {
		return nil, ""
	}
	return f.resolve(t, m).instance, f.expr(id)
}

// calleeSignature is the signature of what is called, in this instance.
func (f *fn) calleeSignature(e *ast.CallExpr) *types.Signature {
	t := f.typeOf(e.Fun)
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		fail(e.Pos(), "call of %s", t)
	}
	return sig
}

// callWith gives the call with lowered arguments.
func (f *fn) callWith(e *ast.CallExpr, args string) string {
	fun := ast.Unparen(e.Fun)
	if id := functionName(fun); id != nil {
		if obj, ok := f.object(id).(*types.Func); ok && obj.Signature().Recv() == nil {
			if i := f.callee(id, obj); i != nil {
				if i.token {
					return i.name + "(nil" + comma(args) + ")"
				}
				return i.name + "(" + args + ")"
			}
			if text, ok := f.special(e, obj); ok {
				return text
			}
			return f.s.alias(obj.Pkg()) + "." + obj.Name() + "(" + args + ")"
		}
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := f.u.Info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			obj, path := f.lookup(sel, s)
			if m, ok := obj.(*types.Func); ok {
				text, t := f.walk(f.expr(sel.X), f.typeOf(sel.X), path[:len(path)-1])
				return f.callMethod(text, t, f.resolve(t, m), args)
			}
		}
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		// Without parentheses: of a result that is a function the interpreter
		// would take the type for a generic one.
		return f.literal(lit) + "(" + args + ")"
	}
	// The interpreter holds a lock while it finds that it has no function.
	return f.certain(f.primary(fun), fun, f.under(fun)) + "(" + args + ")"
}

// certain is the lowered text of e, of type t, out of a helper if e is *p: the
// interpreter has no value for that of a nil pointer, and does not always mind.
func (f *fn) certain(text string, e ast.Expr, t types.Type) string {
	if _, deref := ast.Unparen(e).(*ast.StarExpr); !deref {
		return text
	}
	typ := f.s.goType(f.typ(t))
	return f.s.helper("load "+typ, func(name string) string {
		return "func " + name + "(x " + typ + ") " + typ + " {\n\ty := x\n\treturn y\n}\n"
	}) + "(" + text + ")"
}

// functionName is the identifier of a function that is called by name.
func functionName(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return functionName(e.X)
	case *ast.IndexListExpr:
		return functionName(e.X)
	}
	return nil
}

// args lowers the arguments of a call.
func (f *fn) args(e *ast.CallExpr, sig *types.Signature) string {
	var out []string
	for i, a := range e.Args {
		t, spread := paramType(sig, i, e.Ellipsis.IsValid())
		text := f.conv(a, t)
		if text == "nil" && isInterface(t) && f.s.compiledInterface(f.typ(t)) {
			text = f.s.typedNil(f.typ(t)) // the interpreter would wrap the nil, and it were none
		}
		if spread {
			text += "..."
		}
		out = append(out, text)
	}
	if last := sig.Params().Len() - 1; sig.Variadic() && !e.Ellipsis.IsValid() && len(out) > last && (f.callsValue(e) || f.looksSpread(e, sig)) {
		list := f.s.goType(f.typ(sig.Params().At(last).Type())) + "{" + strings.Join(out[last:], ", ") + "}..."
		out = append(out[:last], list)
	}
	return strings.Join(out, ", ")
}

// looksSpread tells a variadic call with an argument of the type that the slice
// of the arguments has, for which the interpreter would take it.
func (f *fn) looksSpread(e *ast.CallExpr, sig *types.Signature) bool {
	last := sig.Params().Len() - 1
	slice := f.s.goType(f.typ(sig.Params().At(last).Type()))
	for _, a := range e.Args[last:] {
		if t := f.typeOf(a); f.value(a) == nil && !isNil(f.u.Info, a) && f.s.goType(t) == slice {
			return true
		}
	}
	return false
}

// callsValue tells that what is called is a value and no function by its name.
// The interpreter counts the arguments of such a call wrongly when they are to
// become a slice.
func (f *fn) callsValue(e *ast.CallExpr) bool {
	id := functionName(e.Fun)
	if id == nil {
		return true
	}
	_, declared := f.object(id).(*types.Func)
	return !declared
}

// paramType is the type of the i-th argument; spread tells s... .
func paramType(sig *types.Signature, i int, ellipsis bool) (t types.Type, spread bool) {
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last {
		t = sig.Params().At(last).Type()
		if ellipsis {
			return t, true
		}
		return t.Underlying().(*types.Slice).Elem(), false
	}
	return sig.Params().At(i).Type(), false
}

// spread lowers f(g()) where g has several results.
func (f *fn) spread(e *ast.CallExpr, results *types.Tuple) string {
	sig := f.calleeSignature(e)
	var names, args []string
	for i := range results.Len() {
		n := f.fresh("v")
		names = append(names, n)
		t, _ := paramType(sig, i, false)
		args = append(args, f.convText(n, f.typ(results.At(i).Type()), f.typ(t)))
	}
	list := strings.Join(args, ", ")
	inner := f.expr(e.Args[0])
	callee, call := "", ""
	if f.hasCall(e.Fun) { // which comes before the arguments
		outer := f.out
		f.out = &strings.Builder{}
		call = f.prepareCallee(e, ast.Unparen(e.Fun), list, "nil")
		callee, f.out = f.out.String(), outer
	} else {
		call = f.callWith(e, list)
	}
	return "func()" + f.s.resultTypes(sig) + " {\n" + callee + strings.Join(names, ", ") + " := " + inner + "\n" + returns(sig) + call + "\n}()"
}

// special lowers calls of compiled functions that need to know of a person's
// interfaces: errors.As with one as its target.
func (f *fn) special(e *ast.CallExpr, obj *types.Func) (string, bool) {
	if obj.Pkg().Path() != "errors" || obj.Name() != "As" || len(e.Args) != 2 {
		return "", false
	}
	p, ok := f.typeOf(e.Args[1]).Underlying().(*types.Pointer)
	if !ok {
		return "", false
	}
	t := f.typ(p.Elem())
	if !f.s.anyKind(t) || t.Underlying().(*types.Interface).NumMethods() == 0 {
		return "", false
	}
	d := f.s.desc(t)
	helper := f.s.helper("errors.As "+d.ref, func(name string) string {
		return "func " + name + "(err error, p *interface{}) bool {\n\tv, ok := " + Runtime + ".As(err, " + d.expr() + ")\n\tif ok {\n\t\t*p = v\n\t}\n\treturn ok\n}\n"
	})
	return helper + "(" + f.conv(e.Args[0], errorType) + ", " + f.expr(e.Args[1]) + ")", true
}

var errorType = types.Universe.Lookup("error").Type()
