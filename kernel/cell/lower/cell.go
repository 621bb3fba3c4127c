package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// declare gives names to the globals of a cell and queues its functions.
func (s *Session) declare(u *Unit) {
	s.collect(u)
	globals := slices.SortedFunc(maps.Keys(u.Globals), func(a, b types.Object) int { return int(a.Pos() - b.Pos()) })
	for _, obj := range globals {
		if _, known := s.globals[obj]; known {
			continue
		}
		v, ok := obj.(*types.Var)
		if !ok {
			continue
		}
		name := s.fresh(obj.Name())
		put(s, s.globals, obj, name)
		s.text = append(s.text, "var "+name+" "+s.goType(s.substitute(v.Type(), nil))+"\n")
	}
	for _, file := range u.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil || fd.Body == u.Body || fd.Name.Name == "_" && fd.Recv == nil {
				continue
			}
			obj, ok := u.Info.Defs[fd.Name].(*types.Func)
			if !ok {
				continue
			}
			if sig := obj.Signature(); !s.lateNames[obj] && sig.TypeParams().Len() == 0 && sig.RecvTypeParams().Len() == 0 {
				s.function(obj, nil)
			}
		}
	}
}

// Alias makes what is known of one object hold for another: a variable declared
// again with the same type is the same variable.
func (s *Session) Alias(obj, as types.Object) {
	if name, ok := s.globals[as]; ok {
		put(s, s.globals, obj, name)
	}
}

// Internal is the name of a variable in lowered code, "" when it has none.
func (s *Session) Internal(obj types.Object) string { return s.globals[obj] }

// regard describes the method sets anew after a type has been given a method.
func (s *Session) regard() {
	for _, d := range s.descs {
		if isInterface(d.typ) || d.rt.Exact {
			continue
		}
		if types.NewMethodSet(d.typ).Len() == d.own && (!s.hasMethods(d.typ) || s.methodSet(d.typ).Len() == d.ofPtr) {
			continue
		}
		s.describeMethods(d)
		put(s, s.registered, d, false)
	}
}

// body lowers what the cell runs: for statements in their order, for a whole
// program its variables in the order of initialization, init and main.
func (s *Session) body(u *Unit) string {
	f := s.loose(u)
	f.alone = true
	f.shared.captured = map[types.Object]bool{}
	for _, file := range u.Files {
		for _, d := range file.Decls {
			for obj := range captured(u.Info, d) {
				f.shared.captured[obj] = true
			}
		}
	}
	deferring := u.Body != nil && hasDefer(u.Body)
	if deferring {
		f.frame, f.body = f.fresh("frame"), true
		f.line("%s := %s.NewFrame()", f.frame, Runtime)
		f.line("body := func() {")
	}
	if u.Program {
		f.variables()
	}
	f.entries("init")
	for _, step := range u.Steps {
		f.step(step)
	}
	if deferring {
		f.line("}")
		f.line("%s.Run(%s, body)", Runtime, f.frame)
	}
	if u.Program {
		f.entries("main")
	}
	return f.marks.declaration() + f.slots.declaration() + f.out.String()
}

// variables initializes the package variables of a whole program.
func (f *fn) variables() {
	for _, init := range f.u.Info.InitOrder {
		f.reach(init.Rhs)
		f.initialize(init)
	}
}

// initialize sets the variables of one declaration.
func (f *fn) initialize(init *types.Initializer) {
	if len(init.Lhs) == 1 {
		v := init.Lhs[0]
		if v.Name() == "_" {
			f.exprDiscard(init.Rhs)
			return
		}
		f.line("%s = %s", f.variable(v), f.conv(init.Rhs, v.Type()))
		return
	}
	values := f.several(len(init.Lhs), ast.Unparen(init.Rhs))
	for i, v := range init.Lhs {
		if v.Name() != "_" {
			f.line("%s = %s", f.variable(v), f.convText(values[i].text, values[i].typ, f.typ(v.Type())))
		}
	}
}

// entries calls init or main.
func (f *fn) entries(name string) {
	for _, file := range f.u.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Recv != nil || fd.Name.Name != name || fd.Body == f.u.Body {
				continue
			}
			i := f.s.function(f.u.Info.Defs[fd.Name].(*types.Func), nil)
			args := ""
			if i.token {
				args = "nil"
			}
			f.reach(fd)
			f.line("%s(%s)", i.name, args)
		}
	}
}

// step lowers one top-level statement, or the declaration of variables that are
// set when it is reached.
func (f *fn) step(n ast.Node) {
	f.reach(n)
	switch n := n.(type) {
	case *ast.GenDecl:
		if n.Tok == token.VAR {
			f.countTop(n)
			for _, spec := range n.Specs {
				f.varSpec(spec.(*ast.ValueSpec))
			}
		}
	case *ast.ExprStmt:
		if n.X == f.u.Result {
			f.countTop(n)
			f.result(n.X)
			return
		}
		f.stmt(n)
	case ast.Stmt:
		f.stmt(n)
	}
}

// reach notes the line of the cell that begins to run.
func (f *fn) reach(n ast.Node) {
	line := f.u.Fset.Position(n.Pos()).Line
	f.line("%s.Line(%d)", Runtime, line)
	f.mark(line)
}

// result hands the value of the last expression to the engine.
func (f *fn) result(e ast.Expr) {
	universe := types.Universe.Lookup("any").Type()
	t := f.typeOf(e)
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			f.stmt(&ast.ExprStmt{X: e})
			return
		}
		var names, values []string
		for i := range tuple.Len() {
			n := f.fresh("v")
			names = append(names, n)
			values = append(values, f.convText(n, f.typ(tuple.At(i).Type()), universe))
		}
		f.line("%s := %s", strings.Join(names, ", "), f.expr(e))
		f.line("%s.Result(%s)", Runtime, strings.Join(values, ", "))
		return
	}
	if isNil(f.u.Info, e) || isUntypedBig(f.u.Info.Types[e]) {
		return
	}
	if t == nil || f.u.Info.Types[e].IsVoid() {
		f.stmt(&ast.ExprStmt{X: e})
		return
	}
	f.line("%s.Result(%s)", Runtime, f.conv(e, universe))
}

// isUntypedBig tells an integer constant that no int holds, of which the plan
// says the value.
func isUntypedBig(tv types.TypeAndValue) bool {
	if b, ok := tv.Type.(*types.Basic); !ok || tv.Value == nil || b.Info()&types.IsInteger == 0 {
		return false
	}
	_, fits := constant.Int64Val(constant.ToInt(tv.Value))
	return !fits
}

// Value gives what evaluates a live variable to an interface{}.
func (s *Session) Value(obj types.Object) *Output {
	s.Begin()
	f := s.loose(&Unit{Info: NewInfo()})
	text := f.variable(obj.(*types.Var))
	if t := s.substitute(obj.Type(), nil); !isInterface(t) {
		text = f.box(text, t)
	}
	if err := s.drain(); err != nil {
		return &Output{Run: "nil"}
	}
	if define := s.defining() + join(s.late); define != "" { // the types that the value needs
		name := s.fresh("value")
		s.text = append(s.text, "func "+name+"() interface{} {\n"+define+"return "+text+"\n}\n")
		text = name + "()"
	}
	s.out.Types, s.out.Text, s.out.Run = join(s.structs), join(s.text), text
	return s.out
}

// Late makes the function of a unit the body of a method that is declared apart
// from its type.
func (s *Session) Late(u *Unit, function string, m *types.Func) {
	if m == nil {
		return
	}
	for _, file := range u.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Name.Name != function || fd.Recv != nil {
				continue
			}
			obj, ok := u.Info.Defs[fd.Name].(*types.Func)
			if !ok {
				continue
			}
			s.lateNames[obj] = true
			s.late2 = append(s.late2, lateMethod{u, fd, obj, m})
		}
	}
}

// Replace makes a function that is declared again the one that callers of the
// old one call.
func (s *Session) Replace(old, obj *types.Func) {
	s.replaced = append(s.replaced, [2]*types.Func{old, obj})
}

// A lateMethod is a method with the function that is its body.
type lateMethod struct {
	unit     *Unit
	node     *ast.FuncDecl
	function *types.Func
	method   *types.Func
}

// methods declares the late methods: those of an earlier cell are lowered
// again with what calls them.
func (s *Session) methods() {
	for _, m := range s.late2 {
		delete(s.decls, m.function)
		if s.decls[m.method] != nil {
			s.again(m.method, func() { put(s, s.decls, types.Object(m.method), &declared{m.unit, m.node}) })
		} else {
			put(s, s.decls, types.Object(m.method), &declared{m.unit, m.node})
			s.regard()
		}
		s.function(m.method, nil)
	}
	s.late2 = nil
	for _, r := range s.replaced {
		old, obj := r[0], r[1]
		s.again(old, func() { put(s, s.redirected, types.Object(old), types.Object(obj)) })
	}
	s.replaced = nil
}

// Callers names the functions, and methods with their types, that call obj.
func (s *Session) Callers(obj *types.Func) []string {
	names := map[string]bool{}
	for _, target := range s.byFunc[obj] {
		for _, list := range s.byFunc {
			for _, i := range list {
				if !i.uses[target] || i.obj == obj || s.redirected[i.obj] != nil || !isCell(i.obj.Pkg()) {
					continue
				}
				name := i.obj.Name()
				if r := i.obj.Signature().Recv(); r != nil {
					name = receiverName(r.Type()) + "." + name
				}
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// again lowers once more, after the change, every function that calls the
// instances of obj, and what calls those.
func (s *Session) again(obj *types.Func, change func()) {
	affected := map[*instance]bool{}
	queue := slices.Clone(s.byFunc[obj])
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		for _, list := range s.byFunc {
			for _, i := range list {
				if i.uses[target] && !affected[i] && i != target {
					affected[i] = true
					queue = append(queue, i)
				}
			}
		}
	}
	change()
	put(s, s.byFunc, types.Object(obj), nil)
	for i := range affected {
		key := types.Object(i.obj)
		var rest []*instance
		for _, other := range s.byFunc[key] {
			if other != i {
				rest = append(rest, other)
			}
		}
		put(s, s.byFunc, key, rest)
	}
	for _, i := range slices.SortedFunc(maps.Keys(affected), func(a, b *instance) int { return strings.Compare(a.name, b.name) }) {
		s.function(i.obj, i.args)
	}
	for _, d := range s.descs {
		if s.registered[d] {
			put(s, s.registered, d, false)
		}
	}
}
