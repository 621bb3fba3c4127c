package lower

import (
	"go/ast"
	"go/types"
	"runtime"
	"strings"
)

// sizes are those of the machine that runs the cells.
var sizes = types.SizesFor("gc", runtime.GOARCH)

// unsafe lowers a function of package unsafe that is no constant to the checker.
func (f *fn) unsafe(e *ast.CallExpr, name string) string {
	switch name {
	case "Sizeof":
		return f.s.number(sizes.Sizeof(f.typeOf(e.Args[0])))
	case "Alignof":
		return f.s.number(sizes.Alignof(f.typeOf(e.Args[0])))
	case "Offsetof":
		return f.s.number(f.offset(ast.Unparen(e.Args[0]).(*ast.SelectorExpr)))
	}
	var args []string
	for i, a := range e.Args {
		text := f.expr(a)
		if i == 1 {
			text = f.unsafeLength(a, name)
		}
		args = append(args, text)
	}
	list := strings.Join(args, ", ")
	switch name {
	case "String", "StringData", "Add":
		return Runtime + ".Unsafe" + name + "(" + list + ")"
	}
	return Runtime + ".Unsafe" + name + "(" + list + ").(" + f.s.goType(f.typeOf(e)) + ")"
}

// number is a value of type uintptr that is no constant: of those the interpreter
// would compute with at once, and refuse what fails.
func (s *Session) number(n int64) string {
	return s.helper("number "+itoa(n), func(name string) string { return "var " + name + " uintptr = " + itoa(n) + "\n" })
}

// unsafeLength is a length of any integer type as an int; what does not fit is
// negative, which the functions refuse.
func (f *fn) unsafeLength(e ast.Expr, name string) string {
	if v := f.value(e); v != nil {
		return f.constant(v, types.Typ[types.Int])
	}
	text := f.expr(e)
	b, ok := f.under(e).(*types.Basic)
	if !ok || b.Kind() == types.Int || name == "Add" {
		return "int(" + text + ")"
	}
	if b.Info()&types.IsUnsigned != 0 {
		return Runtime + ".Count(uint64(" + text + "))"
	}
	return "int(" + text + ")"
}

// offset is that of a field, through embedded structs.
func (f *fn) offset(e *ast.SelectorExpr) int64 {
	sel := f.u.Info.Selections[e]
	_, path := f.lookup(e, sel)
	t := f.typ(sel.Recv())
	var sum int64
	for _, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = f.typ(p.Elem())
		}
		st := t.Underlying().(*types.Struct)
		fields := make([]*types.Var, st.NumFields())
		for k := range fields {
			fields[k] = types.NewField(0, nil, st.Field(k).Name(), f.typ(st.Field(k).Type()), false)
		}
		sum += sizes.Offsetsof(fields)[i]
		t = fields[i].Type()
	}
	return sum
}

// pointerConversion lowers conversions from and to unsafe.Pointer, which the
// interpreter does not know; ok is false for others.
func (f *fn) pointerConversion(text string, from, to types.Type) (lowered string, ok bool) {
	isUnsafe := func(t types.Type) bool {
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Kind() == types.UnsafePointer
	}
	switch a, b := isUnsafe(from), isUnsafe(to); {
	case a == b:
		return "", false
	case b:
		return Runtime + ".Pointer(" + text + ")", true
	}
	typ := f.s.goType(to)
	if _, pointer := to.Underlying().(*types.Pointer); pointer {
		return Runtime + ".PointerAt(" + text + ", (" + typ + ")(nil)).(" + typ + ")", true
	}
	return typ + "(" + Runtime + ".Address(" + text + "))", true
}
