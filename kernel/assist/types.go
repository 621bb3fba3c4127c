package assist

import (
	"go/ast"
	"go/doc"
	"go/token"
	"go/types"
	"strings"

	"github.com/nabla-go/nabla/kernel/symbols"
)

// qualifier writes types as a cell does: its own bare, others by package name.
func (c checked) qualifier(pkg *types.Package) string {
	if c.pkg != nil && pkg.Path() == c.pkg.Path() {
		return ""
	}
	return pkg.Name()
}

// describe gives the declaration of an object in one line.
func (c checked) describe(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.TypeName:
		under := obj.Type().Underlying()
		switch under.(type) {
		case *types.Struct:
			return "type " + obj.Name() + " struct"
		case *types.Interface:
			return "type " + obj.Name() + " interface"
		}
		return "type " + obj.Name() + " " + types.TypeString(under, c.qualifier)
	case *types.PkgName:
		return "package " + obj.Imported().Path()
	case *types.Func:
		return "func " + obj.Name() + strings.TrimPrefix(types.TypeString(obj.Type(), c.qualifier), "func")
	case *types.Const:
		return "const " + obj.Name() + " " + types.TypeString(obj.Type(), c.qualifier) + " = " + obj.Val().String()
	}
	return strings.TrimPrefix(types.ObjectString(obj, c.qualifier), "field ")
}

// kindOf names the kind of an object for the icon beside it.
func kindOf(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.Func, *types.Builtin:
		return "function"
	case *types.TypeName:
		if _, ok := obj.Type().Underlying().(*types.Interface); ok {
			return "interface"
		}
		return "class"
	case *types.Const:
		return "constant"
	case *types.PkgName:
		return "module"
	case *types.Var:
		if obj.IsField() {
			return "property"
		}
		return "variable"
	}
	return "instance"
}

func firstSentence(text string) string { return new(doc.Package).Synopsis(text) }

// typeMembers gives the fields and methods that can be selected from a value or
// type.
func (c checked) typeMembers(tv types.TypeAndValue, expected types.Type) (list []candidate) {
	t := tv.Type
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() != 1 {
			return nil
		}
		t = tuple.At(0).Type()
	}
	if !tv.IsType() {
		seen := map[types.Type]bool{}
		c.fields(t, 0, seen, func(owner *types.Named, f *types.Var, depth int) {
			if c.visible(f) {
				list = append(list, c.object(f, f.Name(), memberRank(depth), expected, firstSentence(memberDoc(owner, f.Name()))))
			}
		})
	}
	receiver := t
	if _, isPointer := t.Underlying().(*types.Pointer); !isPointer && !types.IsInterface(t) && (!tv.IsType()) {
		receiver = types.NewPointer(t)
	}
	for sel := range types.NewMethodSet(receiver).Methods() {
		m := sel.Obj().(*types.Func)
		if c.visible(m) {
			owner := named(m.Signature().Recv().Type())
			list = append(list, c.object(m, m.Name(), memberRank(len(sel.Index())-1), expected, firstSentence(memberDoc(owner, m.Name()))))
		}
	}
	return list
}

// visible tells that a cell may select a field or method.
func (c checked) visible(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() != nil && c.pkg != nil && obj.Pkg().Path() == c.pkg.Path()
}

func memberRank(depth int) int {
	if depth > 0 {
		return rankPromoted
	}
	return rankNear
}

// fields calls visit for the fields of a struct or of what a pointer leads to,
// then for those of embedded ones.
func (c checked) fields(t types.Type, depth int, seen map[types.Type]bool, visit func(*types.Named, *types.Var, int)) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] || depth > 8 {
		return
	}
	seen[t] = true
	for f := range s.Fields() {
		visit(named(t), f, depth)
	}
	for f := range s.Fields() {
		if f.Embedded() {
			c.fields(f.Type(), depth+1, seen, visit)
		}
	}
}

// named gives the declared type behind a pointer or alias, nil if there is none.
func named(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// memberDoc gives the comment of a field or method of a compiled type.
func memberDoc(owner *types.Named, name string) string {
	if owner == nil || owner.Obj().Pkg() == nil {
		return ""
	}
	return symbols.Doc(owner.Obj().Pkg().Path(), owner.Obj().Name()+"."+name)
}

// innermost gives the smallest scope around the marker.
func (c checked) innermost() *types.Scope {
	for i := len(c.path) - 1; i >= 0; i-- {
		node := c.path[i]
		if f, ok := node.(*ast.FuncDecl); ok {
			node = f.Type
		}
		if f, ok := node.(*ast.FuncLit); ok {
			node = f.Type
		}
		if s := c.info.Scopes[node]; s != nil {
			return s
		}
	}
	return nil
}

// literalFields gives the keys of the struct literal that the marker is an
// element of.
func (c checked) literalFields() (list []candidate) {
	n := len(c.path)
	if n < 2 {
		return nil
	}
	lit, ok := c.path[n-2].(*ast.CompositeLit)
	if !ok || lit.Type == c.path[n-1] {
		return nil
	}
	given := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				given[id.Name] = true
			}
		}
	}
	tv := c.info.Types[lit]
	if tv.Type == nil {
		return nil
	}
	s, ok := tv.Type.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if !given[f.Name()] && c.visible(f) {
			list = append(list, c.object(f, f.Name(), rankField, nil, firstSentence(memberDoc(named(tv.Type), f.Name()))))
		}
	}
	return list
}

// expected gives the type that the place of the marker asks for, nil where any
// will do.
func (c checked) expected() types.Type {
	for i := len(c.path) - 2; i >= 0; i-- {
		child, _ := c.path[i+1].(ast.Expr)
		switch n := c.path[i].(type) {
		case *ast.SelectorExpr:
			continue
		case *ast.CallExpr:
			sig, _ := typeOf(c.info, n.Fun).(*types.Signature)
			if sig == nil || child == n.Fun {
				return nil
			}
			return parameter(sig, indexOf(n.Args, child))
		case *ast.AssignStmt:
			if k := indexOf(n.Rhs, child); n.Tok == token.ASSIGN && k >= 0 && len(n.Lhs) == len(n.Rhs) {
				return typeOf(c.info, n.Lhs[k])
			}
			return nil
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && child == n.Value {
				if obj := c.info.Uses[id]; obj != nil {
					return obj.Type()
				}
			}
			return nil
		case *ast.BinaryExpr:
			if child == n.Y {
				return typeOf(c.info, n.X)
			}
			return nil
		case *ast.ValueSpec:
			if n.Type != nil && indexOf(n.Values, child) >= 0 {
				return typeOf(c.info, n.Type)
			}
			return nil
		case *ast.ReturnStmt:
			return c.result(i, indexOf(n.Results, child))
		case *ast.SendStmt:
			if ch, ok := underOf(c.info, n.Chan).(*types.Chan); ok && child == n.Value {
				return ch.Elem()
			}
			return nil
		case *ast.IndexExpr:
			if m, ok := underOf(c.info, n.X).(*types.Map); ok && child == n.Index {
				return m.Key()
			}
			return nil
		case *ast.CompositeLit:
			return element(underOf(c.info, n))
		case *ast.ParenExpr, *ast.UnaryExpr:
			return nil
		default:
			return nil
		}
	}
	return nil
}

// result is the type of the k-th result of the function around the i-th node of
// the path, nil when nothing is known.
func (c checked) result(i, k int) types.Type {
	for ; i >= 0; i-- {
		var results *types.Tuple
		switch n := c.path[i].(type) {
		case *ast.FuncDecl:
			if f, ok := c.info.Defs[n.Name].(*types.Func); ok {
				results = f.Signature().Results()
			}
		case *ast.FuncLit:
			if sig, ok := underOf(c.info, n).(*types.Signature); ok {
				results = sig.Results()
			}
		default:
			continue
		}
		if k >= 0 && k < results.Len() {
			return results.At(k).Type()
		}
		return nil
	}
	return nil
}

// element is the type of the elements of a slice, array or map literal.
func element(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	}
	return nil
}

func underOf(info *types.Info, e ast.Expr) types.Type {
	if t := typeOf(info, e); t != nil {
		return t.Underlying()
	}
	return nil
}

func typeOf(info *types.Info, e ast.Expr) types.Type {
	t := info.TypeOf(e)
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.Invalid {
		return nil
	}
	return t
}

func indexOf(list []ast.Expr, e ast.Expr) int {
	for i, x := range list {
		if x == e {
			return i
		}
	}
	return -1
}

// parameter gives the type of the i-th argument; interfaces without methods say
// nothing.
func parameter(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	if n == 0 || i < 0 {
		return nil
	}
	var t types.Type
	switch {
	case sig.Variadic() && i >= n-1:
		t = sig.Params().At(n - 1).Type().(*types.Slice).Elem()
	case i < n:
		t = sig.Params().At(i).Type()
	default:
		return nil
	}
	if it, ok := t.Underlying().(*types.Interface); ok && it.NumMethods() == 0 {
		return nil
	}
	return t
}
