package regress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
)

// A Request is one fit as a line of JSON asks for it.
type Request struct {
	ID         json.RawMessage         `json:"id"`
	Task       string                  `json:"task"`
	Columns    columnList              `json:"columns"`
	Formula    string                  `json:"formula"`
	Response   string                  `json:"response"`
	Weights    weightList              `json:"weights"`
	Lambda     *jsonCell               `json:"lambda"`
	Covariance *covariance             `json:"covariance"`
	Levels     map[string][]jsonString `json:"levels"`
	Model      string                  `json:"model"`
	Start      startList               `json:"start"`
}

type covariance struct {
	Kind string   `json:"kind"`
	Rho  jsonCell `json:"rho"`
}

// columnList keeps the order in which the columns are written, which is the one
// that `.` of a formula stands for.
type columnList []jsonColumn

type jsonColumn struct {
	name  string
	cells []jsonCell
}

func (l *columnList) UnmarshalJSON(data []byte) error {
	return eachField(data, "columns", func(name string, d *json.Decoder) error {
		c := jsonColumn{name: name}
		if err := d.Decode(&c.cells); err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
		for _, other := range *l {
			if other.name == name {
				return fmt.Errorf("the name %s stands for two columns", name)
			}
		}
		*l = append(*l, c)
		return nil
	})
}

// eachField calls f for each field of the object in data, in order, with a
// decoder that stands before its value.
func eachField(data []byte, what string, f func(name string, d *json.Decoder) error) error {
	if data[0] == 'n' {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("%s must be an object of names and values", what)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if err := f(key.(string), d); err != nil {
			return err
		}
	}
	return nil
}

// jsonString accepts numbers as text, since levels may be written so.
type jsonString string

func (s *jsonString) UnmarshalJSON(data []byte) error {
	var c jsonCell
	err := c.UnmarshalJSON(data)
	*s = jsonString(c.Text)
	return err
}

// jsonCell is a number, decimal text, other text, a truth value or null.
type jsonCell Cell

func (c *jsonCell) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n':
		c.Missing = true
	case 't':
		c.Text = "TRUE"
	case 'f':
		c.Text = "FALSE"
	case '"':
		if err := json.Unmarshal(data, &c.Text); err != nil {
			return err
		}
		c.Text = strings.TrimSpace(c.Text)
	case '[', '{':
		return fmt.Errorf("a value of a column must be a number, text or null, not %s", data)
	default:
		c.Text = string(data)
	}
	return nil
}

func (c *jsonCell) float() (dd.Float, bool) {
	if c.Missing {
		return dd.Of(math.NaN()), true
	}
	return dd.Parse(c.Text)
}

// weightList is a list of weights or the name of a column.
type weightList struct {
	column string
	cells  []jsonCell
	given  bool
}

func (w *weightList) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n':
		return nil
	case '"':
		w.given = true
		return json.Unmarshal(data, &w.column)
	}
	w.given = true
	return json.Unmarshal(data, &w.cells)
}

// startList keeps the order in which the parameters are written.
type startList []jsonStart

type jsonStart struct {
	name  string
	value jsonCell
}

func (s *startList) UnmarshalJSON(data []byte) error {
	return eachField(data, "start", func(name string, d *json.Decoder) error {
		start := jsonStart{name: name}
		err := d.Decode(&start.value)
		*s = append(*s, start)
		return err
	})
}

// FitRequest carries out r.
func FitRequest(r *Request) (*Model, error) {
	t, err := r.table()
	if err != nil {
		return nil, err
	}
	weights, err := r.weights(t)
	if err != nil {
		return nil, err
	}
	if r.Task == "nls" {
		return r.nls(t, weights)
	}
	task, ok := tasks[r.Task]
	if !ok {
		return nil, fail(BadInput, "there is no task %q%s; there are ols, wls, gls, ridge, logistic, poisson and nls", r.Task, didYouMean(r.Task, []string{"ols", "wls", "gls", "ridge", "logistic", "poisson", "nls"}))
	}
	fr, err := buildFrame(r.Formula, t, frameSpec{weights: weights})
	if err != nil {
		return nil, err
	}
	return task(r, fr)
}

var tasks = map[string]func(*Request, *frame) (*Model, error){
	"ols": func(_ *Request, fr *frame) (*Model, error) { return fitLinear(fr, KindOLS, 0) },
	"wls": func(_ *Request, fr *frame) (*Model, error) {
		if fr.weights == nil {
			return nil, fail(BadWeight, "wls needs weights, one number for each row")
		}
		return fitLinear(fr, KindWLS, 0)
	},
	"gls": func(r *Request, fr *frame) (*Model, error) {
		rho, err := r.rho()
		if err != nil {
			return nil, err
		}
		fr.closed = true // rows without a value are taken out of the data, and i and j count the others
		return fitLinear(fr, KindGLS, rho)
	},
	"ridge": func(r *Request, fr *frame) (*Model, error) {
		if r.Lambda == nil {
			return nil, fail(BadLambda, "ridge needs lambda, a number that is not negative")
		}
		lambda, ok := r.Lambda.float()
		if !ok {
			return nil, fail(BadLambda, "lambda is %q, which is not a number", r.Lambda.Text)
		}
		return fitRidge(fr, lambda.Float64())
	},
	"logistic": func(_ *Request, fr *frame) (*Model, error) { return fitGLM(fr, logistic) },
	"poisson":  func(_ *Request, fr *frame) (*Model, error) { return fitGLM(fr, poisson) },
}

func (r *Request) rho() (float64, error) {
	if r.Covariance == nil {
		return 0, fail(BadInput, `gls needs "covariance": {"kind": "ar1", "rho": ...}`)
	}
	rho, ok := r.Covariance.Rho.float()
	if r.Covariance.Kind != "ar1" {
		return 0, fail(BadInput, "the covariance %q is not known; there is ar1", r.Covariance.Kind)
	}
	if !ok || !(math.Abs(rho.Hi) < 1) {
		return 0, fail(BadInput, "rho is %q; it must lie between -1 and 1", r.Covariance.Rho.Text)
	}
	return rho.Float64(), nil
}

func (r *Request) table() (*Table, error) {
	t := NewTable()
	rows, firstName := -1, ""
	for _, column := range r.Columns {
		name, cells := column.name, make([]Cell, len(column.cells))
		for i, c := range column.cells {
			cells[i] = Cell(c)
		}
		if rows < 0 {
			rows, firstName = len(cells), name
		}
		if len(cells) != rows {
			return nil, fail(Ragged, "column %s has %d rows, column %s has %d; all columns need the same number", name, len(cells), firstName, rows)
		}
		levels, factor := r.Levels[name]
		names := make([]string, len(levels))
		for i, l := range levels {
			names[i] = string(l)
		}
		c, err := parseColumn(name, cells, names, factor)
		if err != nil {
			return nil, err
		}
		if err := t.put(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (r *Request) weights(t *Table) ([]dd.Float, error) {
	if !r.Weights.given {
		return nil, nil
	}
	if name := r.Weights.column; name != "" {
		c := t.Column(name)
		if c == nil {
			return nil, unknownColumn(name, t.Names())
		}
		if c.IsFactor() {
			return nil, fail(BadWeight, "the weights column %s holds text", name)
		}
		w := make([]dd.Float, c.Len())
		for i := range w {
			w[i] = c.at(i)
		}
		return w, nil
	}
	w := make([]dd.Float, len(r.Weights.cells))
	for i := range w {
		v, ok := r.Weights.cells[i].float()
		if !ok {
			return nil, fail(BadWeight, "the weight of row %d is %q, which is not a number", i+1, r.Weights.cells[i].Text)
		}
		if v.Hi != v.Hi && !r.Weights.cells[i].Missing {
			return nil, fail(BadWeight, "the weight of row %d is NaN; weights are finite numbers", i+1)
		}
		w[i] = v
	}
	return w, nil
}

func (r *Request) nls(t *Table, weights []dd.Float) (*Model, error) {
	var start []Start
	for _, s := range r.Start {
		v, ok := s.value.float()
		if !ok || !v.IsFinite() {
			return nil, fail(BadInput, "the start value of %s is %q; it must be a finite number", s.name, s.value.Text)
		}
		start = append(start, Param(s.name, v.Float64()))
	}
	response, model := r.Response, r.Model
	if left, right, ok := strings.Cut(r.Formula, "~"); ok {
		if response == "" {
			response = left
		}
		if model == "" {
			model = right
		}
	}
	return nlsModel(response, model, t, start, weights)
}

// nlsModel fits response ~ model, whose names are columns or parameters.
func nlsModel(response, model string, t *Table, start []Start, weights []dd.Float) (*Model, error) {
	if len(start) == 0 {
		return nil, fail(BadInput, "nonlinear least squares needs a start value for each parameter")
	}
	if err := checkStart(start); err != nil {
		return nil, err
	}
	if err := scalars(start); err != nil {
		return nil, err
	}
	right, err := formula.ParseExpr(model)
	if err != nil {
		return nil, explain(err, t.Names())
	}
	left, err := formula.ParseExpr(response)
	if err != nil {
		return nil, explain(err, t.Names())
	}
	params := map[string]bool{}
	for _, s := range start {
		params[s.Name] = true
	}
	fr := &frame{table: t, formula: &formula.Formula{Source: formula.String(left) + " ~ " + formula.String(right), Response: left}}
	for _, name := range formula.Names(right) {
		if !params[name] && (t.Column(name) != nil || name != "pi") {
			if t.Column(name) == nil {
				return nil, unknownParameter(name, t, sortedKeys(params))
			}
			fr.formula.Variables = append(fr.formula.Variables, formula.Name{Ident: name})
		}
	}
	if err := fr.selectRows(frameSpec{weights: weights}); err != nil {
		return nil, err
	}
	if err := fr.evalResponse(nil); err != nil {
		return nil, err
	}
	if fr.response.levels != nil || fr.response.failures != nil {
		return nil, fail(BadResponse, "the response %s is not a number", fr.response.name)
	}
	if err := inRange(fr.response.name, fr.response.y); err != nil {
		return nil, err
	}
	return fitNLS(fr, right, start)
}

// number formats v with 17 significant digits; null for what is not finite.
func number(v float64) json.RawMessage {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return json.RawMessage("null")
	}
	return json.RawMessage(strconv.FormatFloat(v, 'e', 16, 64))
}

func numbers(v []float64) []json.RawMessage {
	out := make([]json.RawMessage, len(v))
	for i, x := range v {
		out[i] = number(x)
	}
	return out
}
