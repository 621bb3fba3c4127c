package assist

import (
	"go/ast"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/symbols"
)

// own begins the names that this package puts into the code.
const own = "nabla_"

// marker stands in the code for the name under the cursor.
const marker = own + "cursor"

// A checked is a cell with the types that could be found in it.
type checked struct {
	parsed
	pkg  *types.Package
	info *types.Info
	path []ast.Node // from the file to the marker; nil without one
}

// check type-checks code against what is alive and tolerates errors.
func (a *Assistant) check(code string) checked {
	objects := a.live.Objects()
	late := func(name string) bool {
		_, ok := objects[name].(*types.TypeName)
		return ok && !regexp.MustCompile(`\btype\s+`+regexp.QuoteMeta(name)+`\b`).MatchString(code)
	}
	p, _ := parseParts(code, late, nil)
	if p.file == nil {
		return checked{}
	}
	if imports := missingImports(p.file, objects); len(imports) > 0 {
		p, _ = parseParts(code, late, imports)
	}
	pkg := types.NewPackage(a.live.Path(), "cell")
	for name, obj := range objects {
		if o := renamed(pkg, name, obj); o != nil {
			pkg.Scope().Insert(o)
		}
	}
	c := checked{parsed: p, pkg: pkg, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
	}}
	config := types.Config{Importer: symbols.Importer(), Error: func(error) {}}
	_ = types.NewChecker(&config, p.fset, pkg, c.info).Files([]*ast.File{p.file})
	c.path = pathToMarker(p.file)
	return c
}

// checkAt checks the code up to the place. Where what comes before is too broken
// to reach the marker, the statement that holds it is checked alone.
func (a *Assistant) checkAt(p place) checked {
	if c := a.check(p.marked()); c.path != nil {
		return c
	}
	p.code = p.code[:p.end]
	cut := strings.LastIndexAny(p.code[:p.start], ";\n{") + 1
	p.code = p.code[cut:]
	p.start, p.end, p.cursor = p.start-cut, p.end-cut, max(p.cursor-cut, 0)
	return a.check(p.marked())
}

// renamed gives an object like obj that has the name the person uses.
func renamed(pkg *types.Package, name string, obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Var:
		return types.NewVar(0, pkg, name, obj.Type())
	case *types.Const:
		return types.NewConst(0, pkg, name, obj.Type(), obj.Val())
	case *types.Func:
		return types.NewFunc(0, pkg, name, obj.Signature())
	case *types.PkgName:
		return types.NewPkgName(0, pkg, name, obj.Imported())
	case *types.TypeName:
		if n, ok := obj.Type().(*types.Named); ok && n.TypeParams().Len() > 0 || obj.Name() == name {
			return types.NewTypeName(0, pkg, name, obj.Type())
		}
		tn := types.NewTypeName(0, pkg, name, nil)
		types.NewAlias(tn, obj.Type())
		return tn
	}
	return nil
}

// missingImports gives the import specs of bundled packages whose bare names the
// file selects from without importing them.
func missingImports(file *ast.File, objects map[string]types.Object) []string {
	members := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				members[id.Name] = append(members[id.Name], sel.Sel.Name)
			}
		}
		return true
	})
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		delete(members, symbols.Name(path))
		if spec.Name != nil {
			delete(members, spec.Name.Name)
		}
	}
	var specs []string
	for name, selected := range members {
		if _, ok := objects[name]; ok {
			continue
		}
		if path := symbols.Resolve(name, selected); path != "" {
			specs = append(specs, name+" "+strconv.Quote(path))
		}
	}
	return specs
}

// pathToMarker gives the nodes from the file down to the marker.
func pathToMarker(file *ast.File) (path []ast.Node) {
	var stack []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if path != nil {
			return false
		}
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && len(id.Name) >= len(marker) && id.Name[:len(marker)] == marker {
			path = append(path, stack...)
		}
		return true
	})
	return path
}
