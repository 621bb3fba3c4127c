package lower

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// conv lowers an expression that is assigned to something of type t, with the
// conversion that Go leaves implicit.
func (f *fn) conv(e ast.Expr, t types.Type) string {
	t = f.typ(t)
	e = ast.Unparen(e)
	if isNil(f.u.Info, e) {
		if f.s.isOpaque(t) {
			return f.s.close("nil", t)
		}
		return "nil"
	}
	if v := f.value(e); v != nil {
		if !isInterface(t) {
			return f.constant(v, t)
		}
		d := types.Default(f.typeOf(e))
		if text := f.hiddenConst(e, d); text != "" {
			return f.toInterface(text, d, t)
		}
		if isInterface(d) { // a constant of which the checker says what it becomes
			d = types.Default(untyped(v))
		}
		return f.toInterface(f.constant(v, d), d, t)
	}
	from := f.typeOf(e)
	if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		// Comparisons and shifts that are not constant.
		if !isInterface(t) {
			return f.s.retype(f.expr(e), types.Default(from), t)
		}
		from = types.Default(from)
	}
	return f.convText(f.expr(e), from, t)
}

// hiddenConst names a constant of a compiled package whose type has no name here,
// so that no literal could be of it; it is empty for others.
func (f *fn) hiddenConst(e ast.Expr, t types.Type) string {
	n, ok := t.(*types.Named)
	if !ok || f.s.own(n.Obj().Pkg()) || n.Obj().Exported() {
		return ""
	}
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		if pkg := f.packageOf(sel.X); pkg != nil {
			return f.s.alias(pkg) + "." + sel.Sel.Name
		}
	}
	return ""
}

func untyped(v constant.Value) types.Type {
	switch v.Kind() {
	case constant.Bool:
		return types.Typ[types.UntypedBool]
	case constant.String:
		return types.Typ[types.UntypedString]
	case constant.Int:
		return types.Typ[types.UntypedInt]
	case constant.Float:
		return types.Typ[types.UntypedFloat]
	}
	return types.Typ[types.UntypedComplex]
}

// retype writes a conversion between types of the same underlying type where
// lowered code has two types for them.
func (s *Session) retype(text string, from, to types.Type) string {
	a, b := s.goType(from), s.goType(to)
	if a == b {
		return text
	}
	return typeOperand(b) + "(" + text + ")"
}

// typeOperand puts parentheses round a type that a conversion cannot start
// with.
func typeOperand(t string) string {
	if t[0] == '*' || t[0] == '<' || strings.HasPrefix(t, "func") {
		return "(" + t + ")"
	}
	if len(t) > 4 && t[:4] == "chan" {
		return "(" + t + ")"
	}
	return t
}

// convText converts a lowered value of type from to type to, to which it can be
// assigned.
func (f *fn) convText(text string, from, to types.Type) string {
	if isInterface(to) {
		return f.toInterface(text, from, to)
	}
	switch a, b := f.s.isOpaque(from), f.s.isOpaque(to); {
	case a && !b:
		return f.open(text, from)
	case b && !a:
		return f.s.close(text, to)
	case a && b && !types.Identical(from, to):
		return f.s.close(f.open(text, from), to)
	}
	if types.Identical(from, to) {
		return text
	}
	return f.s.retype(text, from, to)
}

// close keeps a value in the interface{} that stands for an opaque type.
func (s *Session) close(text string, t types.Type) string {
	return Runtime + ".Make(" + s.desc(t).expr() + ", " + text + ")"
}

// toInterface converts a value to an interface type.
func (f *fn) toInterface(text string, from, to types.Type) string {
	if text == "nil" {
		return text
	}
	if isInterface(from) {
		return f.betweenInterfaces(text, from, to)
	}
	if f.s.anyKind(to) {
		return f.box(text, from)
	}
	if f.s.isPlain(from) {
		return f.s.goType(to) + "(" + text + ")"
	}
	if types.Identical(to, errorType) && !f.s.isOpaque(from) {
		return Runtime + ".MakeError(" + f.s.desc(from).expr() + ", " + text + ")"
	}
	return f.s.toCompiled(to) + "(" + f.box(text, from) + ")"
}

func (f *fn) betweenInterfaces(text string, from, to types.Type) string {
	a, b := f.s.anyKind(from), f.s.anyKind(to)
	switch {
	case a && b:
		return text
	case b:
		return "interface{}(" + text + ")"
	case a:
		return f.s.toCompiled(to) + "(" + text + ")"
	case types.Identical(from, to):
		return text
	}
	return f.s.toCompiled(to) + "(" + text + ")"
}

// toCompiled is a helper that makes a value satisfy a compiled interface.
func (s *Session) toCompiled(t types.Type) string {
	typ := s.goType(t)
	return s.helper("to "+typ, func(name string) string {
		return "func " + name + "(x interface{}) " + typ + " {\n\tif x == nil {\n\t\treturn nil\n\t}\n\treturn " +
			Runtime + ".To(x, " + s.desc(t).expr() + ").(" + typ + ")\n}\n"
	})
}

// box makes an interface{} of a value.
func (f *fn) box(text string, t types.Type) string {
	switch {
	case f.s.isOpaque(t):
		return Runtime + ".Opaque(" + f.s.desc(t).expr() + ", " + text + ")"
	case !f.s.isPlain(t):
		return Runtime + ".Make(" + f.s.desc(t).expr() + ", " + text + ")"
	}
	switch t.Underlying().(type) {
	case *types.Signature, *types.Struct, *types.Array:
		return Runtime + ".Any(" + text + ")"
	}
	return "interface{}(" + text + ")"
}

// assertion lowers x.(T) with one value.
func (f *fn) assertion(e *ast.TypeAssertExpr) string {
	t := f.typeOf(e)
	return f.s.asserter(t) + "(" + f.unwrapped(e.X) + ")"
}

// unwrapped is an interface value as interface{}.
func (f *fn) unwrapped(e ast.Expr) string {
	return f.conv(e, types.Universe.Lookup("any").Type())
}

// asserter is a helper that takes a value of one dynamic type out of an
// interface, or panics.
func (s *Session) asserter(t types.Type) string {
	typ := s.goType(t)
	d := s.desc(t)
	return s.helper("as "+d.ref, func(name string) string {
		head := "func " + name + "(x interface{}) " + typ + " {\n"
		bad := "\t" + Runtime + ".BadAssert(x, " + d.expr() + ")\n\tpanic(\"unreachable\")\n}\n"
		switch {
		case s.anyKind(t):
			return head + "\tv, ok := " + Runtime + ".Has(x, " + d.expr() + ")\n\tif ok {\n\t\treturn v\n\t}\n" + bad
		case isInterface(t):
			return head + "\tv, ok := " + Runtime + ".Wrap(x, " + d.expr() + ")\n\tif ok {\n\t\treturn v.(" + typ + ")\n\t}\n" + bad
		case isEmptyStruct(t):
			return head + "\tif " + Runtime + ".Empty(x) {\n\t\treturn struct{}{}\n\t}\n" + bad
		case s.isPlain(t):
			return head + "\tv, ok := " + literal("x", t) + ".(" + typ + ")\n\tif ok {\n\t\treturn v\n\t}\n" + bad
		case s.isOpaque(t):
			return head + "\t_, ok := " + Runtime + ".Open(x, " + d.expr() + ")\n\tif ok {\n\t\treturn x\n\t}\n" + bad
		}
		return head + "\tv, ok := " + Runtime + ".Open(x, " + d.expr() + ")\n\tif ok {\n\t\treturn " + s.view("v", t) + "\n\t}\n" + bad
	})
}

// isEmptyStruct tells the type literal struct{}, for which the interpreter's own
// test fails.
func isEmptyStruct(t types.Type) bool {
	u, ok := types.Unalias(t).(*types.Struct)
	return ok && u.NumFields() == 0
}

var directions = map[types.ChanDir]reflect.ChanDir{types.SendRecv: reflect.BothDir, types.SendOnly: reflect.SendDir, types.RecvOnly: reflect.RecvDir}

// literal is x for a test of type t: the interpreter would take a value of a
// declared type for one of the type literal, and a channel of both directions
// for one of a single direction.
func literal(x string, t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic, *types.Named:
		return x
	case *types.Chan:
		return Runtime + ".Directed(" + x + ", " + strconv.Itoa(int(directions[t.Dir()])) + ")"
	}
	return Runtime + ".Plain(" + x + ", " + strconv.Itoa(int(kindOf(t))) + ")"
}

// kindOf is the kind of a type literal.
func kindOf(t types.Type) reflect.Kind {
	switch t.(type) {
	case *types.Pointer:
		return reflect.Pointer
	case *types.Slice:
		return reflect.Slice
	case *types.Array:
		return reflect.Array
	case *types.Map:
		return reflect.Map
	case *types.Signature:
		return reflect.Func
	case *types.Chan:
		return reflect.Chan
	}
	return reflect.Struct
}

// tester declares ok for whether the interface{} variable x holds a t, and
// gives the value as an expression that is right when it does.
func (f *fn) tester(x string, t types.Type) (ok, value string) {
	s := f.s
	typ := s.goType(t)
	ok = f.fresh("ok")
	v := f.fresh("v")
	switch {
	case s.anyKind(t):
		if i := t.Underlying().(*types.Interface); i.NumMethods() == 0 {
			f.line("%s := %s != nil", ok, x)
			return ok, x
		}
		f.line("%s, %s := %s.Has(%s, %s)", v, ok, Runtime, x, s.desc(t).expr())
		return ok, v
	case isInterface(t):
		f.line("%s, %s := %s.Wrap(%s, %s)", v, ok, Runtime, x, s.desc(t).expr())
		return ok, v + ".(" + typ + ")"
	case isEmptyStruct(t):
		f.line("%s := %s.Empty(%s)", ok, Runtime, x)
		return ok, typ + "{}"
	case s.isPlain(t):
		if f.repeats() && !isInterface(t) && f.reusable(t) {
			f.line("%s, %s = %s.(%s)", f.slot(v, t), f.slot(ok, types.Typ[types.Bool]), literal(x, t), typ)
		} else {
			f.line("%s, %s := %s.(%s)", v, ok, literal(x, t), typ)
		}
		return ok, v
	case s.isOpaque(t):
		f.line("_, %s := %s.Open(%s, %s)", ok, Runtime, x, s.desc(t).expr())
		return ok, x
	}
	f.line("%s, %s := %s.Open(%s, %s)", v, ok, Runtime, x, s.desc(t).expr())
	return ok, s.view(v, t)
}

// view is the value of type t in v, an interface{} that Open or Split gave. The
// interpreter cannot take an empty struct out of an interface.
func (s *Session) view(v string, t types.Type) string {
	if u, ok := t.Underlying().(*types.Struct); ok && u.NumFields() == 0 {
		return s.goType(t) + "{}"
	}
	return v + ".(" + s.goType(t) + ")"
}

// conversion lowers T(x).
func (f *fn) conversion(e *ast.CallExpr) string {
	t, x := f.typeOf(e), e.Args[0]
	from := f.typeOf(x)
	if isNil(f.u.Info, x) {
		if f.s.isOpaque(t) {
			return f.s.close("nil", t)
		}
		return f.s.typedNil(t)
	}
	if isInterface(t) {
		return f.conv(x, t)
	}
	if v := f.value(x); v != nil {
		return f.constantConversion(v, from, t)
	}
	if name, ok := f.ahead(e); ok {
		return name
	}
	text := f.expr(x)
	if f.s.isOpaque(from) || f.s.isOpaque(t) {
		return f.convText(text, from, t)
	}
	if lowered, ok := f.pointerConversion(text, from, t); ok {
		return lowered
	}
	typ := f.s.goType(t)
	if sl, ok := from.Underlying().(*types.Slice); ok {
		switch u := t.Underlying().(type) {
		case *types.Array:
			return Runtime + ".Convert(" + text + ", (*" + typ + ")(nil)).(" + typ + ")"
		case *types.Pointer:
			_ = u
			return Runtime + ".Convert(" + text + ", (*" + typ + ")(nil)).(" + typ + ")"
		}
		_ = sl
	}
	if f.s.goType(from) == typ {
		return text
	}
	return typeOperand(typ) + "(" + text + ")"
}

// typedNil is a nil of type t. The interpreter gives a converted nil the place of
// a variable.
func (s *Session) typedNil(t types.Type) string {
	typ := s.goType(t)
	return s.helper("nil "+typ, func(name string) string { return "func " + name + "() " + typ + " { return nil }\n" }) + "()"
}

// constantConversion converts a constant to a type that has none of its own: a
// type parameter's argument, []byte and the like.
func (f *fn) constantConversion(v constant.Value, from, t types.Type) string {
	if b, ok := t.Underlying().(*types.Basic); ok {
		if b.Info()&types.IsString != 0 && v.Kind() == constant.Int {
			return f.s.goType(t) + "(rune(" + constant.ToInt(v).ExactString() + "))"
		}
		if b.Info()&types.IsNumeric != 0 && v.Kind() != constant.String && v.Kind() != constant.Bool || b.Info()&types.IsNumeric == 0 {
			if b.Kind() == types.UnsafePointer {
				return Runtime + ".Pointer(" + f.constant(v, types.Typ[types.Uintptr]) + ")"
			}
			return f.constant(v, t)
		}
	}
	return typeOperand(f.s.goType(t)) + "(" + f.constant(v, types.Default(from)) + ")"
}
