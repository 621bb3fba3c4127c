package parse

import (
	"testing"
)

// TestSums raises sums over an index; each must be the node of the matrix form
// beside it.
func TestSums(t *testing.T) {
	s, err := Declarations("X: m×n; Z: m×n; y: m; w: n; A: n×n; B: m×m; c: scalar; sigma: function")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, want string }{
		{"sum(i, y[i])", "sum(y)"},
		{"sum(i, log(1+exp(-y[i]*X[i,:]*w)))", "sum(log(ones(m)+exp(-y.*(X*w))))"},
		{"sum(i, (X[i,:]*w-y[i])^2)", "sum((X*w-y).^2)"},
		{"sum(i, y[i]*X[i,:]')", ""},
		{"sum(i, X[i,:]'*X[i,:])", "X'*X"},
		{"sum(i, y[i]*X[i,:]'*X[i,:])", "X'*diag(y)*X"},
		{"sum(i, X[i,:]*A*X[i,:]')", "sum(((X*A).*X)*ones(n))"},
		{"sum(i, sigma(w'*X[i,:]'))", "sum(sigma(X*w))"},
		{"sum(i, norm2(X[i,:]-Z[i,:])^2)", ""},
		{"sum(i, logsumexp(X[i,:]*A))", "sum(logsumexp(X*A, rows))"},
		{"sum(i, B[i,i]*y[i])", "sum(diag(B).*y)"},
		{"sum(j, X[:,j]'*y*w[j])", "sum((X'*y).*w)"},
		{"2*sum(i, c*y[i]^2)", "2*sum(c*y.^2)"},
	} {
		n, err := ASCII(c.in, s)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if c.want == "" {
			continue
		}
		want, err := ASCII(c.want, s)
		if err != nil {
			t.Fatal(err)
		}
		if n.Key() != want.Key() {
			t.Errorf("%s: not %s (shape %s)", c.in, c.want, n.Shape())
		}
	}
	for _, bad := range []string{
		"sum(i, 1)", "y[i]", "sum(i, y[j])", "sum(i, y[i]+w[i])", "sum(i, X[i])", "sum(i, i)", "sum(i, sum(i, y[i]))", "sum(i, y[i]", "sum(i, y[])",
		"sum(i, det(X[i,:]'*X[i,:]+A))", "sum(i, X[i,:]+c)",
	} {
		if _, err := ASCII(bad, s); err == nil {
			t.Errorf("%s: no error", bad)
		} else {
			t.Log(err)
		}
	}
}
