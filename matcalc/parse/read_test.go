package parse

import (
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/shape"
)

const readVars = "A, B: n×n; S: n×n symmetric; X: m×n; x, y, v: n; w1, w2: n; b: m; t, β, lambda: scalar; f: function"

// TestText compares texts in every syntax with what they mean in ASCII.
func TestText(t *testing.T) {
	s, err := Declarations(readVars)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, ascii string }{
		{"xᵀAx", "x'*A*x"}, {"x⊤ A x", "x'*A*x"}, {"x′*A*x", "x'*A*x"}, {"A⁻¹x", "inv(A)*x"}, {"A⁻ᵀx", "inv(A)'*x"}, {"A²ᵀx", "(A^2)'*x"},
		{"A⁻¹ᵀ", "inv(A)'"}, {"‖x‖²", "norm2(x)^2"}, {"‖Xx−b‖²", "norm2(X*x-b)^2"}, {"‖x‖₁", "norm1(x)"}, {"‖X‖_*", "nucnorm(X)"}, {"‖X‖_F", "norm2(X)"},
		{"A⊙B", "A.*B"}, {"x⊘y", "x./y"}, {"A⊗B", "kron(A,B)"}, {"2A⊗B", "2*kron(A,B)"}, {"A⊗B⊗A", "kron(kron(A,B),A)"}, {"(A B)⊗Xᵀ", "kron(A*B,X')"},
		{"β x", "β*x"}, {"beta*x", "β*x"}, {"λ x", "lambda*x"}, {"w₁ᵀw₂", "w1'*w2"}, {"|A|", "det(A)"}, {"|x|", "abs(x)"}, {"log |A|", "log(det(A))"},
		{"x'（A＋B）x", "x'*(A+B)*x"}, {"x'·A·x", "x'*A*x"}, {"A×x−y", "A*x-y"}, {"2xᵀx", "2*x'*x"}, {"√t", "sqrt(t)"}, {"x'*A^T*x", "x'*A'*x"},
		{"A^T*x", "A'*x"}, {"x^T*A^-T*x", "x'*inv(A)'*x"}, {"(A+I_n)·x", "(A+eye(n))*x"}, {"𝟏_nᵀx", "ones(n)'*x"}, {"exp(x)⊙y", "exp(x).*y"}, {"f'(x)⊙y", "f'(x).*y"},
		{"∑ᵢ yᵢ²", "sum(y.^2)"}, {"∑_i y_i*x_i + t", "sum(y.*x)+t"},
		{`x^\top A x`, "x'*A*x"}, {`x^{\top} A x`, "x'*A*x"}, {`x^{T} A x`, "x'*A*x"}, {`\mathbf{x}^{\mathsf{T}}\mathbf{A}\mathbf{x}`, "x'*A*x"},
		{`A^{-1} x`, "inv(A)*x"}, {`A^{-\top} x`, "inv(A)'*x"}, {`\left|A\right|`, "det(A)"}, {`\log\det A`, "log(det(A))"}, {`\log\left|A\right|`, "log(det(A))"},
		{`\lVert Xx-b\rVert^2`, "norm2(X*x-b)^2"}, {`\|x\|_1`, "norm1(x)"}, {`\left\|X\right\|_F^2`, "norm2(X)^2"}, {`\operatorname{tr}(A B)`, "tr(A*B)"},
		{`\mathrm{tr}(AB)`, "tr(A*B)"}, {`\frac{1}{2} x^\top x`, "0.5*x'*x"}, {`\frac{x^\top A x}{x^\top x}`, "(x'*A*x)/(x'*x)"}, {`A \odot B`, "A.*B"},
		{`A \otimes B`, "kron(A,B)"}, {`\beta x`, "β*x"}, {`\lambda x`, "lambda*x"}, {`w_1^\top w_{2}`, "w1'*w2"}, {`\sum_i y_i^2`, "sum(y.^2)"},
		{`\sum_{i=1}^{n} \log(1+e^{y_i}) + t`, "sum(log(ones(n)+exp(y)))+t"}, {`\begin{bmatrix} A & x \\ x^\top & t\end{bmatrix}`, "[A, x; x', t]"},
		{`x^{\odot 2}`, "x.^2"}, {`X^{+} b`, "pinv(X)*b"}, {`\sin(x)^\top y`, "sin(x)'*y"}, {`\sin^2(t)`, "sin(t)^2"}, {`I_{n} x`, "eye(n)*x"}, {`\mathbf{1}_{n}^\top x`, "ones(n)'*x"},
		{`\operatorname{diag}(x) A`, "diag(x)*A"}, {`\lambda_{\max}(S)`, "eigmax(S)"}, {`\operatorname{softmax}_{\text{rows}}(X)`, "softmax(X, rows)"}, {`2\,x^\top\!\left(A+A^\top\right)x`, "2*x'*(A+A')*x"},
	} {
		want, err := ASCII(c.ascii, s)
		if err != nil {
			t.Fatal(c.ascii, err)
		}
		got, err := Text(c.text, s)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got.Node != want {
			t.Errorf("%s is not read as %s", c.text, c.ascii)
		}
	}
}

// TestHabits looks for the translation, ready to copy, in the hints.
func TestHabits(t *testing.T) {
	s, err := Declarations(readVars)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, class, hint string }{
		{"x.T @ A @ x", "syntax", "x'*A*x"}, {"np.linalg.inv(A) @ x", "syntax", "inv(A)*x"}, {"norm(x)", "name", "norm2(x)"}, {"trace(A)", "name", "tr(A)"},
		{"np.trace(A)", "", "tr(A)"}, {"A.transpose()*x", "", "A'*x"}, {"np.sum(np.exp(x))", "", "sum(exp(x))"}, {"t**2", "syntax", "t^2"}, {"x**2", "syntax", "x.^2"},
		{"np.dot(x, y)", "", "x'*y"}, {"Trace(A)*Determinant(B)", "name", "tr(A)*det(B)"}, {"x'@x", "syntax", "x'*x"}, {"A.T.dot(x)", "", "A'*(x)"},
		{"transpose(A)*x", "name", "A'*x"}, {"np.linalg.norm(X, 'fro')", "", "norm2(X)"}, {"sp.Inverse(A)", "", "inv(A)"}, {"np.log(np.linalg.det(A))", "", "log(det(A))"},
	} {
		_, err := Text(c.text, s)
		e, ok := err.(*shape.Error)
		if !ok {
			t.Errorf("%s is not refused: %v", c.text, err)
			continue
		}
		if c.class != "" && string(e.Class) != c.class || !strings.HasSuffix(e.Hint, c.hint) {
			t.Errorf("%s: class %s, hint %q; want %s and %q", c.text, e.Class, e.Hint, c.class, c.hint)
		}
	}
}

// TestTextRefuses wants an error, and no panic, for text that is none.
func TestTextRefuses(t *testing.T) {
	s, err := Declarations(readVars)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{`\`, `\frac{1}`, `\foo x`, "ᵀ", "x^", `x^{`, `\left(x`, `\sin x y`, "‖x", "A B ⊗ A", "⊗", `\end{bmatrix}`, `_i`, "x²²²ᵀ¹", "∑", `\sum x`, "⁻", "x⁻",
		strings.Repeat("(", 50000) + "²", strings.Repeat("{", 50000) + "\\x", strings.Repeat(`\frac`, 3000), strings.Repeat("x ", 500000) + "ᵀ", strings.Repeat(`x^{`, 4000), strings.Repeat("‖", 300001),
		strings.Repeat("I_{", 300000), "x" + strings.Repeat("²ᵀ", 200000) + "(", "x" + strings.Repeat("ᵀ", 300000) + "+", "A" + strings.Repeat("⊗A", 100000) + ")"} {
		if _, err := Text(c, s); err == nil {
			t.Errorf("%.40q is accepted", c)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"xᵀAx", `x^{\top} A x`, "‖x‖²", `\sum_i y_i^2`, "A⊗B", `\begin{bmatrix} A & x \\ x^\top & t\end{bmatrix}`, "x.T @ A", "f'(x)⊙y", "∑ᵢyᵢ", `\left|A\right|`, "𝟏_{n×n}", "|x|_1", "√√t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Declarations(readVars)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Text(text, s)
		if (r.Node == nil) == (err == nil) {
			t.Fatalf("%q: %v and %v", text, r.Node, err)
		}
		if err != nil {
			_ = err.Error()
		}
	})
}
