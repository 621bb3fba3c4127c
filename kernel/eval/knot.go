package eval

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"unsafe"

	"github.com/nabla-go/nabla/kernel/rt/dynamic"
)

// The interpreter makes recursive struct types of one kind only: of several that
// refer to one another it takes each for the other. So such types are made here,
// and given to it before it asks for its own.

// A knot is a group of declarations of which some refer to themselves.
type knot struct {
	engine *Engine
	decls  map[string]*ast.StructType
	layout map[string]reflect.Type // struct types of the same size, with pointers to nothing
	made   map[string]*dynamic.Type
}

// knot makes the recursive types among declarations, which the interpreter has
// read.
func (e *Engine) knot(text string, recursive []string) error {
	k := &knot{engine: e, decls: map[string]*ast.StructType{}, layout: map[string]reflect.Type{}, made: map[string]*dynamic.Type{}}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			t := spec.(*ast.TypeSpec)
			if s, ok := t.Type.(*ast.StructType); ok && slices.Contains(recursive, t.Name.Name) {
				k.decls[t.Name.Name] = s
			}
		}
	}
	for _, name := range recursive {
		base, err := k.shape(ast.NewIdent(name))
		if err != nil {
			return err
		}
		k.made[name] = dynamic.New(base, "main."+name, "main", true, nil)
	}
	for _, name := range recursive {
		fields, err := k.fields(k.decls[name], k.typ)
		if err != nil {
			return err
		}
		var all []dynamic.Field
		for _, f := range fields {
			all = append(all, dynamic.Field{Name: f.Name, Tag: string(f.Tag), Type: f.Type, Exported: true})
		}
		k.made[name].SetFields("main", all)
	}
	return k.tie()
}

// fields are those of a struct under the names that the interpreter gives them.
func (k *knot) fields(s *ast.StructType, typ func(ast.Expr) (reflect.Type, error)) ([]reflect.StructField, error) {
	var out []reflect.StructField
	for _, f := range s.Fields.List {
		t, err := typ(f.Type)
		if err != nil {
			return nil, err
		}
		tag := ""
		if f.Tag != nil {
			if tag, err = strconv.Unquote(f.Tag.Value); err != nil {
				return nil, err
			}
		}
		for _, n := range f.Names {
			name := n.Name
			if !n.IsExported() {
				name = "X" + name
			}
			out = append(out, reflect.StructField{Name: name, Type: t, Tag: reflect.StructTag(tag)})
		}
	}
	return out, nil
}

// mentions tells an expression with one of the types that are made.
func (k *knot) mentions(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			_, in := k.decls[id.Name]
			found = found || in
		}
		return !found
	})
	return found
}

// shape is a type with the layout of the expression's.
func (k *knot) shape(e ast.Expr) (reflect.Type, error) {
	if !k.mentions(e) {
		return k.known(e)
	}
	switch e := e.(type) {
	case *ast.Ident:
		if t := k.layout[e.Name]; t != nil {
			return t, nil
		}
		fields, err := k.fields(k.decls[e.Name], k.shape)
		if err != nil {
			return nil, err
		}
		k.layout[e.Name] = reflect.StructOf(fields)
		return k.layout[e.Name], nil
	case *ast.StructType:
		fields, err := k.fields(e, k.shape)
		if err != nil {
			return nil, err
		}
		return reflect.StructOf(fields), nil
	case *ast.ArrayType:
		if e.Len == nil {
			return reflect.TypeFor[[]struct{}](), nil
		}
		n, err := length(e)
		if err != nil {
			return nil, err
		}
		elem, err := k.shape(e.Elt)
		if err != nil {
			return nil, err
		}
		return reflect.ArrayOf(n, elem), nil
	case *ast.MapType:
		return reflect.TypeFor[map[int]struct{}](), nil
	case *ast.ChanType:
		return reflect.TypeFor[chan struct{}](), nil
	case *ast.FuncType:
		return reflect.TypeFor[func()](), nil
	case *ast.ParenExpr:
		return k.shape(e.X)
	}
	return reflect.TypeFor[*struct{}](), nil
}

// typ is the type of the expression.
func (k *knot) typ(e ast.Expr) (t reflect.Type, err error) {
	if !k.mentions(e) {
		return k.known(e)
	}
	part := func(e ast.Expr) reflect.Type {
		t, problem := k.typ(e)
		if problem != nil {
			err = problem
			return reflect.TypeFor[int]()
		}
		return t
	}
	switch e := e.(type) {
	case *ast.Ident:
		t = k.made[e.Name].Reflect()
	case *ast.StructType:
		fields, problem := k.fields(e, k.typ)
		if problem != nil {
			return nil, problem
		}
		t = reflect.StructOf(fields)
	case *ast.StarExpr:
		t = reflect.PointerTo(part(e.X))
	case *ast.ArrayType:
		if e.Len == nil {
			t = reflect.SliceOf(part(e.Elt))
			break
		}
		n, problem := length(e)
		if problem != nil {
			return nil, problem
		}
		t = reflect.ArrayOf(n, part(e.Elt))
	case *ast.MapType:
		t = reflect.MapOf(part(e.Key), part(e.Value))
	case *ast.ChanType:
		dir := reflect.ChanDir(0)
		if e.Dir&ast.SEND != 0 {
			dir |= reflect.SendDir
		}
		if e.Dir&ast.RECV != 0 {
			dir |= reflect.RecvDir
		}
		t = reflect.ChanOf(dir, part(e.Value))
	case *ast.FuncType:
		in, variadic := k.parameters(e.Params, part)
		out, _ := k.parameters(e.Results, part)
		t = reflect.FuncOf(in, out, variadic)
	case *ast.ParenExpr:
		t = part(e.X)
	default:
		err = fmt.Errorf("the type %s in a recursive type", types.ExprString(e))
	}
	return t, err
}

// parameters are those of a function type without names.
func (k *knot) parameters(list *ast.FieldList, part func(ast.Expr) reflect.Type) (all []reflect.Type, variadic bool) {
	if list == nil {
		return nil, false
	}
	for _, f := range list.List {
		e := f.Type
		if dots, ok := e.(*ast.Ellipsis); ok {
			variadic = true
			e = &ast.ArrayType{Elt: dots.Elt}
		}
		all = append(all, part(e))
	}
	return all, variadic
}

func length(e *ast.ArrayType) (int, error) {
	n, ok := e.Len.(*ast.BasicLit)
	if !ok {
		return 0, fmt.Errorf("the length %s of an array", types.ExprString(e.Len))
	}
	return strconv.Atoi(n.Value)
}

// known is a type that the interpreter makes.
func (k *knot) known(e ast.Expr) (reflect.Type, error) {
	v, err := k.engine.eval("(*" + types.ExprString(e) + ")(nil)")
	if err != nil {
		return nil, err
	}
	return v.Type().Elem(), nil
}

// tie gives the interpreter the types that were made, wherever it keeps a
// description of one of them.
func (k *knot) tie() error {
	scope := reflect.ValueOf(k.engine.interp).Elem().FieldByName("scopes").MapIndex(reflect.ValueOf("main"))
	if !scope.IsValid() {
		return fmt.Errorf("this yaegi keeps its types elsewhere")
	}
	seen := map[unsafe.Pointer]bool{}
	for name := range k.made {
		symbol := scope.Elem().FieldByName("sym").MapIndex(reflect.ValueOf(name))
		if !symbol.IsValid() {
			return fmt.Errorf("the interpreter has no type %s", name)
		}
		k.visit(symbol.Elem().FieldByName("typ"), seen)
	}
	return nil
}

// visit sets the type of a description, and of those that it is made of.
func (k *knot) visit(description reflect.Value, seen map[unsafe.Pointer]bool) {
	if description.IsNil() || seen[description.UnsafePointer()] {
		return
	}
	seen[description.UnsafePointer()] = true
	t := description.Elem()
	rtype := reflect.NewAt(reflect.TypeFor[reflect.Type](), unsafe.Pointer(t.FieldByName("rtype").UnsafeAddr())).Elem()
	if made := k.made[t.FieldByName("name").String()]; made != nil {
		rtype.Set(reflect.ValueOf(made.Reflect()))
	}
	for _, part := range []string{"key", "val", "ptr"} {
		k.visit(t.FieldByName(part), seen)
	}
	for _, parts := range []string{"arg", "ret"} {
		for i := range t.FieldByName(parts).Len() {
			k.visit(t.FieldByName(parts).Index(i), seen)
		}
	}
	for i := range t.FieldByName("field").Len() {
		k.visit(t.FieldByName("field").Index(i).FieldByName("typ"), seen)
	}
}
