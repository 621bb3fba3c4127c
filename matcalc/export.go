package matcalc

import (
	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// GoFile is a Go file of the package with the function Go writes. With a self
// test, which a derivative may have, it also holds the function that was
// differentiated, NAMEOf, and NAMESelfTest, which returns an error where the
// derivative disagrees with central differences. It panics with *Error when
// there is nothing to test.
func (f *Expr) GoFile(pkg, name string, selfTest bool) string {
	var g format.GoCode
	g.Add(f.node, name)
	if selfTest {
		t, err := f.selfTest()
		raise(err)
		g.AddSelfTest(name, *t)
	}
	return g.File(pkg)
}

// NumPyFile is a Python module with a function that computes the expression.
// With a self test it also holds the function that was differentiated, NAME_of,
// and NAME_self_test, which compares the two by central differences and runs
// when the module is run. It panics with *Error as GoFile does.
func (f *Expr) NumPyFile(name string, selfTest bool) string {
	if !selfTest {
		return format.NumPyFile(f.node, name, nil)
	}
	t, err := f.selfTest()
	raise(err)
	return format.NumPyFile(f.node, name, t)
}

// testForms says how the entries of a derivative belong to those of the
// variable.
var testForms = map[diff.Structure]format.TestForm{
	diff.Free: format.TestGradient, diff.Independent: format.TestIndependent, diff.Projected: format.TestProjected, diff.DiagonalOf: format.TestDiagonal, diff.SkewOf: format.TestSkew,
}

// selfTest gathers what exported code needs to check the derivative.
func (f *Expr) selfTest() (*format.SelfTest, error) {
	if f.from == nil {
		return nil, shape.NewError(shape.Domain, "only a derivative has a self-test", "take a Gradient, Jacobian or Hessian first")
	}
	t := &format.SelfTest{F: f.from.f, Wrt: f.from.wrt, D: f.node}
	q := f.from.request
	switch q.Kind {
	case diff.Gradient:
		t.Form, t.Flip = testForms[q.Structure], q.Layout == diff.Numerator
	case diff.MatrixByScalar:
		t.Form = format.TestPlain
	case diff.Jacobian:
		t.Form, t.Flip = format.TestJacobian, q.Layout == diff.Denominator || q.Layout == diff.DenVec
	case diff.Hessian:
		g, err := diff.FreeGradient(t.F, t.Wrt, rewrite.New())
		if err != nil {
			return nil, err
		}
		t.F, t.Form = g, format.TestJacobian
		if t.Wrt.Shape().IsScalar() {
			t.Form = format.TestPlain
		}
	}
	for _, n := range expr.PostOrder(t.F, t.D) {
		if n.Op() == expr.OpApply {
			return nil, shape.NewError(shape.Domain, "the function "+n.Name()+" has no values, so there is nothing to test", "replace it by a known function")
		}
	}
	point, err := samplePoint(t)
	if err != nil {
		return nil, err
	}
	t.Point = *point
	return t, nil
}

// sampleTries bounds the search for a point of the domain.
const sampleTries = 24

// samplePoint is a point where the function and its derivative are defined.
func samplePoint(t *format.SelfTest) (*format.Point, error) {
	vars := []*expr.Node{t.Wrt}
	for _, n := range []*expr.Node{t.F, t.D} {
		for _, v := range n.Variables() {
			if v != t.Wrt {
				vars = append(vars, v)
			}
		}
	}
	for try := range sampleTries {
		env, err := check.Draw(vars, try%2, try, t.F, t.D)
		if err != nil {
			return nil, shape.NewError(shape.Internal, err.Error(), "")
		}
		good := true
		for _, n := range []*expr.Node{t.F, t.D} {
			v, err := env.Eval(n)
			good = good && err == nil && v.Finite()
		}
		if !good {
			continue
		}
		p := &format.Point{Dims: env.Dims, Values: map[*expr.Node][][]float64{}}
		for v, x := range env.Vars {
			rows := make([][]float64, x.R)
			for i := range rows {
				rows[i] = x.V[i*x.C : (i+1)*x.C]
			}
			p.Values[v] = rows
		}
		return p, nil
	}
	return nil, shape.NewError(shape.Domain, "no point of the domain was found to test at", "")
}
