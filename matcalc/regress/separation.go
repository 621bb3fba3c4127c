package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// recedes returns a direction along which the likelihood grows for ever, or
// nil: no row is moved away from its response, and some are moved towards it.
// Newton's step is such a direction but for rows that it should leave where
// they are; these it moves ever less. Taking out of it what moves them makes
// the direction exact, so that data that are only nearly separated pass.
func (d *glmData) recedes(f family, step []dd.Float) []dd.Float {
	move := d.moves(step)
	largest := 0.0
	for i, v := range move {
		if d.w[i].Sign() > 0 {
			largest = max(largest, math.Abs(v.Hi))
		}
	}
	for _, little := range []float64{0, 1e-12, 1e-9, 1e-6, 1e-3} {
		if direction := d.without(step, move, little*largest); d.certifies(f, direction, 1e-15*largest) {
			return direction
		}
	}
	return nil
}

// without returns step without what moves the rows that it moves less than
// little.
func (d *glmData) without(step, move []dd.Float, little float64) []dd.Float {
	still := make(lsq.Matrix, len(d.x))
	var rest []dd.Float
	for i, v := range move {
		if d.w[i].Sign() > 0 && math.Abs(v.Hi) < little {
			for j := range d.x {
				still[j] = append(still[j], d.x[j][i])
			}
			rest = append(rest, v)
		}
	}
	if len(rest) == 0 {
		return step
	}
	c, _ := lsq.Factor(still).Solve(still, rest)
	exact := make([]dd.Float, len(step))
	for j := range step {
		exact[j] = step[j].Sub(c[j])
	}
	return exact
}

// certifies reports whether direction moves some rows towards their response
// and none away from it, moves up to zero being rounding.
func (d *glmData) certifies(f family, direction []dd.Float, zero float64) bool {
	towards := false
	for i, v := range d.moves(direction) {
		if d.w[i].IsZero() || math.Abs(v.Hi) <= zero {
			continue
		}
		if f.edge(d.y[i])*v.Sign() <= 0 {
			return false
		}
		towards = true
	}
	return towards
}

// moves is the change of the linear predictor along a change of the estimate.
func (d *glmData) moves(step []dd.Float) []dd.Float {
	offset := d.offset
	d.offset = nil
	defer func() { d.offset = offset }()
	return d.predictor(step)
}

func (m *Model) reportSeparation(direction []dd.Float) {
	largest := 0.0
	size := make([]float64, len(direction))
	for j, v := range direction {
		size[j] = math.Abs(v.Hi) * length(m.frame.x[j])
		largest = max(largest, size[j])
	}
	var names []string
	for j := range direction {
		if size[j] > 1e-6*largest {
			names = append(names, m.Terms[j])
		}
	}
	m.noEstimate(names)
}

// noEstimate reports separation along the columns named.
func (m *Model) noEstimate(names []string) {
	m.Converged = false
	for j := range m.Coef {
		m.Coef[j] = math.NaN()
	}
	p := len(m.Coef)
	m.SE, m.Stat, m.P, m.Cov = nans(p), nans(p), nans(p), nil
	m.warn(Separation, "the data are separated along %s: the likelihood grows without end and no finite estimate exists; pool groups, drop the term or penalise", listNames(names))
}
