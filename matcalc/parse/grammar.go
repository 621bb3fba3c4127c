package parse

import "github.com/nabla-go/nabla/matcalc/shape"

// grammar checks the tokens from where the parser stopped against the shape of
// expressions alone: operands and operators take turns. It finds what is no
// expression whatever the names mean.
func (p *parser) grammar() *shape.Error {
	operand := false // whether an operand has just ended
	for k, t := range p.toks {
		switch {
		case t.Kind == End:
			if !operand {
				return p.fail(shape.Syntax, t, "an operator at the end needs a right side", "the expression ends where an operand is expected")
			}
		case t.Kind == Num || t.Kind == Name:
			if operand {
				q := *p
				q.at = k
				return q.leftover(t)
			}
			operand = true
		case t.Text == "(" || t.Text == "[":
			if operand && p.toks[k-1].Kind == Num {
				q := *p
				q.at = k
				return q.leftover(t)
			}
			operand = false
		case t.Text == ")" || t.Text == "]":
			if !operand && p.toks[k-1].Text != ":" {
				return p.fail(shape.Syntax, t, "an operand is a number, a name, a call or a bracket", "unexpected %s where an operand is expected", t.Text)
			}
			operand = true
		case t.Text == "'":
			if !operand {
				return p.fail(shape.Syntax, t, "an operand is a number, a name, a call or a bracket", "unexpected ' where an operand is expected")
			}
		case t.Text == "-" || t.Text == "+" || t.Text == ":":
			operand = false
		case !operand && !(k > 0 && p.toks[k-1].Text == ":"):
			return p.fail(shape.Syntax, t, "an operand is a number, a name, a call or a bracket", "unexpected %s where an operand is expected", t.Text)
		default:
			operand = false
		}
	}
	return nil
}
