package review

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// An entry expression is a number for every choice of its free indices:
//
//	sum(i, (A[k,i]+A[i,k])*x[i])    ∂(x[i]*A[i,j]*x[j])/∂x[k]    (∂y/∂x)[i,j]
//
// Its leaves are entries of matrix expressions.
type entryKind uint8

const (
	entryNumber entryKind = iota
	entryLeaf             // an entry of node, at idx
	entryAdd
	entryMul
	entryDiv
	entryPow
	entryNeg
	entrySum     // over index, of args[0]
	entryPartial // of args[0] by the entry args[1]
	entryCall    // an elementwise function of args[0]
)

type entryExpr struct {
	kind  entryKind
	num   float64
	node  *expr.Node // the matrix of a leaf; for a call, a node that applies the function to hole
	hole  *expr.Node
	idx   []string
	index string
	args  []*entryExpr
}

// entryParser reads entry expressions.
type entryParser struct {
	r      *reader
	s      *side
	text   string
	at     int
	depth  int
	ranges map[string]shape.Size
	unused []string // summation indices that do not occur in their summand
}

func (p *entryParser) fail(format string, args ...any) *shape.Error {
	return shape.NewError(shape.Syntax, fmt.Sprintf(format, args...), "entries are written x[i], A[i,j], sums sum(i, ...), partial derivatives ∂Y/∂x[k]")
}

func (p *entryParser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
}

func (p *entryParser) is(s string) bool {
	p.space()
	return strings.HasPrefix(p.text[p.at:], s)
}

func (p *entryParser) take(s string) bool {
	if !p.is(s) {
		return false
	}
	p.at += len(s)
	return true
}

// whole reads the text to its end.
func (p *entryParser) whole() (*entryExpr, error) {
	e, err := p.sum()
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.text) {
		return nil, p.fail("unexpected %s", p.text[p.at:])
	}
	return e, nil
}

func (p *entryParser) sum() (*entryExpr, error) {
	if p.depth++; p.depth > 200 {
		return nil, p.fail("brackets are nested deeper than 200")
	}
	defer func() { p.depth-- }()
	a, err := p.term()
	for err == nil {
		var b *entryExpr
		switch {
		case p.take("+"):
			b, err = p.term()
		case p.take("-"):
			if b, err = p.term(); err == nil {
				b = &entryExpr{kind: entryNeg, args: []*entryExpr{b}}
			}
		default:
			return a, nil
		}
		if err == nil {
			a = &entryExpr{kind: entryAdd, args: []*entryExpr{a, b}}
		}
	}
	return nil, err
}

func (p *entryParser) term() (*entryExpr, error) {
	a, err := p.factor()
	for err == nil {
		kind := entryMul
		switch {
		case p.take(".*"), p.take("*"), p.take("·"), p.beside():
		case p.take("/"):
			kind = entryDiv
		default:
			return a, nil
		}
		var b *entryExpr
		if b, err = p.factor(); err == nil {
			a = &entryExpr{kind: kind, args: []*entryExpr{a, b}}
		}
	}
	return nil, err
}

func (p *entryParser) factor() (*entryExpr, error) {
	if p.depth++; p.depth > 200 {
		return nil, p.fail("signs are nested deeper than 200")
	}
	defer func() { p.depth-- }()
	if p.take("-") {
		a, err := p.factor()
		return &entryExpr{kind: entryNeg, args: []*entryExpr{a}}, err
	}
	a, err := p.base()
	if err != nil || !p.take("^") {
		return a, err
	}
	b, err := p.factor()
	return &entryExpr{kind: entryPow, args: []*entryExpr{a, b}}, err
}

func (p *entryParser) base() (*entryExpr, error) {
	p.space()
	if p.at >= len(p.text) {
		return nil, p.fail("the expression ends where an operand is expected")
	}
	c, w := utf8.DecodeRuneInString(p.text[p.at:])
	switch {
	case c == '∑' || c == 'Σ' && strings.HasPrefix(p.text[p.at+w:], "_"):
		p.at += w
		return p.lowered()
	case c == '∂':
		p.at += w
		return p.partial()
	case unicode.IsDigit(c):
		j := p.at
		for j < len(p.text) && (p.text[j] >= '0' && p.text[j] <= '9' || p.text[j] == '.') {
			j++
		}
		x, err := strconv.ParseFloat(p.text[p.at:j], 64)
		p.at = j
		return &entryExpr{kind: entryNumber, num: x}, err
	case c == '(':
		return p.bracket()
	case shape.IsNameRune(c, true):
		return p.word()
	}
	return nil, p.fail("unexpected %c where an operand is expected", c)
}

// bracket is a matrix expression with an entry chosen, (A*x)[k], or a bracket.
func (p *entryParser) bracket() (*entryExpr, error) {
	inside, end := operand(p.text, p.at)
	if end == p.at {
		return nil, p.fail("missing ) for a (")
	}
	if end < len(p.text) && p.text[end] == '[' {
		p.at = end
		return p.chosen(inside)
	}
	p.at++
	e, err := p.sum()
	if err == nil && !p.take(")") {
		err = p.fail("missing )")
	}
	return e, err
}

// word is a sum, a function, an entry of a variable, or a scalar.
func (p *entryParser) word() (*entryExpr, error) {
	j := wordEnd(p.text, p.at)
	if k := j + primes(p.text[j:]); k > j && k < len(p.text) && p.text[k] == '(' {
		j = k // sigma'(...)
	}
	name := p.text[p.at:j]
	if head, idx, end := p.subscript(name, j); end > 0 {
		p.at = end
		return p.leaf(head, idx)
	}
	if j < len(p.text) && p.text[j] == '[' {
		p.at = j
		return p.chosen(name)
	}
	if j < len(p.text) && p.text[j] == '(' {
		inside, end := operand(p.text, j)
		if end == j {
			return nil, p.fail("missing ) for a (")
		}
		if name == "sum" && strings.Contains(inside, ",") {
			p.at = j + 1
			return p.over()
		}
		if end < len(p.text) && p.text[end] == '[' { // sigma(X)[i,j]
			whole := p.text[p.at:end]
			p.at = end
			return p.chosen(whole)
		}
		if p.r.indexed(inside) {
			return p.call(name, j+1)
		}
		whole := p.text[p.at:end]
		p.at = end
		return p.leaf(whole, nil)
	}
	p.at = j
	return p.leaf(name, nil)
}

// primes counts the primes in front of a text.
func primes(text string) int { return len(text) - len(strings.TrimLeft(text, "'")) }

// over is sum(i, body) after its bracket.
func (p *entryParser) over() (*entryExpr, error) {
	p.space()
	j := wordEnd(p.text, p.at)
	name := p.text[p.at:j]
	p.at = j
	if !shape.IsName(name) || !p.take(",") {
		return nil, p.fail("a sum is written sum(i, ...)")
	}
	body, err := p.sum()
	if err == nil && !p.take(")") {
		err = p.fail("missing ) after a sum")
	}
	if err != nil {
		return nil, err
	}
	if !body.uses(name) {
		p.unused = append(p.unused, name)
	}
	return &entryExpr{kind: entrySum, index: name, args: []*entryExpr{body}}, nil
}

func (e *entryExpr) uses(index string) bool {
	for _, i := range e.idx {
		if i == index {
			return true
		}
	}
	for _, a := range e.args {
		if a.uses(index) && !(e.kind == entrySum && e.index == index) {
			return true
		}
	}
	return false
}

// call is an elementwise function of an entry expression.
func (p *entryParser) call(name string, after int) (*entryExpr, error) {
	p.at = after
	arg, err := p.sum()
	if err == nil && !p.take(")") {
		err = p.fail("missing ) after %s", name)
	}
	if err != nil {
		return nil, err
	}
	ctx := p.r.scope.Ctx
	hole := ctx.Sym("qhole", shape.Scalar, 0)
	base, order := strings.TrimRight(name, "'"), strings.Count(name, "'")
	var node *expr.Node
	if op, ok := expr.Lookup(name); ok && op.IsElementwise() {
		node = expr.Call(op, hole)
	} else if p.r.scope.Funcs[base] {
		node = expr.Apply(base, order, hole)
	} else {
		return nil, p.fail("%s is no function of a number", name)
	}
	return &entryExpr{kind: entryCall, node: node, hole: hole, args: []*entryExpr{arg}}, nil
}

// partial is ∂(operand)/∂(entry) after the first ∂.
func (p *entryParser) partial() (*entryExpr, error) {
	over, err := p.base()
	if err != nil {
		return nil, err
	}
	if !p.take("/") || !p.is("∂") {
		return nil, p.fail("∂ stands in a quotient, as in ∂Y/∂x[k]")
	}
	p.take("∂")
	under, err := p.base()
	if err != nil {
		return nil, err
	}
	if under.kind != entryLeaf || under.node.Op() != expr.OpSym {
		return nil, p.fail("a partial derivative is by an entry of a variable, as in ∂Y/∂x[k]")
	}
	return &entryExpr{kind: entryPartial, args: []*entryExpr{over, under}}, nil
}

// chosen is an entry: the matrix in text and what stands in the brackets.
func (p *entryParser) chosen(text string) (*entryExpr, error) {
	close := strings.IndexByte(p.text[p.at:], ']')
	if close < 0 {
		return nil, p.fail("missing ] after %s", text)
	}
	var idx []string
	for _, i := range strings.Split(p.text[p.at+1:p.at+close], ",") {
		i = strings.TrimSpace(i)
		if !shape.IsName(i) {
			return nil, p.fail("%q is no index", i)
		}
		idx = append(idx, i)
	}
	p.at += close + 1
	return p.leaf(text, idx)
}

// leaf reads a matrix expression and notes the ranges of its indices.
func (p *entryParser) leaf(text string, idx []string) (*entryExpr, error) {
	s, err := p.r.read(text, infinitesimal)
	if err != nil {
		return nil, err
	}
	p.s.differential = p.s.differential || s.differential
	p.s.derivative = p.s.derivative || s.derivative
	n := s.node
	if n.Op() != expr.OpSym {
		if sym := p.r.scope.Vars[text]; sym != nil && p.r.defs[sym] == nil {
			n = sym
		}
	}
	sh := n.Shape()
	var sizes []shape.Size
	switch {
	case sh.IsScalar():
	case sh.IsColumn():
		sizes = []shape.Size{sh.Rows}
	case sh.IsRow():
		sizes = []shape.Size{sh.Cols}
	default:
		sizes = []shape.Size{sh.Rows, sh.Cols}
	}
	if len(idx) != len(sizes) {
		return nil, shape.NewError(shape.Mismatch, fmt.Sprintf("%s is a %s and has %d indices here", text, sh.Describe(), len(idx)), "")
	}
	for k, i := range idx {
		if have, ok := p.ranges[i]; ok && have != sizes[k] {
			return nil, shape.NewError(shape.Mismatch, fmt.Sprintf("the index %s runs to %s in %s and to %s before", i, sizes[k], text, have), "")
		}
		p.ranges[i] = sizes[k]
	}
	return &entryExpr{kind: entryLeaf, node: n, idx: idx}, nil
}

// free lists the indices that no sum binds.
func (e *entryExpr) free(bound map[string]bool, out map[string]bool) {
	for _, i := range e.idx {
		if !bound[i] {
			out[i] = true
		}
	}
	if e.kind == entrySum {
		inner := map[string]bool{e.index: true}
		for k := range bound {
			inner[k] = true
		}
		bound = inner
	}
	for _, a := range e.args {
		a.free(bound, out)
	}
}

// leaves lists the matrices of an entry expression.
func (e *entryExpr) leaves(out []*expr.Node) []*expr.Node {
	if e.kind == entryLeaf {
		out = append(out, e.node)
	}
	for _, a := range e.args {
		out = a.leaves(out)
	}
	return out
}

var notNumber = math.NaN()
