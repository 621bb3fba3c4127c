package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hole stands in a text of the source for what is known only at run time.
const hole = "\x00"

// calls names the calls that make texts people read, by package ("" for all)
// and function, with the arguments that are texts. The first whose package fits
// counts.
var calls = []struct {
	pkg, name string
	plain     []int // arguments that are texts
	format    int   // the argument that is a format with arguments after it, or -1
}{
	{"", "NewError", []int{1, 2}, -1},
	{"", "New", []int{0}, -1}, // errors.New
	{"", "Errorf", nil, 0},
	{"", "Say", []int{0}, -1},
	{"parse", "note", nil, 0},
	{"parse", "fail", []int{2}, 3},
	{"review", "fail", nil, 0},
	{"expr", "misfit", []int{0}, 1},
	{"diff", "misfit", []int{1, 2}, -1},
	{"diff", "refuse", []int{0}, 1},
	{"derive", "refuse", []int{0}, -1},
	{"formula", "fail", nil, 1},
	{"formula", "fault", []int{1}, -1},
}

// apart are folders whose texts have their own table, or are not for people.
var apart = []string{"bench", "cli", "generate", "words", "testdata"}

// found is a text in the source, with hole for what is not literal.
type found struct {
	place string // file:line
	code  string // the expression
	text  string
}

// source is the syntax of one package.
type source struct {
	name  string
	fset  *token.FileSet
	funcs map[string]*ast.FuncDecl
	vars  map[string]ast.Expr // of the package: constants and variables
}

// collect gives all texts of matcalc's errors.
func collect(t *testing.T) []found {
	t.Helper()
	var out []found
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		switch {
		case slices.Contains(apart, d.Name()):
			return filepath.SkipDir
		case d.Name() == "regress":
			return nil // the package has its own table, the ones below have not
		}
		texts, err := read(path)
		out = append(out, texts...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// read collects the texts of the package in a folder.
func read(dir string) ([]found, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &source{name: filepath.Base(abs), fset: token.NewFileSet(), funcs: map[string]*ast.FuncDecl{}, vars: map[string]ast.Expr{}}
	var parsed []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(s.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
		s.declare(f)
	}
	var out []found
	for _, f := range parsed {
		for _, decl := range f.Decls {
			fn, _ := decl.(*ast.FuncDecl)
			ast.Inspect(decl, func(n ast.Node) bool {
				for _, e := range s.sites(fn, n) {
					for _, text := range s.texts(fn, e, 0) {
						at := s.fset.Position(e.Pos())
						out = append(out, found{filepath.ToSlash(at.Filename) + ":" + strconv.Itoa(at.Line), types.ExprString(e), text})
					}
				}
				return true
			})
		}
	}
	return out, nil
}

// declare notes what the file declares at its top.
func (s *source) declare(f *ast.File) {
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			s.funcs[d.Name.Name] = d
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for i := range min(len(v.Names), len(v.Values)) {
						s.vars[v.Names[i].Name] = v.Values[i]
					}
				}
			}
		}
	}
}

// sites are the expressions at a node that a person will read as a text: of an
// error, or of what is put into one.
func (s *source) sites(fn *ast.FuncDecl, n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		return s.inCall(n)
	case *ast.CompositeLit:
		var out []ast.Expr
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && isField(kv.Key) {
				out = append(out, kv.Value)
			}
		}
		if id, ok := n.Type.(*ast.Ident); ok && id.Name == "SyntaxError" && len(n.Elts) == 3 {
			out = append(out, n.Elts[2]) // Source, Pos, Reason
		}
		return out
	case *ast.ReturnStmt:
		if s.name == "optimize" && fn != nil && fn.Type.Results != nil && len(n.Results) == 3 && types.ExprString(fn.Type.Results.List[0].Type) == "string" {
			return n.Results[:1] // why a search ends
		}
	case *ast.AssignStmt:
		if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && isField(sel.Sel) && len(n.Rhs) == 1 {
			if n.Tok == token.ASSIGN {
				return n.Rhs
			}
		}
	}
	return nil
}

func isField(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && (id.Name == "Message" || id.Name == "Hint")
}

func (s *source) inCall(call *ast.CallExpr) []ast.Expr {
	name := called(call)
	for _, c := range calls {
		if c.name != name || c.pkg != "" && c.pkg != s.name || name == "New" && types.ExprString(call.Fun) != "errors.New" {
			continue
		}
		var out []ast.Expr
		for _, i := range c.plain {
			if i < len(call.Args) {
				out = append(out, call.Args[i])
			}
		}
		if c.format >= 0 && c.format < len(call.Args) {
			fun := &ast.Ident{NamePos: call.Args[c.format].Pos(), Name: "Sprintf"}
			out = append(out, &ast.CallExpr{Fun: fun, Args: call.Args[c.format:]})
		}
		return out
	}
	return nil
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// texts are the values that an expression can have as far as the source of the
// package tells.
func (s *source) texts(fn *ast.FuncDecl, e ast.Expr, depth int) []string {
	if depth > 4 {
		return []string{hole}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return []string{text}
		}
	case *ast.ParenExpr:
		return s.texts(fn, e.X, depth)
	case *ast.BinaryExpr:
		return s.joined(fn, []ast.Expr{e.X, e.Y}, depth)
	case *ast.Ident:
		return s.named(fn, e.Name, depth)
	case *ast.IndexExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if lit, ok := s.vars[id.Name].(*ast.CompositeLit); ok {
				var out []string
				for _, v := range lit.Elts {
					if kv, ok := v.(*ast.KeyValueExpr); ok {
						v = kv.Value
					}
					out = append(out, s.texts(fn, v, depth+1)...)
				}
				return out
			}
		}
	case *ast.CallExpr:
		return s.returned(fn, e, depth)
	}
	return []string{hole}
}

// joined are the texts that the operands make one after the other.
func (s *source) joined(fn *ast.FuncDecl, parts []ast.Expr, depth int) []string {
	out := []string{""}
	for _, part := range parts {
		var longer []string
		for _, a := range out {
			for _, b := range s.texts(fn, part, depth) {
				longer = append(longer, a+b)
			}
		}
		out = longer
	}
	return out
}

// returned are the texts that a call gives.
func (s *source) returned(fn *ast.FuncDecl, call *ast.CallExpr, depth int) []string {
	name := called(call)
	switch name {
	case "Sprintf":
		var out []string
		for _, format := range s.texts(fn, call.Args[0], depth) {
			out = append(out, s.filled(fn, format, call.Args[1:], depth)...)
		}
		return out
	case "Sprint":
		return s.joined(fn, call.Args, depth)
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok || s.funcs[name] == nil {
		return []string{hole}
	}
	var out []string
	ast.Inspect(s.funcs[name].Body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
			out = append(out, s.texts(s.funcs[id.Name], r.Results[0], depth+1)...)
		}
		return true
	})
	return out
}

// filled puts texts that are known into a format, and hole for the others.
func (s *source) filled(fn *ast.FuncDecl, format string, args []ast.Expr, depth int) []string {
	out, last, k := []string{""}, 0, 0
	for _, m := range verb.FindAllStringSubmatchIndex(format, -1) {
		given := []string{"%"}
		if kind := format[m[6]:m[7]]; kind != "%" {
			given = []string{format[m[0]:m[1]]}
			if k < len(args) && kind == "s" {
				given = s.texts(fn, args[k], depth+1)
			}
			k++
		}
		var longer []string
		for _, a := range out {
			for _, b := range given {
				longer = append(longer, a+format[last:m[0]]+b)
			}
		}
		out, last = longer, m[1]
	}
	for i := range out {
		out[i] += format[last:]
	}
	return out
}

// named are the values of a variable or constant: all that it is set to in the
// function, else its value in the package.
func (s *source) named(fn *ast.FuncDecl, name string, depth int) []string {
	var out []string
	if fn != nil {
		ast.Inspect(fn, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, id := range v.Names {
					if id.Name == name && i < len(v.Values) {
						out = append(out, s.texts(fn, v.Values[i], depth+1)...)
					}
				}
			}
			if a, ok := n.(*ast.AssignStmt); ok {
				grows := a.Tok == token.ADD_ASSIGN
				for i, l := range a.Lhs {
					if id, ok := l.(*ast.Ident); ok && id.Name == name {
						if grows || len(a.Rhs) != len(a.Lhs) {
							out = append(out, hole)
						} else {
							out = append(out, s.texts(fn, a.Rhs[i], depth+1)...)
						}
					}
				}
			}
			return true
		})
	}
	if len(out) > 1 {
		out = slices.DeleteFunc(out, func(text string) bool { return text == "" })
	}
	if v := s.vars[name]; len(out) == 0 && v != nil {
		return s.texts(nil, v, depth+1)
	}
	if len(out) == 0 {
		return []string{hole}
	}
	return out
}
