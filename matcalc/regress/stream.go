package regress

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"

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
// that were read; it ends the stream by returning false.
func Progress(f func(rows int, share float64) bool) Option {
	return func(o *options) { o.progress = f }
}

// chunkRows is how many rows of a stream are held at a time.
const chunkRows = 1 << 14

// FitStream fits a linear model to a CSV file (plain or gzip) of any size in
// one pass and constant memory: the rows are folded by blocks into a QR
// factorisation. Fitted values, residuals and diagnostics by row are not kept.
// It panics with an *Error.
func FitStream(model, path string, list ...Option) *Model {
	file, err := os.Open(path)
	if err != nil {
		panic(fail(BadInput, "cannot read the table: %v", err))
	}
	defer file.Close()
	size := 1.0
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		size = float64(info.Size())
	}
	counter := &countingReader{r: file}
	s := &stream{o: collect(list), name: path, model: model, share: func() float64 { return min(1, float64(counter.n)/size) }}
	m, err := s.fit(counter)
	must(err)
	return m
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// A stream folds chunks of a table into a triangular factor.
type stream struct {
	o           *options
	name, model string
	share       func() float64

	header   []string
	template *frame
	folder   *lsq.Folder
	rows     int
	dropped  int
	logW     float64
	sumW     float64 // of weights, w y and w y^2 about the first response
	sumWY    float64
	sumWYY   float64
	origin   float64
}

func (s *stream) fit(r io.Reader) (*Model, error) {
	if !(s.o.lambda >= 0) || math.IsInf(s.o.lambda, 0) {
		return nil, fail(BadLambda, "lambda is %v; the penalty is a finite number that is not negative", s.o.lambda)
	}
	records, err := openRecords(r, s.name)
	if err != nil {
		return nil, err
	}
	if s.header, err = readHeader(records, s.name); err != nil {
		return nil, err
	}
	for more := true; more; {
		var t *Table
		if t, more, err = s.chunk(records); err != nil {
			return nil, err
		}
		if t.Rows() > 0 {
			if err := s.fold(t); err != nil {
				return nil, err
			}
		}
		if s.o.progress != nil && !s.o.progress(s.rows, s.share()) && more {
			return nil, fail(BadInput, "stopped after %d rows", s.rows)
		}
	}
	if s.folder == nil || s.rows == 0 {
		return nil, fail(Empty, "%s has no complete row", s.name)
	}
	return s.finish()
}

func (s *stream) chunk(records *csv.Reader) (t *Table, more bool, err error) {
	columns := make([][]Cell, len(s.header))
	more = true
	for range chunkRows {
		record, err := records.Read()
		if err == io.EOF {
			more = false
			break
		}
		if err != nil {
			return nil, false, recordError(err, record, s.header, s.name)
		}
		for j, field := range record {
			columns[j] = append(columns[j], readCell(field))
		}
	}
	t = NewTable()
	for j, h := range s.header {
		levels, factor := s.o.levels[h]
		c, err := parseColumn(h, columns[j], levels, factor)
		if err != nil {
			return nil, false, err
		}
		if err := t.put(c); err != nil {
			return nil, false, err
		}
	}
	return t, more, nil
}

// plan reads the formula with the types of the first chunk.
func (s *stream) plan(t *Table) error {
	f, err := formula.Parse(s.model, t.Names())
	if err != nil {
		return explain(err, t.Names())
	}
	s.template = &frame{formula: f}
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
		}
		s.template.variables = append(s.template.variables, v)
	}
	return nil
}

func (s *stream) fold(t *Table) error {
	if s.template == nil {
		if err := s.plan(t); err != nil {
			return err
		}
	}
	spec := frameSpec{like: s.template}
	if name := s.o.weightColumn; name != "" {
		c := t.Column(name)
		if c == nil {
			return unknownColumn(name, t.Names())
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
	if fr.response.levels != nil || fr.response.failures != nil {
		return fail(BadResponse, "the response %s is not a number", fr.response.name)
	}
	if s.folder == nil {
		s.folder = lsq.NewFolder(len(fr.terms) + 1)
		s.template.terms, s.template.assign, s.template.response.name = fr.terms, fr.assign, fr.response.name
		s.origin = fr.centredResponse()[0].Hi
	}
	s.dropped += fr.dropped
	s.addRows(fr)
	return nil
}

func (s *stream) addRows(fr *frame) {
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
func (s *stream) finish() (*Model, error) {
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
	triangle := s.folder.Triangle()
	x, y := lsq.NewMatrix(p+1, p), make([]dd.Float, p+1)
	for i := range p + 1 {
		for j := range p {
			x[j][i] = dd.Of(triangle[i][j])
		}
		y[i] = dd.Of(triangle[i][p])
	}
	m.qr = lsq.Factor(x)
	b, r := m.qr.Solve(x, y)
	m.setCoef(b, x, length(y))
	m.vif = nans(p)
	rss := sumSquares(r)
	if kind == KindRidge {
		m.finishStreamedRidge(plain, x)
		return m, nil
	}
	m.RSS, m.DFResidual = rss.Float64(), float64(s.rows-m.Rank)
	m.ResidualSD, m.sigma2 = math.Sqrt(m.RSS/m.DFResidual), rss.Div(dd.Of(m.DFResidual))
	if m.DFResidual == 0 {
		m.warn(Saturated, fmt.Sprintf("as many coefficients as rows (%d)", s.rows))
	}
	m.setCovariance(m.sigma2, m.DFResidual > 0, false)
	total := s.sumWYY - s.sumWY*s.sumWY/s.sumW
	if !s.template.formula.Intercept {
		total = s.sumWYY + 2*s.origin*s.sumWY + s.origin*s.origin*s.sumW
	}
	if total <= 0 {
		m.warn(ConstantResponse, "the response "+s.template.response.name+" is constant: there is nothing to explain")
	} else if m.DFResidual > 0 {
		m.largeSquares(total, s.template.formula.Intercept)
		m.LogLik += 0.5 * s.logW
		m.setCriteria(float64(m.Rank) + 1)
	}
	return m, nil
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
