package check

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// sizeTable are lengths for dimensions in the order of their names.
var sizeTable = [][]int{{3, 4, 2, 5, 2, 3}, {4, 3, 5, 2, 3, 2}, {2, 5, 3, 4, 3, 2}, {5, 2, 4, 3, 2, 4}}

// Sizes chooses lengths for the dimensions of the variables: small, different
// where there is room, and such that tall and wide matrices are so. The round
// gives another choice.
func Sizes(vars []*expr.Node, round int) map[string]int {
	base := sizeTable[round%len(sizeTable)]
	seen := map[string]bool{}
	var names []string
	for _, v := range vars {
		for _, s := range []shape.Size{v.Shape().Rows, v.Shape().Cols} {
			for _, d := range s.Names() {
				if !seen[d] {
					seen[d] = true
					names = append(names, d)
				}
			}
		}
	}
	sort.Strings(names)
	dims := make(map[string]int, len(names))
	for i, d := range names {
		dims[d] = base[i%len(base)]
	}
	for pass := 0; pass < 8; pass++ {
		for _, v := range vars {
			long, short := v.Shape().Rows, v.Shape().Cols
			if v.Is(expr.Wide) {
				long, short = short, long
			} else if !v.Is(expr.Tall) {
				continue
			}
			a, _ := long.Eval(dims)
			b, _ := short.Eval(dims)
			if f := long.Names(); a <= b && len(f) > 0 {
				dims[f[0]] += b - a + 1
			}
		}
	}
	return dims
}

// complete gives lengths to dimensions that occur only as sizes of constants,
// different ones where there is room.
func complete(dims map[string]int, round int, nodes ...*expr.Node) {
	for _, n := range expr.PostOrder(nodes...) {
		for _, s := range n.Sizes() {
			for _, d := range s.Names() {
				if dims[d] == 0 {
					base := sizeTable[round%len(sizeTable)]
					dims[d] = base[len(dims)%len(base)]
				}
			}
		}
	}
}

// Sample draws a value of a variable that satisfies its declared facts.
func Sample(rng *rand.Rand, v *expr.Node, dims map[string]int) (*Value, error) {
	r, err := v.Shape().Rows.Eval(dims)
	if err != nil {
		return nil, err
	}
	c, err := v.Shape().Cols.Eval(dims)
	if err != nil {
		return nil, err
	}
	p := v.Declared()
	if r == 1 && c == 1 {
		return Number(sampleScalar(rng, p)), nil
	}
	x := newValue(r, c)
	for i := range x.V {
		x.V[i] = sampleEntry(rng, p)
	}
	if r == c {
		x = shapeSquare(rng, x, p)
	}
	if p&(expr.Simplex) != 0 {
		x = scale(reciprocal(sumAll(x)), x)
	}
	if p&expr.Stochastic != 0 {
		d := rowSums(x)
		for i := range x.V {
			x.V[i] /= d.V[i/c]
		}
	}
	return x, nil
}

func uniform(rng *rand.Rand, a, b float64) float64 { return a + (b-a)*rng.Float64() }

func sampleScalar(rng *rand.Rand, p expr.Props) float64 {
	switch {
	case p&expr.Integer != 0:
		return float64(2 + rng.IntN(3))
	case p&expr.Small != 0:
		return uniform(rng, .05, .15)
	case p&expr.Big != 0:
		return uniform(rng, 4, 6)
	case p&expr.Unit != 0:
		return uniform(rng, .2, .8)
	case p&(expr.Positive|expr.NonNeg) != 0:
		return uniform(rng, .5, 1.5)
	case p&expr.Negative != 0:
		return uniform(rng, -1.5, -.5)
	case p&expr.PM1 != 0:
		return function.Sign(rng.Float64() - .5)
	}
	return function.Sign(rng.Float64()-.5) * uniform(rng, .4, 1.4)
}

func sampleEntry(rng *rand.Rand, p expr.Props) float64 {
	g := rng.NormFloat64()
	switch {
	case p&expr.Big != 0:
		return uniform(rng, 4, 6)
	case p&expr.PosAngle != 0:
		return uniform(rng, .3, 1.2)
	case p&expr.Unit != 0:
		return uniform(rng, .2, .8)
	case p&expr.PM1 != 0:
		return function.Sign(g)
	case p&expr.Mask != 0:
		return function.Step(g)
	case p&(expr.Positive|expr.NonNeg) != 0:
		return uniform(rng, .5, 1.5)
	case p&expr.Negative != 0:
		return uniform(rng, -1.5, -.5)
	case p&expr.Nonzero != 0:
		return function.Sign(g) * uniform(rng, .3, 1.5)
	case p&expr.Small != 0:
		return .25 * math.Max(-1.6, math.Min(1.6, g))
	}
	return .8 * g
}

// shapeSquare turns a random square matrix into one with the facts p.
func shapeSquare(rng *rand.Rand, x *Value, p expr.Props) *Value {
	n := x.R
	combine := func(f func(i, j int) float64) *Value {
		out := newValue(n, n)
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				out.V[i*n+j] = f(i, j)
			}
		}
		return out
	}
	eye := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	}
	switch {
	case p&expr.Diagonal != 0:
		return combine(func(i, j int) float64 { return eye(i, j) * uniform(rng, .5, 1.5) })
	case p&expr.SqDist != 0:
		return combine(func(i, j int) float64 { return math.Pow(x.V[i]-x.V[j], 2) })
	case p&(expr.Symmetric) != 0 && p&(expr.Positive|expr.NonNeg) != 0 && p&expr.PD == 0:
		return combine(func(i, j int) float64 { return (x.At(i, j) + x.At(j, i)) / 2 })
	case p&expr.BigPD != 0:
		g := mul(x, transpose(x))
		return combine(func(i, j int) float64 { return .3*g.At(i, j) + 10*eye(i, j) })
	case p&(expr.PD) != 0:
		g := mul(x, transpose(x))
		return combine(func(i, j int) float64 { return .7*g.At(i, j) + eye(i, j) })
	case p&expr.Projector != 0:
		return projector(x)
	case p&expr.PSD != 0:
		g := mul(x, transpose(x))
		return combine(func(i, j int) float64 { return g.At(i, j) })
	case p&expr.PDNS != 0:
		g := mul(x, transpose(x))
		return combine(func(i, j int) float64 { return .5*g.At(i, j) + eye(i, j) + .4*(x.At(i, j)-x.At(j, i)) })
	case p&expr.Orthogonal != 0:
		return polar(combine(func(i, j int) float64 { return x.At(i, j) + .1*float64(i+1)*eye(i, j) }))
	case p&expr.BigDiag != 0:
		return combine(func(i, j int) float64 { return 8*eye(i, j) + .6*x.At(i, j) })
	case p&expr.Symmetric != 0:
		return combine(func(i, j int) float64 { return .6 * (x.At(i, j) + x.At(j, i)) })
	case p&expr.Skew != 0:
		return combine(func(i, j int) float64 { return .6 * (x.At(i, j) - x.At(j, i)) })
	case p&(expr.Lower|expr.Upper) != 0:
		return combine(func(i, j int) float64 {
			if i == j {
				return uniform(rng, .5, 1.5)
			}
			return x.At(i, j) * function.Step(float64(map[bool]int{true: i - j, false: j - i}[p&expr.Lower != 0]))
		})
	case p&expr.PosDet != 0:
		out := combine(func(i, j int) float64 { return 1.5*eye(i, j) + .4*x.At(i, j) })
		if _, d := invert(out.V, n); d < 0 {
			for j := 0; j < n; j++ {
				out.V[j] = -out.V[j]
			}
		}
		return out
	case p&expr.Invertible != 0:
		return combine(func(i, j int) float64 { return 1.5*eye(i, j) + .5*x.At(i, j) })
	}
	return x
}

// projector is the orthogonal projector on the first columns of x.
func projector(x *Value) *Value {
	k := max(1, x.C-1)
	a := pick(x, x.R, k, func(i, j int) int { return i*x.C + j })
	return mul(a, pseudoinverse(a))
}
