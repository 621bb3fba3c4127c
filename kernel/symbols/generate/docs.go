package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Documentation is a sequence of records, each a name and its comment. The name
// is "" for the package, Name for a declaration, Type.Name for a method or field.
const (
	unitSep   = "\x1f" // between name and comment
	recordSep = "\x1e" // after each record
)

// docRecords gives the documentation of the exported names of a package.
func docRecords(pkg *packages.Package) []byte {
	d := docWriter{seen: map[string]bool{}}
	for _, f := range pkg.Syntax {
		d.add("", f.Doc)
	}
	for _, f := range pkg.Syntax {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				d.function(decl)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					d.spec(decl, spec)
				}
			}
		}
	}
	return d.out.Bytes()
}

type docWriter struct {
	out  bytes.Buffer
	seen map[string]bool
}

// add writes a record with the first of the comments that says something.
func (d *docWriter) add(name string, comments ...*ast.CommentGroup) {
	for _, c := range comments {
		text := strings.TrimSpace(c.Text())
		if text == "" || d.seen[name] {
			continue
		}
		d.seen[name] = true
		d.out.WriteString(name + unitSep + text + recordSep)
	}
}

func (d *docWriter) function(f *ast.FuncDecl) {
	name := f.Name.Name
	if f.Recv != nil {
		if len(f.Recv.List) == 0 {
			return
		}
		name = receiver(f.Recv.List[0].Type) + "." + name
	}
	if exportedPath(name) {
		d.add(name, f.Doc)
	}
}

// exportedPath reports whether all parts of a dotted name are exported.
func exportedPath(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if !ast.IsExported(part) {
			return false
		}
	}
	return true
}

// receiver gives the name of the type that a method belongs to.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	}
	return ""
}

func (d *docWriter) spec(decl *ast.GenDecl, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() {
			d.add(spec.Name.Name, spec.Doc, decl.Doc, spec.Comment)
			d.members(spec.Name.Name, spec.Type)
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if !name.IsExported() {
				continue
			}
			if decl.Tok == token.CONST || decl.Tok == token.VAR {
				d.add(name.Name, spec.Doc, spec.Comment, decl.Doc)
			}
		}
	}
}

// members adds the fields of a struct and the methods of an interface.
func (d *docWriter) members(typeName string, t ast.Expr) {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return
	}
	for _, field := range list.List {
		for _, name := range field.Names {
			if name.IsExported() {
				d.add(typeName+"."+name.Name, field.Doc, field.Comment)
			}
		}
	}
}
