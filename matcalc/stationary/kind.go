package stationary

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// Kind says what a stationary point is.
type Kind string

// The kinds. Undecided is a point whose kind does not follow from the stated
// properties.
const (
	Min       Kind = "min"
	Max       Kind = "max"
	Saddle    Kind = "saddle"
	Undecided Kind = "stationary"
)

var (
	whyConvex     = Rule{En: "the function is convex", Zh: "函数是凸的"}
	whyConcave    = Rule{En: "the function is concave", Zh: "函数是凹的"}
	whyPSD        = Rule{En: "the Hessian is positive (semi)definite everywhere", Zh: "Hessian 处处（半）正定"}
	whyNSD        = Rule{En: "the Hessian is negative (semi)definite everywhere", Zh: "Hessian 处处（半）负定"}
	whyPDHere     = Rule{En: "the Hessian at the point is positive definite", Zh: "该点的 Hessian 正定"}
	whyNDHere     = Rule{En: "the Hessian at the point is negative definite", Zh: "该点的 Hessian 负定"}
	whyNumbersMin = Rule{En: "the Hessian was positive definite at all random points (numbers, no proof)", Zh: "在所有随机点上 Hessian 均正定（数值结论，未证明）"}
	whyNumbersMax = Rule{En: "the Hessian was negative definite at all random points (numbers, no proof)", Zh: "在所有随机点上 Hessian 均负定（数值结论，未证明）"}
	whyNumbersSad = Rule{En: "the Hessian had eigenvalues of both signs at all random points", Zh: "在所有随机点上 Hessian 都有正负两种特征值"}
	whyNot        = Rule{En: "the sign of the Hessian does not follow from the stated properties", Zh: "由所给性质不能确定 Hessian 的符号"}
	whySphere     = Rule{En: "a linear function on a bounded surface has its maximum there; the minimum is at the opposite point", Zh: "线性函数在有界曲面上于此取最大值；相反的点取最小值"}
	whyPolar      = Rule{En: "tr(E'X) over the orthogonal matrices is largest at the polar factor of E, where it is the sum of the singular values", Zh: "tr(E'X) 在正交矩阵上于 E 的极因子处取最大值，即奇异值之和"}
	whyEigen      = Rule{En: "the value at a unit eigenvector is its eigenvalue, and this one is the largest", Zh: "单位特征向量处的函数值是其特征值，此处最大"}
)

// classify decides the kind: by convexity, by the structure of the Hessian, in
// the last resort by its signs at many random points.
func (p *Point) classify(s *solver) {
	if p.Kind != "" {
		return
	}
	affine := true
	for _, c := range p.Constraints {
		affine = affine && s.slope(expr.Sub(c.Left, c.Right), p.Wrt) != nil
	}
	p.Kind, p.Why = Undecided, whyNot
	if affine {
		switch shapeOf(p.F, p.Wrt) {
		case convex:
			p.Kind, p.Why = Min, whyConvex
			return
		case concave:
			p.Kind, p.Why = Max, whyConcave
			return
		}
		if p.byHessian(s) {
			return
		}
	}
	p.byNumbers()
}

// byHessian looks at the structure of the Hessian, everywhere and then at the
// point.
func (p *Point) byHessian(s *solver) bool {
	if p.Hessian == nil {
		return false
	}
	h := p.Hessian
	if p.Wrt.Is(expr.Symmetric) && p.Wrt.Shape().IsMatrix() {
		h = s.simple(commuted(h))
	}
	switch {
	case semidefinite(h):
		p.Kind, p.Why = Min, whyPSD
		return true
	case semidefinite(s.s.Simplify(expr.Neg(h))):
		p.Kind, p.Why = Max, whyNSD
		return true
	case p.Root == nil || p.Root.Value == nil:
		return false
	}
	h = s.at(h, p.Wrt, p.Root.Value)
	switch {
	case h.Is(expr.PD):
		p.Kind, p.Why = Min, whyPDHere
	case s.s.Simplify(expr.Neg(h)).Is(expr.PD):
		p.Kind, p.Why = Max, whyNDHere
	default:
		return false
	}
	return true
}

// commuted drops commutation matrices: on symmetric directions they do
// nothing.
func commuted(h *expr.Node) *expr.Node {
	with := map[*expr.Node]*expr.Node{}
	for _, n := range expr.PostOrder(h) {
		if n.Op() == expr.OpComm && n.Sizes()[0] == n.Sizes()[1] {
			with[n] = n.Context().Eye(n.Shape().Rows)
		}
	}
	return expr.Substitute(h, with)
}

// semidefinite tells whether x'Hx >= 0 follows for all x.
func semidefinite(h *expr.Node) bool {
	if h.Is(expr.PSD) || h.Is(expr.PDNS) {
		return true
	}
	if h.Shape().IsScalar() {
		return h.Is(expr.NonNeg)
	}
	p := h.Product()
	if h.Op() == expr.OpMul && len(p.Chain) == 1 && p.Coef.Sign() > 0 && nonneg(p.Scalars) && p.Chain[0] != h {
		return semidefinite(p.Chain[0])
	}
	switch h.Op() {
	case expr.OpKron:
		return semidefinite(h.Arg(0)) && semidefinite(h.Arg(1))
	case expr.OpT:
		return semidefinite(h.Arg(0))
	case expr.OpAdd:
		var rest []*expr.Node
		for _, a := range h.Args() {
			if !semidefinite(a) {
				rest = append(rest, a)
			}
		}
		return paired(rest)
	}
	return false
}

func nonneg(ns []*expr.Node) bool {
	for _, n := range ns {
		if !n.Is(expr.NonNeg) {
			return false
		}
	}
	return true
}

// paired reports terms that come as c*A and c*A' with x'Ax > 0.
func paired(terms []*expr.Node) bool {
	if len(terms) == 0 {
		return true
	}
	a := terms[0]
	p := a.Product()
	if len(p.Chain) != 1 || p.Coef.Sign() < 0 || !nonneg(p.Scalars) {
		return false
	}
	core := p.Chain[0]
	if core.Op() == expr.OpT {
		core = core.Arg(0)
	}
	return core.Is(expr.PDNS) && paired(terms[1:])
}

const manySamples = 24

// byNumbers looks at the signs of the Hessian's eigenvalues at many points.
func (p *Point) byNumbers() {
	if p.Hessian == nil || p.Root == nil {
		return
	}
	pos, neg, both, all := 0, 0, 0, 0
	for _, q := range p.sampled(manySamples) {
		if q.root.R*q.root.C < 2 && !p.Wrt.Shape().IsScalar() {
			continue
		}
		s, ok := p.signature(q)
		if !ok {
			continue
		}
		all++
		switch {
		case s.pos > 0 && s.neg > 0:
			both++
		case s.pos > 0 && s.zero == 0:
			pos++
		case s.neg > 0 && s.zero == 0:
			neg++
		}
	}
	switch {
	case all < manySamples:
	case pos == all:
		p.Kind, p.Why = Min, whyNumbersMin
	case neg == all:
		p.Kind, p.Why = Max, whyNumbersMax
	case both == all:
		p.Kind, p.Why = Saddle, whyNumbersSad
	}
}
