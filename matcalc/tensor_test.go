package matcalc

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestTensor compares index forms with what a text prints, and their values.
func TestTensor(t *testing.T) {
	v := Vars("a, x: n; B: m×n; S: n×n symmetric; Y: n×n invertible")
	for _, c := range []struct {
		f    string
		by   []string
		want string
	}{
		{"(a'*x)^3", []string{"x", "x", "x"}, "6*a[i]*a[j]*a[k]"},
		{"sum(exp(B*x))", []string{"x", "x", "x"}, "sum(l, exp(B*x)[l]*B[l,i]*B[l,j]*B[l,k])"},
		{"sin(B*x)", []string{"x", "x"}, "-sin(B*x)[i]*B[i,j]*B[i,k]"},
		{"x*x'", []string{"x"}, "delta[i,k]*x[j]+delta[j,k]*x[i]"},
		{"inv(Y)", []string{"Y"}, "-inv(Y)[i,k]*inv(Y)[l,j]"},
		{"x'*S*x", []string{"x", "x"}, "2*S[i,j]"},
		{"a'*x", []string{"x", "x"}, "0"},
	} {
		if got := v.Expr(c.f).Tensor(c.by...).ASCII(); got != c.want {
			t.Errorf("%s by %v: %s, want %s", c.f, c.by, got, c.want)
		}
	}
	if m := v.Expr("x'*S*x").Tensor("x", "x").Matrix(); m == nil || m.String() != "2*S" {
		t.Errorf("a Hessian is raised to %v, want 2*S", m)
	}
	if m := v.Expr("(a'*x)^3").Third("x").Matrix(); m != nil {
		t.Errorf("a tensor of order 3 is raised to %s", m)
	}
	dims, data := v.Expr("(a'*x)^3").Third("x").Eval(Values{"a": []float64{1, 2}, "x": []float64{3, 5}})
	if len(dims) != 3 || math.Abs(data[1*4+0*2+1]-6*2*1*2) > 1e-12 {
		t.Errorf("entry (1,0,1) is %g of %v", data, dims)
	}
	// The third derivative along x is the derivative of the Hessian along x.
	f := v.Expr("logsumexp(B*x)")
	values := Values{"B": mat.NewDense(2, 2, []float64{1, -1, .5, 2}), "x": []float64{.3, -.2}}
	_, third := f.Third("x").Eval(values)
	const h = 1e-4
	at := func(s float64) *mat.Dense {
		moved := Values{"B": values["B"], "x": []float64{.3 + s*h, -.2}}
		return f.Hessian("x").Eval(moved)
	}
	up, down := at(1), at(-1)
	for i := range 2 {
		for j := range 2 {
			if d := (up.At(i, j) - down.At(i, j)) / (2 * h); math.Abs(d-third[i*4+j*2]) > 1e-6 {
				t.Errorf("third derivative (%d,%d,0) is %g, by differences %g", i, j, third[i*4+j*2], d)
			}
		}
	}
	if _, err := v.Expr("x'*x").AskTensor("q"); err == nil {
		t.Error("a derivative by an undeclared variable is answered")
	}
}
