package regress

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// A frame is a formula applied to a table: the rows without missing values,
// the response and the design matrix.
type frame struct {
	formula   *formula.Formula
	table     *Table
	rows      []int // rows of the table that are used
	dropped   int
	response  response
	offset    []dd.Float // nil without offset
	weights   []dd.Float // nil without weights
	terms     []string   // names of the columns of x
	assign    []int      // x's column j comes from term assign[j]; -1 the intercept
	x         lsq.Matrix
	variables []variable
	large     *lsq.Rows // the design in float64, in place of x
	before    int       // rows of a stream before this table
	fitted    bool      // bases and levels are those of a fit
	closed    bool      // the rows that are used follow each other in time
}

// number is the number of row i of the table for messages, counted from 1.
func (fr *frame) number(i int) int { return fr.before + i + 1 }

// gap is the time between rows i and j of those that are used.
func (fr *frame) gap(i, j int) int {
	if fr.closed {
		return i - j
	}
	return fr.rows[i] - fr.rows[j]
}

// A response is the left of a formula: numbers, a factor, or successes and
// failures.
type response struct {
	name     string
	y        []dd.Float
	failures []dd.Float // of cbind(successes, failures)
	levels   []string   // of a factor response
}

// A variable is one factor of the terms: a numeric column, several (poly), or
// an R factor.
type variable struct {
	label   string
	columns lsq.Matrix
	suffix  []string // of each column
	levels  []string // of an R factor; nil otherwise
	codes   []int    // row -> level
	basis   *polyBasis
}

// A frameSpec is what a frame is made of besides formula and table.
type frameSpec struct {
	weights    []dd.Float // by row of the table; NaN is missing
	noResponse bool       // for prediction
	like       *frame     // prediction: levels and bases of the fit
	before     int        // rows of a stream before the table
	large      bool       // the design of many rows may be in float64
}

func buildFrame(src string, t *Table, spec frameSpec) (*frame, error) {
	f, err := formula.Parse(src, t.Names())
	if err != nil {
		return nil, explain(err, t.Names())
	}
	if spec.like != nil { // what a dot stood for in the fit
		f = spec.like.formula
	}
	if f.Response == nil && !spec.noResponse {
		return nil, fail(Syntax, "the formula %s has no response; write y ~ ...", src)
	}
	fr := &frame{formula: f, table: t, before: spec.before, fitted: spec.like != nil}
	if err := fr.selectRows(spec); err != nil {
		return nil, err
	}
	if !spec.noResponse {
		if err := fr.evalResponse(spec.like); err != nil {
			return nil, err
		}
	}
	for _, o := range f.Offsets {
		v, err := fr.numeric(o)
		if err != nil {
			return nil, err
		}
		if fr.offset == nil {
			fr.offset = make([]dd.Float, len(fr.rows))
		}
		for i := range v {
			fr.offset[i] = fr.offset[i].Add(v[i])
		}
	}
	if spec.large {
		if done, err := fr.buildLarge(); done || err != nil {
			return fr, err
		}
	}
	if err := fr.buildVariables(spec.like); err != nil {
		return nil, err
	}
	fr.buildDesign()
	return fr, fr.checkRange()
}

// buildVariables evaluates the factors of the terms, as in the fit that a frame
// is like.
func (fr *frame) buildVariables(like *frame) error {
	fr.variables = nil
	for i, n := range fr.formula.Variables {
		v, err := fr.variable(n)
		if err != nil {
			return err
		}
		if like != nil {
			if err := v.conform(like.variables[i]); err != nil {
				return err
			}
		}
		fr.variables = append(fr.variables, v)
	}
	return nil
}

// Squares of numbers beyond these bounds leave the range of float64.
const tooLarge, tooSmall = 1e150, 1e-150

// checkRange refuses a response or a column of the design whose squares would
// overflow, or all vanish.
func (fr *frame) checkRange() error {
	if err := inRange(fr.response.name, fr.response.y); err != nil {
		return err
	}
	for j, column := range fr.x {
		if err := inRange(fr.terms[j], column); err != nil {
			return err
		}
	}
	return inRange("offset", fr.offset)
}

func inRange(name string, values []dd.Float) error {
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v.Hi))
	}
	return rangeError(name, largest)
}

// rangeError refuses a column by its largest magnitude.
func rangeError(name string, largest float64) error {
	if largest > tooLarge || largest > 0 && largest < tooSmall {
		return fail(NonFinite, "%s reaches %.3g, and its squares leave the range of numbers; rescale it", name, largest)
	}
	return nil
}

// used returns the names that the formula reads.
func (fr *frame) used(response bool) []string {
	var names []string
	add := func(n formula.Node) {
		for _, name := range formula.Names(n) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if response && fr.formula.Response != nil {
		add(fr.formula.Response)
	}
	for _, v := range fr.formula.Variables {
		add(v)
	}
	for _, o := range fr.formula.Offsets {
		add(o)
	}
	return names
}

func (fr *frame) selectRows(spec frameSpec) error {
	var columns []*Column
	for _, name := range fr.used(!spec.noResponse) {
		c := fr.table.Column(name)
		if c == nil {
			if name == "pi" {
				continue
			}
			return unknownColumn(name, fr.table.Names())
		}
		columns = append(columns, c)
	}
	n := fr.table.Rows()
	if spec.weights != nil && len(spec.weights) != n {
		return fail(Ragged, "there are %d weights for %d rows", len(spec.weights), n)
	}
	for i := range n {
		complete := spec.weights == nil || spec.weights[i].Hi == spec.weights[i].Hi
		for _, c := range columns {
			complete = complete && !c.missing(i)
		}
		if complete {
			fr.rows = append(fr.rows, i)
		}
	}
	fr.dropped = n - len(fr.rows)
	if len(fr.rows) == 0 {
		if n == 0 {
			return fail(Empty, "the table has no rows")
		}
		return fail(Empty, "no row is complete: each of the %d rows lacks a value in %s", n, listNames(fr.used(true)))
	}
	for _, c := range columns {
		if c.IsFactor() {
			continue
		}
		for _, i := range fr.rows {
			if math.IsNaN(c.Numbers[i]) || math.IsInf(c.Numbers[i], 0) {
				return fail(NonFinite, "column %s, row %d is %v; remove the row or mark the value as missing", c.Name, fr.number(i), c.Numbers[i])
			}
		}
	}
	return fr.selectWeights(spec.weights)
}

func (fr *frame) selectWeights(weights []dd.Float) error {
	if weights == nil {
		return nil
	}
	positive := false
	for _, i := range fr.rows {
		w := weights[i]
		switch {
		case !w.IsFinite():
			return fail(BadWeight, "the weight of row %d is %v; weights are finite numbers", fr.number(i), w.Hi)
		case w.Sign() < 0:
			return fail(BadWeight, "the weight of row %d is %v; weights are not negative", fr.number(i), w.Hi)
		}
		positive = positive || w.Sign() > 0
		fr.weights = append(fr.weights, w)
	}
	if !positive {
		return fail(BadWeight, "all weights are zero; at least one row must count")
	}
	return nil
}

// numeric evaluates an expression over the used rows.
func (fr *frame) numeric(n formula.Node) ([]dd.Float, error) {
	if name, ok := n.(formula.Name); ok {
		if c := fr.table.Column(name.Ident); c != nil && !c.IsFactor() {
			out := make([]dd.Float, len(fr.rows)) // selectRows has seen that they are finite
			for k, i := range fr.rows {
				out[k] = c.at(i)
			}
			return out, nil
		}
	}
	source := n
	n, indicators := fr.textComparisons(n)
	names := formula.Names(n)
	var columns []*Column
	var slots []string
	for _, name := range names {
		c := fr.table.Column(name)
		if indicator := indicators[name]; indicator != nil {
			c = indicator
		}
		if c == nil {
			continue // pi, or an unknown name that Compile reports
		}
		if c.IsFactor() {
			note := c.strayNote()
			if note == "" {
				note = phrase(" (row %d is %q)", fr.number(fr.rows[0]), c.Text[fr.rows[0]])
			}
			return nil, fail(BadInput, "column %s holds text%s and cannot be computed with in %s", name, note, formula.String(source))
		}
		columns, slots = append(columns, c), append(slots, name)
	}
	program, err := formula.Compile(n, slots)
	if err != nil {
		return nil, explain(err, fr.table.Names())
	}
	out := make([]dd.Float, len(fr.rows))
	env := make([]dd.Float, len(columns))
	for k, i := range fr.rows {
		for j, c := range columns {
			env[j] = c.at(i)
		}
		out[k] = program.Doubled(env)
		if !out[k].IsFinite() {
			return nil, fail(NonFinite, "%s is %v in row %d; remove the row or change the formula", formula.String(source), out[k].Hi, fr.number(i))
		}
	}
	return out, nil
}

// textComparisons replaces comparisons of a text column with a quoted value,
// g == "a", by the names of columns of zeros and ones, which it returns too.
func (fr *frame) textComparisons(n formula.Node) (formula.Node, map[string]*Column) {
	indicators := map[string]*Column{}
	n = formula.Map(n, func(n formula.Node) formula.Node {
		b, ok := n.(formula.Binary)
		if !ok || b.Op != "==" && b.Op != "!=" {
			return n
		}
		name, value, ok := nameAndText(b.X, b.Y)
		if !ok {
			name, value, ok = nameAndText(b.Y, b.X)
		}
		c := fr.table.Column(name)
		if !ok || c == nil || !c.IsFactor() {
			return n
		}
		key := formula.String(n)
		numbers := make([]float64, c.Len())
		for i, v := range c.Text {
			if (v == value) == (b.Op == "==") {
				numbers[i] = 1
			}
		}
		indicators[key] = &Column{Name: key, Numbers: numbers}
		return formula.Name{Ident: key}
	})
	return n, indicators
}

func nameAndText(a, b formula.Node) (name, value string, ok bool) {
	x, isName := a.(formula.Name)
	y, isText := b.(formula.Text)
	return x.Ident, y.Value, isName && isText
}

func (fr *frame) evalResponse(like *frame) error {
	n := fr.formula.Response
	fr.response.name = formula.String(n)
	if call, ok := n.(formula.Call); ok && call.Func == "cbind" {
		if len(call.Args) != 2 {
			return fail(BadResponse, "cbind takes successes and failures, got %d columns in %s", len(call.Args), fr.response.name)
		}
		var err error
		if fr.response.y, err = fr.numeric(call.Args[0]); err == nil {
			fr.response.failures, err = fr.numeric(call.Args[1])
		}
		return err
	}
	if name, ok := n.(formula.Name); ok {
		if c := fr.table.Column(name.Ident); c != nil && c.IsFactor() {
			fr.response.levels = presentLevels(c, fr.rows)
			if like != nil && like.response.levels != nil {
				fr.response.levels = like.response.levels
			}
			fr.response.y = make([]dd.Float, len(fr.rows))
			for k, i := range fr.rows {
				fr.response.y[k] = dd.Of(float64(slices.Index(fr.response.levels, c.Text[i])))
			}
			return nil
		}
	}
	y, err := fr.numeric(n)
	fr.response.y = y
	return err
}

func presentLevels(c *Column, rows []int) []string {
	present := map[string]bool{}
	for _, i := range rows {
		present[c.Text[i]] = true
	}
	var levels []string
	for _, l := range c.Levels {
		if present[l] {
			levels = append(levels, l)
		}
	}
	return levels
}
