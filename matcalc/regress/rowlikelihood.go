package regress

import (
	"fmt"
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
	"gonum.org/v1/gonum/mat"
)

// A rowLikelihood is the sum over the rows of a table of the log-likelihood of
// one row, evaluated in doubled precision.
type rowLikelihood struct {
	*rowModel
	index       []int // rows of the table
	gradient    []*expr.Node
	hessian     [][]*expr.Node // lower triangle
	sums        *rowwise.Tape
	derivatives *rowwise.Tape // the gradient and then the Hessian by rows
}

// newRowLikelihood reads the likelihood of one row over the rows of a table that
// have all values.
func newRowLikelihood(n formula.Node, t *Table, start []Start) (*rowLikelihood, error) {
	if err := scalars(start); err != nil {
		return nil, err
	}
	fr := &frame{table: t, formula: &formula.Formula{}}
	for _, name := range formula.Names(n) {
		if slices.ContainsFunc(start, func(s Start) bool { return s.Name == name }) || name == "pi" && t.Column(name) == nil {
			continue
		}
		if t.Column(name) == nil {
			return nil, unknownParameter(name, t, startNames(start))
		}
		fr.formula.Variables = append(fr.formula.Variables, formula.Name{Ident: name})
	}
	if err := fr.selectRows(frameSpec{noResponse: true}); err != nil {
		return nil, err
	}
	m, err := newRowModel(fr, n, start)
	if err != nil {
		return nil, err
	}
	m.node = steady(m.node)
	l := &rowLikelihood{rowModel: m, index: fr.rows}
	return l, l.differentiate()
}

func startNames(start []Start) []string {
	names := make([]string, len(start))
	for i, s := range start {
		names[i] = s.Name
	}
	return names
}

func (l *rowLikelihood) differentiate() (err error) {
	var nodes []*expr.Node
	for _, a := range l.params {
		first, err := l.derivative(l.node, a)
		if err != nil {
			return err
		}
		l.gradient = append(l.gradient, first)
	}
	nodes = append(nodes, l.gradient...)
	for i, first := range l.gradient {
		l.hessian = append(l.hessian, nil)
		for _, b := range l.params[:i+1] {
			second, err := l.derivative(first, b)
			if err != nil {
				return err
			}
			l.hessian[i] = append(l.hessian[i], second)
		}
		nodes = append(nodes, l.hessian[i]...)
	}
	if l.sums, err = l.compile(l.node); err != nil {
		return err
	}
	l.derivatives, err = l.compile(nodes...)
	return err
}

// sum adds the roots of a tape over the rows at b.
func (l *rowLikelihood) sum(t *rowwise.Tape, roots int, b []dd.Float) []dd.Float {
	total, out := make([]dd.Float, roots), make([]dd.Float, roots)
	env := slices.Clone(b)
	for _, row := range l.rows {
		t.Eval(append(env[:len(b)], row...), out)
		for k, v := range out {
			total[k] = total[k].Add(v)
		}
	}
	return total
}

func (l *rowLikelihood) value(b []dd.Float) dd.Float { return l.sum(l.sums, 1, b)[0] }

// rounding is below anything that a search can see.
func (l *rowLikelihood) rounding() float64 { return 0 }

func (l *rowLikelihood) slopes(b []dd.Float) (*mat.VecDense, *mat.SymDense) {
	p := len(b)
	total := l.sum(l.derivatives, p+p*(p+1)/2, b)
	g, h := mat.NewVecDense(p, nil), mat.NewSymDense(p, nil)
	for i := range p {
		g.SetVec(i, total[i].Float64())
		for j := range i + 1 {
			h.SetSym(i, j, -total[p+i*(i+1)/2+j].Float64())
		}
	}
	return g, h
}

func (l *rowLikelihood) derivation(d *Derivation) error {
	d.line("row-likelihood", "l = "+format.ASCII(l.node), `\ell = `+format.LaTeX(l.node))
	for i, a := range l.params {
		d.line("gradient", "dl/d"+a+" = "+format.ASCII(l.gradient[i]),
			fmt.Sprintf(`\frac{\partial \ell}{\partial %s} = %s`, format.LaTeXName(a), format.LaTeX(l.gradient[i])))
	}
	for i, a := range l.params {
		for j, b := range l.params[:i+1] {
			n := l.hessian[i][j]
			below := fmt.Sprintf(`\partial %s\,\partial %s`, format.LaTeXName(a), format.LaTeXName(b))
			if i == j {
				below = fmt.Sprintf(`\partial {%s}^2`, format.LaTeXName(a))
			}
			d.line("hessian", "d2l/d"+a+" d"+b+" = "+format.ASCII(n), fmt.Sprintf(`\frac{\partial^2 \ell}{%s} = %s`, below, format.LaTeX(n)))
		}
	}
	d.line("step", "H*(b_new - b) = -g, summed over the rows", `H\,(b^{+}-b) = -g,\qquad g = \sum_i \nabla \ell_i,\quad H = \sum_i \nabla^2 \ell_i`)
	d.Steps = append(d.Steps, DerivationStep{Label: word("condition-of") + ": " + word("ml-condition")})
	d.line("covariance", "inv(-H)", `(-H)^{-1}`)
	return nil
}
