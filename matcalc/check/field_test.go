package check_test

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/parse"
)

func TestEqualExactly(t *testing.T) {
	s, err := parse.Declarations(vars + "; W: m×m")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b     string
		same, ok bool
	}{
		{"(A+B)^2", "A^2+2*A*B+B^2", false, true}, {"(A+B)^2", "A^2+A*B+B*A+B^2", true, true}, {"det(A*B)", "det(A)*det(B)", true, true}, {"inv(I*P)", "inv(P)*inv(I)", true, true},
		{"tr(A*B)", "sum(A.*B')", true, true}, {"J*J", "J", true, true}, {"Q'*Q", "eye(n)", true, true}, {"det(Q)", "1", false, true}, {"sum(p)", "1", true, true},
		{"inv(A+x*y')", "inv(A)-inv(A)*x*y'*inv(A)/(1+y'*inv(A)*x)", true, true}, {"vec(A*B*A)", "kron(A',A)*vec(B)", true, true}, {"K(n,n)*vec(A)", "vec(A')", true, true},
		{"0.5*x'*S*x", "x'*S*x/2", true, true}, {"adj(A)*A", "det(A)*eye(n)", true, true}, {"[x; y]'*[x; y]", "x'*x+y'*y", true, true}, {"diag(x)*A*diag(y)", "A.*(x*y')", true, true},
		{"N'", "-N", true, true}, {"L*L", "L.*L", false, true}, {"det(eye(m)+X*X')", "det(eye(n)+X'*X)", true, true}, {"A^3*inv(A)", "A^2", true, true}, {"tr(W)", "tr(W')", true, true},
		{"exp(x)", "exp(x)+zeros(n)", true, false}, {"norm2(x)", "norm2(-x)", true, false}, {"k*c", "c*k", true, false},
	} {
		a, b := parsed(t, s, c.a), parsed(t, s, c.b)
		same, ok := check.EqualExactly(a, b)
		if ok != c.ok || ok && same != c.same {
			t.Errorf("%s = %s: %v, decided %v; want %v, %v", c.a, c.b, same, ok, c.same, c.ok)
		}
		// The two oracles agree; the sign of det(Q) takes more points to see.
		if by, worst, err := check.Equal(a, b); err == nil && c.ok && by != c.same && c.a != "det(Q)" {
			t.Errorf("%s = %s: numbers say %v (%g)", c.a, c.b, by, worst)
		}
	}
}
