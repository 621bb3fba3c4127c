package parse

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Limits on the input, so that no text exhausts the machine.
const (
	MaxNesting = 20000   // brackets within brackets
	MaxDepth   = 60000   // height of the expression
	MaxText    = 4 << 20 // bytes
)

// ASCII parses one expression in the ASCII syntax. The error is nil or a
// *shape.Error with class syntax, name or shape.
func ASCII(src string, scope *Scope) (*expr.Node, error) {
	if len(src) > MaxText {
		return nil, shape.NewError(shape.Syntax, fmt.Sprintf("the text has %d bytes; %d at most are read", len(src), MaxText), "")
	}
	toks, fault := scanASCII(src)
	if fault != nil {
		return nil, fault
	}
	return Tokens(src, toks, scope)
}

// Tokens parses one expression from tokens; positions in them refer to src,
// which is quoted in errors.
func Tokens(src string, toks []Token, scope *Scope) (*expr.Node, error) {
	p := &parser{src: src, toks: toks, scope: scope}
	n, err := p.whole()
	if err != nil {
		return nil, err
	}
	return n, nil
}

// parser reads tokens by recursive descent:
//
//	sum   := term (('+'|'-') term)*
//	term  := sign (('*'|'/'|'.*'|'./') sign)*
//	sign  := '-' sign | power
//	power := post (('^'|'.^') ['-'] post)*
//	post  := prim ("'")*
//	prim  := number | name | name '(' args ')' | '(' sum ')' | '[' blocks ']'
type parser struct {
	src   string
	toks  []Token
	at    int
	nest  int
	scope *Scope
	bound map[string]*sumIndex // summation indices in force
	sums  sums                 // what sums over several indices mean
}

// piece is a parsed part with the text that it came from.
type piece struct {
	n        *expr.Node
	pos, end int
}

func (p *parser) tok() Token { return p.toks[p.at] }

func (p *parser) next() Token {
	t := p.toks[p.at]
	if t.Kind != End {
		p.at++
	}
	return t
}

func (p *parser) is(s string) bool {
	t := &p.toks[p.at]
	return t.Kind == Punct && t.Text == s
}

func (p *parser) fail(class shape.Class, t Token, hint, format string, args ...any) *shape.Error {
	return &shape.Error{Class: class, Message: fmt.Sprintf(format, args...), Hint: hint, Expr: p.src, Pos: t.Pos, End: t.End}
}

func (p *parser) whole() (*expr.Node, *shape.Error) {
	if p.tok().Kind == End {
		return nil, p.fail(shape.Syntax, p.tok(), "write an expression such as x'*A*x", "nothing to read")
	}
	if err := p.brackets(); err != nil {
		return nil, err
	}
	v, err := p.sum()
	if err != nil {
		return nil, p.firstFault(err)
	}
	if t := p.tok(); t.Kind != End {
		return nil, p.leftover(t)
	}
	return v.n, nil
}

// brackets checks that brackets pair, so that a missing one is reported as
// such and not by what it leads to.
func (p *parser) brackets() *shape.Error {
	var open []Token
	closes := map[string]string{"(": ")", "[": "]"}
	for _, t := range p.toks {
		if t.Kind != Punct {
			continue
		}
		switch t.Text {
		case "(", "[":
			open = append(open, t)
			if len(open) > MaxNesting {
				return p.fail(shape.Syntax, t, "", "brackets are nested deeper than %d", MaxNesting)
			}
		case ")", "]":
			if len(open) == 0 {
				return p.fail(shape.Syntax, t, "remove it, or add the opening bracket", "unexpected %s", t.Text)
			}
			last := open[len(open)-1]
			if closes[last.Text] != t.Text {
				return p.fail(shape.Syntax, t, "brackets close in the order in which they were opened", "%s closes %s", t.Text, last.Text)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		last := open[len(open)-1]
		return p.fail(shape.Syntax, last, "close it with "+closes[last.Text], "missing %s for this %s", closes[last.Text], last.Text)
	}
	return nil
}

// firstFault lets a syntax error in the rest of the text win over a name or
// shape error: the text as a whole is then no expression.
func (p *parser) firstFault(err *shape.Error) *shape.Error {
	if err.Class == shape.Syntax {
		return err
	}
	if s := p.grammar(); s != nil {
		return s
	}
	return err
}

func (p *parser) leftover(t Token) *shape.Error {
	prev := p.toks[max(0, p.at-1)]
	switch {
	case t.Kind == Num || t.Kind == Name || t.Kind == Punct && (t.Text == "(" || t.Text == "["):
		a, b := prev.Text, t.Text
		hint := fmt.Sprintf("a product is written %s*%s", a, b)
		if op, ok := expr.Lookup(a); ok && prev.Kind == Name && op.Info().Arity == 1 {
			hint = fmt.Sprintf("brackets surround what a function is applied to: %s(%s)", a, b)
		}
		return p.fail(shape.Syntax, t, hint, "an operator is missing between %s and %s", a, b)
	}
	return p.fail(shape.Syntax, t, "an expression is operands joined by operators, as in A*x+b", "unexpected %s", t.Text)
}

func (p *parser) text(v piece) string { return p.src[v.pos:v.end] }

// build applies an operator to pieces; the error names them and marks them.
func (p *parser) build(op expr.Op, parts ...piece) (piece, *shape.Error) {
	args := make([]*expr.Node, len(parts))
	texts := make([]string, len(parts))
	for i, v := range parts {
		args[i], texts[i] = v.n, p.text(v)
	}
	out := piece{pos: parts[0].pos, end: parts[len(parts)-1].end}
	n, err := expr.Build(op, args, texts)
	if err != nil {
		err.Expr, err.Pos, err.End = p.src, out.pos, out.end
		return out, err
	}
	if n.Depth() > MaxDepth {
		return out, p.fail(shape.Syntax, p.tok(), "", "the expression is nested deeper than %d", MaxDepth)
	}
	out.n = n
	return out, nil
}

func (p *parser) sum() (piece, *shape.Error) {
	p.nest++
	defer func() { p.nest-- }()
	if p.nest > MaxNesting {
		return piece{}, p.fail(shape.Syntax, p.tok(), "", "brackets are nested deeper than %d", MaxNesting)
	}
	first, err := p.term()
	if err != nil {
		return first, err
	}
	terms := []*expr.Node{first.n}
	fits := first.n.Shape()
	out := first
	for p.is("+") || p.is("-") {
		minus := p.next().Text == "-"
		t, err := p.term()
		if err != nil {
			return t, err
		}
		if p.scope.Spread && t.n.Shape() != fits {
			fits = spread(terms, &t, fits)
		}
		if t.n.Shape() != fits {
			return p.unequal(piece{terms[0], first.pos, out.end}, t)
		}
		if minus {
			t.n = expr.Neg(t.n)
		}
		terms = append(terms, t.n)
		out.end = t.end
	}
	if len(terms) > 1 {
		out.n = expr.Add(terms...)
	}
	return out, nil
}

// unequal is the error of a sum of terms that differ in shape. Where one is a
// scalar the hint is the whole text with ones beside it.
func (p *parser) unequal(sum, term piece) (piece, *shape.Error) {
	out, err := p.build(expr.OpAdd, sum, term)
	scalar, other := sum, term
	if term.n.Shape().IsScalar() {
		scalar, other = term, sum
	}
	if err == nil || !scalar.n.Shape().IsScalar() {
		return out, err
	}
	ones := expr.OnesText(other.n.Shape())
	switch c := strings.TrimSpace(p.text(scalar)); {
	case c == "1":
	case strings.ContainsAny(c, "+-"):
		ones = "(" + c + ")*" + ones
	default:
		ones = c + "*" + ones
	}
	if text := p.src[:scalar.pos] + ones + p.src[scalar.end:]; len(text) <= 200 {
		err.Hint = "there is no implicit broadcasting: write " + text
		if s := other.n.Shape(); s.IsMatrix() && s.IsSquare() {
			err.Hint += ", or eye(" + s.Rows.String() + ") in place of " + expr.OnesText(s)
		}
	}
	return out, err
}

// spread gives the numbers on one side of a sum the shape of what stands on the
// other, times ones; it returns the shape of the terms.
func spread(terms []*expr.Node, t *piece, fits shape.Shape) shape.Shape {
	switch s := t.n.Shape(); {
	case s.IsScalar():
		t.n = expr.Mul(t.n, t.n.Context().Ones(fits.Rows, fits.Cols))
	case fits.IsScalar():
		for i, n := range terms {
			terms[i] = expr.Mul(n, n.Context().Ones(s.Rows, s.Cols))
		}
		return s
	}
	return fits
}

func (p *parser) term() (piece, *shape.Error) {
	a, err := p.sign()
	if err != nil {
		return a, err
	}
	if !p.isTermOp() {
		return a, nil
	}
	run := mulRun{p: p}
	run.start(a)
	for p.isTermOp() {
		op := p.next()
		b, err := p.sign()
		if err != nil {
			return b, err
		}
		if err := run.apply(op.Text, b); err != nil {
			return b, err
		}
	}
	return run.value(), nil
}

func (p *parser) isTermOp() bool {
	t := &p.toks[p.at]
	if t.Kind != Punct {
		return false
	}
	switch t.Text {
	case "*", "/", ".*", "./":
		return true
	}
	return false
}

func (p *parser) sign() (piece, *shape.Error) {
	start := p.tok().Pos
	negs := 0
	for p.is("-") || p.is("+") {
		if p.next().Text == "-" {
			negs++
		}
	}
	v, err := p.power()
	if err != nil {
		return v, err
	}
	if negs%2 == 1 {
		v.n = expr.Neg(v.n)
	}
	v.pos = start
	return v, nil
}

func (p *parser) power() (piece, *shape.Error) {
	a, err := p.post()
	if err != nil {
		return a, err
	}
	for p.is("^") || p.is(".^") {
		op := expr.OpPow
		sign := p.next()
		if sign.Text == ".^" || p.scope.Spread && !a.n.Shape().IsScalar() && !a.n.Shape().IsSquare() {
			op = expr.OpHPow
		}
		start := p.tok().Pos
		neg := false
		for p.is("-") {
			p.next()
			neg = !neg
		}
		e, err := p.post()
		if err != nil {
			return e, err
		}
		if neg {
			e.n, e.pos = expr.Neg(e.n), start
		}
		if a.n.IsZero() && e.n.IsNum() && e.n.Rat().Sign() < 0 {
			return a, p.fail(shape.Domain, Token{Pos: a.pos, End: e.end}, "", "division by zero: %s", p.text(piece{pos: a.pos, end: e.end}))
		}
		if err := p.exponent(op, a, e); err != nil {
			return a, err
		}
		if a, err = p.build(op, a, e); err != nil {
			return a, err
		}
	}
	return a, nil
}

// exponent refuses a power of a matrix that is not whole.
func (p *parser) exponent(op expr.Op, a, e piece) *shape.Error {
	s := a.n.Shape()
	if op != expr.OpPow || s.IsScalar() || !s.IsSquare() || !e.n.Shape().IsScalar() {
		return nil
	}
	if e.n.Is(expr.Integer) {
		return nil
	}
	t := Token{Pos: e.pos, End: e.end}
	if p.text(e) == "T" {
		return p.fail(shape.Mismatch, t, "a transpose is written "+p.text(a)+"'", "T is a variable here, and a matrix power needs a whole number")
	}
	return p.fail(shape.Mismatch, t, "declare the exponent as in k: scalar integer, or write .^ for every entry", "a power of a matrix needs a whole exponent, not %s", p.text(e))
}

func (p *parser) post() (piece, *shape.Error) {
	v, err := p.prim()
	if err != nil {
		return v, err
	}
	for p.is("'") {
		t := p.next()
		v.n, v.end = expr.T(v.n), t.End
	}
	return v, nil
}

func (p *parser) prim() (piece, *shape.Error) {
	t := p.next()
	switch {
	case t.Kind == Num:
		r, err := expr.ParseRat(t.Text)
		if err != nil {
			return piece{}, p.fail(shape.Syntax, t, "", "%v", err)
		}
		return piece{p.scope.Ctx.Num(r), t.Pos, t.End}, nil
	case t.Kind == Name:
		return p.name(t)
	case t.Kind == Punct && t.Text == "(":
		v, err := p.sum()
		if err != nil {
			return v, err
		}
		if !p.is(")") {
			return v, p.leftover(p.tok())
		}
		return piece{v.n, t.Pos, p.next().End}, nil
	case t.Kind == Punct && t.Text == "[":
		return p.blocks(t)
	case t.Kind == End:
		return piece{}, p.fail(shape.Syntax, t, "an operator at the end needs a right side", "the expression ends where an operand is expected")
	}
	return piece{}, p.fail(shape.Syntax, t, "an operand is a number, a name, a call or a bracket", "unexpected %s where an operand is expected", t.Text)
}
