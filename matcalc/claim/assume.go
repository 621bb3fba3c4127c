package claim

import (
	"fmt"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// An assumption restricts a variable so that a claim may become true.
type assumption struct {
	En, Zh string // with one %s, the variable
	prop   expr.Props
	fits   func(v *expr.Node) bool
	// by replaces the variable by an expression that has the property, where
	// there is no declared fact for it.
	by func(v *expr.Node) *expr.Node
	// usual assumptions are made without being said.
	usual bool
}

func square2(v *expr.Node) bool { return v.Shape().IsSquare() && !v.Shape().IsScalar() }

// assumptions is the table, mildest first.
var assumptions = []assumption{
	{"symmetric %s", "%s 对称", expr.Symmetric, square2, nil, true},
	{"sum(%s) = 1", "sum(%s) = 1", 0, func(v *expr.Node) bool { return v.Shape().IsColumn() }, func(v *expr.Node) *expr.Node {
		return expr.Div(v, expr.Call(expr.OpSum, v))
	}, true},
	{"norm2(%s) = 1", "norm2(%s) = 1", 0, func(v *expr.Node) bool { return !v.Shape().IsScalar() }, func(v *expr.Node) *expr.Node {
		return expr.Div(v, expr.Call(expr.OpNorm2, v))
	}, true},
	{"%s with rows that sum to 1", "%s 各行之和为 1", expr.Stochastic, func(v *expr.Node) bool { return v.Shape().IsMatrix() && !v.Is(expr.Diagonal) }, nil, false},
	{"positive %s", "%s 为正", expr.Positive, func(v *expr.Node) bool { return v.Declared()&(expr.Positive|expr.Symmetric) == 0 }, nil, true},
	{"%s = 1", "%s = 1", 0, func(v *expr.Node) bool { return v.Shape().IsScalar() }, func(v *expr.Node) *expr.Node { return v.Context().Int(1) }, false},
	{"orthogonal %s", "%s 正交", expr.Orthogonal, square2, nil, false},
	{"skew %s", "%s 反对称", expr.Skew, square2, nil, false},
	{"a projector %s", "%s 为投影矩阵", expr.Projector, square2, nil, false},
	{"diagonal %s", "%s 为对角阵", expr.Diagonal, square2, nil, false},
}

// assumed finds a restriction of one variable, of all square ones, or of two
// that commute, under which the claim is true.
func assumed(claimed, truth *expr.Node) *Fault {
	vars := variables(claimed, truth)
	for _, a := range assumptions {
		for _, v := range vars {
			if !a.fits(v) || v.Declared().Has(a.prop) && a.prop != 0 {
				continue
			}
			if holdsWith(claimed, truth, map[*expr.Node]*expr.Node{v: a.stand(v)}) {
				return a.fault([]*expr.Node{v}, truth)
			}
		}
	}
	if f := allSymmetric(vars, claimed, truth); f != nil {
		return f
	}
	return commuting(vars, claimed, truth)
}

// stand is the restricted variable.
func (a assumption) stand(v *expr.Node) *expr.Node {
	if a.by != nil {
		return a.by(v)
	}
	return v.Context().Sym(v.Name(), v.Shape(), v.Declared()|a.prop)
}

func (a assumption) fault(vars []*expr.Node, truth *expr.Node) *Fault {
	names := strings.Join(texts(vars...), " and ")
	f := newFault(rowAssumption, truth, fmt.Sprintf(a.En, names), format.ASCII(truth))
	f.usual = a.usual
	f.zh = []string{fmt.Sprintf(a.Zh, strings.ReplaceAll(names, " and ", "、")), format.ASCII(truth)}
	return f
}

// holdsWith tells whether the two sides agree after variables are replaced.
func holdsWith(a, b *expr.Node, with map[*expr.Node]*expr.Node) bool {
	a, b = expr.Substitute(a, with), expr.Substitute(b, with)
	ps, err := at(a, b)
	return err == nil && ps.agree(a, b) && ps.vary(a)
}

// vary tells that a node is not zero everywhere: 0 = 0 is no reason to assume
// something.
func (ps points) vary(n *expr.Node) bool {
	for _, env := range ps {
		if v, err := env.Eval(n); err == nil && size(v) > 1e-6 {
			return true
		}
	}
	return false
}

// sizes finds a claim that holds for odd, even or particular lengths of one
// dimension only.
func sizes(ps points, claimed, truth *expr.Node) *Fault {
	holds := make([]bool, len(ps))
	some := false
	for i, env := range ps {
		holds[i] = points{env}.agree(claimed, truth)
		some = some || holds[i]
	}
	if !some {
		return nil
	}
	dims := make([]string, 0, len(ps[0].Dims))
	for d := range ps[0].Dims {
		dims = append(dims, d)
	}
	sort.Strings(dims)
	for _, d := range dims {
		for _, c := range []struct {
			en, zh string
			is     func(k int) bool
		}{
			{"odd " + d, d + " 为奇数", func(k int) bool { return k%2 == 1 }}, {"even " + d, d + " 为偶数", func(k int) bool { return k%2 == 0 }},
			{d + " = 2", d + " = 2", func(k int) bool { return k == 2 }}, {d + " = 3", d + " = 3", func(k int) bool { return k == 3 }},
		} {
			if fitsSizes(ps, holds, d, c.is) {
				f := newFault(rowSizes, truth, c.en, format.ASCII(truth))
				f.zh = []string{c.zh, format.ASCII(truth)}
				return f
			}
		}
	}
	return nil
}

func fitsSizes(ps points, holds []bool, dim string, is func(int) bool) bool {
	for i, env := range ps {
		if holds[i] != is(env.Dims[dim]) {
			return false
		}
	}
	return true
}

func allSymmetric(vars []*expr.Node, claimed, truth *expr.Node) *Fault {
	a := assumptions[0]
	with := map[*expr.Node]*expr.Node{}
	var list []*expr.Node
	for _, v := range vars {
		if a.fits(v) && !v.Declared().Has(expr.Symmetric) {
			with[v] = a.stand(v)
			list = append(list, v)
		}
	}
	if len(list) < 2 || !holdsWith(claimed, truth, with) {
		return nil
	}
	return a.fault(list, truth)
}

// commuting replaces one square variable by a polynomial in another, which
// commutes with it.
func commuting(vars []*expr.Node, claimed, truth *expr.Node) *Fault {
	for i, a := range vars {
		for _, b := range vars[i+1:] {
			if a.Shape() != b.Shape() || !square2(a) {
				continue
			}
			with := map[*expr.Node]*expr.Node{b: expr.Add(expr.Scale(expr.Frac(1, 3), expr.Pow(a, a.Context().Int(2))), expr.Scale(expr.Frac(1, 2), a), a.Context().Eye(a.Shape().Rows))}
			if holdsWith(claimed, truth, with) {
				return assumption{En: "%s that commute (matrices do not commute in general)", Zh: "%s 可交换（一般矩阵不可交换）", usual: true}.fault([]*expr.Node{a, b}, truth)
			}
		}
	}
	return nil
}
