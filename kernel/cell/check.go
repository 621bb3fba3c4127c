package cell

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell/lower"
)

// Check checks the Go of a cell and plans its evaluation. The errors are all
// that the parser or the checker found.
func (l *Live) Check(code string) (plan *Plan, faults []Error) { return l.check(code, false) }

// CheckProfiled is Check for a cell whose lines are to be timed.
func (l *Live) CheckProfiled(code string) (*Plan, []Error) { return l.check(code, true) }

func (l *Live) check(code string, profile bool) (plan *Plan, faults []Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() {
		if r := recover(); r != nil { // a fault of ours must not take the session with it
			l.session.Rollback()
			plan, faults = nil, []Error{{1, 1, fmt.Sprintf("Nabla cannot run this yet: %v", r)}}
		}
	}()
	if at := openComment(code); at >= 0 {
		line, column := place(lineStarts(code), at)
		return nil, []Error{{line, column, "comment not terminated"}}
	}
	a := newAssembly(code)
	a.findLate(l)
	a.assemble(code, nil)
	if errs := a.parse(code); len(errs) > 0 {
		return nil, errs
	}
	if missing := l.missing(a); len(missing) > 0 {
		a.assemble(code, missing)
		if errs := a.parse(code); len(errs) > 0 {
			return nil, errs
		}
	}
	if errs := a.lateGeneric(l, code); len(errs) > 0 {
		return nil, errs
	}
	if len(a.late) > 0 { // a type keeps the methods that it was given: only a right cell may give them
		if errs := a.untilLate(a.check(l)); len(errs) > 0 {
			return nil, errs
		}
	}
	if errs := a.addLate(l); len(errs) > 0 {
		return nil, errs
	}
	if errs := a.check(l); len(errs) > 0 {
		return nil, errs
	}
	return l.plan(a, profile)
}

// missing lists the packages that the cell selects from without an import.
func (l *Live) missing(a *assembly) []string {
	known := map[string]bool{}
	for n := range l.names {
		known[n] = true
	}
	for n := range a.declared() {
		known[n] = true
	}
	for i, c := range a.chunks {
		if !a.hoisted[i] {
			for _, n := range c.names {
				if c.kind == define || c.kind == varDecl {
					known[n] = true
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

// seed puts what lives into the scope of a package, but for what the cell
// declares itself.
func (a *assembly) seed(l *Live, pkg *types.Package) {
	declared := a.declared()
	for n, v := range l.names {
		if declared[n] {
			continue
		}
		if obj := renamed(pkg, n, v.object); obj != nil {
			pkg.Scope().Insert(obj)
		}
	}
}

// check type-checks the file against what lives.
func (a *assembly) check(l *Live) []Error {
	a.last = a.lastExpr()
	a.pkg = types.NewPackage(path, path)
	a.seed(l, a.pkg)
	a.info = lower.NewInfo()
	var out []Error
	config := types.Config{Importer: l.session, Context: l.context, Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) || e.Soft && strings.Contains(e.Msg, "not used") && !strings.HasPrefix(e.Msg, "label ") || a.isResult(e) {
			return
		}
		if strings.HasPrefix(e.Msg, "implicit assignment to unexported field") && qualified().MatchString(e.Msg) {
			return // the type is of an earlier cell, which is the same package to a person
		}
		if label, ok := unusedLabel(e.Msg); ok && a.goesTo(label) {
			return
		}
		said := a.compiler(e)
		p, text := a.fset.Position(said.pos), said.text
		if more, ok := strings.CutPrefix(text, "\t"); ok && len(out) > 0 { // belongs to the error before it
			if strings.HasPrefix(out[len(out)-1].Message, "label ") {
				return // which names the place
			}
			out[len(out)-1].Message += fmt.Sprintf("\n\t%d:%d: %s", p.Line, p.Column, more)
			return
		}
		if n := len(out); n > 0 && out[n-1].Line == p.Line && out[n-1].Message == text {
			return // the compiler says a thing once a line
		}
		out = append(out, Error{p.Line, p.Column, text})
	}}
	_ = types.NewChecker(&config, a.fset, a.pkg, a.info).Files([]*ast.File{a.file}) // the errors are in out
	right := len(out) == 0
	for _, d := range a.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil && right { // told by the compiler's next pass
			p := a.fset.Position(f.Name.Pos())
			out = append(out, Error{p.Line, p.Column, "missing function body"})
		}
	}
	slices.SortStableFunc(out, func(x, y Error) int {
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Column - y.Column
	})
	return out
}

// unusedLabel is the label that an error says is not used.
func unusedLabel(message string) (string, bool) {
	label, ok := strings.CutPrefix(message, "label ")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(label, " declared and not used")
}

// isResult tells the complaint that the result of the cell is not used.
func (a *assembly) isResult(e types.Error) bool {
	return a.last != nil && strings.Contains(e.Msg, "is not used") && e.Pos >= a.last.Pos() && e.Pos <= a.last.End()
}

// declared lists the names that the file declares at its top level.
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
