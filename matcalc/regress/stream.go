package regress

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// Levels names the levels of a text column in order, the first being the base.
// A stream needs them, since it sees only a part of the data at a time.
func Levels(column string, levels ...string) Option {
	return func(o *options) {
		if o.levels == nil {
			o.levels = map[string][]string{}
		}
		o.levels[column] = levels
	}
}

// WeightColumn names the column of weights of a stream.
func WeightColumn(name string) Option { return func(o *options) { o.weightColumn = name } }

// Penalty makes a stream a ridge regression with this lambda.
func Penalty(lambda float64) Option { return func(o *options) { o.lambda = lambda } }

// Progress is called during a stream with the rows and the share of the file
// that were read, in each pass; it ends the stream by returning false.
func Progress(f func(rows int, share float64) bool) Option {
	return func(o *options) { o.progress = f }
}

// FitStream fits a linear model to a CSV file (plain or gzip) of any size in
// one pass and constant memory: the rows are folded by blocks into a QR
// factorisation. Fitted values, residuals and diagnostics by row are not kept.
// It panics with an *Error.
func FitStream(model, path string, list ...Option) *Model {
	s := &linearStream{stream: stream{o: collect(list), name: path, model: model, open: fileSource(path)}}
	m, err := s.fit()
	must(err)
	return m
}

// A stream applies a formula to a file chunk by chunk.
type stream struct {
	o           *options
	name, model string
	open        source

	types    []columnType // of the columns, from the first pass on
	template *frame
	rows     int // that count, in this pass
	dropped  int
}

// pass reads the file once and calls f with the frame of each chunk, while the
// next ones are read.
func (s *stream) pass(f func(*frame) error) error {
	r, share, err := s.open()
	if err != nil {
		return err
	}
	defer r.Close()
	chunks, err := newChunker(r, s.name, s.o, s.types)
	if err != nil {
		return err
	}
	s.rows, s.dropped = 0, 0
	rows := 0
	take := func(t *Table) error {
		if t.Rows() > 0 {
			if err := s.apply(t, rows, f); err != nil {
				return err
			}
		}
		rows += t.Rows()
		if s.o.progress != nil && !s.o.progress(rows, share()) || halt.Halted() {
			return fail(BadInput, "stopped after %d rows", rows)
		}
		return nil
	}
	if s.types == nil {
		t, err := chunks.first()
		if err != nil {
			return err
		}
		if err := s.plan(t); err != nil {
			return err
		}
		chunks.need(s.names())
		s.types = chunks.types
		if err := take(t); err != nil {
			return err
		}
	}
	done := make(chan struct{})
	defer close(done)
	for c := range chunks.ahead(done) {
		if c.err != nil {
			return c.err
		}
		if err := take(c.table); err != nil {
			return err
		}
	}
	if s.rows == 0 {
		return fail(Empty, "%s has no complete row", s.name)
	}
	return nil
}

// names are the columns that the model reads.
func (s *stream) names() map[string]bool {
	names := map[string]bool{s.o.weightColumn: true}
	for _, name := range s.template.used(true) {
		names[name] = true
	}
	return names
}

// plan reads the formula with the types of the first chunk.
func (s *stream) plan(t *Table) error {
	f, err := formula.Parse(s.model, t.Names())
	if err != nil {
		return explain(err, t.Names())
	}
	s.template = &frame{formula: f}
	if name, ok := f.Response.(formula.Name); ok {
		if c := t.Column(name.Ident); c != nil && c.IsFactor() {
			if s.template.response.levels = s.o.levels[name.Ident]; s.template.response.levels == nil {
				return fail(BadInput, "the response %s holds text; name its two levels with Levels(%q, ...)", name.Ident, name.Ident)
			}
		}
	}
	for _, n := range f.Variables {
		v := variable{label: formula.String(n)}
		if call, ok := n.(formula.Call); ok && (call.Func == "poly" || call.Func == "factor" || call.Func == "as.factor") {
			return fail(BadInput, "%s needs all rows at once; in a stream write powers as I(x^2), and declare factors with Levels", v.label)
		}
		if name, ok := n.(formula.Name); ok {
			v.label = name.Ident
			if c := t.Column(name.Ident); c != nil && c.IsFactor() {
				if v.levels = s.o.levels[name.Ident]; v.levels == nil {
					return fail(BadInput, "column %s holds text; name its levels with Levels(%q, ...)", name.Ident, name.Ident)
				}
			}
		} else if isLogical(n) {
			v.levels = []string{"FALSE", "TRUE"}
		}
		s.template.variables = append(s.template.variables, v)
	}
	return nil
}

func (s *stream) apply(t *Table, before int, f func(*frame) error) error {
	spec := frameSpec{like: s.template, before: before}
	if name := s.o.weightColumn; name != "" {
		c := t.Column(name)
		if c == nil {
			return unknownColumn(name, t.Names())
		}
		if c.IsFactor() {
			return fail(BadWeight, "the weights column %s holds text", name)
		}
		for i := range c.Len() {
			spec.weights = append(spec.weights, c.at(i))
		}
	}
	fr, err := buildFrame(s.model, t, spec)
	if e, ok := err.(*Error); ok && e.Class == Empty {
		s.dropped += t.Rows()
		return nil
	}
	if err != nil {
		return err
	}
	if s.template.terms == nil {
		s.template.terms, s.template.assign, s.template.response.name = fr.terms, fr.assign, fr.response.name
	}
	s.dropped += fr.dropped
	return f(fr)
}

// A linearStream folds chunks into a triangular factor.
type linearStream struct {
	stream
	folder *lsq.Folder
	logW   float64
	sumW   float64 // of weights, w y and w y^2 about the first response
	sumWY  float64
	sumWYY float64
	origin float64
}

func (s *linearStream) fit() (*Model, error) {
	if !(s.o.lambda >= 0) || math.IsInf(s.o.lambda, 0) {
		return nil, fail(BadLambda, "lambda is %v; the penalty is a finite number that is not negative", s.o.lambda)
	}
	if err := s.pass(s.fold); err != nil {
		return nil, err
	}
	return s.finish()
}

func (s *linearStream) fold(fr *frame) error {
	if fr.response.levels != nil || fr.response.failures != nil {
		return fail(BadResponse, "the response %s is not a number", fr.response.name)
	}
	if s.folder == nil {
		s.folder = lsq.NewFolder(len(fr.terms) + 1)
		s.origin = fr.centredResponse()[0].Hi
	}
	s.addRows(fr)
	return nil
}

func (s *linearStream) addRows(fr *frame) {
	y := fr.centredResponse()
	row := make([]float64, len(fr.terms)+1)
	for i := range y {
		w := 1.0
		if fr.weights != nil {
			if w = fr.weights[i].Hi; w == 0 {
				continue
			}
			s.logW += math.Log(w)
		}
		root := math.Sqrt(w)
		for j := range fr.x {
			row[j] = fr.x[j][i].Hi * root
		}
		row[len(fr.x)] = y[i].Hi * root
		s.folder.Add(row)
		d := y[i].Hi - s.origin
		s.sumW, s.sumWY, s.sumWYY = s.sumW+w, s.sumWY+w*d, s.sumWYY+w*d*d
		s.rows++
	}
}

// finish solves the triangular system, which for a ridge has sqrt(lambda) I
// folded in last.
func (s *linearStream) finish() (*Model, error) {
	p := len(s.template.terms)
	kind := KindOLS
	switch {
	case s.o.lambda > 0:
		kind = KindRidge
	case s.o.weightColumn != "":
		kind = KindWLS
	}
	if s.rows < p && kind != KindRidge {
		return nil, underdetermined(s.rows, p)
	}
	s.template.dropped = s.dropped
	m := newModel(s.template, kind)
	m.N, m.Lambda = s.rows, s.o.lambda
	plain := s.folder.Triangle()
	for j := range p {
		if s.template.assign[j] >= 0 && s.o.lambda > 0 {
			row := make([]float64, p+1)
			row[j] = math.Sqrt(s.o.lambda)
			s.folder.Add(row)
		}
	}
	x, y := triangular(s.folder, p)
	m.qr = lsq.Factor(x)
	b, r := m.qr.Solve(x, y)
	m.setCoef(b, x, length(y))
	m.setFoldedVIF(x)
	rss := sumSquares(r)
	if kind == KindRidge {
		m.finishStreamedRidge(plain, x)
		return m, nil
	}
	m.RSS, m.DFResidual = rss.Float64(), float64(s.rows-m.Rank)
	m.ResidualSD, m.sigma2 = math.Sqrt(m.RSS/m.DFResidual), rss.Div(dd.Of(m.DFResidual))
	if m.DFResidual == 0 {
		m.warn(Saturated, saturated, s.rows)
	}
	m.setCovariance(m.sigma2, m.DFResidual > 0, false)
	total := s.sumWYY - s.sumWY*s.sumWY/s.sumW
	if !s.template.formula.Intercept {
		total = s.sumWYY + 2*s.origin*s.sumWY + s.origin*s.origin*s.sumW
	}
	if total <= 0 {
		m.warn(ConstantResponse, constantResponse, s.template.response.name)
	} else if m.DFResidual > 0 {
		m.largeSquares(total, s.template.formula.Intercept)
		m.LogLik += 0.5 * s.logW
		m.setCriteria(float64(m.Rank) + 1)
	}
	return m, nil
}

// setFoldedVIF computes the variance inflation factors from the triangle that all
// rows were folded into, whose columns have the products of the design's.
func (m *Model) setFoldedVIF(x lsq.Matrix) {
	m.vif = nans(len(x))
	inverse := m.qr.Inverse()
	intercept := slices.Index(m.frame.assign, -1)
	for i, j := range m.qr.Pivot[:m.Rank] {
		if j == intercept {
			continue
		}
		squares := sumSquares(x[j])
		if intercept >= 0 {
			var cross dd.Float
			for k, v := range x[intercept] {
				cross = cross.Add(v.Mul(x[j][k]))
			}
			squares = squares.Sub(cross.Sqr().Div(sumSquares(x[intercept])))
		}
		m.vif[j] = inverse[i][i].Mul(squares).Float64()
	}
}

// finishStreamedRidge computes RSS and effective degrees of freedom from the
// factor before the penalty: |R b - z|^2 and the trace of R (R'R+D)^-1 R'.
func (m *Model) finishStreamedRidge(plain [][]float64, penalised lsq.Matrix) {
	p := len(m.Terms)
	inverse := m.qr.RInverse()
	trace := 0.0
	for i := range p + 1 {
		fitted := 0.0
		for j := range p {
			fitted += plain[i][j] * m.Coef[j]
		}
		d := plain[i][p] - fitted
		m.RSS += d * d
		for k := range m.qr.Rank {
			v := 0.0
			for l := 0; l <= k; l++ {
				v += plain[i][m.qr.Pivot[l]] * inverse[k][l].Hi
			}
			trace += v * v
		}
	}
	m.DFEffective = trace
	m.DFResidual = float64(m.N) - trace
	m.SE, m.Stat, m.P = nans(p), nans(p), nans(p)
	m.ResidualSD = math.NaN()
}
