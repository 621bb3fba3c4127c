package rowwise

import (
	"fmt"
	"math"
	"math/big"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A Tape evaluates some nodes of a scope together in doubled precision; what
// they share is computed once. It is for one goroutine at a time.
type Tape struct {
	inputs int // values of the scope's names come first
	slots  []dd.Float
	steps  []step
	roots  []int
}

// A step computes one slot from others.
type step struct {
	out  int
	args []int
	f    func(slots []dd.Float, args []int) dd.Float
}

// Compile prepares the nodes.
func (s *Scope) Compile(roots ...*expr.Node) (*Tape, error) {
	t := &Tape{inputs: len(s.names), slots: make([]dd.Float, len(s.names))}
	at := map[*expr.Node]int{}
	for i, name := range s.names {
		at[s.vars[name]] = i
	}
	if pi := s.vars["pi"]; pi != nil && s.isConstant(pi) {
		at[pi] = t.constant(dd.Pi)
	}
	for _, n := range expr.PostOrder(roots...) {
		if _, done := at[n]; done {
			continue
		}
		if n.IsNum() {
			at[n] = t.constant(fromRat(n.Rat()))
			continue
		}
		args, f, err := operation(n)
		if err != nil {
			return nil, err
		}
		st := step{out: t.constant(dd.Float{}), f: f}
		for _, a := range args {
			st.args = append(st.args, at[a])
		}
		at[n] = st.out
		t.steps = append(t.steps, st)
	}
	for _, r := range roots {
		t.roots = append(t.roots, at[r])
	}
	return t, nil
}

func (s *Scope) isConstant(pi *expr.Node) bool {
	for _, name := range s.names {
		if s.vars[name] == pi {
			return false
		}
	}
	return true
}

func (t *Tape) constant(v dd.Float) int {
	t.slots = append(t.slots, v)
	return len(t.slots) - 1
}

// Eval sets out, one value a root, at the values of the names.
func (t *Tape) Eval(names, out []dd.Float) {
	copy(t.slots[:t.inputs], names)
	for i := range t.steps {
		st := &t.steps[i]
		t.slots[st.out] = st.f(t.slots, st.args)
	}
	for k, r := range t.roots {
		out[k] = t.slots[r]
	}
}

func fromRat(r expr.Rat) dd.Float {
	if k, ok := r.Int64(); ok && k>>53 == k>>63 {
		return dd.Of(float64(k))
	}
	hi, _ := r.Big().Float64()
	if math.IsInf(hi, 0) {
		return dd.Of(hi)
	}
	rest := new(big.Rat).SetFloat64(hi)
	lo, _ := rest.Sub(r.Big(), rest).Float64()
	return dd.Float{Hi: hi, Lo: lo}
}

// doubled are the functions of one number in doubled precision.
var doubled = map[expr.Op]func(dd.Float) dd.Float{
	expr.OpExp: dd.Float.Exp, expr.OpLog: dd.Float.Log, expr.OpSqrt: dd.Float.Sqrt,
	expr.OpSin: dd.Float.Sin, expr.OpCos: dd.Float.Cos, expr.OpTan: dd.Float.Tan,
	expr.OpSinh: dd.Float.Sinh, expr.OpCosh: dd.Float.Cosh, expr.OpTanh: dd.Float.Tanh,
	expr.OpArcsin: dd.Float.Asin, expr.OpArccos: dd.Float.Acos, expr.OpArctan: dd.Float.Atan,
	expr.OpAbs: dd.Float.Abs, expr.OpSigmoid: sigmoid, expr.OpSoftplus: softplus,
	expr.OpSign: func(a dd.Float) dd.Float { return dd.Of(float64(a.Sign())) },
	expr.OpStep: func(a dd.Float) dd.Float { return dd.Of(float64(max(0, a.Sign()))) },
	expr.OpRelu: func(a dd.Float) dd.Float {
		if a.Sign() > 0 {
			return a
		}
		return dd.Float{}
	},
}

// sigmoid is 1/(1+exp(-a)), without overflow.
func sigmoid(a dd.Float) dd.Float {
	e := a.Abs().Neg().Exp()
	d := e.Add(dd.Of(1)).Inv()
	if a.Sign() < 0 {
		return e.Mul(d)
	}
	return d
}

// softplus is log(1+exp(a)), without overflow.
func softplus(a dd.Float) dd.Float {
	v := a.Abs().Neg().Exp().Add(dd.Of(1)).Log()
	if a.Sign() > 0 {
		v = v.Add(a)
	}
	return v
}

// operation says how a node is computed from which others. Two forms are
// recognised for what floating point would lose: 1 - sigmoid(u) is
// sigmoid(-u), and u^v log(u) is 0 at u = 0 for v > 0.
func operation(n *expr.Node) (args []*expr.Node, f func(slots []dd.Float, args []int) dd.Float, err error) {
	if g := doubled[n.Op()]; g != nil {
		return n.Args(), func(slots []dd.Float, args []int) dd.Float { return g(slots[args[0]]) }, nil
	}
	switch n.Op() {
	case expr.OpAdd:
		if u := complement(n); u != nil {
			return []*expr.Node{u}, func(slots []dd.Float, args []int) dd.Float { return sigmoid(slots[args[0]].Neg()) }, nil
		}
		return n.Args(), sum, nil
	case expr.OpMul, expr.OpHad:
		if args, ok := powerTimesLog(n); ok {
			return args, powerLogProduct, nil
		}
		return n.Args(), product, nil
	case expr.OpPow, expr.OpHPow:
		if n.Arg(1).IsInt(-1) {
			return n.Args()[:1], func(slots []dd.Float, args []int) dd.Float { return slots[args[0]].Inv() }, nil
		}
		return n.Args(), func(slots []dd.Float, args []int) dd.Float { return slots[args[0]].Pow(slots[args[1]]) }, nil
	case expr.OpSum, expr.OpT, expr.OpTr, expr.OpDet: // of a scalar
		return n.Args(), func(slots []dd.Float, args []int) dd.Float { return slots[args[0]] }, nil
	}
	return nil, nil, fmt.Errorf("%s cannot be computed row by row", n.Op())
}

func sum(slots []dd.Float, args []int) dd.Float {
	s := slots[args[0]]
	for _, a := range args[1:] {
		s = s.Add(slots[a])
	}
	return s
}

func product(slots []dd.Float, args []int) dd.Float {
	p := slots[args[0]]
	for _, a := range args[1:] {
		p = p.Mul(slots[a])
	}
	return p
}

// complement returns u of 1 - sigmoid(u), or nil.
func complement(n *expr.Node) *expr.Node {
	if len(n.Args()) != 2 {
		return nil
	}
	a, b := n.Arg(0), n.Arg(1)
	if b.IsInt(1) {
		a, b = b, a
	}
	p := b.Product()
	if !a.IsInt(1) || !p.Coef.Equal(expr.RatNeg) || len(p.Scalars) != 1 || p.Scalars[0].Op() != expr.OpSigmoid {
		return nil
	}
	return p.Scalars[0].Arg(0)
}

// powerTimesLog finds factors u^v and log(u) of a product and returns u, v and
// the other factors.
func powerTimesLog(n *expr.Node) ([]*expr.Node, bool) {
	for i, l := range n.Args() {
		if l.Op() != expr.OpLog {
			continue
		}
		for j, p := range n.Args() {
			if p.Op() != expr.OpPow || p.Arg(0) != l.Arg(0) {
				continue
			}
			args := []*expr.Node{p.Arg(0), p.Arg(1)}
			for k, other := range n.Args() {
				if k != i && k != j {
					args = append(args, other)
				}
			}
			return args, true
		}
	}
	return nil, false
}

func powerLogProduct(slots []dd.Float, args []int) dd.Float {
	u, v := slots[args[0]], slots[args[1]]
	p := dd.Float{}
	if !u.IsZero() || v.Sign() <= 0 {
		p = u.Pow(v).Mul(u.Log())
	}
	for _, a := range args[2:] {
		p = p.Mul(slots[a])
	}
	return p
}
