package parse

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
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

// TestNestedSums raises sums over two indices; each must have the value of the
// matrix form beside it.
func TestNestedSums(t *testing.T) {
	s, err := Declarations("X, Y, P: m×n; A: n×n; C: k×n; Q: m×k; x, w: n; y: m; t: scalar positive")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, want string }{
		{"sum(i, sum(j, X[i,j]*w[j])^2)", "norm2(X*w)^2"},
		{"sum(i, sum(j, X[i,j]*Y[i,j]))", "sum(X.*Y)"},
		{"sum(i, sum(j, A[i,j]*x[i]*x[j]))", "x'*A*x"},
		{"sum(i, sum(j, A[j,i]*x[i]*w[j]))", "w'*A*x"},
		{"sum(i, sum(j, (x[i]-x[j])^2))", "2*n*x'*x-2*sum(x)^2"},
		{"sum(i, sum(j, A[i,j]*(x[i]-x[j])^2))", "sum(A.*(x*ones(n)'-ones(n)*x').^2)"},
		{"sum(i, sum(j, exp(-(x[i]-w[j])^2/t)))", "sum(exp(-(x*ones(n)'-ones(n)*w').^2/t))"},
		{"sum(i, sum(l, Q[i,l]*norm2(X[i,:]-C[l,:])^2))", "sum(diag(Q*ones(k))*X.^2)-2*tr(Q'*X*C')+sum(diag(Q'*ones(m))*C.^2)"},
		{"sum(i, log(sum(j, exp(X[i,j]))))", "sum(logsumexp(X, rows))"},
		{"sum(j, (sum(i, X[i,j]*y[i]))^2)", "norm2(X'*y)^2"},
		{"sum(i, sum(j, sum(p, A[i,j]*A[j,p]*A[p,i])))", "tr(A^3)"},
		{"sum(i, x[i])*sum(i, y[i])", "sum(x)*sum(y)"},
		{"t*sum(i, sum(j, X[i,j]))^2", "t*sum(X)^2"},
		{"sum(i, y[i]*sum(j, X[i,j]*sum(p, A[j,p]*x[p])))", "y'*X*A*x"},
	} {
		n, err := ASCII(c.in, s)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		want, err := ASCII(c.want, s)
		if err != nil {
			t.Fatal(c.want, err)
		}
		if same, worst, err := check.Equal(n, want); err != nil || !same {
			t.Errorf("%s is not %s (%g, %v)", c.in, c.want, worst, err)
		}
	}
	for _, bad := range []string{"sum(i, sum(j, A[i,j]))*x[i]", "sum(i, sum(j, x[i]+y[j])+z)", "sum(i, sum(j, sum(p, sum(q, X[i,j]*Y[i,p]*P[q,p]*X[q,j]*C[p,j]))))", "sum(i, sum(j, det(A*x[i])))"} {
		if _, err := ASCII(bad, s); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}
