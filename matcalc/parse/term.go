package parse

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// mulRun gathers operands of one left-to-right run of * / .* ./ and makes a
// node when the operator changes, so that a long product is made in one go.
type mulRun struct {
	p     *parser
	parts []*expr.Node // factors of the product being gathered
	shape shape.Shape
	text  piece // what has been read
	had   bool  // gathering an elementwise product
}

func (r *mulRun) start(a piece) {
	r.text, r.shape = a, a.n.Shape()
	r.parts = append(r.parts[:0], a.n)
}

func (r *mulRun) value() piece {
	if len(r.parts) > 1 {
		if r.had {
			r.text.n = expr.Had(r.parts...)
		} else {
			r.text.n = expr.Mul(r.parts...)
		}
		r.parts = append(r.parts[:0], r.text.n)
	}
	return r.text
}

func (r *mulRun) apply(op string, b piece) *shape.Error {
	had := op[0] == '.'
	if had != r.had {
		r.value()
		r.had = had
	}
	s := b.n.Shape()
	rule := expr.OpMul
	if had {
		rule = expr.OpHad
	}
	if op == "/" && !s.IsScalar() {
		a := r.value()
		hint := "multiply by the inverse, A*inv(B), or divide entries with ./"
		if !s.IsSquare() {
			hint = "only a scalar can divide; for entries write ./"
		}
		return r.p.fail(shape.Mismatch, Token{Pos: a.pos, End: b.end}, hint, "cannot divide by %s (%s)", r.p.text(b), s)
	}
	if op != "*" && op != ".*" && b.n.IsZero() {
		return r.p.fail(shape.Domain, Token{Pos: b.pos, End: b.end}, "", "division by zero: %s", r.p.text(b))
	}
	fits, err := rule.Info().Shape([]expr.Arg{{Shape: r.shape}, {Shape: s}})
	if err != nil {
		_, err := r.p.build(rule, r.value(), b)
		return err
	}
	switch op {
	case "/":
		b.n = expr.Pow(b.n, b.n.Context().Int(-1))
	case "./":
		b.n = expr.HPow(b.n, b.n.Context().Int(-1))
	}
	// A product that has become a scalar starts a new factor: (x'*y)*z is not
	// x'*(y*z).
	if !had && len(r.parts) > 1 && r.shape.IsScalar() && !s.IsScalar() {
		r.value()
	}
	r.parts = append(r.parts, b.n)
	r.shape = fits
	r.text.end = b.end
	return nil
}
