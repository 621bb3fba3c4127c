package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// forStmt lowers a for loop. Variables that outlive an iteration are copied for
// each.
func (f *fn) forStmt(s *ast.ForStmt, label string) {
	copies := f.perIteration(s)
	l := f.push(label, true)
	defer f.pop()
	init := ""
	switch {
	case s.Init == nil:
	case len(copies) == 0 && f.counted(s, l):
		return
	case len(copies) == 0 && f.plainInit(s.Init):
		f.before(func() { init = f.inline(s.Init) })
	default:
		f.line("{")
		defer f.line("}")
		f.before(func() { f.stmt(s.Init) })
		if len(copies) > 0 {
			f.copied(s, l, copies)
			return
		}
	}
	f.label(l)
	f.line("for %s {", f.head(init, s, l))
	f.block(s.Body.List)
	f.endIteration(l)
}

// endIteration closes the body of a loop.
func (f *fn) endIteration(l *loop) {
	if l.onNext != "" {
		f.line("%s", l.onNext)
	}
	f.line("}")
}

// before lowers what runs once before the loop that has been entered.
func (f *fn) before(lower func()) {
	loops := f.loops
	f.loops = loops[:len(loops)-1]
	lower()
	f.loops = loops
}

// copied is a loop with a copy of its variables for each iteration.
func (f *fn) copied(s *ast.ForStmt, l *loop, copies []types.Object) {
	outer := make([]string, len(copies))
	inner := make([]string, len(copies))
	var next []string
	for i, obj := range copies {
		outer[i] = f.shared.names[obj]
		inner[i] = f.fresh(obj.Name())
		next = append(next, outer[i]+" = "+inner[i])
	}
	l.onNext = strings.Join(next, "\n")
	f.label(l)
	f.line("for %s {", f.head("", s, l))
	for i, obj := range copies {
		f.line("%s := %s", inner[i], outer[i])
		f.shared.names[obj] = inner[i]
	}
	f.block(s.Body.List)
	f.endIteration(l)
	for i, obj := range copies {
		f.shared.names[obj] = outer[i]
	}
}

// head is what stands between for and the brace. What comes after an iteration
// and needs several statements stands at the end of the body.
func (f *fn) head(init string, s *ast.ForStmt, l *loop) string {
	cond, post := "", ""
	if s.Cond != nil {
		cond = f.cond(s.Cond)
	}
	if s.Post != nil {
		if post = f.inline(s.Post); strings.Contains(post, "\n") {
			l.onNext, post = strings.TrimPrefix(l.onNext+"\n"+post, "\n"), ""
		}
	}
	if init == "" && post == "" {
		return cond
	}
	return init + "; " + cond + "; " + post
}

// inline lowers a statement for the head of a loop; what becomes several lines
// has no place there.
func (f *fn) inline(s ast.Stmt) string {
	outer, head := f.out, f.inHead
	f.out, f.inHead = &strings.Builder{}, true
	f.unmarked(s)
	f.inHead = head
	text := strings.TrimSuffix(f.out.String(), "\n")
	f.out = outer
	return text
}

// plainInit tells a definition that fits into the head of a loop.
func (f *fn) plainInit(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
		return false
	}
	id, ok := a.Lhs[0].(*ast.Ident)
	if !ok || f.u.Info.Defs[id] == nil || id.Name == "_" {
		return false
	}
	return f.s.goType(f.typeOf(id)) == "int" && (f.value(a.Rhs[0]) != nil || !f.hasCall(a.Rhs[0])) && !f.needsType(f.typeOf(id), a.Rhs[0])
}

// perIteration lists the variables of a loop that outlive an iteration.
func (f *fn) perIteration(s *ast.ForStmt) []types.Object {
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return nil
	}
	var out []types.Object
	for _, e := range a.Lhs {
		if obj := f.u.Info.Defs[e.(*ast.Ident)]; obj != nil && f.shared.captured[obj] {
			out = append(out, obj)
		}
	}
	return out
}

func (f *fn) rangeStmt(s *ast.RangeStmt, label string) {
	t := f.typeOf(s.X)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			f.rangeString(s, label)
		} else {
			f.rangeInt(s, label)
		}
	case *types.Signature:
		f.rangeFunc(s, u, label)
	case *types.Chan:
		f.rangeChan(s, u, label)
	case *types.Map:
		f.rangeMap(s, u, label)
	default:
		f.rangeList(s, label)
	}
}

// loopVar prepares a variable of a range loop: the name that the head declares,
// and what the body starts with.
func (f *fn) loopVar(e ast.Expr, tok token.Token, from types.Type) (head, start string) {
	if e == nil || isBlank(e) {
		return "_", ""
	}
	if tok == token.DEFINE {
		obj := f.u.Info.Defs[e.(*ast.Ident)]
		t := f.typ(obj.Type())
		if _, global := f.s.globals[obj]; !global && !f.shared.captured[obj] && types.Identical(t, from) {
			return f.declare(obj), ""
		}
		head = f.fresh(obj.Name())
		text := f.convText(head, from, t)
		if g, ok := f.s.globals[obj]; ok {
			return head, g + " = " + text
		}
		return head, f.declare(obj) + " := " + text
	}
	head = f.fresh("k")
	return head, "\x00"
}

// bothStart writes what the body of a range loop with two variables starts
// with: operands on the left are evaluated before anything is assigned.
func (f *fn) bothStart(s *ast.RangeStmt, key, keyStart, value, valueStart string, kt, vt types.Type) {
	if keyStart != "\x00" || valueStart != "\x00" {
		f.starts(s.Key, s.Tok, key, keyStart, kt)
		f.starts(s.Value, s.Tok, value, valueStart, vt)
		return
	}
	k, v := ast.Unparen(s.Key), ast.Unparen(s.Value)
	first, second := f.fixed(k), f.fixed(v)
	f.line("%s = %s", first, f.convText(key, kt, f.typeOf(k)))
	f.line("%s = %s", second, f.convText(value, vt, f.typeOf(v)))
}

// starts writes what the body of a range loop starts with.
func (f *fn) starts(e ast.Expr, tok token.Token, head, start string, from types.Type) {
	switch start {
	case "":
	case "\x00":
		e = ast.Unparen(e)
		f.line("%s = %s", f.place2(e), f.convText(head, from, f.typeOf(e)))
	default:
		f.line("%s", start)
	}
}

func (f *fn) rangeList(s *ast.RangeStmt, label string) {
	t := f.typeOf(s.X)
	x := f.primary(s.X)
	u := t.Underlying()
	through := "" // the array that a pointer leads to, which the body may change
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
		if variable, is := strings.CutPrefix(x, "(&"); is && isName(strings.TrimSuffix(variable, ")")) {
			through = strings.TrimSuffix(variable, ")")
		} else {
			f.line("{")
			defer f.line("}")
			through = "(*" + f.temp2(x) + ")"
		}
	} else if _, ok := u.(*types.Array); ok && (s.Value != nil && !isBlank(s.Value) || f.hasCall(s.X)) {
		f.line("{")
		defer f.line("}")
		x = f.temp2(x)
	}
	var elem types.Type
	switch u := u.(type) {
	case *types.Slice:
		elem = f.typ(u.Elem())
	case *types.Array:
		elem = f.typ(u.Elem())
	}
	integer := types.Typ[types.Int]
	key, keyStart := f.loopVar(s.Key, s.Tok, integer)
	if key != "_" && keyStart == "" && f.assigned(s, s.Key) { // it is not what counts
		own := f.fresh("i")
		keyStart, key = key+" := "+own, own
	}
	value, valueStart := f.loopVar(s.Value, s.Tok, elem)
	l := f.push(label, true)
	defer f.pop()
	if arr, ok := u.(*types.Array); ok && value == "_" {
		i := f.fresh("i")
		f.label(l)
		f.line("for %s := 0; %s < %d; %s++ {", i, i, arr.Len(), i)
		if key != "_" {
			f.line("%s := %s", key, i)
		}
	} else if ok && through != "" {
		i := f.fresh("i")
		f.label(l)
		f.line("for %s := 0; %s < %d; %s++ {", i, i, arr.Len(), i)
		if key != "_" {
			f.line("%s := %s", key, i)
		}
		f.line("%s := %s[%s]", value, through, i)
	} else if _, isChan := elem.Underlying().(*types.Chan); isChan || isInterface(elem) {
		list, i := f.fresh("list"), f.fresh("i")
		f.line("%s := %s", list, x)
		f.label(l)
		f.line("for %s, n := 0, len(%s); %s < n; %s++ {", i, list, i, i)
		if key != "_" {
			f.line("%s := %s", key, i)
		}
		if value != "_" {
			f.line("%s := %s[%s]", value, list, i)
		}
	} else {
		f.label(l)
		f.line("for %srange %s {", rangeHead(key, value), x)
	}
	f.bothStart(s, key, keyStart, value, valueStart, integer, elem)
	f.block(s.Body.List)
	f.line("}")
}

func rangeHead(key, value string) string {
	switch {
	case key == "_" && value == "_":
		return ""
	case value == "_":
		return key + " := "
	}
	return key + ", " + value + " := "
}

func (f *fn) rangeMap(s *ast.RangeStmt, m *types.Map, label string) {
	x := f.primary(s.X)
	k, e := f.typ(m.Key()), f.typ(m.Elem())
	key, keyStart := f.loopVar(s.Key, s.Tok, k)
	value, valueStart := f.loopVar(s.Value, s.Tok, e)
	l := f.push(label, true)
	defer f.pop()
	f.label(l)
	f.line("for %srange %s {", rangeHead(key, value), x)
	f.bothStart(s, key, keyStart, value, valueStart, k, e)
	f.block(s.Body.List)
	f.line("}")
}

// rangeChan receives until the channel is closed. The interpreter's own loop
// chooses anew for each value between the channel and the end of the program.
func (f *fn) rangeChan(s *ast.RangeStmt, c *types.Chan, label string) {
	x := f.temp(f.primary(s.X))
	e := f.typ(c.Elem())
	l := f.push(label, true)
	defer f.pop()
	f.label(l)
	f.line("for {")
	key, start := f.loopVar(s.Key, s.Tok, e)
	v := key
	if v == "_" {
		v = f.fresh("v")
	}
	ok := f.fresh("ok")
	if f.repeats() && !isInterface(e) && f.reusable(e) {
		f.line("%s, %s = <-%s", f.slot(v, e), f.slot(ok, types.Typ[types.Bool]), x)
	} else {
		f.line("%s, %s := <-%s", v, ok, x)
	}
	f.line("if !%s { break }", ok)
	f.starts(s.Key, s.Tok, key, start, e)
	f.block(s.Body.List)
	f.line("}")
}

func (f *fn) rangeInt(s *ast.RangeStmt, label string) {
	t := types.Default(f.typeOf(s.X))
	if s.Key != nil && !isBlank(s.Key) {
		if kt := types.Default(f.typeOf(s.Key)); f.value(s.X) != nil {
			t = kt
		}
	}
	typ := f.s.goType(t)
	zero := "0"
	if typ != "int" {
		zero = typ + "(0)"
	}
	limit := f.conv(s.X, t)
	l := f.push(label, true)
	defer f.pop()
	if v := f.value(s.X); v == nil {
		limit = f.temp2(limit)
	}
	key, start := f.loopVar(s.Key, s.Tok, t)
	if key != "_" && start == "" && f.assigned(s, s.Key) {
		outer := f.fresh("i")
		start, key = key+" := "+outer, outer
	}
	if key == "_" {
		key = f.fresh("i")
	}
	f.label(l)
	if over := f.steps(s.X); typ == "int" && over != "" {
		f.line("for %s := range %s {", key, over)
	} else {
		f.line("for %s := %s; %s < %s; %s++ {", key, zero, key, limit, key)
	}
	f.starts(s.Key, s.Tok, key, start, t)
	f.block(s.Body.List)
	f.line("}")
}

// assigned tells that the body of a loop changes a variable.
func (f *fn) assigned(s *ast.RangeStmt, e ast.Expr) bool {
	return f.assigns(s.Body, f.object(e.(*ast.Ident)))
}

// assigns tells that a statement changes a variable.
func (f *fn) assigns(s ast.Stmt, obj types.Object) bool {
	found := false
	is := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok && f.object(id) == obj {
			found = true
		}
	}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				is(l)
			}
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				if n.Key != nil {
					is(n.Key)
				}
				if n.Value != nil {
					is(n.Value)
				}
			}
		}
		return !found
	})
	return found
}

// rangeString decodes the characters one by one.
func (f *fn) rangeString(s *ast.RangeStmt, label string) {
	text := f.temp2("string(" + f.expr(s.X) + ")")
	integer, character := types.Typ[types.Int], types.Typ[types.Rune]
	key, keyStart := f.loopVar(s.Key, s.Tok, integer)
	value, valueStart := f.loopVar(s.Value, s.Tok, character)
	i, w, r := f.fresh("i"), f.fresh("w"), f.fresh("r")
	l := f.push(label, true)
	defer f.pop()
	f.label(l)
	f.line("for %s, %s := 0, 0; %s < len(%s); %s += %s {", i, w, i, text, i, w)
	f.line("%s := rune(%s[%s])", r, text, i)
	f.line("%s = 1", w)
	f.line("if %s >= 128 { %s, %s = %s.Rune(%s[%s:]) }", r, r, w, Runtime, text, i)
	if key != "_" {
		f.line("%s := %s", key, i)
	}
	if value != "_" {
		f.line("%s := %s", value, r)
	}
	f.bothStart(s, key, keyStart, value, valueStart, integer, character)
	f.block(s.Body.List)
	f.line("}")
}
