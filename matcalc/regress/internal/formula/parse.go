package formula

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// maxDepth bounds nesting, so that a hostile text cannot exhaust the stack.
const maxDepth = 500

// Binding powers of the binary operators, as in R: ^ above unary minus above
// : above %in% above * and /, and so on down to ~.
var binary = map[string]struct{ left, right int }{
	"~": {10, 11}, "|": {20, 21}, "&": {30, 31},
	"<": {40, 41}, ">": {40, 41}, "<=": {40, 41}, ">=": {40, 41}, "==": {40, 41}, "!=": {40, 41},
	"+": {50, 51}, "-": {50, 51}, "*": {60, 61}, "/": {60, 61},
	"%in%": {70, 71}, "%%": {70, 71}, "%/%": {70, 71}, ":": {80, 81}, "^": {101, 100},
}

// truths are R's truth values; T and F are read so as named arguments only,
// since columns have these names too.
var truths = map[string]dd.Float{"TRUE": dd.Of(1), "FALSE": dd.Of(0)}

var unary = map[string]int{"-": 90, "+": 90, "!": 35, "~": 10}

type parser struct {
	src    string
	tokens []token
	next   int
	depth  int
}

// ParseExpr reads one expression, for example a model or the left of a formula.
func ParseExpr(src string) (Node, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens}
	n, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != endToken {
		return nil, p.unexpected(t)
	}
	return n, nil
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != endToken {
		p.next++
	}
	return t
}

func (p *parser) fail(t token, format string, args ...any) error {
	return &SyntaxError{p.src, t.pos, fmt.Sprintf(format, args...)}
}

func (p *parser) unexpected(t token) error {
	switch t.kind {
	case endToken:
		return p.fail(t, "it ends too early")
	case opToken:
		return p.fail(t, "unexpected %q", t.text)
	}
	return p.fail(t, "unexpected %q; is an operator missing before it, as in 2*x?", t.text)
}

func (p *parser) expr(power int) (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.peek(), "nested too deeply")
	}
	defer func() { p.depth-- }()
	left, err := p.operand()
	for err == nil {
		t := p.peek()
		op, ok := binary[t.text]
		if t.kind != opToken || !ok || op.left < power {
			return left, nil
		}
		p.take()
		var right Node
		if right, err = p.expr(op.right); err == nil {
			left = Binary{t.text, left, right}
		}
	}
	return nil, err
}

func (p *parser) operand() (Node, error) {
	t := p.take()
	switch t.kind {
	case numberToken:
		v, ok := dd.Parse(t.text)
		if !ok {
			return nil, p.fail(t, "%q is not a number", t.text)
		}
		return Number{t.text, v}, nil
	case textToken:
		return Text{t.text}, nil
	case nameToken:
		if next := p.peek(); next.kind == opToken && next.text == "(" && p.src[t.pos] != '`' {
			return p.call(t.text)
		}
		if v, ok := truths[t.text]; ok && p.src[t.pos] != '`' {
			return Number{t.text, v}, nil
		}
		return Name{t.text}, nil
	case opToken:
		if t.text == "(" {
			x, err := p.expr(0)
			if err != nil {
				return nil, err
			}
			if end := p.take(); end.text != ")" || end.kind != opToken {
				return nil, p.fail(end, "a closing parenthesis is missing")
			}
			return Paren{x}, nil
		}
		if power, ok := unary[t.text]; ok {
			x, err := p.expr(power)
			return Unary{t.text, x}, err
		}
	}
	return nil, p.unexpected(t)
}

func (p *parser) call(name string) (Node, error) {
	p.take() // the parenthesis
	call := Call{Func: name}
	if t := p.peek(); t.kind == opToken && t.text == ")" {
		p.take()
		return call, nil
	}
	for {
		argName := ""
		if t := p.peek(); t.kind == nameToken {
			if eq := p.tokens[p.next+1]; eq.kind == opToken && eq.text == "=" {
				argName = t.text
				p.next += 2
			}
		}
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		if short, ok := x.(Name); ok && argName != "" && (short.Ident == "T" || short.Ident == "F") {
			x = Number{short.Ident, dd.Of(truth(short.Ident == "T"))}
		}
		call.Args = append(call.Args, x)
		call.Names = append(call.Names, argName)
		switch t := p.take(); {
		case t.kind == opToken && t.text == ",":
		case t.kind == opToken && t.text == ")":
			return call, nil
		default:
			return nil, p.fail(t, "expected a comma or a closing parenthesis in %s(...)", name)
		}
	}
}
