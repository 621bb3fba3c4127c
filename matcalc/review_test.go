package matcalc

import (
	"strings"
	"testing"
)

// TestCheckLines judges derivations of several lines: the first wrong one, what
// it should be, and how the others hold.
func TestCheckLines(t *testing.T) {
	for _, c := range []struct {
		name, vars, lines string
		layout            []Layout
		wrong             string // the text of the first wrong line; "" when all hold
		words             string // in its reason or correct form
	}{
		{"definition", "A: n×n symmetric; x: n", `
			f = x'*A*x
			f + df = (x+dx)'*A*(x+dx)
			df = dx'*A*x + x'*A*dx + dx'*A*dx
			   = 2*x'*A*dx + O(norm2(dx)^2)
			   = 2*x'*A*dx
			∂f/∂x = 2*A*x`, nil, "", ""},
		{"symmetry forgotten", "A: n×n; x: n", "f = x'*A*x\n df = dx'*A*x + x'*A*dx\n = 2*x'*A*dx\n ∂f/∂x = (A+A')*x", nil, "= 2*x'*A*dx", "symmetric A"},
		{"remainder of first order", "A: n×n; x: n", "f = x'*A*x\n df = dx'*A*x + x'*A*dx + O(dx)", nil, "df = dx'*A*x + x'*A*dx + O(dx)", "norm2(dx)^2"},
		{"remainder too small", "A: n×n symmetric; x: n", "f = x'*A*x\n df = x'*A*dx + O(norm2(dx)^2)", nil, "df = x'*A*dx + O(norm2(dx)^2)", "x'*A*dx"},
		{"components", "A: n×n; x: n", "f = sum(i, sum(j, x[i]*A[i,j]*x[j]))", nil, "error", ""},
		{"sum lost", "A: n×n; x: n", "f = x'*A*x\n ∂f/∂x[k] = sum(i, A[k,i]*x[i]) + sum(i, A[i,k]*x[i])\n = (A[k,i]+A[i,k])*x[i]", nil, "= (A[k,i]+A[i,k])*x[i]", "sum(i, (A[k,i]+A[i,k])*x[i])"},
		{"scalar in matrix form", "A: n×n; x: n", "x'*A*x = sum(i, sum(j, x[i]*A[i,j]*x[j]))", nil, "", ""},
		{"index too many", "A, B: m×n", "tr(A'*B) = sum(i, sum(j, sum(k, A[i,j]*B[i,j])))", nil, "tr(A'*B) = sum(i, sum(j, sum(k, A[i,j]*B[i,j])))", "k"},
		{"chain rule", "A: p×k; C: k×n; x: n", "u := C*x; y := sin(A*u)\n dy/dx = ∂y/∂u*du/dx = diag(cos(A*C*x))*A*C", []Layout{Numerator}, "", ""},
		{"row and column", "A: m×n; x: n; y: m", "E = (y-A*x)'*(y-A*x)\n dE/dx = (-A)'*(y-A*x) + (y-A*x)'*(-A)", []Layout{Numerator}, "dE/dx = (-A)'*(y-A*x) + (y-A*x)'*(-A)", "transpose"},
		{"error carried on", "X: m×n; w: n; y: m", "l = norm2(X*w-y)^2\n ∂l/∂w = X'*(X*w-y)\n = X'*X*w - X'*y", nil, "∂l/∂w = X'*(X*w-y)", "factor 2"},
		{"solution", "X: m×n tall; w: n; y: m", "l = norm2(X*w-y)^2\n ∂l/∂w = 2*X'*(X*w-y) = 0 => w = inv(X'*X)*X'*y", nil, "", ""},
		{"wrong solution", "X: m×n tall; w: n; y: m", "l = norm2(X*w-y)^2\n ∂l/∂w = 0 => w = inv(X*X')*X*y", nil, "∂l/∂w = 0 => w = inv(X*X')*X*y", ""},
		{"implications", "X: n×n invertible", "X*inv(X) = eye(n) => dX*inv(X)+X*d(inv(X)) = 0 => d(inv(X)) = -inv(X)*dX*inv(X)", nil, "", ""},
		{"unequal", "A, B: n×n", "A*B ≠ B*A", nil, "", ""},
		{"equal after all", "A, B: n×n", "tr(A*B) ≠ tr(B*A)", nil, "tr(A*B) ≠ tr(B*A)", "equal"},
		{"other letter", "w: n", "l = w'*w\n ∂L/∂w = 2*w", nil, "∂L/∂w = 2*w", "l"},
		{"LaTeX", "A: n×n symmetric; x: n", `f = x^\top A x` + "\n" + `\frac{\partial f}{\partial x} = 2 A x`, nil, "", ""},
		{"Unicode", "A: n×n; x: n", "f = xᵀAx\n ∂f/∂x = (A + Aᵀ)x", nil, "", ""},
		{"sizes", "A: m×n; x: n", "y = A*x; dim(y) = m; dim(∂y/∂x) = n×m", nil, "y = A*x; dim(y) = m; dim(∂y/∂x) = n×m", "m×n"},
		{"constants", "A: m×n; X: n×p", "constant A\n d(A*X) = A*dX", nil, "", ""},
		{"aligned", "X: m×n; w: n; y: m", "\\begin{aligned}\n f &= \\|Xw-y\\|^2 \\\\\n \\mathrm{d}f &= (Xw-y)^\\top X\\,\\mathrm{d}w \\\\\n\\end{aligned}", nil, `\mathrm{d}f &= (Xw-y)^\top X\,\mathrm{d}w`, "factor 2"},
		{"nabla", "X: m×n; w: n; y: m", "f = norm2(X*w-y)^2\n ∇_w f = 2*X'*(X*w-y)", nil, "", ""},
		{"dollars", "X: m×n; w: n; y: m", "$f = (Xw-y)^T(Xw-y)$\n$\\nabla_w f = X^T(Xw-y)$", nil, `$\nabla_w f = X^T(Xw-y)$`, "factor 2"},
		{"indices in LaTeX", "A: n×n; x: n", "f = x'*A*x\n f = \\sum_{i=1}^{n} \\sum_{j=1}^{n} x_i A_{ij} x_j\n \\frac{\\partial f}{\\partial x_k} = \\sum_{j} A_{kj} x_j + \\sum_i x_i A_{ik}", nil, "", ""},
		{"indices in LaTeX, sum lost", "A: n×n; x: n", "f = x'*A*x\n \\frac{\\partial f}{\\partial x_k} = (A_{ki}+A_{ik}) x_i", nil, `\frac{\partial f}{\partial x_k} = (A_{ki}+A_{ik}) x_i`, "sum(i"},
		{"indices lowered", "x: n", "f = sum(exp(x))\n ∂f/∂x_k = exp(x_k)", nil, "", ""},
		{"sum signs", "a, x: n", "S = a'*x\n S = ∑_i a_i x_i = Σ_{i} x_i a_i", nil, "", ""},
		{"function of x", "A: n×n; x: n", "f(x) = x'*A*x\n f'(x) = (A+A')*x\n f''(x) = A+A'\n ∇f = 2*A*x", nil, "∇f = 2*A*x", "symmetric A"},
		{"functions that are known", "S: n×n; x: n", "tr(S) = sum(i, S[i,i]); dim(x) = n; diag(x) = diag(x)\n norm2(x) = sqrt(x'*x)", nil, "", ""},
		{"second derivative", "x: n", "f = log(sum(exp(x)))\n ∂f/∂x = softmax(x)\n ∂²f/∂x² = diag(softmax(x)) - softmax(x)*softmax(x)'\n ∂²f/(∂x ∂xᵀ) = diag(softmax(x))", nil, "∂²f/(∂x ∂xᵀ) = diag(softmax(x))", "missing"},
		{"second derivative in LaTeX", "A: n×n symmetric; x: n", "$f(x) = x^\\top A x$\n $\\nabla^2 f(x) = 2A$\n $\\frac{\\partial^2 f}{\\partial x\\,\\partial x^\\top} = A$", nil, `$\frac{\partial^2 f}{\partial x\,\partial x^\top} = A$`, "factor 2"},
		{"solution without a word", "X: m×n tall; w: n; y: m", "f = norm2(X*w-y)^2\n ∂f/∂w = 2*X'*(X*w-y)\n w = inv(X'*X)*X'*y", nil, "", ""},
		{"wrong solution without a word", "X: m×n tall; w: n; y: m", "f = norm2(X*w-y)^2\n ∂f/∂w = 2*X'*(X*w-y)\n w = -inv(X'*X)*X'*y", nil, "w = -inv(X'*X)*X'*y", "sign"},
		{"one of two solutions", "t: scalar", "f = t^3-3*t\n ∂f/∂t = 0 => t = -1\n t = 1\n t = 3", nil, "t = 3", "factor 3"},
		{"no solution", "A, B, C, X: n×n", "f = norm2(A*X+X*B-C)^2\n ∂f/∂X = 2*A'*(A*X+X*B-C) + 2*(A*X+X*B-C)*B'\n X = inv(A)*C", nil, "X = inv(A)*C", "does not give zero"},
		{"symmetry of entries", "A: n×n; x: n", "f = x'*A*x\n ∂f/∂x[k] = 2*sum(i, A[k,i]*x[i])", nil, "∂f/∂x[k] = 2*sum(i, A[k,i]*x[i])", "symmetric A"},
		{"scalar added", "X: m×n tall; w: n; y: m; c: scalar positive", "f = norm2(X*w-y)^2 + c*norm2(w)^2\n ∂f/∂w = 2*X'*(X*w-y) + 2*c*w = 0\n w = inv(X'*X+c)*X'*y", nil, "w = inv(X'*X+c)*X'*y", "c*eye(n)"},
		{"logistic loss", "X: m×n; w: n; y: m", `
			p = sigmoid(X*w)
			L = -y'*log(p) - (ones(m)-y)'*log(ones(m)-p)
			∂L/∂p = -y./p + (ones(m)-y)./(ones(m)-p)
			∂p/∂w = diag(p.*(ones(m)-p))*X
			∂L/∂w = X'*(p-y)`, nil, "", ""},
		{"likelihood", "X: n×n posdet; S: n×n", `
			f = logdet(X) + tr(inv(X)*S)
			df = tr(inv(X)*dX) - tr(inv(X)*dX*inv(X)*S)
			   = tr((inv(X) - inv(X)*S*inv(X))*dX)
			∂f/∂X = (inv(X) - inv(X)*S*inv(X))'`, nil, "", ""},
		{"factorisation", "U: m×k; V: n×k; T: m×n", `
			E = T - U*V'
			f = norm2(E)^2
			df = 2*tr(E'*dE) = -2*tr(E'*(dU*V' + U*dV'))
			∂f/∂U = -2*E*V
			∂f/∂V = -2*E'*U`, nil, "", ""},
		{"network", "W: p×n; x: n; b: p; V: q×p; y: q", `
			h = tanh(W*x+b)
			r = V*h - y
			L = 0.5*norm2(r)^2
			∂L/∂V = r*h'
			∂L/∂h = V'*r
			∂L/∂W = ((V'*r).*(ones(p)-h.^2))*x'
			∂L/∂x = W'*((V'*r).*(ones(p)-h))`, nil, "∂L/∂x = W'*((V'*r).*(ones(p)-h))", ""},
		{"nothing moves", "x: n", "f = x'*x\n df = 2*x'*x", nil, "error", ""},
		{"declared increments", "x: n; dx: n", "f = x'*x\n df = 2*x'*dx", nil, "", ""},
	} {
		r, err := Vars(c.vars).CheckLines(c.lines, c.layout...)
		if err != nil {
			if c.wrong != "error" {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		w := r.Wrong()
		switch {
		case w == nil && c.wrong != "":
			t.Errorf("%s: nothing wrong found in\n%s", c.name, r.In("en"))
		case w != nil && w.Text != c.wrong:
			t.Errorf("%s: wrong is %q, want %q:\n%s", c.name, w.Text, c.wrong, r.In("en"))
		case w != nil && !strings.Contains(w.Reason.En+" "+w.Right, c.words):
			t.Errorf("%s: %q is missing in\n%s", c.name, c.words, r.In("en"))
		}
		for _, lang := range []string{"en", "zh"} {
			if text := r.In(lang) + r.Table(lang); strings.Contains(text, "%!") || strings.Contains(text, "qq") {
				t.Errorf("%s: %s", c.name, text)
			}
		}
	}
}

func TestCheckLinesRefused(t *testing.T) {
	v := Vars("A: n×n; x: n")
	for text, class := range map[string]string{"": "syntax", "x'*x": "syntax", "= x": "syntax", "x'*x = (": "syntax", "∂x = x": "syntax", "x'*x =": "syntax", "x'*x = sum(i, x[i]": "syntax", "f = x'*x; f[": "syntax"} {
		_, err := v.CheckLines(text)
		if e, ok := err.(*Error); !ok || string(e.Class) != class {
			t.Errorf("%q: %v, want class %s", text, err, class)
		}
	}
}

// FuzzCheckLines wants a review or an *Error for every text.
func FuzzCheckLines(f *testing.F) {
	for _, s := range []string{"f = x'*A*x\n df = 2*x'*A*dx", "∂f/∂x[k] = sum(i, A[k,i]*x[i])", "[1.2] x = y => z; dim(A) = n×n", `"a" -> "b"`, "A*x ≠ x", "d(d(x)) = dx", "f = x'*x + O(dx)", "sum(i, x[i]) = (x)[i]", "∂(x'*x)/∂x = 0 => x = x", `\frac{dY}{dX} = 1`} {
		f.Add(s)
	}
	v := Vars("A: n×n; x: n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		r, err := v.CheckLines(text)
		if err == nil {
			_ = r.In("en") + r.Table("zh")
		} else if _, ok := err.(*Error); !ok {
			t.Errorf("%q: %v", text, err)
		}
	})
}
