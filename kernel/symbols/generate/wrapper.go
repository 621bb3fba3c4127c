package main

import (
	"fmt"
	"go/types"
	"strings"
)

// wrapper declares the struct through which an interpreted value satisfies a
// compiled interface: field IValue holds the value, field W<name> the function
// that stands for method <name>. It gives the name of the struct.
//
// A method that cannot be written outside its package is left out; the struct
// then does not satisfy the interface, which yaegi finds out when it is used.
func (w *tableWriter) wrapper(obj *types.TypeName, it *types.Interface) string {
	name := "wrap_" + ident(w.pkg.Path()) + "_" + obj.Name()
	var fields, methods strings.Builder
	for m := range it.Methods() {
		if !m.Exported() || !writable(m.Type()) {
			continue
		}
		params, args, results := w.signature(m.Signature())
		fmt.Fprintf(&fields, "\tW%s func(%s)%s\n", m.Name(), params, results)
		body := fmt.Sprintf("w.W%s(%s)", m.Name(), args)
		if results != "" {
			body = "return " + body
		}
		if m.Name() == "String" && results == " (string)" {
			body = "if w.WString == nil { return \"\" }\n\t" + body // fmt asks half-made values too
		}
		fmt.Fprintf(&methods, "func (w %s) %s(%s)%s {\n\t%s\n}\n", name, m.Name(), params, results, body)
	}
	fmt.Fprintf(&w.types, "\ntype %s struct {\n\tIValue any\n%s}\n\n%s", name, fields.String(), methods.String())
	return name
}

// signature gives the parameters with names of our own, the arguments that pass
// them on, and the results.
func (w *tableWriter) signature(sig *types.Signature) (params, args, results string) {
	var ps, as, rs []string
	for i := range sig.Params().Len() {
		t, arg := sig.Params().At(i).Type(), fmt.Sprintf("a%d", i)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			elem := t.(*types.Slice).Elem()
			ps = append(ps, arg+" ..."+w.typeString(elem))
			as = append(as, arg+"...")
			continue
		}
		ps = append(ps, arg+" "+w.typeString(t))
		as = append(as, arg)
	}
	for r := range sig.Results().Variables() {
		rs = append(rs, w.typeString(r.Type()))
	}
	if len(rs) > 0 {
		results = " (" + strings.Join(rs, ", ") + ")"
	}
	return strings.Join(ps, ", "), strings.Join(as, ", "), results
}

func (w *tableWriter) typeString(t types.Type) string {
	return types.TypeString(t, w.importName)
}

// writable reports whether the type can be written in another package: it names
// nothing that is unexported or internal.
func writable(t types.Type) bool {
	ok := true
	check := func(obj *types.TypeName) {
		if obj.Pkg() == nil {
			return
		}
		path := "/" + obj.Pkg().Path() + "/"
		if !obj.Exported() || strings.Contains(path, "/internal/") || strings.Contains(path, "/vendor/") {
			ok = false
		}
	}
	walkNames(t, check)
	return ok
}

// walkNames calls visit for the names of types that the type is written with.
func walkNames(t types.Type, visit func(*types.TypeName)) {
	switch t := t.(type) {
	case *types.Named:
		visit(t.Obj())
		for arg := range t.TypeArgs().Types() {
			walkNames(arg, visit)
		}
	case *types.Alias:
		visit(t.Obj())
	case *types.Pointer:
		walkNames(t.Elem(), visit)
	case *types.Slice:
		walkNames(t.Elem(), visit)
	case *types.Array:
		walkNames(t.Elem(), visit)
	case *types.Chan:
		walkNames(t.Elem(), visit)
	case *types.Map:
		walkNames(t.Key(), visit)
		walkNames(t.Elem(), visit)
	case *types.Signature:
		walkNames(t.Params(), visit)
		walkNames(t.Results(), visit)
	case *types.Tuple:
		for v := range t.Variables() {
			walkNames(v.Type(), visit)
		}
	case *types.Struct:
		for f := range t.Fields() {
			walkNames(f.Type(), visit)
		}
	case *types.Interface:
		for m := range t.Methods() {
			walkNames(m.Type(), visit)
		}
	}
}
