package format

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
)

const testVars = "A: n×n symmetric; X: m×n; x, y: n; t, beta: scalar; sigma: function"

func TestText(t *testing.T) {
	s, err := parse.Declarations(testVars)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, ascii, latex string }{
		{"x'*A*x", "x'*A*x", `x^{\top} A x`},
		{"-(x-y)", "-(x-y)", `-(x - y)`},
		{"2*A*(x-y)/t", "2*A*(x-y)/t", ""},
		{"inv(A)'*x", "inv(A)'*x", `A^{-\top} x`},
		{"norm2(X*x)^2", "norm2(X*x)^2", `\left\lVert X x\right\rVert^{2}`},
		{"x.*y./exp(x)", "x.*y./exp(x)", `x \odot y \oslash \exp(x)`},
		{"ones(n)./x", "ones(n)./x", ""},
		{"sigma'(x)*beta", "beta*sigma'(x)", `\beta \sigma'(x)`},
		{"tr(A)/(t*2)", "tr(A)/(2*t)", ""},
		{"[A, x; x', t]", "[A, x; x', t]", `\begin{bmatrix} A & x \\ x^{\top} & t \end{bmatrix}`},
		{"kron(A,X')", "kron(A,X')", `A \otimes X^{\top}`},
	} {
		n, err := parse.ASCII(c.in, s)
		if err != nil {
			t.Fatal(c.in, err)
		}
		if got := ASCII(n); got != c.ascii {
			t.Errorf("%s: ASCII %s, want %s", c.in, got, c.ascii)
		}
		if back, err := parse.ASCII(ASCII(n), s); err != nil || back != n {
			t.Errorf("%s: %s does not read back: %v", c.in, ASCII(n), err)
		}
		if got := LaTeX(n); c.latex != "" && got != c.latex {
			t.Errorf("%s: LaTeX %s, want %s", c.in, got, c.latex)
		}
	}
}

// TestEveryOperator names the operators that a writer cannot write.
func TestEveryOperator(t *testing.T) {
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		k := op.Info().Kind
		if k == expr.Leaf || k == expr.Structure || op == expr.OpApply || op == expr.OpKron || op == expr.OpHCat || op == expr.OpVCat {
			continue
		}
		if numpyCalls[op] == "" {
			t.Errorf("NumPy has no row for %v", op)
		}
		_, fence := latexFences[op]
		if latexFunctions[op] == "" && !fence && op != expr.OpSqrt && op != expr.OpInv && op != expr.OpPinv {
			t.Errorf("LaTeX has no row for %v", op)
		}
	}
}

// TestShown holds how a page prints products; Unicode is the form that is read.
func TestShown(t *testing.T) {
	s, err := parse.Declarations("A, B: n×n; x, y: n; t, alpha: scalar; W1: n×n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"2*A*x", "2Ax", "2·A·x"},
		{"-2*A*x", "−2Ax", "−2 Ax"},
		{"2*A'*(A*x-y)", "2Aᵀ(Ax − y)", "2 Aᵀ (Ax − y)"},
		{"A*(x-y)", "A (x − y)", "A (x − y)"},
		{"2*A'*A*x", "2AᵀAx", "2 AᵀAx"},
		{"0.5*(x+y)'*A", "0.5(x + y)ᵀA", "0.5 (x + y)ᵀA"},
		{"2*W1*x", "2W1 x", "2·W1·x"},
		{"W1*W1*x", "W1 W1 x", "W1·W1·x"},
		{"2*alpha*x", "2αx", "2 αx"},
		{"3*norm2(x)*x", "3‖x‖x", "3 ‖x‖x"},
		{"2*exp(t)*x", "2 exp(t) x", "2·exp(t)·x"},
	} {
		n, err := parse.ASCII(c[0], s)
		if err != nil {
			t.Fatal(c[0], err)
		}
		if got := Shown(n); got != c[1] {
			t.Errorf("%s is shown as %s, want %s", c[0], got, c[1])
		}
		if got := Unicode(n); got != c[2] {
			t.Errorf("%s in Unicode: %s, want %s", c[0], got, c[2])
		}
	}
}
