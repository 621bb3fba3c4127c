package check

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// Claim is a derivative to be checked: D says how the result must relate to
// the derivative of F in a random direction.
type Claim struct {
	F, Wrt *expr.Node
	Result *expr.Node
	Form   Form
	Flip   bool // the result is transposed against the form
}

// Form is how a result is contracted with a direction.
type Form uint8

// The forms of result.
const (
	FormGradient    Form = iota // <result, dX> = dF
	FormJacobian                // result * vec dX = vec dF
	FormPlain                   // result = dF, for a scalar variable
	FormIndependent             // sum over i >= j of result_ij dX_ij = dF for symmetric dX
	FormProjected               // <result, dX> = dF for symmetric dX, result symmetric
	FormDiagonal                // <result, dX> = dF for diagonal dX, result diagonal
	FormSkew                    // <result, dX> = dF for skew dX, result skew
)

// Report tells how a result was checked.
type Report struct {
	Method string           // "dual numbers" or "central differences"
	Dims   []map[string]int // the sizes tried
	Seeds  []uint64
	Worst  float64 // worst error relative to the largest entry
}

const (
	dualTol   = 1e-7
	differTol = 2e-5
	nearMiss  = 1e-4 // errors between the tolerance and this are judged anew
	attempts  = 16
	rounds    = 2
)

// Derivative checks the claim on two choices of sizes. The error says where it
// fails or that no point of the domain was found.
func Derivative(c Claim) (*Report, error) {
	r := &Report{Method: "dual numbers"}
	differ := usesDifferences(c.F)
	tol := dualTol
	if differ {
		r.Method, tol = "central differences", differTol
	}
	vars := variables(c)
	var nowhere error
	for round := 0; round < len(sizeTable) && len(r.Dims) < rounds; round++ {
		dims := Sizes(vars, round)
		complete(dims, round, c.F, c.Result)
		worst, seed, err := c.round(vars, dims, round, differ)
		if errors.Is(err, errNowhere) {
			nowhere = err // at these sizes: X*X' has no inverse for m > n
			continue
		}
		if err != nil {
			return r, err
		}
		r.Dims, r.Seeds = append(r.Dims, dims), append(r.Seeds, seed)
		r.Worst = math.Max(r.Worst, worst)
		if !(worst <= tol) {
			return r, fmt.Errorf("relative error %.2g at sizes %v, seed %d", worst, dims, seed)
		}
	}
	if len(r.Dims) == 0 {
		return r, nowhere
	}
	return r, nil
}

// errNowhere reports that sampling met no point where all is defined.
var errNowhere = errors.New("no point of the domain found")

func usesDifferences(n *expr.Node) bool {
	for _, m := range expr.PostOrder(n) {
		if noDual[m.Op()] {
			return true
		}
	}
	return false
}

func variables(c Claim) []*expr.Node {
	seen := map[*expr.Node]bool{c.Wrt: true}
	out := []*expr.Node{c.Wrt}
	for _, n := range []*expr.Node{c.F, c.Result} {
		for _, v := range n.Variables() {
			if !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}

// round finds a point of the domain and compares there.
func (c Claim) round(vars []*expr.Node, dims map[string]int, round int, differ bool) (worst float64, seed uint64, err error) {
	for try := 0; try < attempts; try++ {
		seed = uint64(1000*round + try + 17)
		rng := rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15))
		env, err := draw(rng, vars, dims, try)
		if err != nil {
			return 0, seed, err
		}
		x := env.Vars[c.Wrt]
		dir := c.direction(rng, x)
		df, err := slopeAlong(env, c.F, c.Wrt, x, dir, differ)
		if err != nil {
			return 0, seed, err
		}
		if df == nil {
			continue
		}
		env.Vars[c.Wrt] = &Value{R: x.R, C: x.C, V: x.V}
		env.forget()
		g, err := env.Eval(c.Result)
		if err != nil {
			return 0, seed, err
		}
		if !g.finite() {
			continue
		}
		worst, err = c.compare(g, dir, df, x)
		if err == nil && worst > dualTol && worst < nearMiss && try < 4 {
			continue // a badly conditioned point: judge by another
		}
		return worst, seed, err
	}
	return 0, seed, errNowhere
}

// draw samples all variables; later attempts shrink what is not bound by
// facts and then take absolute values, to find a point of the domain.
func draw(rng *rand.Rand, vars []*expr.Node, dims map[string]int, try int) (*Env, error) {
	env := &Env{Dims: dims, Vars: make(map[*expr.Node]*Value, len(vars))}
	for _, v := range vars {
		x, err := Sample(rng, v, dims)
		if err != nil {
			return nil, err
		}
		if v.Declared() == 0 && try >= 4 {
			for i, y := range x.V {
				if y = y * .25; try >= 10 {
					y = math.Abs(y) + .05
				}
				x.V[i] = y
			}
		}
		env.Vars[v] = x
	}
	return env, nil
}

// direction is a random dX of the kind that the form asks for.
func (c Claim) direction(rng *rand.Rand, x *Value) []float64 {
	d := make([]float64, len(x.V))
	for i := range d {
		d[i] = rng.NormFloat64()
	}
	for i := 0; i < x.R; i++ {
		for j := 0; j < x.C; j++ {
			switch c.Form {
			case FormIndependent, FormProjected:
				if j > i {
					d[i*x.C+j] = d[j*x.C+i]
				}
			case FormDiagonal:
				if i != j {
					d[i*x.C+j] = 0
				}
			case FormSkew:
				if j == i {
					d[i*x.C+j] = 0
				} else if j < i {
					d[i*x.C+j] = -d[j*x.C+i]
				}
			}
		}
	}
	if c.Form == FormIndependent || c.Form == FormProjected {
		for i := 0; i < x.R; i++ {
			for j := i + 1; j < x.C; j++ {
				d[i*x.C+j] = d[j*x.C+i]
			}
		}
	}
	if c.Form == FormPlain {
		d[0] = 1
	}
	return d
}

// slopeAlong is the derivative of f in the direction; nil when the point is
// outside the domain.
func slopeAlong(env *Env, f, wrt *expr.Node, x *Value, dir []float64, differ bool) (*Value, error) {
	if !differ {
		env.Vars[wrt] = &Value{R: x.R, C: x.C, V: x.V, D: dir}
		env.forget()
		v, err := env.Eval(f)
		if err != nil {
			return nil, err
		}
		if !v.finite() {
			return nil, nil
		}
		out := newValue(v.R, v.C)
		if v.D != nil {
			out.V = v.D
		}
		return out, nil
	}
	const h = 2e-4
	var out *Value
	for _, s := range []struct{ at, weight float64 }{{1, 8}, {-1, -8}, {2, -1}, {-2, 1}} {
		y := newValue(x.R, x.C)
		for i := range y.V {
			y.V[i] = x.V[i] + s.at*h*dir[i]
		}
		env.Vars[wrt] = y
		env.forget()
		v, err := env.Eval(f)
		if err != nil {
			return nil, err
		}
		if !v.finite() {
			return nil, nil
		}
		if out == nil {
			out = newValue(v.R, v.C)
		}
		for i := range v.V {
			out.V[i] += s.weight * v.V[i] / (12 * h)
		}
	}
	return out, nil
}

// compare contracts the result with the direction and measures the distance
// from the numeric derivative, relative to the sizes involved.
func (c Claim) compare(g *Value, dir []float64, df, x *Value) (float64, error) {
	if c.Flip {
		g = transpose(g)
	}
	d := &Value{R: x.R, C: x.C, V: dir}
	wrong := func() (float64, error) {
		return 0, fmt.Errorf("the result is %d×%d where the variable is %d×%d and the function %d×%d", g.R, g.C, x.R, x.C, df.R, df.C)
	}
	var got *Value
	switch c.Form {
	case FormPlain:
		got = g
	case FormJacobian:
		if g.R != df.R*df.C || g.C != x.R*x.C {
			return wrong()
		}
		got, df = mul(g, vecOf(d)), vecOf(df)
	default:
		if g.R != x.R || g.C != x.C {
			return wrong()
		}
		if e := c.structureError(g); e > 1e-9 {
			return e, nil
		}
		got = Number(c.contract(g, dir))
	}
	if got.R != df.R || got.C != df.C {
		return wrong()
	}
	scale, diff := 1e-2, 0.0
	for i := range got.V {
		scale = math.Max(scale, math.Max(math.Abs(got.V[i]), math.Abs(df.V[i])))
		diff = math.Max(diff, math.Abs(got.V[i]-df.V[i]))
	}
	if c.Form != FormPlain && c.Form != FormJacobian {
		for i, y := range g.V {
			scale = math.Max(scale, math.Abs(y*dir[i]))
		}
	}
	return diff / scale, nil
}

func (c Claim) contract(g *Value, dir []float64) float64 {
	t := 0.0
	for i := 0; i < g.R; i++ {
		for j := 0; j < g.C; j++ {
			if c.Form != FormIndependent || j <= i {
				t += g.V[i*g.C+j] * dir[i*g.C+j]
			}
		}
	}
	return t
}

// structureError is how far the result is from the structure it must have.
func (c Claim) structureError(g *Value) float64 {
	worst := 0.0
	for i := 0; i < g.R; i++ {
		for j := 0; j < g.C; j++ {
			switch c.Form {
			case FormIndependent, FormProjected:
				worst = math.Max(worst, math.Abs(g.At(i, j)-g.At(j, i))/(1+math.Abs(g.At(i, j))))
			case FormSkew:
				worst = math.Max(worst, math.Abs(g.At(i, j)+g.At(j, i))/(1+math.Abs(g.At(i, j))))
			case FormDiagonal:
				if i != j {
					worst = math.Max(worst, math.Abs(g.At(i, j)))
				}
			}
		}
	}
	return worst
}
