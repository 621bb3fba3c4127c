package regress

import (
	"reflect"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"gonum.org/v1/gonum/mat"
)

// KindML is maximum likelihood of a person's own log-likelihood.
const KindML Kind = "ml"

// A likelihood is a log-likelihood with its derivatives by the engine, as a
// function of all parameters in one list.
type likelihood interface {
	value(b []dd.Float) dd.Float
	// slopes returns the gradient and the negative Hessian at b.
	slopes(b []dd.Float) (*mat.VecDense, *mat.SymDense)
	// rounding is the relative error of value.
	rounding() float64
	// derivation adds the expressions that value and slopes evaluate.
	derivation(d *Derivation) error
}

// MaxLik maximises a log-likelihood over its parameters. It is written in one of
// two ways. Over a Table it is the log-likelihood of one row, an expression in
// columns and parameters, which is summed over the rows:
//
//	MaxLik("-log(s) - (y-m)^2/(2*s^2)", table, Param("m", 0), Param("s", 1))
//
// Or it is that of all rows, an expression of matrix calculus, over matrices,
// vectors and numbers by name (matcalc.Values or map[string]any; the columns of
// a Table are vectors), with vectors among the parameters:
//
//	X, y := ModelMatrix("dist ~ speed", cars)
//	MaxLik("-n/2*log(2*pi*s^2) - norm2(y-X*b)^2/(2*s^2)",
//		matcalc.Values{"X": X, "y": y}, Param("b", 0, 0), Param("s", 10))
//
// There n is the number of rows, a number may be added to a vector, and a power
// of a vector is that of its entries. Coefficients of a vector b are named b1,
// b2, ..., or after the columns of the matrix X in X*b that ModelMatrix or Named
// made.
//
// Gradient and Hessian are derived symbolically, Newton's method with a line
// search finds the maximum, and standard errors come from the Hessian there. It
// panics with an *Error: Mismatch where sizes do not fit, UnknownName, NonFinite
// at the start values, Unbounded where there is no maximum, SingularGradient
// where the data do not tell parameters apart.
func MaxLik(loglik string, data any, start ...Start) *Model {
	m, err := maxLik(loglik, data, start)
	must(err)
	return m
}

func maxLik(source string, data any, start []Start) (*Model, error) {
	if err := checkStart(start); err != nil {
		return nil, err
	}
	if t, ok := data.(*Table); ok && t != nil {
		return maxLikTable(source, t, start)
	}
	values, ok := byName(data)
	if !ok {
		return nil, fail(BadInput, "the data of a likelihood are a *Table, or matrices by name as in matcalc.Values{...}, not %T", data)
	}
	return maxLikWhole(source, values, start)
}

// byName converts a map from names to values of any such type.
func byName(data any) (map[string]any, bool) {
	want := reflect.TypeFor[map[string]any]()
	v := reflect.ValueOf(data)
	if !v.IsValid() || !v.CanConvert(want) {
		return nil, false
	}
	return v.Convert(want).Interface().(map[string]any), true
}

// checkStart refuses parameters without a value, named twice, or not finite.
func checkStart(start []Start) error {
	if len(start) == 0 {
		return fail(BadInput, "a likelihood needs a start value for each parameter")
	}
	for i, s := range start {
		if slices.ContainsFunc(start[:i], func(o Start) bool { return o.Name == s.Name }) {
			return fail(BadInput, "the parameter %s has two starts", s.Name)
		}
		if len(s.Values) == 0 {
			return fail(BadInput, "the parameter %s has no start value; write Param(%q, 0), or one value for each entry of a vector", s.Name, s.Name)
		}
		for _, v := range s.Values {
			if !dd.Of(v).IsFinite() {
				return fail(BadInput, "the start value of %s is %q; it must be a finite number", s.Name, formatShort(v))
			}
		}
	}
	return nil
}

// scalars refuses vectors among the parameters of a row.
func scalars(start []Start) error {
	for _, s := range start {
		if len(s.Values) != 1 {
			return fail(BadInput, "the parameter %s has %d start values, but stands in an expression of one row; vectors of parameters need an expression of matrices", s.Name, len(s.Values))
		}
	}
	return nil
}

// maxLikTable reads the expression as the likelihood of a row, and where that
// fails as one of whole columns.
func maxLikTable(source string, t *Table, start []Start) (*Model, error) {
	n, err := formula.ParseExpr(source)
	var l *rowLikelihood
	if err != nil {
		err = explain(err, t.Names())
	} else {
		l, err = newRowLikelihood(n, t, start)
	}
	if err != nil {
		if m, whole := wholeOfTable(source, t, start); whole == nil || isWhole(source) {
			if whole != nil {
				return nil, whole
			}
			return m, nil
		}
		return nil, err
	}
	m := newModel(&frame{formula: &formula.Formula{Source: source}, rows: l.index, dropped: t.Rows() - len(l.index), table: t}, KindML)
	m.Terms = l.params
	return m, m.maximise(l, start)
}

// steady writes what overflows in numbers by functions that do not:
// log(1+exp(u)) as softplus(u), and log(sigmoid(u)) as -softplus(-u).
func steady(n *expr.Node) *expr.Node {
	with := map[*expr.Node]*expr.Node{}
	for _, m := range expr.PostOrder(n) {
		if m.Op() != expr.OpLog {
			continue
		}
		inner := m.Arg(0)
		switch {
		case inner.Op() == expr.OpSigmoid:
			with[m] = expr.Neg(expr.Call(expr.OpSoftplus, expr.Neg(inner.Arg(0))))
		case inner.Op() == expr.OpAdd && len(inner.Args()) == 2:
			for i, a := range inner.Args() {
				if b := inner.Arg(1 - i); (a.IsInt(1) || a.Op() == expr.OpOnes) && b.Op() == expr.OpExp {
					with[m] = expr.Call(expr.OpSoftplus, b.Arg(0))
				}
			}
		}
	}
	return expr.Substitute(n, with)
}

// isWhole reports whether a text can only be an expression of matrix calculus.
func isWhole(source string) bool {
	if strings.ContainsAny(source, "'⊤ᵀ") || strings.Contains(source, ".*") {
		return true
	}
	for _, f := range expr.FunctionNames() {
		if op, ok := expr.Lookup(f); (ok && !op.IsElementwise() || f == "sum") && strings.Contains(source, f+"(") {
			return true
		}
	}
	return false
}
