package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// typeOf is the type of an expression in this instance.
func (f *fn) typeOf(e ast.Expr) types.Type {
	if tv, ok := f.u.Info.Types[e]; ok {
		return f.typ(tv.Type)
	}
	if id, ok := e.(*ast.Ident); ok {
		if obj := f.object(id); obj != nil {
			return f.typ(obj.Type())
		}
	}
	return types.Typ[types.Invalid]
}

func (f *fn) under(e ast.Expr) types.Type { return f.typeOf(e).Underlying() }

func (f *fn) object(id *ast.Ident) types.Object {
	if obj := f.u.Info.Uses[id]; obj != nil {
		return obj
	}
	return f.u.Info.Defs[id]
}

// value is the constant value of an expression, nil when it has none.
func (f *fn) value(e ast.Expr) constant.Value { return f.u.Info.Types[e].Value }

func isNil(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	return tv.IsNil()
}

// expr lowers an expression to one of its own type.
func (f *fn) expr(e ast.Expr) string {
	if v := f.value(e); v != nil {
		t := f.typeOf(e)
		if isInterface(t) {
			return f.conv(e, t)
		}
		return f.constant(v, types.Default(t))
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.expr(e.X)
	case *ast.Ident:
		return f.ident(e)
	case *ast.FuncLit:
		return f.kept(e)
	case *ast.CompositeLit:
		return f.composite(e, f.typeOf(e))
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.IndexExpr:
		return f.index(e)
	case *ast.IndexListExpr:
		return f.instantiated(e.X)
	case *ast.SliceExpr:
		return f.slice(e)
	case *ast.StarExpr:
		return "*" + f.primary(e.X)
	case *ast.UnaryExpr:
		return f.unary(e)
	case *ast.BinaryExpr:
		return f.binary(e)
	case *ast.CallExpr:
		return f.call(e)
	case *ast.TypeAssertExpr:
		return f.assertion(e)
	}
	fail(e.Pos(), "%T cannot be lowered", e)
	return ""
}

// primary lowers an operand that something is applied to, opened when its type
// is kept in an interface{}.
func (f *fn) primary(e ast.Expr) string {
	return f.open(operand(f.expr(e)), f.typeOf(e))
}

// operand puts parentheses round what is not a primary expression.
func operand(text string) string {
	if text == "" {
		return text
	}
	switch c := text[0]; {
	case c == '&' || c == '*' || c == '<' || c == '-' || c == '+' || c == '!' || c == '^':
		return "(" + text + ")"
	case strings.HasPrefix(text, "func"):
		return "(" + text + ")"
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case ' ':
			if depth == 0 {
				return "(" + text + ")"
			}
		}
	}
	return text
}

// open gives the underlying value of what is kept in an interface{}.
func (f *fn) open(text string, t types.Type) string {
	if !f.s.isOpaque(t) {
		return text
	}
	return f.s.opener(t) + "(" + text + ")"
}

// opener is a helper that takes a value of an opaque type out of its interface.
func (s *Session) opener(t types.Type) string {
	under, d := s.goType(t.Underlying()), s.desc(t)
	return s.helper("open "+d.ref, func(name string) string {
		return "func " + name + "(x interface{}) " + under + " {\n\tvar r " + under + "\n\tv, ok := " + Runtime + ".Open(x, " + d.expr() +
			")\n\tif ok {\n\t\tr = v.(" + under + ")\n\t}\n\treturn r\n}\n"
	})
}

// helper declares a function of the session that the key stands for.
func (s *Session) helper(key string, text func(name string) string) string {
	if n, ok := s.helpers[key]; ok {
		return n
	}
	n := s.fresh("helper")
	put(s, s.helpers, key, n)
	s.text = append(s.text, text(n))
	return n
}

func (f *fn) ident(e *ast.Ident) string {
	switch obj := f.object(e).(type) {
	case *types.Var:
		return f.variable(obj)
	case *types.Func:
		return f.funcValue(e, obj)
	case *types.Nil:
		return "nil"
	case nil:
		fail(e.Pos(), "%s is not known", e.Name)
	}
	return e.Name
}

func (f *fn) variable(obj *types.Var) string {
	if n, ok := f.shared.names[obj]; ok {
		return n
	}
	if n, ok := f.s.globals[obj]; ok {
		return n
	}
	if obj.Pkg() != nil && f.s.packages != nil {
		if src := f.s.sources[obj.Pkg().Path()]; src != nil && src.pkg == obj.Pkg() {
			return f.s.sourceVar(obj)
		}
		if !isCell(obj.Pkg()) {
			return f.s.alias(obj.Pkg()) + "." + obj.Name()
		}
	}
	fail(obj.Pos(), "the variable %s is not known", obj.Name())
	return ""
}

// sourceVar declares a package variable of generic source when it is first
// used.
func (s *Session) sourceVar(obj *types.Var) string {
	if s.ofModule(obj.Pkg()) {
		s.require(obj.Pkg())
		return s.globals[obj]
	}
	name := s.fresh(obj.Name())
	put(s, s.globals, types.Object(obj), name)
	s.text = append(s.text, "var "+name+" "+s.goType(obj.Type())+"\n")
	u := s.sources[obj.Pkg().Path()].unit
	for _, init := range u.Info.InitOrder {
		if len(init.Lhs) == 1 && init.Lhs[0] == obj {
			f := s.loose(u)
			s.late = append(s.late, name+" = "+f.conv(init.Rhs, obj.Type()))
		}
	}
	return name
}

// loose is a fn outside of any function.
func (s *Session) loose(u *Unit) *fn {
	return &fn{s: s, u: u, out: &strings.Builder{}, marks: &marks{}, slots: &slots{}, shared: &shared{names: map[types.Object]string{}, captured: map[types.Object]bool{}}}
}

// funcValue is a function as a value.
func (f *fn) funcValue(id *ast.Ident, obj *types.Func) string {
	i := f.callee(id, obj)
	if i == nil {
		return f.s.alias(obj.Pkg()) + "." + obj.Name()
	}
	// The name itself would be a node of the interpreter's tree where it is kept
	// as a value; a function that recovers takes the panic first.
	if text, ok := f.asLiteral(i); ok {
		return text
	}
	sig := f.s.signatureOf(i)
	params, args := f.parameters(sig)
	if i.token {
		args = claim + comma(args)
	}
	return "func(" + params + ")" + f.s.resultTypes(sig) + " { " + returns(sig) + i.name + "(" + args + ") }"
}

// signatureOf is the signature of an instance, with its type arguments.
func (s *Session) signatureOf(i *instance) *types.Signature {
	m := map[*types.TypeParam]types.Type{}
	params := i.obj.Signature().TypeParams()
	for k := range params.Len() {
		m[params.At(k)] = i.args[k]
	}
	return s.substitute(i.obj.Type(), m).(*types.Signature)
}

func returns(sig *types.Signature) string {
	if sig.Results().Len() > 0 {
		return "return "
	}
	return ""
}

func comma(args string) string {
	if args == "" {
		return ""
	}
	return ", " + args
}

// parameters names parameters of a signature: as a list with types, and as
// arguments.
func (f *fn) parameters(sig *types.Signature) (params, args string) {
	var p, a []string
	for i := range sig.Params().Len() {
		n := f.fresh("a")
		p = append(p, n+" "+f.s.param(sig, i))
		if sig.Variadic() && i == sig.Params().Len()-1 {
			n += "..."
		}
		a = append(a, n)
	}
	return strings.Join(p, ", "), strings.Join(a, ", ")
}

// callee is the lowered function that an identifier means, nil for a compiled
// one.
func (f *fn) callee(id *ast.Ident, obj *types.Func) *instance {
	var args []types.Type
	if inst, ok := f.u.Info.Instances[id]; ok {
		for a := range inst.TypeArgs.Types() {
			args = append(args, f.typ(a))
		}
	}
	if !f.s.own(obj.Pkg()) {
		if obj.Signature().TypeParams().Len() == 0 {
			return nil
		}
		src, ok := f.s.sourced(obj).(*types.Func)
		if !ok {
			fail(id.Pos(), "the generic function %s.%s cannot be interpreted", obj.Pkg().Path(), obj.Name())
		}
		obj = src
	}
	return f.use(f.s.function(obj, args))
}

// use notes that the instance being lowered calls another.
func (f *fn) use(i *instance) *instance {
	if f.inst != nil {
		f.inst.uses[i] = true
	}
	return i
}

// instantiated is a generic function with explicit type arguments.
func (f *fn) instantiated(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.ident(e)
	case *ast.SelectorExpr:
		return f.selector(e)
	}
	fail(e.Pos(), "instantiation of %T", e)
	return ""
}

func (f *fn) index(e *ast.IndexExpr) string {
	if tv := f.u.Info.Types[e.Index]; tv.IsType() {
		return f.instantiated(e.X)
	}
	x := f.primary(e.X)
	if m, ok := f.under(e.X).(*types.Map); ok {
		return x + "[" + f.mapKey(e.Index, m) + "]"
	}
	if p, ok := f.under(e.X).(*types.Pointer); ok {
		_ = p
		return "(*" + x + ")[" + f.expr(e.Index) + "]"
	}
	return x + "[" + f.expr(e.Index) + "]"
}

// mapKey is the key of an element of a map.
func (f *fn) mapKey(e ast.Expr, m *types.Map) string {
	if t := f.typ(m.Key()); isNil(f.u.Info, e) && !isInterface(t) && !f.s.isOpaque(t) {
		return f.s.typedNil(t)
	}
	return f.conv(e, m.Key())
}

func (f *fn) slice(e *ast.SliceExpr) string {
	x := f.primary(e.X)
	if _, ok := f.under(e.X).(*types.Pointer); ok {
		x = "(*" + x + ")"
	}
	part := func(p ast.Expr) string {
		if p == nil {
			return ""
		}
		return f.expr(p)
	}
	out := x + "[" + part(e.Low) + ":" + part(e.High)
	if e.Slice3 {
		out += ":" + part(e.Max)
	}
	return out + "]"
}

func (f *fn) unary(e *ast.UnaryExpr) string {
	switch e.Op {
	case token.AND:
		if c, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			return f.pointer(c)
		}
		return f.address(e.X)
	case token.ARROW:
		return f.received(f.primary(e.X), f.under(e.X).(*types.Chan))
	}
	return e.Op.String() + operand(f.expr(e.X))
}

// received is the value of a receive as an operand: in place of one the
// interpreter takes a value that is not there yet.
func (f *fn) received(channel string, c *types.Chan) string {
	typ := f.s.goType(types.NewChan(types.RecvOnly, f.typ(c.Elem())))
	return f.s.helper("receive "+typ, func(name string) string {
		return "func " + name + "(c " + typ + ") " + f.s.goType(f.typ(c.Elem())) + " {\n\tx := <-c\n\treturn x\n}\n"
	}) + "(" + channel + ")"
}

// pointer is the address of a composite literal.
func (f *fn) pointer(c *ast.CompositeLit) string {
	t := f.typeOf(c)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // an elided &T
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return "&" + f.composite(c, t)
	}
	typ := f.s.goType(t)
	return "func() *" + typ + " { x := " + f.composite(c, t) + "; return &x }()"
}

func (f *fn) address(e ast.Expr) string {
	return "&" + f.expr(ast.Unparen(e))
}

var precedence = func(op token.Token) int { return op.Precedence() }

// binary lowers an operation on operands of one type.
func (f *fn) binary(e *ast.BinaryExpr) string {
	switch e.Op {
	case token.EQL, token.NEQ:
		return f.equality(e)
	case token.SHL, token.SHR:
		return f.side(e.X, e.Op, false, nil) + " " + e.Op.String() + " " + f.shiftCount(e.Y)
	case token.LAND, token.LOR:
		return f.side(e.X, e.Op, false, nil) + " " + e.Op.String() + " " + f.side(e.Y, e.Op, true, nil)
	}
	t := f.typeOf(e)
	if e.Op == token.LSS || e.Op == token.LEQ || e.Op == token.GTR || e.Op == token.GEQ {
		t = f.typeOf(e.X)
		if f.value(e.X) != nil {
			t = f.typeOf(e.Y)
		}
	}
	right, zero := f.zeroDivisor(e.Op, e.Y, t)
	if !zero {
		right = f.side(e.Y, e.Op, true, t)
	}
	return f.side(e.X, e.Op, false, t) + " " + e.Op.String() + " " + right
}

// zeroDivisor is a constant zero to divide by, as a variable: the interpreter
// refuses the constant.
func (f *fn) zeroDivisor(op token.Token, e ast.Expr, t types.Type) (text string, ok bool) {
	v := f.value(e)
	if op != token.QUO && op != token.REM || v == nil || constant.Sign(v) != 0 {
		return "", false
	}
	if b, basic := t.Underlying().(*types.Basic); !basic || b.Info()&types.IsComplex != 0 {
		return "", false // those are variables
	}
	typ := f.s.goType(t)
	return f.s.helper("zero "+typ, func(name string) string { return "var " + name + " " + typ + "\n" }), true
}

// side is an operand; constants are bare where their type is that of the other
// operand.
func (f *fn) side(e ast.Expr, op token.Token, right bool, t types.Type) string {
	e = ast.Unparen(e)
	if v := f.value(e); v != nil {
		if t != nil {
			if b, ok := types.Unalias(t).Underlying().(*types.Basic); ok && b.Info()&(types.IsInteger|types.IsFloat) != 0 && b.Kind() != types.Uintptr {
				text := f.bare(v, t)
				if b.Info()&types.IsInteger != 0 && constant.BitLen(constant.ToInt(v)) < 31 || b.Kind() == types.Float64 {
					if strings.HasPrefix(text, "-") {
						return "(" + text + ")"
					}
					return text
				}
			}
			return f.constant(v, t)
		}
		return f.expr(e)
	}
	text := f.expr(e)
	if isString(f.under(e)) {
		text = f.certain(text, e, f.typeOf(e))
	}
	if b, ok := e.(*ast.BinaryExpr); ok {
		p, q := precedence(b.Op), precedence(op)
		if p < q || p == q && right {
			return "(" + text + ")"
		}
		return text
	}
	if strings.HasPrefix(text, "func") {
		return operand(text)
	}
	return text
}

func (f *fn) shiftCount(e ast.Expr) string {
	if v := f.value(e); v != nil {
		return constant.ToInt(v).ExactString()
	}
	text := f.expr(e)
	if b, ok := f.under(e).(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
		if _, binary := ast.Unparen(e).(*ast.BinaryExpr); binary {
			return "(" + text + ")"
		}
		return text
	}
	return f.s.helper("shift "+f.s.goType(f.typeOf(e)), func(name string) string {
		return "func " + name + "(n " + f.s.goType(f.typeOf(e)) + ") uint {\n\tif n < 0 {\n\t\t" + Runtime + ".NegativeShift()\n\t}\n\treturn uint(n)\n}\n"
	}) + "(" + text + ")"
}

// equality lowers == and !=.
func (f *fn) equality(e *ast.BinaryExpr) string {
	op := " " + e.Op.String() + " "
	x, y := ast.Unparen(e.X), ast.Unparen(e.Y)
	if isNil(f.u.Info, x) {
		x, y = y, x
	}
	tx, ty := f.typeOf(x), f.typeOf(y)
	if isNil(f.u.Info, y) {
		if isNil(f.u.Info, x) {
			return "true"
		}
		text := f.open(operand(f.expr(x)), tx)
		return text + op + "nil"
	}
	not := ""
	if e.Op == token.NEQ {
		not = "!"
	}
	switch ix, iy := isInterface(tx), isInterface(ty); {
	case ix || iy:
		var any types.Type = types.Universe.Lookup("any").Type()
		return not + Runtime + ".Eq(" + f.conv(x, any) + ", " + f.conv(y, any) + ")"
	case f.value(x) != nil:
		tx = ty
	}
	switch u := tx.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsBoolean != 0 && f.value(x) == nil && f.value(y) == nil {
			// The interpreter compares booleans wrongly in conditions.
			if e.Op == token.EQL {
				return "(" + f.expr(x) + ") == (" + f.expr(y) + ")"
			}
		}
		if u.Info()&(types.IsString) != 0 {
			return f.stringSide(x) + op + f.stringSide(y)
		}
		return f.side(x, e.Op, false, tx) + op + f.side(y, e.Op, true, tx)
	case *types.Pointer:
		return operand(f.expr(x)) + op + operand(f.expr(y))
	case *types.Chan:
		return not + Runtime + ".Same(" + f.expr(x) + ", " + f.expr(y) + ")"
	}
	return not + Runtime + ".EqOf(" + f.expr(x) + ", " + f.expr(y) + ", " + f.s.desc(tx).expr() + ")"
}

func (f *fn) stringSide(e ast.Expr) string { return f.side(e, token.EQL, true, nil) }
