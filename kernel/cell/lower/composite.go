package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// composite lowers a composite literal of type t.
func (f *fn) composite(e *ast.CompositeLit, t types.Type) string {
	if p, ok := t.Underlying().(*types.Pointer); ok { // an elided &T{...}
		_ = p
		return f.pointer(e)
	}
	typ := f.s.goType(t)
	closing := func(text string) string { return text }
	if f.s.isOpaque(t) {
		typ = f.s.goType(t.Underlying())
		closing = func(text string) string { return f.s.close(text, t) }
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return closing(f.structLit(e, u, typ))
	case *types.Map:
		return closing(f.mapLit(e, u, typ))
	case *types.Slice:
		return closing(typ + "{" + f.elements(e, u.Elem()) + "}")
	case *types.Array:
		return closing(typ + "{" + f.elements(e, u.Elem()) + "}")
	}
	fail(e.Pos(), "composite literal of %s", t)
	return ""
}

func (f *fn) structLit(e *ast.CompositeLit, t *types.Struct, typ string) string {
	var parts []string
	for i, elt := range e.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			name := kv.Key.(*ast.Ident).Name
			for k := range t.NumFields() {
				if t.Field(k).Name() == name {
					parts = append(parts, fieldName(t, k)+": "+f.element(kv.Value, t.Field(k).Type()))
				}
			}
			continue
		}
		if t.Field(i).Name() == "_" && f.value(elt) != nil {
			continue // a blank field stays zero
		}
		parts = append(parts, fieldName(t, i)+": "+f.element(elt, t.Field(i).Type()))
	}
	return typ + "{" + strings.Join(parts, ", ") + "}"
}

// element is an element of a literal, which may itself leave out its type.
func (f *fn) element(e ast.Expr, t types.Type) string {
	if c, ok := e.(*ast.CompositeLit); ok && c.Type == nil {
		t = f.typ(t)
		return f.composite(c, t)
	}
	return f.conv(e, t)
}

func (f *fn) elements(e *ast.CompositeLit, t types.Type) string {
	var parts []string
	for _, elt := range e.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			parts = append(parts, f.expr(kv.Key)+": "+f.element(kv.Value, t))
			continue
		}
		parts = append(parts, f.element(elt, t))
	}
	if len(parts) > 8 {
		return "\n" + strings.Join(parts, ",\n") + ",\n"
	}
	return strings.Join(parts, ", ")
}

// mapLit fills a map by assignments: literals of the interpreter confuse keys
// of different dynamic types.
func (f *fn) mapLit(e *ast.CompositeLit, t *types.Map, typ string) string {
	if len(e.Elts) == 0 {
		return typ + "{}"
	}
	if _, ok := t.Key().Underlying().(*types.Basic); ok && !isInterface(t.Elem()) {
		var parts []string
		for _, elt := range e.Elts {
			kv := elt.(*ast.KeyValueExpr)
			parts = append(parts, f.element(kv.Key, t.Key())+": "+f.certain(f.element(kv.Value, t.Elem()), kv.Value, t.Elem()))
		}
		return typ + "{" + strings.Join(parts, ", ") + "}"
	}
	var b strings.Builder
	m := f.fresh("m")
	b.WriteString("func() " + typ + " {\n" + m + " := make(" + typ + ")\n")
	for _, elt := range e.Elts {
		kv := elt.(*ast.KeyValueExpr)
		key := f.mapKey(kv.Key, t)
		if _, elided := kv.Key.(*ast.CompositeLit); elided {
			key = f.element(kv.Key, t.Key())
		}
		b.WriteString(m + "[" + key + "] = " + f.certain(f.element(kv.Value, t.Elem()), kv.Value, t.Elem()) + "\n")
	}
	b.WriteString("return " + m + "\n}()")
	return b.String()
}
