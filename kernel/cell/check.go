package cell

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An assembly is a cell as one file: imports, declarations, and one function
// that holds the statements. The place of each chunk in it is known.
type assembly struct {
	chunks []chunk
	text   string
	starts []int // of each chunk's text in text; -1 for a chunk that is left out
	fset   *token.FileSet
	file   *ast.File
	base   int // of the file in the file set
	pkg    *types.Package
	info   *types.Info
	last   ast.Expr // the last expression, when the cell may have a result
}

// Check checks the Go of a cell and plans its evaluation. The errors are all
// that the parser or the checker found.
func (l *Live) Check(code string) (*Plan, []Error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	a := &assembly{chunks: l.ordered(chunks(code))}
	imports := importedBy(a.chunks)
	a.assemble(code, nil)
	if errs := a.parse(code); len(errs) > 0 {
		return nil, errs
	}
	if missing := l.missing(a, imports); len(missing) > 0 {
		a.assemble(code, missing)
		if errs := a.parse(code); len(errs) > 0 {
			return nil, errs
		}
	}
	if errs := a.check(l); len(errs) > 0 {
		return nil, errs
	}
	return l.plan(a), nil
}

// ordered drops package clauses, and what is live under a name that the cell
// declares is hidden by the scope of the file itself.
func (l *Live) ordered(all []chunk) []chunk {
	return slices.DeleteFunc(all, func(c chunk) bool { return c.kind == packageClause })
}

func importedBy(all []chunk) bool {
	return slices.ContainsFunc(all, func(c chunk) bool { return c.kind == importDecl })
}

// assemble writes the file. A definition at the top level becomes a variable
// of the package, so that functions of the cell see it.
func (a *assembly) assemble(code string, missing []string) {
	var b strings.Builder
	b.WriteString("package main\n")
	for _, imp := range missing {
		fmt.Fprintf(&b, "import %s\n", imp)
	}
	a.starts = make([]int, len(a.chunks))
	lines := lineStarts(code)
	seen := map[string]bool{}
	write := func(i int, prefix, text string) {
		line, col := place(lines, a.chunks[i].offset)
		fmt.Fprintf(&b, "%s/*line cell:%d:%d*/", prefix, line, col)
		a.starts[i] = b.Len()
		b.WriteString(text + "\n")
	}
	for i, c := range a.chunks {
		if c.kind == importDecl {
			write(i, "", c.text)
		}
	}
	for i, c := range a.chunks {
		switch c.kind {
		case define:
			names, again := defined(c.names, seen)
			if again {
				a.starts[i] = -1 // a second definition in one cell is an assignment
				continue
			}
			// The same width, so that columns stay.
			write(i, "var ", fmt.Sprintf("%-*s =", c.assign, names)+c.text[c.assign+2:])
		case typeDecl, constDecl, varDecl, funcDecl:
			write(i, "", c.text)
		}
	}
	b.WriteString("func _() {\n")
	for i, c := range a.chunks {
		switch {
		case c.kind == statement:
			write(i, "", c.text)
		case c.kind == define && a.starts[i] < 0:
			write(i, "", c.text[:c.assign]+" ="+c.text[c.assign+2:])
		}
	}
	b.WriteString("}\n")
	a.text = b.String()
}

// defined lists the names of a definition for the file, those that the cell has
// defined before as blanks, and tells whether nothing new is left.
func defined(names []string, seen map[string]bool) (list string, again bool) {
	out := make([]string, len(names))
	again = true
	for i, n := range names {
		out[i] = n
		if n != "_" && seen[n] {
			out[i] = "_"
		} else if n != "_" {
			again = false
		}
		seen[n] = true
	}
	return strings.Join(out, ","), again
}

func lineStarts(code string) []int {
	starts := []int{0}
	for i := range len(code) {
		if code[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func place(lines []int, offset int) (line, column int) {
	i, found := slices.BinarySearch(lines, offset)
	if !found {
		i--
	}
	return i + 1, offset - lines[i] + 1
}

func (a *assembly) parse(code string) []Error {
	a.fset = token.NewFileSet()
	file, err := parser.ParseFile(a.fset, "cell", a.text, parser.SkipObjectResolution|parser.AllErrors)
	a.file = file
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		a.base = a.fset.File(file.FileStart).Base()
		return nil
	}
	end := strings.Count(code, "\n") + 1
	var out []Error
	for _, e := range list {
		if e.Pos.Filename != "cell" || e.Pos.Line > end {
			e.Pos.Line, e.Pos.Column = end, len(code)-strings.LastIndexByte(code, '\n')
			if head, _, ok := strings.Cut(e.Msg, ", found "); ok {
				e.Msg = head + ", found the end of the cell"
			}
		}
		out = append(out, Error{e.Pos.Line, e.Pos.Column, "syntax error: " + e.Msg})
	}
	return out[:1]
}

// missing lists the packages that the cell selects from without an import.
func (l *Live) missing(a *assembly, _ bool) []string {
	known := map[string]bool{}
	for n := range l.names {
		known[n] = true
	}
	for _, d := range a.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				known[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					for _, n := range s.Names {
						known[n.Name] = true
					}
				case *ast.TypeSpec:
					known[s.Name.Name] = true
				case *ast.ImportSpec:
					known[importName(s)] = true
				}
			}
		}
	}
	members := map[string][]string{}
	ast.Inspect(a.file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && !known[id.Name] {
				members[id.Name] = append(members[id.Name], s.Sel.Name)
			}
		}
		return true
	})
	var out []string
	for n, m := range members {
		if p := l.packages.Resolve(n, m); p != "" {
			out = append(out, fmt.Sprintf("%s %q", n, p))
		}
	}
	slices.Sort(out)
	return out
}

func importName(s *ast.ImportSpec) string {
	if s.Name != nil {
		return s.Name.Name
	}
	p := strings.Trim(s.Path.Value, "\"`")
	n := p[strings.LastIndexByte(p, '/')+1:]
	if len(n) > 1 && n[0] == 'v' && strings.Trim(n[1:], "0123456789") == "" {
		p = strings.TrimSuffix(p, "/"+n)
		n = p[strings.LastIndexByte(p, '/')+1:]
	}
	return n
}

// check type-checks the file against what lives.
func (a *assembly) check(l *Live) []Error {
	a.last = a.lastExpr()
	a.pkg = types.NewPackage(path, path)
	declared := a.declared()
	for n, v := range l.names {
		if _, again := declared[n]; again {
			continue
		}
		if obj := renamed(a.pkg, n, v.object); obj != nil {
			a.pkg.Scope().Insert(obj)
		}
	}
	a.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	var out []Error
	config := types.Config{Importer: l.packages, Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) || e.Soft && strings.Contains(e.Msg, "not used") || a.isResult(e) {
			return
		}
		p := a.fset.Position(e.Pos)
		out = append(out, Error{p.Line, p.Column, e.Msg})
	}}
	_ = types.NewChecker(&config, a.fset, a.pkg, a.info).Files([]*ast.File{a.file}) // the errors are in out
	slices.SortStableFunc(out, func(x, y Error) int {
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Column - y.Column
	})
	return out
}

// isResult tells the complaint that the result of the cell is not used.
func (a *assembly) isResult(e types.Error) bool {
	return a.last != nil && strings.Contains(e.Msg, "is not used") && e.Pos >= a.last.Pos() && e.Pos <= a.last.End()
}

// declared lists the names that the cell declares at its top level.
func (a *assembly) declared() map[string]bool {
	out := map[string]bool{}
	for _, d := range a.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					for _, n := range s.Names {
						out[n.Name] = true
					}
				case *ast.TypeSpec:
					out[s.Name.Name] = true
				case *ast.ImportSpec:
					out[importName(s)] = true
				}
			}
		}
	}
	return out
}

// body is the function that holds the statements.
func (a *assembly) body() *ast.BlockStmt {
	for i := len(a.file.Decls) - 1; i >= 0; i-- {
		if f, ok := a.file.Decls[i].(*ast.FuncDecl); ok && f.Name.Name == "_" && f.Recv == nil {
			return f.Body
		}
	}
	return nil
}

// lastExpr is the expression that ends the cell, nil when it has no result.
func (a *assembly) lastExpr() ast.Expr {
	if len(a.chunks) == 0 {
		return nil
	}
	c := a.chunks[len(a.chunks)-1]
	body := a.body()
	if c.kind != statement || body == nil || len(body.List) == 0 {
		return nil
	}
	if s, ok := body.List[len(body.List)-1].(*ast.ExprStmt); ok && int(s.Pos())-a.base >= a.starts[len(a.starts)-1] {
		return s.X
	}
	return nil
}
