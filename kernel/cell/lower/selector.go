package lower

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// selector lowers x.f as a value.
func (f *fn) selector(e *ast.SelectorExpr) string {
	if pkg := f.packageOf(e.X); pkg != nil {
		return f.member(e, pkg)
	}
	sel := f.u.Info.Selections[e]
	if sel == nil {
		fail(e.Pos(), "selector %s", e.Sel.Name)
	}
	if sel.Kind() == types.MethodExpr {
		return f.methodExpr(e, sel)
	}
	obj, path := f.lookup(e, sel)
	if v, ok := obj.(*types.Var); ok {
		text, _ := f.walk(f.expr(e.X), f.typeOf(e.X), path)
		_ = v
		return text
	}
	return f.methodValue(e, obj.(*types.Func), path)
}

func (f *fn) packageOf(e ast.Expr) *types.Package {
	if id, ok := e.(*ast.Ident); ok {
		if p, ok := f.object(id).(*types.PkgName); ok {
			return p.Imported()
		}
	}
	return nil
}

// member is a name of a compiled package.
func (f *fn) member(e *ast.SelectorExpr, pkg *types.Package) string {
	if v, ok := f.object(e.Sel).(*types.Var); ok && f.s.ofModule(pkg) {
		return f.variable(v)
	}
	switch obj := f.object(e.Sel).(type) {
	case *types.Func:
		return f.funcValue(e.Sel, obj)
	case *types.Var:
		if text := f.s.throughPointer(obj); text != "" {
			return text
		}
		return f.s.alias(pkg) + "." + obj.Name()
	}
	return f.s.alias(pkg) + "." + e.Sel.Name
}

// throughPointer is a variable of a compiled package that holds a number, text
// or truth value, by its address: the interpreter takes it for a constant. It is
// empty for other variables.
func (s *Session) throughPointer(obj *types.Var) string {
	if _, basic := obj.Type().Underlying().(*types.Basic); !basic {
		return ""
	}
	v := s.packages.Symbol(obj.Pkg().Path(), obj.Name())
	if !v.IsValid() || !v.CanAddr() {
		return ""
	}
	key := "variable " + obj.Pkg().Path() + "." + obj.Name()
	if text, ok := s.helpers[key]; ok {
		return text
	}
	text := "(*" + s.symbol("P"+strconv.Itoa(s.serial()), v.Addr()) + ")"
	put(s, s.helpers, key, text)
	return text
}

// lookup finds what a selector means for the types of this instance.
func (f *fn) lookup(e *ast.SelectorExpr, sel *types.Selection) (types.Object, []int) {
	if len(f.subst) == 0 && sel.Obj() != nil {
		if n, ok := f.s.isOwn(deref(sel.Recv())); ok || n == nil {
			if t := f.typ(sel.Recv()); t == sel.Recv() {
				return sel.Obj(), sel.Index()
			}
		}
	}
	recv := f.typ(sel.Recv())
	pkg := sel.Obj().Pkg()
	obj, index, _ := types.LookupFieldOrMethod(recv, true, pkg, e.Sel.Name)
	if obj == nil {
		if n, ok := f.s.isOwn(deref(recv)); ok {
			obj, index, _ = types.LookupFieldOrMethod(recv, true, n.Obj().Pkg(), e.Sel.Name)
		}
	}
	if obj == nil {
		fail(e.Pos(), "%s has no %s", recv, e.Sel.Name)
	}
	return obj, index
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// walk goes along fields, embedded ones too, and gives the text and type at the
// end.
func (f *fn) walk(text string, t types.Type, path []int) (string, types.Type) {
	for _, i := range path {
		t = f.typ(t)
		text = f.open(operand(text), t)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = f.typ(p.Elem())
		}
		st := t.Underlying().(*types.Struct)
		text = operand(text) + "." + f.fieldOf(t, st, i)
		t = f.typ(st.Field(i).Type())
	}
	return text, t
}

func (f *fn) fieldOf(t types.Type, st *types.Struct, i int) string {
	if n, ok := types.Unalias(t).(*types.Named); ok && !f.s.own(n.Obj().Pkg()) {
		return st.Field(i).Name()
	}
	return fieldName(st, i)
}

// A target is a method with how to call it.
type target struct {
	instance *instance // of a method that is lowered
	native   bool      // compiled: x.M
	iface    types.Type
	pointer  bool // takes a pointer
	sig      *types.Signature
	name     string
}

// resolve finds how the method of a value of type t is called.
func (f *fn) resolve(t types.Type, m *types.Func) target {
	out := target{name: m.Name()}
	if isInterface(t) {
		out.iface = t
		out.native = f.s.compiledInterface(t)
		out.sig = f.typ(m.Signature()).(*types.Signature)
		return out
	}
	recv := m.Signature().Recv().Type()
	_, out.pointer = types.Unalias(recv).(*types.Pointer)
	out.sig = f.typ(m.Signature()).(*types.Signature)
	n, ok := f.s.isOwn(deref(t))
	if !ok {
		out.native = true
		return out
	}
	var args []types.Type
	for a := range n.TypeArgs().Types() {
		args = append(args, a)
	}
	out.instance = f.use(f.s.function(m.Origin(), args))
	return out
}

// receiver gives the argument for the receiver of a method, from a value of
// type t.
func (f *fn) receiver(text string, t types.Type, pointer bool) string {
	_, isPointer := t.Underlying().(*types.Pointer)
	switch {
	case pointer && !isPointer:
		return "&" + text
	case !pointer && isPointer:
		return "*" + operand(text)
	}
	return text
}

// callMethod gives the call of a method; args are lowered.
func (f *fn) callMethod(recv string, t types.Type, m target, args string) string {
	return f.callMethodIn("nil", recv, t, m, args)
}

// callMethodIn is callMethod with the panic that the method recovers.
func (f *fn) callMethodIn(token, recv string, t types.Type, m target, args string) string {
	switch {
	case m.iface != nil && !m.native:
		d := f.s.dispatcher(m.name, m.sig)
		return d.name + "(" + recv + comma(args) + ")"
	case m.native:
		return f.open(operand(recv), t) + "." + m.name + "(" + args + ")"
	}
	first := f.receiver(recv, t, m.pointer)
	if m.instance.token {
		first = token + ", " + first
	}
	return m.instance.name + "(" + first + comma(args) + ")"
}

// methodValue binds a method to its receiver, which is evaluated now.
func (f *fn) methodValue(e *ast.SelectorExpr, m *types.Func, path []int) string {
	text, t := f.walk(f.expr(e.X), f.typeOf(e.X), path[:len(path)-1])
	to := f.resolve(t, m)
	if to.native && to.iface == nil {
		return operand(f.open(operand(text), t)) + "." + m.Name()
	}
	sig := f.typ(f.u.Info.Types[e].Type).(*types.Signature)
	params, args := f.parameters(sig)
	r := f.fresh("recv")
	typ, bind := t, text
	if to.iface == nil {
		bind = f.receiver(text, t, to.pointer)
		if _, isPointer := t.Underlying().(*types.Pointer); to.pointer && !isPointer {
			typ = types.NewPointer(t)
		} else if !to.pointer && isPointer {
			typ = deref(t)
		}
	}
	check := ""
	if to.iface != nil {
		check = "if " + r + " == nil { " + Runtime + ".NilCall() }\n"
	}
	call := f.callMethodIn(claim, r, typ, to, args)
	return "func() func" + f.s.signature(sig) + " {\n" + r + " := " + bind + "\n" + check + "return func(" + params + ")" + f.s.resultTypes(sig) +
		" { " + returns(sig) + call + " }\n}()"
}

// methodExpr is T.M: a function of the receiver.
func (f *fn) methodExpr(e *ast.SelectorExpr, sel *types.Selection) string {
	recv := f.typ(sel.Recv())
	obj, path, _ := types.LookupFieldOrMethod(recv, true, sel.Obj().Pkg(), e.Sel.Name)
	m, ok := obj.(*types.Func)
	if !ok {
		fail(e.Pos(), "method expression %s.%s", recv, e.Sel.Name)
	}
	sig := f.typ(f.u.Info.Types[e].Type).(*types.Signature)
	params, args := f.parameters(sig)
	first, rest, _ := strings.Cut(args, ", ")
	text, t := f.walk(first, recv, path[:len(path)-1])
	return "func(" + params + ")" + f.s.resultTypes(sig) + " { " + returns(sig) + f.callMethodIn(claim, text, t, f.resolve(t, m), rest) + " }"
}
