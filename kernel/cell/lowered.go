package cell

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell/lower"
)

// plan lowers a checked cell.
func (l *Live) plan(a *assembly, profile bool) (*Plan, []Error) {
	body := a.body()
	if only := a.constant(body); only != nil {
		return &Plan{Result: only, commit: func() {}, rollback: func() {}}, nil
	}
	l.session.Begin()
	l.cells++
	u := &lower.Unit{Fset: a.fset, Files: []*ast.File{a.file}, Pkg: a.pkg, Info: a.info, Body: body, Steps: a.steps(),
		Globals: a.globals(body), Program: a.program, Number: l.cells, Profile: profile}
	declared := l.declare(a, u)
	p := &Plan{Number: l.cells, Prints: !a.program && a.prints(body), Outdated: l.outdated(declared)}
	if c := len(a.chunks); c > 0 && a.last != nil && !a.chunks[c-1].hidden {
		if p.Result = a.result(); p.Result != nil {
			u.Result = a.last
		}
	}
	for _, m := range a.late {
		l.session.Late(u, m.name, m.obj)
	}
	out, err := l.session.Lower(u)
	if err != nil {
		var f *lower.Fault
		if errors.As(err, &f) {
			at := a.fset.Position(f.Pos)
			if !f.Pos.IsValid() {
				at.Line, at.Column = 1, 1
			}
			return nil, []Error{{at.Line, at.Column, "Nabla cannot run this yet: " + f.Text}}
		}
		return nil, []Error{{1, 1, err.Error()}}
	}
	p.take(out)
	p.commit = func() { l.commit(a, declared) }
	p.rollback = l.rollback
	return p, nil
}

// take notes what is lowered.
func (p *Plan) take(out *lower.Output) {
	p.Imports, p.Symbols = out.Imports, out.Symbols
	p.Types, p.Recursive, p.Declarations, p.Run = out.Types, out.Recursive, out.Text, out.Run
}

// prints tells that a statement at the top of the body calls the builtin print.
func (a *assembly) prints(body *ast.BlockStmt) bool {
	if body == nil {
		return false
	}
	return slices.ContainsFunc(body.List, func(s ast.Stmt) bool {
		e, ok := s.(*ast.ExprStmt)
		if !ok {
			return false
		}
		call, ok := ast.Unparen(e.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := call.Fun.(*ast.Ident)
		if !ok {
			return false
		}
		b, ok := a.info.Uses[id].(*types.Builtin)
		return ok && b.Name() == "print"
	})
}

// globals are the variables that live on: those of the package and those at the
// top of the body.
func (a *assembly) globals(body *ast.BlockStmt) map[types.Object]bool {
	out := map[types.Object]bool{}
	add := func(id *ast.Ident) {
		if obj, ok := a.info.Defs[id].(*types.Var); ok && id.Name != "_" {
			out[obj] = true
		}
	}
	names := func(d *ast.GenDecl) {
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				for _, n := range v.Names {
					add(n)
				}
			}
		}
	}
	for _, d := range a.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			names(g)
		}
	}
	if body == nil {
		return out
	}
	for _, s := range body.List {
		if labeled, ok := s.(*ast.LabeledStmt); ok {
			s = labeled.Stmt
		}
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, e := range s.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						add(id)
					}
				}
			}
		case *ast.DeclStmt:
			if g, ok := s.Decl.(*ast.GenDecl); ok {
				names(g)
			}
		}
	}
	return out
}

// declare lists what the cell adds to the living. A variable declared again
// with the same type is the same variable, so that earlier functions see its new
// value; a function declared again takes the place of the one before.
func (l *Live) declare(a *assembly, u *lower.Unit) map[string]name {
	out, sources := map[string]name{}, a.declaring()
	add := func(n string, obj types.Object) {
		if obj == nil || n == "_" || n == "init" {
			return
		}
		if old, ok := l.names[n]; ok {
			l.succeed(old.object, obj)
		}
		have := name{object: obj}
		if c, ok := sources[n]; ok {
			have.doc, have.source = commentBefore(a.code[:c.offset]), c.text
		}
		out[n] = have
	}
	late := map[string]bool{}
	for _, m := range a.late {
		late[m.name] = true
	}
	for n := range a.declared() {
		if !late[n] {
			add(n, a.pkg.Scope().Lookup(n))
		}
	}
	for obj := range u.Globals {
		if have, ok := out[obj.Name()]; ok && have.object.Pos() > obj.Pos() {
			continue
		}
		add(obj.Name(), obj)
	}
	for _, s := range a.file.Imports {
		obj, ok := a.info.Implicits[s].(*types.PkgName)
		if s.Name != nil {
			obj, ok = a.info.Defs[s.Name].(*types.PkgName)
		}
		if ok && a.written(s) {
			out[obj.Name()] = name{object: obj}
		}
	}
	return out
}

// outdated finds the functions of earlier cells that keep calling a function which
// is declared again with another signature.
func (l *Live) outdated(declared map[string]name) map[string][]string {
	out := map[string][]string{}
	for n, d := range declared {
		old, ok := l.names[n].object.(*types.Func)
		if !ok || types.Identical(old.Type(), d.object.Type()) {
			continue
		}
		for _, caller := range l.session.Callers(old) {
			if _, again := declared[caller]; !again {
				out[n] = append(out[n], caller)
			}
		}
	}
	return out
}

// written tells an import that stands in the cell from one that was added.
func (a *assembly) written(s *ast.ImportSpec) bool {
	at := int(s.Pos()) - a.base
	for i, c := range a.chunks {
		if c.kind == importDecl && at >= a.starts[i] && at < a.starts[i]+len(c.text) {
			return true
		}
	}
	return false
}

func (l *Live) succeed(old, obj types.Object) {
	if !types.Identical(old.Type(), obj.Type()) {
		return
	}
	switch obj := obj.(type) {
	case *types.Var:
		if o, ok := old.(*types.Var); ok {
			l.session.Alias(obj, o)
		}
	case *types.Func:
		if o, ok := old.(*types.Func); ok {
			l.session.Replace(o, obj)
		}
	}
}

// declaring gives for each name the chunk that declares it, the last where
// there are several.
func (a *assembly) declaring() map[string]chunk {
	out := map[string]chunk{}
	for _, c := range a.chunks {
		switch c.kind {
		case define, varDecl:
			for _, n := range c.names {
				out[n] = c
			}
		case funcDecl:
			if tokens := lex(c.text); len(tokens) > 1 {
				out[tokens[1].lit] = c
			}
		case typeDecl, constDecl:
			for _, n := range specNames(c.text) {
				out[n] = c
			}
		}
	}
	return out
}

// commentBefore is the text of the comment that ends right above the end of the
// code.
func commentBefore(code string) string {
	var list []*ast.Comment
	end := strings.LastIndexByte(code, '\n')
	for end > 0 {
		start := strings.LastIndexByte(code[:end], '\n') + 1
		line := strings.TrimSpace(code[start:end])
		if !strings.HasPrefix(line, "//") {
			break
		}
		list = append(list, &ast.Comment{Text: line})
		end = start - 1
	}
	slices.Reverse(list)
	return (&ast.CommentGroup{List: list}).Text()
}

// constant is the result of a cell that is one constant expression and nothing
// else, so that there is nothing to run; nil for other cells.
func (a *assembly) constant(body *ast.BlockStmt) *Result {
	c := len(a.chunks)
	if body == nil || len(body.List) != 1 || len(a.file.Decls) != 1 || len(a.late) > 0 || c == 0 || a.last == nil || a.chunks[c-1].hidden {
		return nil
	}
	if r := a.result(); r != nil && r.Const != nil {
		return r
	}
	return nil
}

// result says what the last expression gives, nil for nothing.
func (a *assembly) result() *Result {
	tv := a.info.Types[a.last]
	r := &Result{}
	switch t := tv.Type.(type) {
	case nil:
		return nil
	case *types.Tuple:
		if t.Len() == 0 {
			return nil
		}
		for i := range t.Len() {
			r.Types = append(r.Types, t.At(i).Type())
			r.Count = r.Count || t.At(i).Name() == "n"
		}
	case *types.Basic:
		if t.Kind() == types.UntypedNil || tv.IsVoid() {
			return nil
		}
		r.Types, r.Const = []types.Type{types.Default(t)}, tv.Value
	default:
		if tv.IsVoid() || tv.IsType() {
			return nil
		}
		r.Types, r.Const = []types.Type{t}, nil
	}
	return r
}

// commit makes the declarations live.
func (l *Live) commit(a *assembly, declared map[string]name) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n, v := range declared {
		l.names[n] = v
	}
}

func (l *Live) rollback() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.session.Rollback()
}
