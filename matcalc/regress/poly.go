package regress

import (
	"strconv"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// A polyBasis is the basis that poly(x, k) makes: polynomials orthogonal over
// the rows of the fit, of length one and with positive leading coefficient,
// by their three-term recurrence
//
//	p[j+1](x) = (x - centre[j]) p[j](x) - ratio[j] p[j-1](x).
type polyBasis struct {
	x             []dd.Float
	raw           bool
	degree        int
	centre, ratio []dd.Float
	length        []dd.Float // of p[j] over the rows of the fit
}

// maxDegree is beyond what any data can tell apart.
const maxDegree = 100

func (fr *frame) polyCall(v variable, call formula.Call) (variable, error) {
	if len(call.Args) == 0 {
		return v, fail(Syntax, "poly takes a column and a degree, as in poly(x, 3)")
	}
	x, err := fr.numeric(call.Args[0])
	if err != nil {
		return v, err
	}
	basis := &polyBasis{x: x, degree: 1}
	for i, a := range call.Args[1:] {
		switch name := call.Names[i+1]; name {
		case "", "degree":
			d, ok := a.(formula.Number)
			basis.degree = int(d.Value.Float64())
			if !ok || basis.degree < 1 || basis.degree > maxDegree || float64(basis.degree) != d.Value.Float64() {
				return v, fail(Syntax, "the degree of poly must be a whole number from 1 to %d, not %s", maxDegree, formula.String(a))
			}
		case "raw":
			truth, ok := a.(formula.Number)
			if !ok {
				return v, fail(Syntax, "raw of poly is TRUE or FALSE, not %s", formula.String(a))
			}
			basis.raw = !truth.Value.IsZero()
		default:
			return v, fail(Syntax, "poly has no argument %s", name)
		}
	}
	if distinct := countDistinct(x); !fr.fitted && !basis.raw && basis.degree >= distinct {
		return v, fail(Underdetermined, "poly of degree %d needs more than %d distinct values in %s, which has %d", basis.degree, basis.degree, formula.String(call.Args[0]), distinct)
	}
	if v.basis = basis; !fr.fitted { // else conform evaluates the basis of the fit
		basis.fit()
		v.columns = basis.eval(x)
	}
	for j := range basis.degree {
		suffix := ""
		if basis.degree > 1 || !basis.raw {
			suffix = strconv.Itoa(j + 1)
		}
		v.suffix = append(v.suffix, suffix)
	}
	return v, nil
}

func countDistinct(x []dd.Float) int {
	seen := map[dd.Float]bool{}
	for _, v := range x {
		seen[v] = true
	}
	return len(seen)
}

func (b *polyBasis) fit() {
	if b.raw {
		return
	}
	n := len(b.x)
	previous, p := make([]dd.Float, n), make([]dd.Float, n)
	for i := range p {
		p[i] = dd.Of(1)
	}
	last := dd.Of(1)
	for j := 0; j <= b.degree; j++ {
		var square, centre dd.Float
		for i, v := range p {
			square = square.Add(v.Sqr())
			centre = centre.Add(v.Sqr().Mul(b.x[i]))
		}
		b.centre = append(b.centre, centre.Div(square))
		b.ratio = append(b.ratio, square.Div(last))
		b.length = append(b.length, square.Sqrt())
		last = square
		next := make([]dd.Float, n)
		for i := range next {
			next[i] = b.x[i].Sub(b.centre[j]).Mul(p[i])
			if j > 0 {
				next[i] = next[i].Sub(b.ratio[j].Mul(previous[i]))
			}
		}
		previous, p = p, next
	}
}

// eval returns the columns of degree 1 and up at x.
func (b *polyBasis) eval(x []dd.Float) lsq.Matrix {
	m := lsq.NewMatrix(len(x), b.degree)
	for i, v := range x {
		previous, p := dd.Float{}, dd.Of(1)
		for j := range b.degree {
			if b.raw {
				p = p.Mul(v)
				m[j][i] = p
				continue
			}
			next := v.Sub(b.centre[j]).Mul(p)
			if j > 0 {
				next = next.Sub(b.ratio[j].Mul(previous))
			}
			previous, p = p, next
			m[j][i] = p.Div(b.length[j+1])
		}
	}
	return m
}
