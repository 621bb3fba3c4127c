package matcalc

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

const sweepVars = `A, B: n×n; P: n×n pd; S: n×n symmetric; X: n×n posdet; Z: m×n; H: m×n tall; G: n×m wide; x, y: n; u: n positive; w: n unit; z: m; t: scalar positive; k: scalar integer; L: n×n lower; D: n×n diagonal; Q: n×n orthogonal; N: n×n skew; sigma: function`

// unclosed says which derivatives have no closed form and are refused; the
// class must then be domain.
func unclosed(op expr.Op, kind diff.Kind) bool {
	switch op {
	case expr.OpExpm, expr.OpPolar, expr.OpEigVecMax, expr.OpUSVMax, expr.OpVSVMax:
		return true
	case expr.OpEigMax, expr.OpSigmaMax, expr.OpNucNorm:
		return kind == diff.Hessian
	}
	return false
}

// sweepArgs are operands for functions, with a variable in each.
var sweepArgs = []struct{ text, wrt string }{
	{"X", "X"}, {"X'", "X"}, {"P*X", "X"}, {"X+2*eye(n)", "X"}, {"x*y'+P", "x"}, {"P+diag(u)", "u"}, {"t*P", "t"}, {"P", "P"}, {"inv(X)", "X"}, {"X*X'", "X"},
	{"x", "x"}, {"2*w", "w"}, {"Z*x", "x"}, {"Z", "Z"}, {"H", "H"}, {"G", "G"}, {"Z'*Z+P", "Z"}, {"w/2", "w"}, {"t*w", "t"}, {"t", "t"}, {"z*w'", "w"}, {"kron(x,w)", "x"},
	{"u.*w", "u"}, {"x'*P*x+1", "x"}, {"[x; z]", "x"}, {"[P, x; x', t]", "x"}, {"diag(u)*P*diag(u)", "u"}, {"S+P", "S"}, {"L*L'", "L"}, {"D*P*D", "D"}, {"Q'*P*Q", "P"}, {"N+P", "N"}, {"vec(Z)", "Z"}, {"vec(X)", "X"},
	{"kron(P,X)", "X"}, {"kron(X,P)", "X"}, {"kron(Z,x)", "Z"}, {"kron(x',Z)", "Z"}, {"kron(Z,Z)", "Z"}, {"diag(X)", "X"}, {"X^3", "X"}, {"sigma(Z*x)", "x"}, {"X.^2", "X"}, {"u.^t", "t"}, {"t.^u", "u"}, {"adj(X)", "X"},
}

// TestSweep puts every function around every operand that it takes, for every
// kind of derivative.
func TestSweep(t *testing.T) {
	asked, refused, outside, faults, at, stride := 0, 0, 0, 0, 0, 23
	if os.Getenv("NABLA_FULL") != "" {
		stride = 1
	}
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		info := op.Info()
		if info.Kind != expr.Elementwise && info.Kind != expr.Function || info.Arity != 1 {
			continue
		}
		pattern := map[expr.Op]string{
			expr.OpApply: "sigma(%s)", expr.OpDiagOf: "diag(%s)", expr.OpSoftmaxRows: "softmax(%s, rows)", expr.OpSoftmaxCols: "softmax(%s, cols)",
			expr.OpLSERows: "logsumexp(%s, rows)", expr.OpLSECols: "logsumexp(%s, cols)",
		}[op]
		if pattern == "" {
			pattern = info.Name + "(%s)"
		}
		for _, a := range sweepArgs {
			v := Vars(sweepVars)
			if op == expr.OpPinv && (a.text == "z*w'" || a.text == "kron(Z,x)" || a.text == "kron(x',Z)") {
				continue // not of full rank
			}
			base, err := v.Parse(fmt.Sprintf(pattern, a.text))
			if err != nil {
				continue // the shapes do not fit
			}
			for _, q := range sweepRequests(v, base, fmt.Sprintf(pattern, a.text), a.wrt) {
				at++
				if at%stride != 0 {
					continue
				}
				asked++
				_, err := q.f.Ask(a.wrt, Request{Kind: q.kind})
				if err == nil {
					continue
				}
				e := err.(*Error)
				switch {
				case e.Class == "domain" && unclosed(op, q.kind):
					refused++
				case strings.Contains(e.Message, "no point of the domain"):
					outside++
				default:
					faults++
					if faults < 40 {
						t.Errorf("d %s / d %s (%s): %s: %s", q.f, a.wrt, q.kind, e.Class, e.Message)
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d refused as without closed form, %d outside the domain, %d faults", asked, refused, outside, faults)
}

type sweepRequest struct {
	f    *Expr
	kind diff.Kind
}

// sweepRequests makes a scalar of the expression where it is none, and asks
// for everything that its shape allows.
func sweepRequests(v *Variables, base *Expr, text, wrt string) []sweepRequest {
	scalar := v.scope.Vars[wrt].Shape().IsScalar()
	if base.node.Shape().IsScalar() {
		out := []sweepRequest{{base, diff.Gradient}, {base, diff.Hessian}}
		return append(out, sweepRequest{v.Expr("(" + text + ")^2"), diff.Hessian})
	}
	out := []sweepRequest{
		{v.Expr("sum(" + text + ")"), diff.Gradient}, {v.Expr("norm2(" + text + ")^2"), diff.Gradient}, {v.Expr("sum((" + text + ").^2)"), diff.Hessian},
	}
	if scalar {
		return append(out, sweepRequest{base, diff.MatrixByScalar})
	}
	return append(out, sweepRequest{base, diff.Jacobian})
}
