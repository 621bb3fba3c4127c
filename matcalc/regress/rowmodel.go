package regress

import (
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
)

// A rowModel is an expression in parameters and in the columns of one row, as
// the engine holds it, with the values of the columns.
type rowModel struct {
	source formula.Node
	params []string
	scope  *rowwise.Scope
	node   *expr.Node
	rows   [][]dd.Float // values of the columns that the expression reads
}

// newRowModel reads the expression over the rows of the frame. What the engine
// cannot differentiate, such as floor(x), may be computed of columns alone and
// then acts as a column.
func newRowModel(fr *frame, n formula.Node, start []Start) (*rowModel, error) {
	m := &rowModel{source: n, rows: make([][]dd.Float, len(fr.rows))}
	for _, s := range start {
		m.params = append(m.params, s.Name)
	}
	n, err := m.fold(fr, n)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(m.params)
	for _, name := range formula.Names(n) {
		column := fr.table.Column(name)
		switch {
		case slices.Contains(names, name) || column == nil && name == "pi":
			continue
		case column == nil:
			return nil, unknownParameter(name, fr.table, m.params)
		case column.IsFactor():
			return nil, fail(BadInput, "column %s holds text and cannot be computed with", name)
		}
		names = append(names, name)
		for k, i := range fr.rows {
			m.rows[k] = append(m.rows[k], column.at(i))
		}
	}
	m.scope = rowwise.NewScope(names...)
	if m.node, err = m.scope.Read(n); err != nil {
		return nil, explain(err, fr.table.Names())
	}
	return m, nil
}

func unknownParameter(name string, t *Table, params []string) error {
	return fail(UnknownName, "%s is neither a column nor a parameter with a start value%s; the columns are %s", name,
		didYouMean(name, append(t.Names(), params...)), listNames(t.Names()))
}

// fold replaces what only data can be given to by columns of its values, which
// it puts into a copy of the frame's table.
func (m *rowModel) fold(fr *frame, n formula.Node) (formula.Node, error) {
	var fault error
	folded := formula.Map(n, func(n formula.Node) formula.Node {
		if rowwise.Knows(n) || fault != nil {
			return n
		}
		if _, ok := n.(formula.Text); ok { // read with the comparison that it stands in
			return n
		}
		for _, name := range formula.Names(n) {
			if slices.Contains(m.params, name) {
				return n
			}
		}
		values, err := fr.numeric(n)
		if err != nil {
			fault = err
			return n
		}
		c := &Column{Name: formula.String(n), Numbers: make([]float64, fr.table.Rows()), low: make([]float64, fr.table.Rows())}
		for k, i := range fr.rows {
			c.Numbers[i], c.low[i] = values[k].Hi, values[k].Lo
		}
		fr.table = fr.table.with(c)
		return formula.Name{Ident: c.Name}
	})
	return folded, fault
}

// derivative differentiates a node of the model by a parameter.
func (m *rowModel) derivative(f *expr.Node, param string) (*expr.Node, error) {
	d, err := m.scope.Derivative(f, param)
	if err != nil {
		return nil, fail(BadInput, "%s cannot be differentiated: %v", formula.String(m.source), err)
	}
	return d, nil
}

// compile prepares nodes of the model for evaluation.
func (m *rowModel) compile(nodes ...*expr.Node) (*rowwise.Tape, error) {
	t, err := m.scope.Compile(nodes...)
	if err != nil {
		return nil, fail(BadInput, "%s cannot be evaluated: %v", formula.String(m.source), err)
	}
	return t, nil
}
