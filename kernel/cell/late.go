package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A late is a method that a cell declares for a type of an earlier cell. The
// checker takes methods only with their type, so it is checked as a function
// whose first parameter is the receiver.
type late struct {
	chunk  int
	base   string // name of the type
	method string
	name   string // of the function
	obj    *types.Func
}

// findLate notes the methods of types of earlier cells.
func (a *assembly) findLate(l *Live) {
	own := map[string]bool{}
	for _, c := range a.chunks {
		if c.kind == typeDecl {
			for _, x := range lex(c.text) {
				if x.tok == token.IDENT {
					own[x.lit] = true
				}
			}
		}
	}
	a.late = nil
	for i, c := range a.chunks {
		if c.kind != funcDecl {
			continue
		}
		base, method := receiverOf(c.text)
		if base == "" || own[base] {
			continue
		}
		if t, ok := l.names[base].object.(*types.TypeName); ok && !t.IsAlias() {
			a.late = append(a.late, late{chunk: i, base: base, method: method, name: fmt.Sprintf("%sˍ%sˍ%d", base, method, i)})
		}
	}
}

// lateGeneric complains of methods of generic types of earlier cells: their
// instances have taken the methods that there were, and the checker gives them no
// more.
func (a *assembly) lateGeneric(l *Live, code string) (out []Error) {
	own := map[string]bool{}
	for _, c := range a.chunks {
		if c.kind == typeDecl {
			for _, n := range c.names {
				own[n] = true
			}
		}
	}
	for _, c := range a.chunks {
		if c.kind != funcDecl {
			continue
		}
		base, method, at := genericReceiver(c.text)
		t, ok := l.names[base].object.(*types.TypeName)
		if base == "" || own[base] || !ok {
			continue
		}
		if n, ok := t.Type().(*types.Named); !ok || n.TypeParams().Len() == 0 {
			continue
		}
		line, column := place(lineStarts(code), c.offset+at)
		out = append(out, Error{line, column, fmt.Sprintf("method %s of the generic type %s is declared after it: declare %s again with all its methods in one cell", method, base, base)})
	}
	return out
}

// genericReceiver gives the base type, the name of a method with type parameters
// and where the base stands; base is empty for anything else.
func genericReceiver(text string) (base, method string, at int) {
	run := lex(text)
	if len(run) < 5 || run[1].tok != token.LPAREN {
		return "", "", 0
	}
	i := 2
	for ; i < len(run) && run[i].tok != token.LBRACK && run[i].tok != token.RPAREN; i++ {
		if run[i].tok == token.IDENT {
			base, at = run[i].lit, run[i].at
		}
	}
	if i == len(run) || run[i].tok == token.RPAREN {
		return "", "", 0
	}
	for ; i < len(run) && run[i].tok != token.RPAREN; i++ {
	}
	if i+1 >= len(run) || run[i+1].tok != token.IDENT {
		return "", "", 0
	}
	return base, run[i+1].lit, at
}

// receiverOf gives the base type and the name of a method without type
// parameters; base is empty for anything else.
func receiverOf(text string) (base, method string) {
	run := lex(text)
	if len(run) < 5 || run[1].tok != token.LPAREN {
		return "", ""
	}
	i := 2
	for ; i < len(run) && run[i].tok != token.RPAREN; i++ {
		if run[i].tok == token.IDENT {
			base = run[i].lit
		}
		if run[i].tok == token.LBRACK {
			return "", ""
		}
	}
	if i+1 >= len(run) || run[i+1].tok != token.IDENT {
		return "", ""
	}
	return base, run[i+1].lit
}

// lateText writes a late method as a function; columns are kept from its
// parameters on.
func (a *assembly) lateText(i int, lines []int) (string, bool) {
	for _, m := range a.late {
		if m.chunk != i {
			continue
		}
		c := a.chunks[i]
		run := lex(c.text)
		shut := 2
		for run[shut].tok != token.RPAREN {
			shut++
		}
		recv := c.text[run[1].end:run[shut].at]
		if !strings.Contains(strings.TrimSpace(strings.ReplaceAll(recv, "*", "")), " ") {
			recv = "_ " + recv
		}
		params := run[shut+2] // the parenthesis after the name
		if params.tok != token.LPAREN {
			return "", false
		}
		rest := c.text[params.end:]
		line, col := place(lines, c.offset+params.end)
		sep := ", "
		if run[shut+3].tok == token.RPAREN {
			sep = ""
		}
		return fmt.Sprintf("func %s(%s%s/*line cell:%d:%d*/%s", m.name, recv, sep, line, col, rest), true
	}
	return "", false
}

// lacking is the complaint that a type has not got a method.
var lacking = newPattern(`has no field or method (\w+)|missing method (\w+)`)

// untilLate keeps the errors that do not come of a late method that its type has
// not got yet.
func (a *assembly) untilLate(errs []Error) []Error {
	return slices.DeleteFunc(errs, func(e Error) bool {
		m := lacking().FindStringSubmatch(e.Message)
		return m != nil && slices.ContainsFunc(a.late, func(l late) bool { return l.method == m[1]+m[2] })
	})
}

// addLate gives the types their late methods, by the signatures that a check of
// the functions alone finds.
func (a *assembly) addLate(l *Live) []Error {
	if len(a.late) == 0 {
		return nil
	}
	file := &ast.File{Name: a.file.Name, Imports: a.file.Imports, FileStart: a.file.FileStart, FileEnd: a.file.FileEnd}
	for _, d := range a.file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				file.Decls = append(file.Decls, d)
			}
		case *ast.FuncDecl:
			for _, m := range a.late {
				if d.Name.Name == m.name {
					file.Decls = append(file.Decls, d)
				}
			}
		}
	}
	pkg := types.NewPackage(path, path)
	a.seed(l, pkg)
	config := types.Config{Importer: l.session, IgnoreFuncBodies: true, Error: func(error) {}}
	_ = types.NewChecker(&config, a.fset, pkg, nil).Files([]*ast.File{file}) // the check of the whole cell says what is wrong
	for i := range a.late {
		m := &a.late[i]
		f, ok := pkg.Scope().Lookup(m.name).(*types.Func)
		if !ok || f.Signature().Params().Len() == 0 {
			continue
		}
		if err := m.add(l, pkg, f.Signature()); err != "" {
			at := a.fset.Position(token.Pos(a.base + a.starts[m.chunk]))
			return []Error{{at.Line, at.Column, err}}
		}
	}
	return nil
}

// add adds the method to its type, or finds the one that is declared again.
func (m *late) add(l *Live, pkg *types.Package, sig *types.Signature) string {
	named, ok := l.names[m.base].object.Type().(*types.Named)
	if !ok {
		return "invalid receiver type " + m.base
	}
	recv := sig.Params().At(0)
	var params []*types.Var
	for i := 1; i < sig.Params().Len(); i++ {
		params = append(params, sig.Params().At(i))
	}
	method := types.NewSignatureType(recv, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	for old := range named.Methods() {
		if old.Name() != m.method {
			continue
		}
		if !types.Identical(old.Signature(), method) || isPointer(old.Signature().Recv().Type()) != isPointer(recv.Type()) {
			return fmt.Sprintf("method %s.%s is declared already with another signature: declare the type again with it", m.base, m.method)
		}
		m.obj = old
		return ""
	}
	if s, ok := named.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if f.Name() == m.method {
				return fmt.Sprintf("field and method with the same name %s", m.method)
			}
		}
	}
	m.obj = types.NewFunc(token.NoPos, named.Obj().Pkg(), m.method, method)
	named.AddMethod(m.obj)
	return ""
}

func isPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}
