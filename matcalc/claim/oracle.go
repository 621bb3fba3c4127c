package claim

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

const (
	tolerance = 1e-8
	perSize   = 3  // points at each choice of sizes
	tries     = 18 // draws until a point lies in the domain
)

// points are random environments at all choices of sizes at which the nodes
// have values.
type points []*check.Env

// at draws points at which all nodes are defined.
func at(nodes ...*expr.Node) (points, error) {
	vars := variables(nodes...)
	var out points
	for round := range check.SizeRounds {
		found := 0
		for try := 0; try < tries && found < perSize; try++ {
			env, err := check.Draw(vars, round, try, nodes...)
			if err != nil {
				return nil, err
			}
			if ok, err := defined(env, nodes); err != nil {
				return nil, err
			} else if ok {
				out = append(out, env)
				found++
			}
		}
	}
	if len(out) == 0 {
		return nil, shape.NewError(shape.Domain, "no numbers were found for which both sides are defined", "declare what must hold, such as positive, pd or invertible")
	}
	return out, nil
}

func defined(env *check.Env, nodes []*expr.Node) (bool, error) {
	for _, n := range nodes {
		v, err := env.Eval(n)
		if err != nil {
			return false, err
		}
		if !v.Finite() {
			return false, nil
		}
	}
	return true, nil
}

// variables lists the variables of all nodes once.
func variables(nodes ...*expr.Node) []*expr.Node {
	seen := map[*expr.Node]bool{}
	var out []*expr.Node
	for _, n := range nodes {
		for _, v := range n.Variables() {
			if !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}

// Evidence is a point at which two sides differ.
type Evidence struct {
	Sizes    map[string]int
	Row, Col int // the entry, counted from 0
	Scalar   bool
	Left     float64
	Right    float64
	Points   int // how many points were compared
}

// compare tells whether two nodes agree at all points; otherwise where they
// differ first.
func (ps points) compare(a, b *expr.Node) (*Evidence, error) {
	for _, env := range ps {
		x, err := env.Eval(a)
		if err != nil {
			return nil, err
		}
		y, err := env.Eval(b)
		if err != nil {
			return nil, err
		}
		if d, i, j := check.Distance(x, y); !(d < tolerance) {
			e := &Evidence{Sizes: env.Dims, Row: i, Col: j, Scalar: x.R*x.C == 1, Points: len(ps)}
			if x.R == y.R && x.C == y.C {
				e.Left, e.Right = x.At(i, j), y.At(i, j)
			}
			return e, nil
		}
	}
	return nil, nil
}

// agree is compare for candidates: a node that cannot be evaluated is none.
func (ps points) agree(a, b *expr.Node) bool {
	if a == b {
		return true
	}
	if a.Shape() != b.Shape() {
		return false
	}
	e, err := ps.compare(a, b)
	return e == nil && err == nil
}

// ratio is the number r with a = r*b at one point; false when there is none.
func ratio(env *check.Env, a, b *expr.Node) (float64, bool) {
	x, err := env.Eval(a)
	if err != nil || !x.Finite() {
		return 0, false
	}
	y, err := env.Eval(b)
	if err != nil || x.R != y.R || x.C != y.C {
		return 0, false
	}
	most, scale := 0, 0.0
	for i, v := range y.V {
		scale = math.Max(scale, math.Abs(x.V[i]))
		if math.Abs(v) > math.Abs(y.V[most]) {
			most = i
		}
	}
	if math.Abs(y.V[most]) < 1e-9 {
		return 0, false
	}
	r := x.V[most] / y.V[most]
	for i := range x.V {
		if math.Abs(x.V[i]-r*y.V[i]) > tolerance*math.Max(scale, 1e-6) {
			return 0, false
		}
	}
	return r, math.Abs(r) > 1e-9
}

// rational is the number p/q with small p and q that x is; false when none is.
func rational(x float64) (expr.Rat, bool) {
	for q := int64(1); q <= 12; q++ {
		p := math.Round(x * float64(q))
		if p != 0 && math.Abs(p) <= 24 && math.Abs(x*float64(q)-p) < 1e-7*math.Abs(p) {
			return expr.Frac(int64(p), q), true
		}
	}
	return expr.RatOne, false
}

// multiple is the rational number r with a = r*b at all points.
func (ps points) multiple(a, b *expr.Node) (expr.Rat, bool) {
	if a.Shape() != b.Shape() {
		return expr.RatOne, false
	}
	first := 0.0
	for _, env := range ps {
		if bothZero(env, a, b) {
			continue // as step(x) may be at a point
		}
		r, ok := ratio(env, a, b)
		switch {
		case !ok || first != 0 && math.Abs(r-first) > 1e-7*math.Abs(first):
			return expr.RatOne, false
		case first == 0:
			if _, small := rational(r); !small {
				return expr.RatOne, false
			}
			first = r
		}
	}
	return rational(first)
}

func bothZero(env *check.Env, a, b *expr.Node) bool {
	for _, n := range []*expr.Node{a, b} {
		if v, err := env.Eval(n); err != nil || size(v) != 0 {
			return false
		}
	}
	return true
}

// Slope compares a differential with the numeric slope of f along dir. An
// error says that they differ; operators without a numeric slope are passed.
func Slope(f, wrt, dir, d *expr.Node) error {
	ps, err := at(f, d, dir, wrt)
	if err != nil {
		return err
	}
	for _, env := range ps {
		_, slope, err := env.Slope(f, wrt, env.Vars[wrt], env.Vars[dir])
		if err != nil {
			return nil // no dual numbers for this operator: the engine's own checks hold it
		}
		got, err := env.Eval(d)
		if err != nil {
			return err
		}
		if worst, _, _ := check.Distance(slope, got); !(worst < 1e-6) {
			return shape.NewError(shape.Unverified, "a differential was found but did not pass its numeric check, so it is not used", "please report the expression")
		}
	}
	return nil
}
