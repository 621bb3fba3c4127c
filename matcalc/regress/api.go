package regress

import (
	"fmt"
	"math"
	"strconv"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"gonum.org/v1/gonum/mat"
)

// An Option changes a fit.
type Option func(*options)

type options struct {
	weights []dd.Float
	names   []string

	// of streams
	levels       map[string][]string
	weightColumn string
	lambda       float64
	progress     func(rows int, share float64) bool
	blockSize    int // of tests; 0 is the default
}

// Weights gives each row a weight: in linear models rows count in proportion,
// in logistic ones it is the number of trials. Rows of weight zero are left out.
func Weights(w []float64) Option {
	return func(o *options) {
		o.weights = make([]dd.Float, len(w))
		for i, v := range w {
			o.weights[i] = dd.Of(v)
			if v != v { // NaN marks missing rows inside; here it is an error
				panic(fail(BadWeight, "the weight of row %d is NaN; weights are finite numbers", i+1))
			}
		}
	}
}

// Names names the columns of a plain matrix; without it they are x1, x2, ...
func Names(names ...string) Option { return func(o *options) { o.names = names } }

func collect(list []Option) *options {
	o := &options{}
	for _, f := range list {
		f(o)
	}
	return o
}

// fit builds the frame and applies f to it, panicking with an *Error. large says
// that f takes a design in float64.
func fit(src string, t *Table, list []Option, large bool, f func(*frame) (*Model, error)) *Model {
	fr, err := buildFrame(src, t, frameSpec{weights: collect(list).weights, large: large})
	must(err)
	m, err := f(fr)
	must(err)
	return m
}

// Fit fits a linear model by least squares: Fit("y ~ a + b*c", table). With
// Weights it is weighted. It panics with an *Error that says what is wrong.
func Fit(model string, t *Table, list ...Option) *Model {
	return fit(model, t, list, true, func(fr *frame) (*Model, error) {
		if fr.weights != nil {
			return fitLinear(fr, KindWLS, 0)
		}
		return fitLinear(fr, KindOLS, 0)
	})
}

// GLS fits a linear model whose errors have the covariance sigma^2 rho^|i-j|, i
// and j the rows of the table: those left out for missing values keep their
// places, as times without an observation do.
func GLS(model string, t *Table, rho float64, list ...Option) *Model {
	if !(math.Abs(rho) < 1) {
		panic(fail(BadInput, "rho is %v; it must lie between -1 and 1", rho))
	}
	return fit(model, t, list, false, func(fr *frame) (*Model, error) { return fitLinear(fr, KindGLS, rho) })
}

// Ridge minimises RSS + lambda sum b_j^2, the intercept free.
func Ridge(model string, t *Table, lambda float64, list ...Option) *Model {
	return fit(model, t, list, false, func(fr *frame) (*Model, error) { return fitRidge(fr, lambda) })
}

// Logistic fits a logistic regression; the response is 0 or 1, a factor of two
// levels, proportions with Weights, or cbind(successes, failures).
func Logistic(model string, t *Table, list ...Option) *Model {
	return fit(model, t, list, true, func(fr *frame) (*Model, error) { return fitGLM(fr, logistic) })
}

// Poisson fits a Poisson regression with logarithmic link.
func Poisson(model string, t *Table, list ...Option) *Model {
	return fit(model, t, list, true, func(fr *frame) (*Model, error) { return fitGLM(fr, poisson) })
}

// Param is a parameter of NLS or MaxLik with its start value; a vector of
// parameters, which an expression of matrices may have, with one for each entry.
func Param(name string, start ...float64) Start { return Start{name, start} }

// NLS fits response ~ model by nonlinear least squares from the start values:
// NLS("y", "b1*(1-exp(-b2*x))", table, Param("b1", 500), Param("b2", 1e-4)).
func NLS(response, model string, t *Table, start ...Start) *Model {
	m, err := nlsModel(response, model, t, start, nil)
	must(err)
	return m
}

// OLS regresses y (n by 1) on the columns of x (n by p) as they are: a column
// of ones is shown as the intercept, none is added.
func OLS(x, y mat.Matrix, list ...Option) *Model {
	o := collect(list)
	n, p := x.Dims()
	if rows, columns := y.Dims(); rows != n || columns != 1 {
		panic(fail(Ragged, "X is %d by %d and y is %d by %d; y must be %d by 1", n, p, rows, columns, n))
	}
	if n == 0 || p == 0 {
		panic(fail(Empty, "X is %d by %d", n, p))
	}
	if o.names != nil && len(o.names) != p {
		panic(fail(BadInput, "there are %d names for %d columns", len(o.names), p))
	}
	if isLarge(n, p) && o.weights == nil {
		if m := largePlain(x, y, o); m != nil {
			return m
		}
	}
	t := NewTable()
	response := make([]float64, n)
	for i := range response {
		response[i] = y.At(i, 0)
	}
	source := ""
	for j := range p {
		column := make([]float64, n)
		constant := true
		for i := range column {
			column[i] = x.At(i, j)
			constant = constant && column[i] == 1
		}
		name := "x" + strconv.Itoa(j+1)
		switch {
		case o.names != nil:
			name = o.names[j]
		case constant && j == 0:
			source += "1"
			continue
		}
		t.Add(name, column)
		if source != "" {
			source += " + "
		}
		source += "`" + name + "`"
	}
	if source == "" || source[0] != '1' {
		source += " - 1"
	}
	t.Add("y", response)
	return Fit("y ~ "+source, t, list...)
}

// largePlain fits a large plain matrix where it lies; nil if that takes doubled
// precision.
func largePlain(x, y mat.Matrix, o *options) *Model {
	rows, response := rowsOf(x), vectorOf(y)
	constant := constantFirst(rows)
	m := newModel(plainFrame(rows, o, constant), KindOLS)
	m.rows, m.rowsY = &rows, response
	if !largeLinear(m, rows, response, constant) {
		return nil
	}
	return m
}

// plainFrame names the columns of a plain matrix.
func plainFrame(x lsq.Rows, o *options, constant bool) *frame {
	source := "y ~ X"
	fr := &frame{formula: &formula.Formula{Source: source, Intercept: constant && o.names == nil}}
	for j := range x.P {
		name, term := "x"+strconv.Itoa(j+1), j
		switch {
		case o.names != nil:
			name = o.names[j]
		case j == 0 && constant:
			name, term = "(Intercept)", -1
		}
		fr.terms, fr.assign = append(fr.terms, name), append(fr.assign, term)
	}
	fr.rows = make([]int, x.N)
	return fr
}

// LogisticXY fits a logistic regression of y (n by 1, zeros and ones) on the
// columns of x as they are; none is added.
func LogisticXY(x, y mat.Matrix, list ...Option) *Model { return glmXY(logistic, x, y, list) }

// PoissonXY fits a Poisson regression of the counts y on the columns of x.
func PoissonXY(x, y mat.Matrix, list ...Option) *Model { return glmXY(poisson, x, y, list) }

func glmXY(f family, x, y mat.Matrix, list []Option) *Model {
	o := collect(list)
	n, p := x.Dims()
	if rows, columns := y.Dims(); rows != n || columns != 1 {
		panic(fail(Ragged, "X is %d by %d and y is %d by %d; y must be %d by 1", n, p, rows, columns, n))
	}
	if n == 0 || p == 0 {
		panic(fail(Empty, "X is %d by %d", n, p))
	}
	if o.names != nil && len(o.names) != p {
		panic(fail(BadInput, "there are %d names for %d columns", len(o.names), p))
	}
	rows, response := rowsOf(x), vectorOf(y)
	fr := plainFrame(rows, o, constantFirst(rows))
	fr.large = &rows
	fr.response.name = "y"
	if isLarge(n, p) && f.accepts(response) {
		m := newModel(fr, f.kind)
		m.N, m.Dispersion = n, 1
		if largeGLM(m, f, rows, response, nil) {
			return m
		}
	}
	for i, v := range response {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic(fail(NonFinite, "y is %v in row %d", v, i+1))
		}
		fr.rows[i] = i
		fr.response.y = append(fr.response.y, dd.Of(v))
	}
	if !isLarge(n, p) {
		must(fr.expand())
	}
	m, err := fitGLM(fr, f)
	must(err)
	return m
}

// accepts reports whether all responses are ones that the family explains; an
// error that names the row is left to the fit in doubled precision.
func (f family) accepts(y []float64) bool {
	for _, v := range y {
		if !(v >= 0) || v != math.Trunc(v) || f.kind == KindLogistic && v > 1 {
			return false
		}
	}
	return true
}

func constantFirst(x lsq.Rows) bool {
	for i := range x.N {
		if x.Row(i)[0] != 1 {
			return false
		}
	}
	return true
}

// ConfInt returns the lower and upper bounds of the coefficients at the level.
func (m *Model) ConfInt(level float64) (lower, upper []float64) {
	q := m.quantile(level)
	for j, b := range m.Coef {
		lower, upper = append(lower, b-q*m.SE[j]), append(upper, b+q*m.SE[j])
	}
	return lower, upper
}

// VIF returns for each column the variance inflation factor 1/(1-R^2), R^2 that
// of the column on the others; NaN for the intercept and aliased columns.
func (m *Model) VIF() []float64 {
	if m.vif != nil {
		return m.vif
	}
	vif := nans(len(m.Terms))
	for _, j := range m.qr.Pivot[:m.Rank] {
		if j < len(m.frame.assign) && m.frame.assign[j] < 0 {
			continue
		}
		var others lsq.Matrix
		for _, k := range m.qr.Pivot[:m.Rank] {
			if k != j {
				others = append(others, m.design[k])
			}
		}
		total := m.centredSquares(m.design[j])
		if len(others) == 0 {
			vif[j] = 1
			continue
		}
		_, r := lsq.Factor(others).Solve(others, m.design[j])
		vif[j] = total.Div(sumSquares(r)).Float64()
	}
	return vif
}

// centredSquares is the sum of squares about the (weighted) mean if the model
// has an intercept, else about zero.
func (m *Model) centredSquares(column []dd.Float) dd.Float {
	if !m.frame.formula.Intercept {
		return sumSquares(column)
	}
	constant := lsq.Matrix{m.design[0]}
	_, r := lsq.Factor(constant).Solve(constant, column)
	return sumSquares(r)
}

// String makes Start readable in a notebook.
func (s Start) String() string {
	if len(s.Values) == 1 {
		return fmt.Sprintf("%s = %v", s.Name, s.Values[0])
	}
	return fmt.Sprintf("%s = %v", s.Name, s.Values)
}
