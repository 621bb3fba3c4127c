package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// builtins are the builtin functions that need more than their name.
var builtins map[string]func(f *fn, e *ast.CallExpr) string

func init() {
	builtins = map[string]func(f *fn, e *ast.CallExpr) string{
		"append": appendCall, "copy": copyCall, "clear": clearCall, "min": extreme, "max": extreme, "new": newCall, "make": makeCall,
		"panic": panicCall, "recover": recoverCall, "print": printCall, "println": printCall, "delete": deleteCall,
		"complex": complexCall, "len": lenCall, "cap": lenCall,
	}
}

func (f *fn) builtin(e *ast.CallExpr, name string) string {
	if len(e.Args) == 1 {
		if t, ok := f.typeOf(e.Args[0]).(*types.Tuple); ok {
			return f.spreadBuiltin(e, name, t)
		}
	}
	if lower, ok := builtins[name]; ok {
		return lower(f, e)
	}
	var args []string
	for _, a := range e.Args {
		args = append(args, f.primary(a))
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// spreadBuiltin lowers a call of which the arguments are the results of another.
func (f *fn) spreadBuiltin(e *ast.CallExpr, name string, results *types.Tuple) string {
	c := *e
	c.Args = nil
	var names []string
	for i := range results.Len() {
		n := f.fresh("v")
		names = append(names, n)
		c.Args = append(c.Args, f.stand(n, f.typ(results.At(i).Type()), e.Args[0].Pos()))
	}
	f.u.Info.Types[&c] = f.u.Info.Types[e]
	result, ret := "", ""
	if t := f.u.Info.Types[e]; t.IsValue() {
		result, ret = " "+f.s.goType(types.Default(f.typ(t.Type))), "return "
	}
	inner := f.expr(e.Args[0])
	return "func()" + result + " {\n" + strings.Join(names, ", ") + " := " + inner + "\n" + ret + f.builtin(&c, name) + "\n}()"
}

// stand is an operand that stands for a variable of lowered code.
func (f *fn) stand(name string, t types.Type, at token.Pos) *ast.Ident {
	id := &ast.Ident{NamePos: at, Name: name}
	obj := types.NewVar(at, nil, name, t)
	f.u.Info.Uses[id] = obj
	f.u.Info.Types[id] = types.TypeAndValue{Type: t}
	f.shared.names[obj] = name
	return id
}

func builtinName(e *ast.CallExpr) string { return ast.Unparen(e.Fun).(*ast.Ident).Name }

func lenCall(f *fn, e *ast.CallExpr) string {
	x := f.open(f.expr(e.Args[0]), f.typeOf(e.Args[0]))
	if p, ok := f.under(e.Args[0]).(*types.Pointer); ok {
		n := p.Elem().Underlying().(*types.Array).Len()
		return f.s.helper("len of array pointer "+f.s.goType(p), func(name string) string {
			return "func " + name + "(p " + f.s.goType(p) + ") int { return " + itoa(n) + " }\n"
		}) + "(" + x + ")"
	}
	return builtinName(e) + "(" + x + ")"
}

func appendCall(f *fn, e *ast.CallExpr) string {
	t := f.typeOf(e)
	u, ok := t.Underlying().(*types.Slice)
	if !ok {
		fail(e.Pos(), "append to %s", t)
	}
	typ := f.s.goType(u)
	first := ""
	if isNil(f.u.Info, e.Args[0]) {
		first = typ + "(nil)"
	} else {
		first = f.open(f.expr(e.Args[0]), f.typeOf(e.Args[0]))
	}
	if !e.Ellipsis.IsValid() && len(e.Args) > 2 && slices.ContainsFunc(e.Args[2:], f.inMemory) {
		return f.appendCopied(e, first, t, u)
	}
	out := "append(" + first
	for i, a := range e.Args[1:] {
		if e.Ellipsis.IsValid() && i == len(e.Args)-2 {
			switch {
			case isNil(f.u.Info, a):
				continue
			case isString(f.under(a)):
				out += ", []byte(" + f.expr(a) + ")..."
			default:
				out += ", " + f.open(f.expr(a), f.typeOf(a)) + "..."
			}
			continue
		}
		out += ", " + f.appended(a, u.Elem())
	}
	out += ")"
	if f.s.isOpaque(t) {
		return f.s.close(out, t)
	}
	return out
}

// appended is a value that is appended to elements of type t.
func (f *fn) appended(e ast.Expr, t types.Type) string {
	if t = f.typ(t); isNil(f.u.Info, e) && !f.s.isOpaque(t) {
		return f.s.typedNil(t)
	}
	return f.conv(e, t)
}

// inMemory tells an operand that may be an element of a slice: where the
// interpreter appends several values, it reads each after it has written those
// before.
func (f *fn) inMemory(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr, *ast.SelectorExpr:
		return f.value(e) == nil
	case *ast.IndexExpr:
		_, isMap := f.under(e.X).(*types.Map)
		return !isMap
	case *ast.CallExpr:
		return f.u.Info.Types[e.Fun].IsType() && f.inMemory(e.Args[0])
	}
	return false
}

// appendCopied is an append of values that a helper has copied.
func (f *fn) appendCopied(e *ast.CallExpr, first string, t types.Type, u *types.Slice) string {
	typ, elem := f.s.goType(u), f.s.goType(f.typ(u.Elem()))
	var params, args []string
	for i, a := range e.Args[1:] {
		params = append(params, "x"+strconv.Itoa(i))
		args = append(args, f.appended(a, u.Elem()))
	}
	list := strings.Join(params, ", ")
	out := f.s.helper("append "+strconv.Itoa(len(params))+" "+typ, func(name string) string {
		return "func " + name + "(s " + typ + ", " + list + " " + elem + ") " + typ + " { return append(s, " + list + ") }\n"
	}) + "(" + first + ", " + strings.Join(args, ", ") + ")"
	if f.s.isOpaque(t) {
		return f.s.close(out, t)
	}
	return out
}

func isString(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func copyCall(f *fn, e *ast.CallExpr) string {
	src := f.open(f.expr(e.Args[1]), f.typeOf(e.Args[1]))
	if isString(f.under(e.Args[1])) {
		src = "[]byte(" + src + ")"
	}
	return "copy(" + f.open(f.expr(e.Args[0]), f.typeOf(e.Args[0])) + ", " + src + ")"
}

func clearCall(f *fn, e *ast.CallExpr) string {
	return Runtime + ".Clear(" + f.open(f.expr(e.Args[0]), f.typeOf(e.Args[0])) + ")"
}

func deleteCall(f *fn, e *ast.CallExpr) string {
	m := f.under(e.Args[0]).(*types.Map)
	return "delete(" + f.open(f.expr(e.Args[0]), f.typeOf(e.Args[0])) + ", " + f.mapKey(e.Args[1], m) + ")"
}

// extreme is min or max: calls of a helper for two values.
func extreme(f *fn, e *ast.CallExpr) string {
	t := types.Default(f.typeOf(e))
	typ, name := f.s.goType(t), builtinName(e)
	sign := map[string]string{"min": "<", "max": ">"}[name]
	helper := f.s.helper(name+" "+typ, func(n string) string {
		cond := "b " + sign + " a"
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
			// NaN wins, and -0 is less than 0.
			return "func " + n + "(a, b " + typ + ") " + typ + " { return " + typ + "(" + Runtime + "." + strings.ToUpper(name[:1]) + name[1:] + "(float64(a), float64(b))) }\n"
		}
		return "func " + n + "(a, b " + typ + ") " + typ + " {\n\tif " + cond + " {\n\t\treturn b\n\t}\n\treturn a\n}\n"
	})
	out := f.conv(e.Args[0], t)
	for _, a := range e.Args[1:] {
		out = helper + "(" + out + ", " + f.conv(a, t) + ")"
	}
	return out
}

func newCall(f *fn, e *ast.CallExpr) string {
	if tv := f.u.Info.Types[e.Args[0]]; !tv.IsType() { // new(expression)
		t := types.Default(f.typeOf(e.Args[0]))
		if p, ok := f.typeOf(e).Underlying().(*types.Pointer); ok {
			t = f.typ(p.Elem())
		}
		typ := f.s.goType(t)
		return f.s.helper("new value "+typ, func(n string) string {
			return "func " + n + "(x " + typ + ") *" + typ + " { return &x }\n"
		}) + "(" + f.conv(e.Args[0], t) + ")"
	}
	return "new(" + f.s.goType(f.typeOf(e.Args[0])) + ")"
}

func makeCall(f *fn, e *ast.CallExpr) string {
	t := f.typeOf(e)
	u := t.Underlying()
	var args []string
	for _, a := range e.Args[1:] {
		if v := f.value(a); v != nil {
			args = append(args, f.constant(v, types.Typ[types.Int]))
			continue
		}
		text := f.expr(a)
		if f.s.goType(f.typeOf(a)) != "int" {
			text = "int(" + text + ")"
		}
		args = append(args, text)
	}
	typ := f.s.goType(u)
	out := ""
	if c, ok := u.(*types.Chan); ok && c.Dir() != types.SendRecv {
		both := f.s.goType(types.NewChan(types.SendRecv, c.Elem()))
		out = "(" + typ + ")(make(" + both + comma(strings.Join(args, ", ")) + "))"
	} else {
		if _, ok := u.(*types.Map); ok && len(args) > 0 && f.value(e.Args[1]) == nil {
			args = nil // a hint only, and it may be negative
		}
		if _, ok := u.(*types.Slice); ok {
			for i, a := range e.Args[1:] {
				if f.value(a) == nil {
					args[i] = Runtime + "." + []string{"Length", "Capacity"}[i] + "(" + args[i] + ")"
				}
			}
			args = sliceSizes(args)
		}
		out = "make(" + typ + comma(strings.Join(args, ", ")) + ")"
	}
	if f.s.isOpaque(t) {
		return f.s.close(out, t)
	}
	return out
}

func sliceSizes(args []string) []string { return args }

func panicCall(f *fn, e *ast.CallExpr) string {
	return Runtime + ".Panic(" + f.conv(e.Args[0], types.Universe.Lookup("any").Type()) + ")"
}

func recoverCall(f *fn, _ *ast.CallExpr) string {
	if f.panic == "" {
		return Runtime + ".Recover(nil)"
	}
	return Runtime + ".Recover(" + f.panic + ")"
}

func printCall(f *fn, e *ast.CallExpr) string {
	var args []string
	for _, a := range e.Args {
		t := f.typeOf(a)
		switch {
		case isInterface(t):
			args = append(args, Runtime+".Words("+f.unwrapped(a)+")")
		case f.value(a) != nil:
			d := types.Default(t)
			if b, ok := d.(*types.Basic); ok && b.Kind() == types.Int { // constants of any size
				if v := f.value(a); !fitsInt(v) {
					d = types.Typ[types.Uint64]
				}
			}
			args = append(args, f.constant(f.value(a), d))
		default:
			args = append(args, f.open(f.expr(a), t))
		}
	}
	return Runtime + "." + map[string]string{"print": "Print", "println": "Println"}[builtinName(e)] + "(" + strings.Join(args, ", ") + ")"
}

func complexCall(f *fn, e *ast.CallExpr) string {
	t := types.Default(f.typeOf(e))
	part := types.Typ[types.Float64]
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Complex64 {
		part = types.Typ[types.Float32]
	}
	return f.s.goType(t) + "(complex(" + f.floatPart(e.Args[0], part) + ", " + f.floatPart(e.Args[1], part) + "))"
}

func (f *fn) floatPart(e ast.Expr, part types.Type) string {
	if v := f.value(e); v != nil {
		return f.constant(v, part)
	}
	return f.expr(e)
}
