package derive_test

import (
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/derive"
)

const manyVars = "A, B, C: n×n; S: n×n symmetric; P: n×n pd; R: n×n invertible; Q: n×n orthogonal; X, Y, G: m×n; W: n×k; F: m×k; M: m×m; x, a, b, y: n; u, z: m; w: n; p: n positive; c, t: scalar; s: scalar positive; f, g: function; D: n×n diagonal"

// TestEveryStrategy derives everyday functions in all four ways. A way that
// does not apply says why; only components may refuse.
func TestEveryStrategy(t *testing.T) {
	refused := map[derive.Strategy]int{}
	done := map[derive.Strategy]int{}
	for _, q := range []struct{ f, by string }{
		{"x'*A*x+b'*x", "x"}, {"(x-a)'*S*(x-a)", "x"}, {"norm2(X*w-z)^2+s*norm2(w)^2", "w"}, {"norm2(X*w-z)", "w"}, {"sum((X*w-z).^2)", "w"},
		{"exp(-norm2(x-a)^2/(2*s))", "x"}, {"log(1+exp(a'*x))", "x"}, {"sum(log(ones(m)+exp(X*w)))-z'*X*w", "w"}, {"logsumexp(A*x+b)", "x"}, {"b'*softmax(A*x)", "x"},
		{"x'*A*x/(x'*x)", "x"}, {"sqrt(x'*P*x)", "x"}, {"(a'*x)*(b'*x)", "x"}, {"(a'*x)^3", "x"}, {"a'*diag(x)*b", "x"},
		{"sum(x.^3)", "x"}, {"sum(abs(x))", "x"}, {"sum(f(A*x))", "x"}, {"b'*f(A*g(x))", "x"}, {"norm2(tanh(A*x)-y)^2", "x"},
		{"a'*x*exp(b'*x)", "x"}, {"sum(sin(x).*cos(x))", "x"}, {"x'*inv(P)*x", "x"}, {"tr(x*x'*A)", "x"},
		{"norm2(X-u*w')^2", "w"}, {"norm2(X-u*w')^2", "u"}, {"log(p'*a+s)", "p"}, {"sum(p.*log(p))", "p"}, {"sum(relu(A*x+b))", "x"},
		{"u'*X*w", "X"}, {"tr(A*B*C)", "B"}, {"tr(X'*M*X)", "X"}, {"tr(X'*M*X*A)", "X"}, {"norm2(X*W-F)^2", "W"}, {"norm2(X)^2", "X"},
		{"sum(exp(X*W))", "W"}, {"sum(tanh(X*W).*F)", "X"}, {"logdet(R)", "R"}, {"det(R)", "R"}, {"a'*inv(R)*b", "R"}, {"tr(inv(R)*A)", "R"},
		{"tr(A*A)", "A"}, {"tr(A^3)", "A"}, {"tr(A'*A)", "A"}, {"logdet(P)+tr(inv(P)*S)", "P"}, {"norm2(A*x-b)^2", "A"}, {"sum(A*x)", "A"},
		{"a'*A*A'*b", "A"}, {"tr(expm(A))", "A"}, {"sum(A.^2.*B)", "A"}, {"sum(kron(A,B))", "A"}, {"u'*f(X*w)", "X"}, {"norm2(f(X*W)-F)^2", "W"},
		{"A*x", "x"}, {"A*x.*x", "x"}, {"x*(x'*a)", "x"}, {"x/norm2(x)", "x"}, {"f(A*x)", "x"}, {"softmax(x)", "x"}, {"diag(x)*A*x", "x"}, {"exp(x).*y", "x"}, {"A*sin(B*x)", "x"}, {"inv(R)*x", "x"},
		{"t*A*x", "t"}, {"exp(t)*x", "t"}, {"norm2(t*x-y)^2", "t"}, {"tr(inv(R+t*eye(n)))", "t"}, {"logdet(P+s*eye(n))", "s"}, {"a'*expm(t*A)*b", "t"}, {"t^3-3*t", "t"}, {"inv(R+t*A)", "t"},
		{"X*w", "X"}, {"X*W", "X"}, {"x*x'", "x"}, {"inv(R)", "R"}, {"A*R*B", "R"}, {"X.*Y", "X"}, {"f(X)", "X"}, {"vec(X)", "X"}, {"diag(A)", "A"}, {"b'*S*x", "S"}, {"x'*D*x", "D"},
		{"norm2(x)^3", "x"}, {"1/(1+x'*x)", "x"}, {"arctan(a'*x)", "x"}, {"sum(softplus(x))-c*sum(x)", "x"}, {"sigmoid(a'*x)", "x"}, {"log(x'*P*x)+a'*x", "x"}, {"x'*A*x*c", "c"}, {"eigmax(S)", "S"}, {"nucnorm(X)", "X"}, {"norm2(Q*x-y)^2", "x"},
	} {
		for _, s := range derive.Strategies() {
			d, err := by(t, s, manyVars, q.f, q.by)
			if err != nil {
				refused[s]++
				if s != derive.Components || len(err.Error()) < 20 || strings.Contains(err.Error(), "report") {
					t.Errorf("%s by %s, %s: %v", q.f, q.by, s, err)
				} else if testing.Verbose() {
					t.Logf("%s by %s: %v", q.f, q.by, err)
				}
				continue
			}
			done[s]++
			if len(d.Lines) < 2 || len(d.Short().Lines) > len(d.Lines) {
				t.Errorf("%s by %s, %s: %d lines", q.f, q.by, s, len(d.Lines))
			}
			for _, lang := range []string{"en", "zh"} {
				derive.SetLanguage(lang)
				for _, text := range []string{d.String(), d.Text(), d.LaTeX(), d.HTML(), d.AsMarkdown(), d.Fragment(), d.Short().LaTeX()} {
					if strings.Contains(text, "%!") || text == "" {
						t.Errorf("%s by %s, %s: %s", q.f, q.by, s, text)
					}
				}
			}
			derive.SetLanguage("")
		}
	}
	t.Logf("derived %v, refused %v", done, refused)
}
