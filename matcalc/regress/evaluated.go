package regress

import (
	"fmt"
	"math"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// maxEvaluated is the number of rows up to which a derivation is evaluated at
// the data of its fit; the weights are an n by n matrix there.
const maxEvaluated = 1000

// atEstimate evaluates the gradient and the covariance that were derived at
// the data and the estimate, and says how they agree with the fit.
func (b *deriver) atEstimate(d *Derivation) {
	env := b.m.environment(b.scope.Vars)
	if env == nil {
		return
	}
	gradient, err := env.Eval(b.gradient)
	if err != nil {
		return
	}
	text := fmt.Sprintf(word("at-gradient"), agreement(b.m.relativeGradient(gradient.V, env.Vars)))
	if digits, ok := b.covarianceDigits(env); ok {
		text += "; " + fmt.Sprintf(word("at-covariance"), digits)
	}
	d.Steps = append(d.Steps, DerivationStep{Label: text})
}

// covarianceDigits returns how many digits of the standard errors the formula,
// evaluated as it stands in float64, has in common with the fit.
func (b *deriver) covarianceDigits(env *check.Env) (int, bool) {
	if b.m.Cov == nil {
		return 0, false
	}
	cov, err := env.Eval(b.cov)
	if err != nil || cov.R != len(b.m.Cov) {
		return 0, false
	}
	worst := 0.0
	for j := range cov.R {
		worst = max(worst, math.Abs(cov.At(j, j)/b.m.Cov[j][j]-1))
	}
	if !(worst < 0.1) {
		return 0, false
	}
	return agreement(worst), true
}

// agreement is the number of decimal digits that a relative difference leaves.
func agreement(difference float64) int { return int(min(15, -math.Log10(difference+1e-17))) }

// relativeGradient is the largest entry of the gradient relative to the sizes
// of the column and of the response that it is made of.
func (m *Model) relativeGradient(g []float64, vars map[*expr.Node]*check.Value) float64 {
	largest, scale := 0.0, 1e-300
	for _, v := range g {
		largest = max(largest, math.Abs(v))
	}
	for sym, v := range vars {
		if name := sym.Name(); name == "X" || name == "J" {
			for j := range v.C {
				s := 0.0
				for i := range v.R {
					s = math.Hypot(s, v.At(i, j))
				}
				scale = max(scale, s)
			}
		}
	}
	size := 0.0
	for i := range m.Fitted {
		size = math.Hypot(size, m.Fitted[i]+m.Residuals[i])
	}
	return largest / (scale * max(size, 1e-300))
}

// environment gives the variables of a derivation the values of the fit; nil
// if the fit kept no rows, has too many, or has no estimate.
func (m *Model) environment(vars map[string]*expr.Node) *check.Env {
	fr := m.frame
	if fr == nil || len(m.coef) == 0 || len(m.Aliased) > 0 || len(fr.rows) > maxEvaluated || m.Kind != KindNLS && fr.x == nil {
		return nil
	}
	for _, c := range m.Coef {
		if c != c {
			return nil
		}
	}
	n := len(fr.rows)
	env := &check.Env{Dims: map[string]int{"n": n, "p": len(m.Terms), "k": len(m.constraint.a)}, Vars: map[*expr.Node]*check.Value{}}
	set := func(name string, r, c int, at func(i, j int) float64) {
		v := &check.Value{R: r, C: c, V: make([]float64, r*c)}
		for i := range r {
			for j := range c {
				v.V[i*c+j] = at(i, j)
			}
		}
		if sym := vars[name]; sym != nil {
			env.Vars[sym] = v
		}
	}
	vector := func(name string, v []dd.Float) {
		set(name, len(v), 1, func(i, _ int) float64 { return v[i].Float64() })
	}
	p := len(m.Terms)
	columns := func(x lsq.Matrix) func(i, j int) float64 {
		return func(i, j int) float64 { return x[j][i].Float64() }
	}
	set("sigma", 1, 1, func(int, int) float64 { return m.ResidualSD })
	if m.Kind == KindNLS {
		set("J", n, p, columns(m.design))
		vector("r", m.residual)
		vector("d", make([]dd.Float, p))
		return env
	}
	set("X", n, p, columns(fr.x))
	vector("b", m.coef)
	vector("y", fr.response.y)
	if fr.offset != nil {
		vector("o", fr.offset)
	}
	m.structure(set, vector)
	return env
}

// structure sets what a kind of model has besides X, y and b.
func (m *Model) structure(set func(string, int, int, func(i, j int) float64), vector func(string, []dd.Float)) {
	n, p := len(m.frame.rows), len(m.Terms)
	diagonal := func(f func(i int) float64) func(i, j int) float64 {
		return func(i, j int) float64 {
			if i != j {
				return 0
			}
			return f(i)
		}
	}
	switch m.Kind {
	case KindWLS:
		set("W", n, n, diagonal(func(i int) float64 { return m.frame.weights[i].Float64() }))
	case KindGLS:
		set("V", n, n, func(i, j int) float64 { return math.Pow(m.rho, math.Abs(float64(m.frame.gap(i, j)))) })
	case KindRidge:
		set("lambda", 1, 1, func(int, int) float64 { return m.Lambda })
		set("D", p, p, diagonal(func(j int) float64 { return map[bool]float64{true: 1}[m.frame.assign[j] >= 0] }))
	case KindConstrained:
		set("A", len(m.constraint.a), p, func(i, j int) float64 { return m.constraint.a[i][j] })
		set("c", len(m.constraint.c), 1, func(i, _ int) float64 { return m.constraint.c[i] })
		vector("l", m.multiplier())
	case KindLogistic, KindPoisson:
		vector("y", m.glm.y)
		vector("w", m.glm.w)
	}
}

// A constraint is A b = c.
type constraint struct {
	a [][]float64
	c []float64
}

// multiplier returns the l with A'l = X'(y - Xb).
func (m *Model) multiplier() []dd.Float {
	fr := m.frame
	y := fr.centredResponse()
	r := make([]dd.Float, len(y))
	lsq.Residual(r, fr.x, m.coef, y)
	pull := make([]dd.Float, len(fr.x))
	for j, column := range fr.x {
		for i, v := range column {
			pull[j] = pull[j].Add(v.Mul(r[i]))
		}
	}
	transposed := lsq.NewMatrix(len(fr.x), len(m.constraint.a))
	for i, row := range m.constraint.a {
		for j, v := range row {
			transposed[i][j] = dd.Of(v)
		}
	}
	l, _ := lsq.Factor(transposed).Solve(transposed, pull)
	return l
}
