package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// overlays are the packages some of whose generic functions are replaced, with
// their folders under overlay.
var overlays = map[string]string{
	"iter": "iter", "maps": "maps", "math/rand/v2": "rand", "reflect": "reflect",
	"unique": "unique", "crypto/pbkdf2": "pbkdf2", "crypto/hkdf": "hkdf",
}

// unreachable are generic names whose meaning is in the runtime: no source of
// theirs could be interpreted.
var unreachable = map[string]bool{
	"weak.Pointer": true, "weak.Make": true, "runtime.AddCleanup": true,
	"database/sql.Null": true, "hash/maphash.Comparable": true, "hash/maphash.WriteComparable": true,
}

// A sourceCutter finds the generic declarations of a package and what they need.
// References to the package's other exported names become qualified, so that
// they mean the compiled ones: the cut source imports its own package.
type sourceCutter struct {
	pkg     *packages.Package
	decls   map[types.Object]ast.Node // *ast.FuncDecl or *ast.GenDecl
	methods map[types.Object][]*ast.FuncDecl
	replace map[string]bool // names that the overlay declares
	wanted  map[ast.Node]bool
	queue   []ast.Node
}

// sources gives the cut source of a package with generic names: file to text.
func sources(pkg *packages.Package, root string) (map[string][]byte, error) {
	files, replaced, err := overlay(pkg.PkgPath, root)
	if err != nil {
		return nil, err
	}
	c := &sourceCutter{pkg: pkg, replace: replaced, wanted: map[ast.Node]bool{},
		decls: map[types.Object]ast.Node{}, methods: map[types.Object][]*ast.FuncDecl{}}
	c.collect()
	for _, name := range pkg.Types.Scope().Names() {
		obj := pkg.Types.Scope().Lookup(name)
		if obj.Exported() && isGeneric(obj) && !replaced[name] && !unreachable[pkg.PkgPath+"."+name] {
			c.want(obj)
		}
	}
	for len(c.queue) > 0 {
		node := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(node)
	}
	for i, f := range pkg.Syntax {
		text, err := c.cut(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pkg.PkgPath, err)
		}
		if text != nil {
			files[filepath.Base(pkg.GoFiles[i])] = text
		}
	}
	return files, nil
}

// isGeneric reports whether obj is a generic function or type.
func isGeneric(obj types.Object) bool {
	if f, ok := obj.(*types.Func); ok {
		return f.Signature().TypeParams().Len() > 0
	}
	t, ok := obj.(*types.TypeName)
	return ok && generic(t)
}

// overlay reads the files that stand for parts of the package.
func overlay(path, root string) (files map[string][]byte, names map[string]bool, err error) {
	files, names = map[string][]byte{}, map[string]bool{}
	folder, ok := overlays[path]
	if !ok {
		return files, names, nil
	}
	found, err := filepath.Glob(filepath.Join(root, "kernel", "symbols", "overlay", folder, "*.go"))
	if err != nil {
		return nil, nil, err
	}
	for _, file := range found {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil {
					names[decl.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						names[t.Name.Name] = true
					}
				}
			}
		}
		files["overlay_"+filepath.Base(file)] = text
	}
	return files, names, nil
}

// collect finds where each package-level name is declared.
func (c *sourceCutter) collect() {
	defs := c.pkg.TypesInfo.Defs
	for _, f := range c.pkg.Syntax {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil || len(decl.Recv.List) == 0 {
					c.decls[defs[decl.Name]] = decl
				} else if base := c.pkg.Types.Scope().Lookup(receiver(decl.Recv.List[0].Type)); base != nil {
					c.methods[base] = append(c.methods[base], decl)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						c.decls[defs[spec.Name]] = decl
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							c.decls[defs[name]] = decl
						}
					}
				}
			}
		}
	}
}

// qualifies reports whether references to obj mean the compiled package's.
func (c *sourceCutter) qualifies(obj types.Object) bool {
	if !obj.Exported() || unreachable[c.pkg.PkgPath+"."+obj.Name()] {
		return false
	}
	if !isGeneric(obj) {
		return true
	}
	_, isType := obj.(*types.TypeName)
	return isType && len(c.methods[obj]) == 0
}

func (c *sourceCutter) want(obj types.Object) {
	node := c.decls[obj]
	if node == nil || c.wanted[node] || c.replace[obj.Name()] || c.qualifies(obj) {
		return
	}
	c.wanted[node] = true
	c.queue = append(c.queue, node)
	for _, m := range c.methods[obj] {
		c.wanted[m] = true
		c.queue = append(c.queue, m)
	}
}

func (c *sourceCutter) visit(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := c.own(id); obj != nil {
				c.want(obj)
			}
		}
		return true
	})
}

// own gives the package-level object of this package that id refers to.
func (c *sourceCutter) own(id *ast.Ident) types.Object {
	obj := c.pkg.TypesInfo.Uses[id]
	if obj == nil || obj.Parent() != c.pkg.Types.Scope() {
		return nil
	}
	return obj
}

// cut gives the wanted declarations of a file, nil if there are none.
func (c *sourceCutter) cut(f *ast.File) ([]byte, error) {
	imports := map[string]string{}
	var body bytes.Buffer
	for _, decl := range f.Decls {
		if !c.wanted[decl] {
			continue
		}
		if err := c.print(&body, decl, imports); err != nil {
			return nil, err
		}
	}
	if body.Len() == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\n", f.Name.Name)
	var lines []string
	for name, path := range imports {
		lines = append(lines, fmt.Sprintf("import %s %q\n", name, path))
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, "") + "\n")
	b.Write(body.Bytes())
	return format.Source(b.Bytes())
}

// print writes one declaration with qualified names, without comments, and notes
// what it imports.
func (c *sourceCutter) print(b *bytes.Buffer, decl ast.Decl, imports map[string]string) error {
	renamed := map[*ast.Ident]string{}
	ast.Inspect(decl, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if pkg, ok := c.pkg.TypesInfo.Uses[id].(*types.PkgName); ok {
			imports[id.Name] = pkg.Imported().Path()
		} else if obj := c.own(id); obj != nil && c.qualifies(obj) {
			renamed[id] = id.Name
			id.Name = c.pkg.Name + "." + id.Name
			imports[c.pkg.Name] = c.pkg.PkgPath
		}
		return true
	})
	defer func() {
		for id, name := range renamed {
			id.Name = name
		}
	}()
	if fn, ok := decl.(*ast.FuncDecl); ok {
		doc := fn.Doc
		fn.Doc = nil
		defer func() { fn.Doc = doc }()
	}
	if err := format.Node(b, c.pkg.Fset, decl); err != nil {
		return err
	}
	b.WriteString("\n\n")
	return nil
}
