package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// LogisticStream fits a logistic regression to a CSV file (plain or gzip) of
// any size: each pass over the file is a step of Newton's method, whose rows
// are folded by blocks into a QR factorisation, and a last one evaluates the
// covariance. Fitted values and diagnostics by row are not kept. It panics with
// an *Error.
func LogisticStream(model, path string, list ...Option) *Model {
	return glmStreamed(logistic, model, path, list)
}

// PoissonStream is LogisticStream for a Poisson regression.
func PoissonStream(model, path string, list ...Option) *Model {
	return glmStreamed(poisson, model, path, list)
}

func glmStreamed(f family, model, path string, list []Option) *Model {
	s := &glmStream{stream: stream{o: collect(list), name: path, model: model, open: fileSource(path)}, f: f, fast: fastFamilies[f.kind]}
	m, err := s.fit()
	must(err)
	return m
}

// A glmStream is the state of Newton's method over a file.
type glmStream struct {
	stream
	f    family
	fast func(eta float64) (mu, variance float64)
	b    []float64 // nil in the first pass
	null float64   // the intercept of the model without terms

	pass1 passSums
}

// passSums is what a pass adds up at the current estimate.
type passSums struct {
	folder           *lsq.Folder
	weight, response float64 // sums of w and w y
	deviance, loglik float64
	nullDeviance     float64
	nullG, nullH     float64 // gradient and curvature of the null model
	eta              float64 // sum of squares of the linear predictor
	against, towards float64 // largest moves along the last step, away from and towards the response
}

// maxPasses bounds the passes; data without a finite estimate need all.
const maxPasses = 30

func (s *glmStream) fit() (*Model, error) {
	var step, before []float64
	last := math.Inf(1)
	converged := false
	passes := 0
	for passes = 1; passes <= maxPasses; passes++ {
		if err := s.sumUp(step); err != nil {
			return nil, err
		}
		p := len(s.template.terms)
		if s.rows < p {
			return nil, underdetermined(s.rows, p)
		}
		sums := &s.pass1
		s.updateNull(passes)
		if before != nil && !(sums.deviance <= last*(1+1e-10)) { // too far: half the way
			for j := range s.b {
				s.b[j] = (s.b[j] + before[j]) / 2
			}
			continue
		}
		if converged {
			break
		}
		if passes > 15 && sums.towards > 0 && sums.against <= 1e-7*sums.towards {
			return s.separated(step), nil
		}
		x, z := triangular(sums.folder, p)
		qr := lsq.Factor(x)
		next, _ := qr.Solve(x, z)
		last = sums.deviance
		if s.b == nil {
			s.b, last = make([]float64, p), math.Inf(1)
		} else {
			before = append([]float64(nil), s.b...)
		}
		step = float64s(next)
		for j := range s.b {
			s.b[j] += step[j]
		}
		converged = before != nil && decrement(x, next) < 1e-6
	}
	return s.finish(passes, converged)
}

// decrement is the length of the step in standard errors.
func decrement(x lsq.Matrix, step []dd.Float) float64 {
	minus := make([]dd.Float, len(step))
	for j, v := range step {
		minus[j] = v.Neg()
	}
	move := make([]dd.Float, x.Rows())
	lsq.Residual(move, x, minus, make([]dd.Float, x.Rows()))
	return length(move)
}

// triangular is the factor of a folder as a design and a response.
func triangular(f *lsq.Folder, p int) (lsq.Matrix, []dd.Float) {
	triangle := f.Triangle()
	x, y := lsq.NewMatrix(p+1, p), make([]dd.Float, p+1)
	for i := range p + 1 {
		for j := range p {
			x[j][i] = dd.Of(triangle[i][j])
		}
		y[i] = dd.Of(triangle[i][p])
	}
	return x, y
}

// sumUp is one pass at the current estimate.
func (s *glmStream) sumUp(step []float64) error {
	s.pass1 = passSums{}
	return s.pass(func(fr *frame) error {
		d, err := fr.glmData(s.f)
		if err != nil {
			return err
		}
		if s.pass1.folder == nil {
			s.pass1.folder = lsq.NewFolder(len(fr.terms) + 1)
		}
		s.add(d, step)
		s.rows += d.rows
		return nil
	})
}

func (s *glmStream) add(d *glmData, step []float64) {
	sums := &s.pass1
	row := make([]float64, len(d.x)+1)
	for i := range d.y {
		w, y, offset := d.w[i].Hi, d.y[i].Hi, 0.0
		if w == 0 {
			continue
		}
		if d.offset != nil {
			offset = d.offset[i].Hi
		}
		eta, move := offset, 0.0
		for j := range d.x {
			row[j] = d.x[j][i].Hi
			if s.b != nil {
				eta += row[j] * s.b[j]
			}
			if step != nil {
				move += row[j] * step[j]
			}
		}
		first := s.b == nil
		if first {
			eta = s.f.start(y, w)
		}
		mu, variance := s.fast(eta)
		rest := 1 - mu
		if s.f.kind == KindLogistic {
			rest, _ = s.fast(-eta)
		}
		difference := s.f.difference(d.y[i], dd.Of(mu), dd.Of(rest)).Float64()
		root := math.Sqrt(w * variance)
		z := difference / variance
		if first {
			z += eta - offset
		}
		if root > 0 {
			for j := range d.x {
				row[j] *= root
			}
			row[len(d.x)] = z * root
			sums.folder.Add(row)
		}
		sums.weight, sums.response = sums.weight+w, sums.response+w*y
		sums.deviance += w * s.f.deviance(difference, mu, rest)
		sums.loglik += s.f.loglik(y, w, mu, rest)
		sums.eta += eta * eta
		s.addNull(y, w, offset)
		if towards := float64(s.f.edge(d.y[i])) * move; towards > 0 {
			sums.towards = max(sums.towards, towards)
		} else {
			sums.against = max(sums.against, math.Abs(move))
		}
	}
}

// addNull adds a row to the sums of the model of an intercept alone.
func (s *glmStream) addNull(y, w, offset float64) {
	mu, variance := s.fast(s.null + offset)
	rest := 1 - mu
	s.pass1.nullDeviance += w * s.f.deviance(y-mu, mu, rest)
	s.pass1.nullG += w * (y - mu)
	s.pass1.nullH += w * variance
}

// updateNull moves the intercept of the null model: after the first pass to
// where it is without an offset, then by Newton's steps.
func (s *glmStream) updateNull(pass int) {
	sums := &s.pass1
	switch {
	case !s.template.formula.Intercept:
	case pass == 1:
		mean := sums.response / sums.weight
		if s.null = math.Log(mean); s.f.kind == KindLogistic {
			s.null = math.Log(mean / (1 - mean))
		}
		if math.IsInf(s.null, 0) {
			s.null = 0
		}
	case sums.nullH > 0:
		s.null += sums.nullG / sums.nullH
	}
}

func (s *glmStream) finish(passes int, converged bool) (*Model, error) {
	p, sums := len(s.template.terms), &s.pass1
	s.template.dropped = s.dropped
	m := newModel(s.template, s.f.kind)
	m.N, m.Dispersion, m.Iterations, m.Converged = s.rows, 1, passes, converged
	x, _ := triangular(sums.folder, p)
	m.qr = lsq.Factor(x)
	b := make([]dd.Float, p)
	for j, v := range s.b {
		b[j] = dd.Of(v)
	}
	m.setCoef(b, x, max(1, math.Sqrt(sums.eta)))
	m.setFoldedVIF(x)
	m.DFResidual, m.DFNull = float64(s.rows-m.Rank), float64(s.rows)
	if s.template.formula.Intercept {
		m.DFNull--
	}
	m.Deviance, m.NullDeviance, m.LogLik = sums.deviance, sums.nullDeviance, sums.loglik
	m.setCriteria(float64(m.Rank))
	m.setCovariance(dd.Of(1), true, true)
	if !converged {
		m.warn(NotConverged, "the estimate had not settled after %d passes; rescale the columns or look for groups without variation", maxPasses)
	}
	if m.DFResidual == 0 {
		m.warn(Saturated, saturated, s.rows)
	}
	return m, nil
}

// separated reports data whose estimate runs away along step.
func (s *glmStream) separated(step []float64) *Model {
	m := newModel(s.template, s.f.kind)
	m.N, m.Dispersion, m.Iterations = s.rows, 1, maxPasses
	p := len(s.template.terms)
	m.Coef, m.vif = nans(p), nans(p)
	var names []string
	largest := 0.0
	for _, v := range step {
		largest = max(largest, math.Abs(v))
	}
	for j, v := range step {
		if math.Abs(v) > 1e-6*largest {
			names = append(names, s.template.terms[j])
		}
	}
	m.noEstimate(names)
	return m
}
