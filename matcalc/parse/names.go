package parse

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// name reads a variable, a dimension, a function call or an indexed variable.
func (p *parser) name(t Token) (piece, *shape.Error) {
	if t.Text == bar {
		return p.bars(t)
	}
	call := p.is("(")
	if v := p.scope.Vars[t.Text]; v != nil && !(call && t.Text == "K") {
		if p.is("[") {
			return p.indexed(v, t)
		}
		if call {
			return piece{}, p.fail(shape.Syntax, p.tok(), "a product is written "+t.Text+"*( ... ), an entry "+t.Text+"[i]", "%s is a variable, not a function", t.Text)
		}
		return piece{v, t.Pos, t.End}, nil
	}
	if ix := p.bound[t.Text]; ix != nil && !call {
		return piece{}, p.fail(shape.Syntax, t, "an index may only choose entries, as in y["+t.Text+"]", "the index %s is not a number here", t.Text)
	}
	if d, ok := p.scope.Dims[t.Text]; ok && !call {
		return piece{p.scope.Ctx.Dim(d), t.Pos, t.End}, nil
	}
	if p.scope.Funcs[t.Text] || t.Text == "sum" || isFunction(t.Text) {
		return p.call(t)
	}
	return piece{}, p.undefined(t, call)
}

func isFunction(name string) bool {
	_, ok := expr.Lookup(name)
	return ok
}

func (p *parser) undefined(t Token, call bool) *shape.Error {
	t.Text = clipped(t.Text)
	if hint := foreign(p, t); hint != "" {
		return p.fail(shape.Unknown, t, hint, "%s is not known here", t.Text)
	}
	near := p.scope.nearest(t.Text, call)
	hint := "declare it, as in " + t.Text + ": n or " + t.Text + ": m×n"
	if call {
		hint = "declare an elementwise function as in " + t.Text + ": function"
	}
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	what := "undefined %s"
	if call {
		what = "undefined function %s"
	}
	return p.fail(shape.Unknown, t, hint, what, t.Text)
}

// longestName is how much of a name a message quotes.
const longestName = 60

func clipped(name string) string {
	if r := []rune(name); len(r) > longestName {
		return string(r[:longestName]) + "…"
	}
	return name
}

// foreignNames are names of other systems with what they are called here.
var foreignNames = map[string]string{
	"trace": "tr", "Tr": "tr", "determinant": "det", "norm": "norm2", "inverse": "inv", "ln": "log",
	"transpose": "A'", "dot": "x'*y or A*B", "sech": "1/cosh", "cot": "1/tan", "atan": "arctan", "asin": "arcsin",
	"acos": "arccos", "eig": "eigmax", "identity": "eye", "Identity": "eye", "matmul": "A*B", "frobenius": "norm2",
	"lse": "logsumexp", "logdet2": "logdet", "maximum": "relu", "heaviside": "step", "lambdamax": "eigmax",
	"mean": "sum(x)/n", "e": "exp(x) for the exponential", "Matrix": "a declaration A: m×n", "np": "plain names: inv(A), exp(x)", "I": "eye(n)",
}

func foreign(p *parser, t Token) string {
	if name, ok := foreignNames[t.Text]; ok {
		return "write " + name
	}
	return ""
}

// call reads the arguments of a function and applies it.
func (p *parser) call(t Token) (piece, *shape.Error) {
	declared := p.scope.Funcs[t.Text]
	primes := 0
	if declared {
		for p.is("'") {
			p.next()
			primes++
		}
	}
	if !p.is("(") {
		hint := "brackets surround what a function is applied to: " + t.Text + "(...)"
		if nx := p.tok(); nx.Kind == Name || nx.Kind == Num {
			hint = "brackets surround what a function is applied to: " + t.Text + "(" + nx.Text + ")"
		}
		return piece{}, p.fail(shape.Syntax, t, hint, "the function %s is not applied to anything", t.Text)
	}
	if t.Text == "sum" && p.sumsOver() {
		return p.sumOver(t)
	}
	if make, ok := constants[t.Text]; ok && !declared {
		return p.constant(t, make)
	}
	args, axis, err := p.args(t)
	if err != nil {
		return piece{}, err
	}
	end := p.toks[p.at-1].End
	if declared {
		if len(args) != 1 || axis != "" {
			return piece{}, p.fail(shape.Syntax, t, "", "the function %s takes one operand", t.Text)
		}
		return piece{expr.Apply(t.Text, primes, args[0].n), t.Pos, end}, nil
	}
	op, _ := expr.Lookup(t.Text)
	v, err := p.applyFunction(t, op, args, axis)
	v.pos, v.end = t.Pos, end
	return v, err
}

// args reads "( a, b )"; the words rows and cols may stand last.
func (p *parser) args(t Token) (out []piece, axis string, err *shape.Error) {
	p.next()
	for !p.is(")") {
		if axis != "" {
			return nil, "", p.fail(shape.Syntax, p.tok(), "", "nothing may follow %s", axis)
		}
		w := p.tok()
		if len(out) > 0 && w.Kind == Name && (w.Text == "rows" || w.Text == "cols") && p.scope.Vars[w.Text] == nil {
			axis = p.next().Text
		} else {
			v, err := p.sum()
			if err != nil {
				return nil, "", err
			}
			out = append(out, v)
		}
		if p.is(",") {
			p.next()
			if p.is(")") {
				return nil, "", p.fail(shape.Syntax, p.tok(), "", "an operand is missing after the comma")
			}
		} else if !p.is(")") {
			return nil, "", p.leftover(p.tok())
		}
	}
	p.next()
	if len(out) == 0 {
		return nil, "", p.fail(shape.Syntax, t, "write "+t.Text+"(A)", "%s is applied to nothing", t.Text)
	}
	return out, axis, nil
}

// alongAxis are the forms of functions that work on rows or columns.
var alongAxis = map[string]map[expr.Op]expr.Op{
	"rows": {expr.OpSoftmax: expr.OpSoftmaxRows, expr.OpLogSumExp: expr.OpLSERows},
	"cols": {expr.OpSoftmax: expr.OpSoftmaxCols, expr.OpLogSumExp: expr.OpLSECols},
}

func (p *parser) applyFunction(t Token, op expr.Op, args []piece, axis string) (piece, *shape.Error) {
	if axis != "" {
		if op == expr.OpSum && len(args) == 1 {
			return p.sumAlong(args[0], axis)
		}
		along, ok := alongAxis[axis][op]
		if !ok {
			return piece{}, p.fail(shape.Syntax, t, "sum, softmax and logsumexp take rows or cols", "%s does not work along %s", t.Text, axis)
		}
		op = along
	}
	if op == expr.OpDiag && len(args) == 1 {
		if s := args[0].n.Shape(); s.IsMatrix() {
			op = expr.OpDiagOf
		}
	}
	if want := op.Info().Arity; want != len(args) {
		hint := ""
		if op == expr.OpExp || op == expr.OpLog {
			hint = "functions of one operand work on every entry"
		}
		return piece{}, p.fail(shape.Syntax, t, hint, "%s takes %d operand%s, not %d", t.Text, want, plural(want), len(args))
	}
	if op == expr.OpTr && args[0].n.Shape().IsScalar() {
		return args[0], nil
	}
	v, err := p.build(op, args...)
	if err != nil && err.Class == shape.Mismatch {
		err.Message = t.Text + ": " + err.Message
		if op == expr.OpDet || op == expr.OpLogDet || op == expr.OpInv {
			square, _, known := strings.Cut(strings.TrimPrefix(err.Hint, "did you mean "), ", which is ")
			if known && len(p.text(args[0])) < 20 {
				err.Hint = "did you mean " + t.Text + "(" + square + ")?"
			}
		}
	}
	return v, err
}

func plural(k int) string {
	if k == 1 {
		return ""
	}
	return "s"
}

// sumAlong is the sum of each row (a column) or of each column (a row).
func (p *parser) sumAlong(a piece, axis string) (piece, *shape.Error) {
	c, s := p.scope.Ctx, a.n.Shape()
	if axis == "rows" {
		a.n = expr.Mul(a.n, c.Ones(s.Cols, shape.One))
	} else {
		a.n = expr.Mul(c.Ones(shape.One, s.Rows), a.n)
	}
	return a, nil
}

// constants make leaves from dimensions.
var constants = map[string]func(c *expr.Context, d []shape.Size) *expr.Node{
	"eye": func(c *expr.Context, d []shape.Size) *expr.Node {
		if len(d) != 1 {
			return nil
		}
		return c.Eye(d[0])
	},
	"ones": func(c *expr.Context, d []shape.Size) *expr.Node {
		if len(d) == 1 {
			d = append(d, shape.One)
		}
		if len(d) != 2 {
			return nil
		}
		return c.Ones(d[0], d[1])
	},
	"zeros": func(c *expr.Context, d []shape.Size) *expr.Node {
		if len(d) == 1 {
			d = append(d, shape.One)
		}
		if len(d) != 2 {
			return nil
		}
		return c.Zeros(d[0], d[1])
	},
	"K": func(c *expr.Context, d []shape.Size) *expr.Node {
		if len(d) != 2 {
			return nil
		}
		return c.Comm(d[0], d[1])
	},
}

// constant reads eye(n), ones(m,n), zeros(m,n), K(m,n).
func (p *parser) constant(t Token, make func(*expr.Context, []shape.Size) *expr.Node) (piece, *shape.Error) {
	p.next()
	var dims []shape.Size
	for {
		d, err := p.size()
		if err != nil {
			return piece{}, err
		}
		dims = append(dims, d)
		if !p.is(",") {
			break
		}
		p.next()
	}
	if !p.is(")") {
		return piece{}, p.fail(shape.Syntax, p.tok(), "sizes are dimension names, as in "+t.Text+"(n)", "unexpected %s in a size", p.tok().Text)
	}
	end := p.next().End
	n := make(p.scope.Ctx, dims)
	if n == nil {
		return piece{}, p.fail(shape.Syntax, t, "write eye(n), ones(n), ones(m,n), zeros(m,n), K(m,n)", "%s with %d sizes", t.Text, len(dims))
	}
	return piece{n, t.Pos, end}, nil
}

// size reads a dimension: names and numbers joined by * and +.
func (p *parser) size() (shape.Size, *shape.Error) {
	total, err := p.sizeTerm()
	if err != nil {
		return total, err
	}
	for p.is("+") {
		p.next()
		d, err := p.sizeTerm()
		if err != nil {
			return d, err
		}
		total = total.Add(d)
	}
	return total, nil
}

func (p *parser) sizeTerm() (shape.Size, *shape.Error) {
	out := shape.One
	for {
		t := p.next()
		switch {
		case t.Kind == Name:
			d, ok := p.scope.Dims[t.Text]
			if !ok {
				hint := "a size is a dimension of a declared variable"
				if p.scope.Vars[t.Text] != nil {
					return out, p.fail(shape.Mismatch, t, hint, "%s is a variable, not a dimension", t.Text)
				}
				return out, p.fail(shape.Unknown, t, hint, "undefined dimension %s", t.Text)
			}
			out = out.Mul(d)
		case t.Kind == Num:
			d, err := shape.Parse(t.Text)
			if err != nil {
				return out, p.fail(shape.Syntax, t, "", "%v", err)
			}
			out = out.Mul(d)
		default:
			return out, p.fail(shape.Syntax, t, "sizes are dimension names, as in eye(n)", "a size is missing")
		}
		if !p.is("*") {
			return out, nil
		}
		p.next()
	}
}
