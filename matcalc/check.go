package matcalc

import (
	"errors"
	"fmt"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Finding is the verdict on a claim: whether it holds and, if not, which term
// differs, numbers that show it, and the repair.
type Finding struct{ *claim.Finding }

// String is the verdict with the reason and the correct form.
func (f *Finding) String() string {
	lang := derive.Language()
	switch {
	case f.Verdict == ClaimTrue && lang == "zh":
		return "✓ 成立"
	case f.Verdict == ClaimTrue:
		return "✓ it holds"
	case lang == "zh":
		return "✗ " + f.Reason(lang) + "\n应为: " + f.Repair()
	}
	return "✗ " + f.Reason(lang) + "\ncorrect: " + f.Repair()
}

// found wraps a finding of package claim.
func found(f *claim.Finding, err error) (*Finding, error) {
	if err != nil {
		return nil, err
	}
	return &Finding{f}, nil
}

// The verdicts of a Finding.
const (
	ClaimTrue       = claim.True
	ClaimFalse      = claim.False
	ClaimShapeError = claim.ShapeError
)

// CheckIdentity judges left = right. A side that does not fit its shapes is a
// verdict, too; the error (an *Error) says that a side is no expression or
// that the claim cannot be judged.
func (v *Variables) CheckIdentity(left, right string) (*Finding, error) {
	l, err := parse.Like(right, left, v.scope)
	if misshapen(err) {
		plain := parse.Spelled(right, left, v.scope)
		r, again := parse.Like(left, right, v.scope)
		if again != nil {
			return found(claim.Misshapen(plain, err, nil, v.scope.Names(), v.node), nil)
		}
		return found(claim.Misshapen(plain, err, r.Node, v.scope.Names(), v.node), nil)
	}
	if err != nil {
		return nil, err
	}
	return v.judge(claim.Claim{Truth: l.Node, Identity: true}, left, right)
}

// CheckDerivative judges that the derivative of f by the named variable, in
// the kind and layout of the request, is the claimed expression.
func (f *Expr) CheckDerivative(wrt string, q Request, claimed string) (*Finding, error) {
	d, err := f.Ask(wrt, q)
	if err != nil {
		return nil, err
	}
	return f.vars.judge(claim.Claim{Truth: d.node, F: f.node, Wrt: d.from.wrt, Request: d.from.request}, f.text, claimed)
}

// CheckDifferential judges that the differential of f, where the named
// variable moves in the named direction (dX, or any variable of its shape), is
// the claimed expression.
func (f *Expr) CheckDifferential(wrt, direction, claimed string) (*Finding, error) {
	d, x, h, err := f.differential(wrt, direction)
	if err != nil {
		return nil, err
	}
	return f.vars.judge(claim.Claim{Truth: d, F: f.node, Wrt: x, Dir: h}, f.text, claimed)
}

// Differential is the differential of f in a direction, which is a declared
// variable of the shape of the variable. It panics with *Error.
func (f *Expr) Differential(wrt, direction string) *Expr {
	d, _, _, err := f.differential(wrt, direction)
	raise(err)
	return &Expr{vars: f.vars, node: d}
}

func (f *Expr) differential(wrt, direction string) (d, x, h *expr.Node, err error) {
	for _, name := range []string{wrt, direction} {
		if f.vars.scope.Vars[name] == nil {
			return nil, nil, nil, shape.NewError(shape.Unknown, fmt.Sprintf("undefined variable %q", name), "declared: "+fmt.Sprint(f.vars.scope.Names()))
		}
	}
	x, h = f.vars.scope.Vars[wrt], f.vars.scope.Vars[direction]
	d, err = diff.Directional(f.node, x, h, rewrite.New())
	if err == nil {
		err = claim.Slope(f.node, x, h, d)
	}
	return d, x, h, err
}

// judge parses the claimed side, in the syntax of the text beside it where it
// has none of its own, and judges.
func (v *Variables) judge(c claim.Claim, beside, claimed string) (*Finding, error) {
	r, err := parse.Like(beside, claimed, v.scope)
	if misshapen(err) {
		return found(claim.Misshapen(parse.Spelled(beside, claimed, v.scope), err, c.Truth, v.scope.Names(), v.node), nil)
	}
	if err != nil {
		return nil, err
	}
	c.Claimed = r.Node
	return found(claim.Judge(c))
}

// node parses an expression.
func (v *Variables) node(text string) (*expr.Node, error) {
	e, err := v.Parse(text)
	if err != nil {
		return nil, err
	}
	return e.node, nil
}

// misshapen reports an error about operands that do not fit.
func misshapen(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == shape.Mismatch
}
