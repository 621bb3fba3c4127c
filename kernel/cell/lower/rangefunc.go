package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A rangeFunc is a range loop over a function: its body is a literal, and how
// the body was left is kept in a variable, so that the statement that leaves it
// can be stated again outside.
type rangeFunc struct {
	loop  *loop
	outer *rangeFunc
	state string // variable: what is to be done after the loop
	exits []exit
	done  string // variable: the loop is over, the body must not run again
}

// An exit is one way out of the body.
type exit struct {
	target *loop
	tok    token.Token
	ret    bool
}

func (f *fn) rangeFunc(s *ast.RangeStmt, sig *types.Signature, label string) {
	yield := f.typ(sig.Params().At(0).Type()).Underlying().(*types.Signature)
	x := f.primary(s.X)
	l := f.push(label, true)
	defer f.pop()
	r := &rangeFunc{loop: l, outer: f.inRange, state: f.fresh("exit")}
	f.line("{")
	f.line("%s := 0", r.state)
	// Results must be variables when the body returns.
	if f.inRange == nil && !f.body && returnsIn(s.Body) {
		for i := range f.results {
			if f.results[i].name == "" {
				f.results[i].name = f.fresh("r")
				f.line("var %s %s", f.results[i].name, f.s.goType(f.results[i].typ))
			}
		}
	}
	g := *f
	g.inRange = r
	g.out = &strings.Builder{}
	l.boundary = r
	var params []string
	exprs := []ast.Expr{s.Key, s.Value}
	heads, starts := []string{"", ""}, []string{"", ""}
	for i := range yield.Params().Len() {
		t := f.typ(yield.Params().At(i).Type())
		heads[i], starts[i] = g.loopVar(exprs[i], s.Tok, t)
		if heads[i] == "_" {
			heads[i] = f.fresh("blank")
		}
		params = append(params, heads[i]+" "+f.s.goType(t))
	}
	done := f.fresh("done")
	f.line("%s := false", done)
	g.line("if %s { %s.RangeDone() }", done, Runtime)
	r.done = done
	for i := range yield.Params().Len() {
		g.starts(exprs[i], s.Tok, heads[i], starts[i], f.typ(yield.Params().At(i).Type()))
	}
	g.block(s.Body.List)
	g.line("return true")
	body := f.fresh("yield")
	f.line("%s := func(%s) bool {", body, strings.Join(params, ", "))
	f.out.WriteString(g.out.String())
	f.line("}")
	f.line("%s(%s)", x, body)
	f.line("%s = true", done)
	l.boundary = r.outer
	outside := *f
	for i, e := range r.exits {
		f.line("if %s == %d {", r.state, i+1)
		outside.resume(e)
		f.line("}")
	}
	f.line("}")
}

func returnsIn(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}

// leave is break or continue of the loop itself.
func (r *rangeFunc) leave(f *fn, tok token.Token) {
	if tok == token.CONTINUE {
		f.line("return true")
		return
	}
	f.line("%s = true", r.done)
	f.line("return false")
}

// exit leaves the body for what stands outside.
func (r *rangeFunc) exit(f *fn, e exit) {
	for i, known := range r.exits {
		if known == e {
			f.line("%s = %d", r.state, i+1)
			r.leave(f, token.BREAK)
			return
		}
	}
	r.exits = append(r.exits, e)
	f.line("%s = %d", r.state, len(r.exits))
	r.leave(f, token.BREAK)
}

// crossing is a break or continue of a statement outside of the body.
func (f *fn) crossing(l *loop, tok token.Token) { f.inRange.exit(f, exit{target: l, tok: tok}) }

// returns is a return inside of the body.
func (r *rangeFunc) returns(f *fn, s *ast.ReturnStmt) {
	f.setResults(f.returnValues(s))
	r.exit(f, exit{ret: true})
}

// resume states outside of the loop what left its body.
func (f *fn) resume(e exit) {
	switch {
	case e.ret && f.inRange != nil:
		f.inRange.exit(f, e)
	case e.ret && f.body:
		f.line("return")
	case e.ret:
		f.line("return %s", strings.Join(f.resultNames(), ", "))
	case e.target.boundary != f.inRange:
		f.crossing(e.target, e.tok)
	case f.inRange != nil && e.target == f.inRange.loop:
		f.inRange.leave(f, e.tok)
	default:
		if e.tok == token.CONTINUE && e.target.onNext != "" {
			f.line("%s", e.target.onNext)
		}
		if e.target.lowered == "" {
			f.line("%s", e.tok)
			return
		}
		f.line("%s %s", e.tok, e.target.lowered)
	}
}
