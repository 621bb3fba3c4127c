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
	code    string // of the cell
	chunks  []chunk
	program bool // a whole program: its variables are those of a package
	hoisted map[int]bool
	// unordered are the hoisted declarations of variables whose initial values are
	// computed in the order in which they need one another.
	unordered map[int]bool
	text      string
	starts    []int // of each chunk's text in text; -1 for a chunk that is left out
	fset      *token.FileSet
	file      *ast.File
	base      int // of the file in the file set
	pkg       *types.Package
	info      *types.Info
	last      ast.Expr // the last expression, when the cell may have a result
	late      []late   // methods of types of earlier cells
}

// newAssembly cuts a cell into chunks.
func newAssembly(code string) *assembly {
	a := &assembly{code: code, chunks: chunks(code), hoisted: map[int]bool{}, unordered: map[int]bool{}}
	statements := false
	for i := range a.chunks {
		switch c := &a.chunks[i]; c.kind {
		case packageClause:
			a.program = true
		case statement, define:
			statements = true
		case varDecl:
			c.names = specNames(c.text)
		}
	}
	if !statements && slices.ContainsFunc(a.chunks, func(c chunk) bool { return c.kind == funcDecl && strings.HasPrefix(c.text, "func main()") }) {
		a.program = true
	}
	a.chunks = slices.DeleteFunc(a.chunks, func(c chunk) bool { return c.kind == packageClause })
	a.hoist()
	a.anyOrder()
	return a
}

// File is a cell as one file, whose positions are those in the cell; nil when it
// is too broken.
func File(code string) (*token.FileSet, *ast.File) {
	a := newAssembly(code)
	a.assemble(code, nil)
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "cell", a.text, parser.SkipObjectResolution|parser.AllErrors) // errors leave a part of it
	return fset, file
}

// specNames lists what a declaration of variables, constants or types declares.
func specNames(text string) (names []string) {
	file, _ := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution) // errors are found later
	if file == nil {
		return nil
	}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			}
		}
	}
	return names
}

// hoist finds the variables that functions of the cell use: they are declared
// before the statements. All others come to be when their statement runs, as in
// a function.
func (a *assembly) hoist() {
	used := map[string]bool{}
	mention := func(text string) {
		for _, l := range lex(text) {
			if l.tok == token.IDENT {
				used[l.lit] = true
			}
		}
	}
	for _, c := range a.chunks {
		if c.kind == funcDecl || c.kind == typeDecl || c.kind == constDecl {
			mention(c.text)
		}
	}
	for i := range a.hoisted {
		mention(a.chunks[i].text)
	}
	for again := true; again; {
		again = false
		for i, c := range a.chunks {
			if c.kind != define && c.kind != varDecl || a.hoisted[i] {
				continue
			}
			if a.program || slices.ContainsFunc(c.names, func(n string) bool { return used[n] }) {
				a.hoisted[i], again = true, true
				mention(c.text)
			}
		}
	}
}

// assemble writes the file.
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
		switch {
		case c.kind == define && a.hoisted[i]:
			names, again := defined(c.names, seen)
			if again {
				a.starts[i] = -1 // a second definition in one cell is an assignment
				continue
			}
			// The same width, so that columns stay.
			write(i, "var ", fmt.Sprintf("%-*s =", c.assign, names)+c.text[c.assign+2:])
		case c.kind == typeDecl, c.kind == constDecl, c.kind == varDecl && a.hoisted[i]:
			write(i, "", c.text)
		case c.kind == funcDecl:
			if text, ok := a.lateText(i, lines); ok {
				write(i, "", text)
			} else {
				write(i, "", c.text)
			}
		}
	}
	b.WriteString("func _() {\n")
	for i, c := range a.chunks {
		switch {
		case c.kind == statement, (c.kind == define || c.kind == varDecl) && !a.hoisted[i]:
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
	if out := syntaxErrors(code, a.chunks); len(out) > 0 {
		return out
	}
	first := list[0] // of a cell whose chunks are right one by one
	return []Error{{first.Pos.Line, first.Pos.Column, syntaxPrefix + first.Msg}}
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

// chunkFinder gives a function that finds the chunk which a node comes from, -1
// for none.
func (a *assembly) chunkFinder() func(n ast.Node) int {
	var placed []int
	for i, start := range a.starts {
		if start >= 0 {
			placed = append(placed, i)
		}
	}
	slices.SortFunc(placed, func(x, y int) int { return a.starts[x] - a.starts[y] })
	return func(n ast.Node) int {
		at := int(n.Pos()) - a.base
		next, _ := slices.BinarySearchFunc(placed, at+1, func(i, at int) int { return a.starts[i] - at })
		if next > 0 {
			if i := placed[next-1]; at < a.starts[i]+len(a.chunks[i].text) {
				return i
			}
		}
		if next < len(placed) && at >= a.starts[placed[next]]-longestVar && strings.HasPrefix(a.text[at:], "var ") {
			return placed[next] // the word was added before the chunk
		}
		return -1
	}
}

// longestVar bounds what is written before a chunk that becomes a declaration:
// var, and the line that it comes from.
const longestVar = len("var ") + 40

// steps lists the statements and declarations of variables in the order in
// which they run.
func (a *assembly) steps() []ast.Node {
	type step struct {
		chunk int
		node  ast.Node
	}
	var all []step
	chunkAt := a.chunkFinder()
	for _, d := range a.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR && !a.program {
			all = append(all, step{chunkAt(g), g})
		}
	}
	if body := a.body(); body != nil {
		for _, s := range body.List {
			all = append(all, step{chunkAt(s), s})
		}
	}
	slices.SortStableFunc(all, func(x, y step) int { return x.chunk - y.chunk })
	var out []ast.Node
	for i := 0; i < len(all); i++ {
		var run []ast.Node
		for ; i < len(all) && a.unordered[all[i].chunk]; i++ {
			run = append(run, all[i].node)
		}
		out = append(out, a.ordered(run)...)
		if i < len(all) {
			out = append(out, all[i].node)
		}
	}
	return out
}
