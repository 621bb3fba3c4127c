package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// An instance is one function of the lowered code: a function or method for one
// list of type arguments.
type instance struct {
	name  string
	obj   *types.Func
	args  []types.Type
	token bool // takes the panic of the frame that calls it by defer
	uses  map[*instance]bool
}

// A fn lowers the body of one function or function literal.
type fn struct {
	s       *Session
	u       *Unit
	inst    *instance
	subst   map[*types.TypeParam]types.Type
	shared  *shared
	out     *strings.Builder
	results []result
	named   bool   // results have names, so that return means their values
	frame   string // the variable that holds the deferred calls
	body    bool   // inside the literal that rt.Run calls: results are assigned
	panic   string // the variable with the panic that recover ends
	loops   []*loop
	inRange *rangeFunc
	alone   bool // no two goroutines are in it
	gotos   map[*ast.Ident]bool
	marks   *marks
	slots   *slots
	leading []string // parameters before those of the declaration
	framed  bool     // deferred calls are kept in a frame of ours
	inHead  bool     // in the head of a loop, before which nothing may be evaluated
	early   bool     // in a statement of a loop, before which operands may be evaluated
}

// shared is what a function and the literals inside of it have in common.
type shared struct {
	names    map[types.Object]string
	count    int
	captured map[types.Object]bool
	root     ast.Node                 // the declaration, nil where a cell's statements run
	lifted   map[types.Object]*lifted // what variables stand for that are only called
}

type result struct {
	name string
	typ  types.Type
}

// function gives the name of the lowered form of a function or method.
func (s *Session) function(obj *types.Func, args []types.Type) *instance {
	obj = obj.Origin()
	for s.redirected[obj] != nil {
		obj = s.redirected[obj].(*types.Func)
	}
	for _, i := range s.byFunc[obj] {
		if identicalLists(i.args, args) {
			return i
		}
	}
	if s.ofModule(obj.Pkg()) {
		s.require(obj.Pkg())
	}
	d := s.decls[obj]
	if d == nil {
		fail(obj.Pos(), "%s has no body that could be run", obj.FullName())
	}
	if len(s.byFunc[obj]) > 500 {
		fail(obj.Pos(), "%s is instantiated without end", obj.Name())
	}
	name := obj.Name()
	if r := obj.Signature().Recv(); r != nil {
		name = receiverName(r.Type()) + "ˍ" + name
	}
	i := &instance{name: s.fresh(name), obj: obj, args: args, token: recovers(d.unit.Info, d.node.Body), uses: map[*instance]bool{}}
	put(s, s.byFunc, types.Object(obj), append(s.byFunc[obj][:len(s.byFunc[obj]):len(s.byFunc[obj])], i))
	s.queue = append(s.queue, func() error { return s.emit(i, d) })
	return i
}

func receiverName(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return "type"
}

func identicalLists(a, b []types.Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !types.Identical(a[i], b[i]) {
			return false
		}
	}
	return true
}

// emit writes an instance.
func (s *Session) emit(i *instance, d *declared) error {
	s.emitting = d.unit
	f := &fn{s: s, u: d.unit, inst: i, subst: map[*types.TypeParam]types.Type{}, out: &strings.Builder{}, marks: &marks{}, slots: &slots{}, alone: isMain(d)}
	f.shared = &shared{names: map[types.Object]string{}, captured: captured(d.unit.Info, d.node), root: d.node}
	sig := i.obj.Signature()
	params := sig.TypeParams()
	if sig.Recv() != nil {
		params = sig.RecvTypeParams()
	}
	for k := range params.Len() {
		f.subst[params.At(k)] = i.args[k]
	}
	if params.Len() > 0 {
		f.subst[localKey] = types.NewStruct([]*types.Var{types.NewField(0, nil, i.name, types.Typ[types.Int], false)}, nil)
	}
	text := f.function(i.name, d.node.Recv, d.node.Type, d.node.Body, sig)
	s.text = append(s.text, "//line "+f.place(d.node.Pos())+"\n"+text+"\n")
	s.emitting = nil
	return nil
}

// isMain tells the main of a whole program that nothing but the cell calls.
func isMain(d *declared) bool {
	obj := d.unit.Info.Defs[d.node.Name]
	if !d.unit.Program || d.node.Recv != nil || d.node.Name.Name != "main" {
		return false
	}
	for _, used := range d.unit.Info.Uses {
		if used == obj {
			return false
		}
	}
	return true
}

// place is a position for a line directive. The interpreter finds imports by
// the name of the file, which is always the same; the number of the unit is part
// of the line.
func (f *fn) place(p token.Pos) string {
	return "_.go:" + strconv.Itoa(f.u.Number*UnitLines+max(f.u.Fset.Position(p).Line, 1))
}

// UnitLines is the number of lines that a unit has in the interpreter's
// positions.
const UnitLines = rt.UnitLines

// function writes a function with its header; name is empty for a literal.
func (f *fn) function(name string, recv *ast.FieldList, t *ast.FuncType, body *ast.BlockStmt, sig *types.Signature) string {
	return f.functionWith(name, recv, t, body, sig, "")
}

// functionWith is function for a literal that takes the panic of the frame that
// defers it when token is not empty.
func (f *fn) functionWith(name string, recv *ast.FieldList, t *ast.FuncType, body *ast.BlockStmt, sig *types.Signature, token string) string {
	var params, head []string
	f.panic = ""
	switch recover := recovers(f.u.Info, body); {
	case token != "" || recover && name != "":
		f.panic = f.fresh("panic")
		params = append(params, f.panic+" *"+Runtime+".Panicking")
	case recover:
		f.panic = f.fresh("panic")
		head = append(head, f.panic+" := "+claim)
	}
	leading := f.leading
	params, f.leading = append(params, leading...), nil
	lists := []*ast.FieldList{t.Params}
	if recv != nil {
		lists = []*ast.FieldList{recv, t.Params}
	}
	for _, list := range lists {
		for _, field := range list.List {
			typ := ""
			if e, ok := field.Type.(*ast.Ellipsis); ok {
				typ = "..." + f.s.goType(f.typ(f.u.Info.Types[e.Elt].Type))
			} else {
				typ = f.s.goType(f.typ(f.u.Info.Types[field.Type].Type))
			}
			if len(field.Names) == 0 {
				params = append(params, f.fresh("blank")+" "+typ)
			}
			for _, id := range field.Names {
				if id.Name == "_" {
					params = append(params, f.fresh("blank")+" "+typ)
					continue
				}
				params = append(params, f.declare(f.u.Info.Defs[id])+" "+typ)
			}
		}
	}
	f.results, f.named = nil, false
	sub := f.typ(sig).(*types.Signature)
	f.frame, f.body = "", false
	bare := !f.framed && f.bareDefer(t, body)
	defers := hasDefer(body) && !bare
	k := 0
	if t.Results != nil {
		for _, field := range t.Results.List {
			for j := range max(1, len(field.Names)) {
				r := result{typ: sub.Results().At(k).Type()}
				k++
				if len(field.Names) > 0 {
					f.named = true
					if obj := f.u.Info.Defs[field.Names[j]]; field.Names[j].Name != "_" && obj != nil {
						r.name = f.declare(obj)
					}
				}
				if r.name == "" && (defers || f.named) {
					r.name = f.fresh("r")
				}
				if r.name != "" {
					head = append(head, "var "+r.name+" "+f.s.goType(r.typ))
				}
				f.results = append(f.results, r)
			}
		}
	}
	outer := f.out
	f.out = &strings.Builder{}
	for _, h := range head {
		f.line("%s", h)
	}
	f.functionBody(body, defers)
	if bare && hasLiteral(f.out.String()) {
		f.out, f.framed, f.leading = outer, true, leading
		*f.marks, *f.slots = marks{}, slots{}
		return f.functionWith(name, recv, t, body, sig, token)
	}
	text := "func " + name + "(" + strings.Join(params, ", ") + ")" + f.s.resultTypes(sub) + " {\n" + f.out.String() + "}"
	f.out = outer
	return text
}

// functionBody writes the statements of a function: those of one that defers run
// in a literal, after which come the deferred calls.
func (f *fn) functionBody(body *ast.BlockStmt, defers bool) {
	if !defers {
		f.markedBlock(body.List)
		if len(f.results) > 0 && !endsInReturn(body) {
			f.line(`panic("unreachable")`)
		}
		return
	}
	f.body = true
	list, run := body.List, f.fresh("body")
	deferred := ""
	if lit := guard(body); lit != nil {
		list, deferred = list[1:], f.fresh("deferred")
		f.line("%s := %s", deferred, f.deferredLiteral(lit))
	} else {
		f.frame = f.fresh("frame")
		f.line("%s := %s.NewFrame()", f.frame, Runtime)
	}
	f.line("%s := func() {", run)
	f.markedBlock(list)
	f.line("}")
	if deferred != "" {
		f.line("%s.Guard(%s, %s)", Runtime, deferred, run)
	} else {
		f.line("%s.Run(%s, %s)", Runtime, f.frame, run)
	}
	f.line("return %s", strings.Join(f.resultNames(), ", "))
}

func endsInReturn(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

func (f *fn) resultNames() []string {
	var all []string
	for _, r := range f.results {
		all = append(all, r.name)
	}
	return all
}

// claim is the panic that a function recovers which stands for another as a value.
const claim = Runtime + ".Claim()"

// literal gives a function literal.
func (f *fn) literal(e *ast.FuncLit) string {
	g := f.inner()
	sig := f.u.Info.Types[e].Type.(*types.Signature)
	return g.function("", nil, e.Type, e.Body, sig)
}

// kept gives a function literal that a loop may make again, out of a literal that
// is called at once. The interpreter has one place in a frame for the values of a
// literal, which it sets back when one of them ends: the next value could be lost
// to one that runs in a goroutine, and compiled code would see the variables of
// the last iteration.
func (f *fn) kept(e *ast.FuncLit) string {
	text := f.literal(e)
	if len(f.loops) == 0 {
		return text
	}
	return "func() " + f.s.goType(f.typeOf(e)) + " {\nreturn " + text + "\n}()"
}

// inner is a fn for a literal inside of f.
func (f *fn) inner() *fn {
	g := *f
	g.loops, g.inRange, g.marks, g.slots = nil, nil, &marks{}, &slots{}
	g.inHead, g.early, g.alone = false, false, false
	g.out = &strings.Builder{}
	return &g
}

func (f *fn) line(format string, args ...any) {
	if len(args) == 0 {
		f.out.WriteString(format)
	} else {
		fmt.Fprintf(f.out, format, args...)
	}
	f.out.WriteByte('\n')
}

// fresh is a name for the function.
func (f *fn) fresh(n string) string {
	f.shared.count++
	return n + "_" + strconv.Itoa(f.shared.count)
}

// declare names a local variable.
func (f *fn) declare(obj types.Object) string {
	if obj == nil || obj.Name() == "_" {
		return "_"
	}
	if g, ok := f.s.globals[obj]; ok {
		return g
	}
	n := f.fresh(obj.Name())
	f.shared.names[obj] = n
	return n
}

// recovers tells that a body calls recover itself.
func recovers(info *types.Info, body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == body
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				if b, ok := info.Uses[id].(*types.Builtin); ok && b.Name() == "recover" {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

func hasDefer(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}

// captured finds the variables that outlive an iteration of their loop: used in
// a function literal, or with their address taken.
func captured(info *types.Info, root ast.Node) map[types.Object]bool {
	out := map[types.Object]bool{}
	var lits []*ast.FuncLit
	var base func(e ast.Expr)
	base = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Ident:
			if v := info.Uses[e]; v != nil {
				out[v] = true
			}
		case *ast.ParenExpr:
			base(e.X)
		case *ast.SelectorExpr:
			base(e.X)
		case *ast.IndexExpr:
			base(e.X)
		}
	}
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			lits = append(lits, n)
			ast.Inspect(n.Type, walk)
			ast.Inspect(n.Body, walk)
			lits = lits[:len(lits)-1]
			return false
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				base(n.X)
			}
		case *ast.SliceExpr:
			if t := info.TypeOf(n.X); t == nil || mayBeArray(t) {
				base(n.X)
			}
		case *ast.SelectorExpr:
			if sel := info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				base(n.X)
			}
		case *ast.DeferStmt, *ast.GoStmt:
			// Their calls become literals.
		case *ast.RangeStmt:
			if t := info.Types[n.X].Type; t != nil {
				if _, ok := t.Underlying().(*types.Signature); ok {
					ast.Inspect(n.Body, func(m ast.Node) bool {
						if id, ok := m.(*ast.Ident); ok {
							if v, ok := info.Uses[id].(*types.Var); ok {
								out[v] = true
							}
						}
						return true
					})
				}
			}
		case *ast.Ident:
			if v, ok := info.Uses[n].(*types.Var); ok && len(lits) > 0 {
				if outer := lits[len(lits)-1]; v.Pos() < outer.Pos() || v.Pos() >= outer.End() {
					out[v] = true
				}
			}
		}
		return true
	}
	if fd, ok := root.(*ast.FuncDecl); ok {
		root = fd.Body
	}
	ast.Inspect(root, walk)
	return out
}
