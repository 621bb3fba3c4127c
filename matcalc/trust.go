package matcalc

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/words"
)

// Verification tells how a derivative was checked before it was shown.
type Verification struct {
	Method string           // how the reference derivative was found
	Sizes  []map[string]int // the lengths of dimensions tried
	Seeds  []uint64         // the seeds of the random points
	Worst  float64          // worst error relative to the largest entry
	Rules  []string         // the rules for differentials that the derivative rests on
}

// Verify tells how the derivative was checked; it panics with *Error for an
// expression that is no derivative.
func (f *Expr) Verify() Verification {
	if f.from == nil {
		raise(shape.NewError(shape.Domain, "only a derivative is verified", "take a Gradient, Jacobian or Hessian first"))
	}
	r := f.from.report
	return Verification{r.Method, r.Dims, r.Seeds, r.Worst, rulesFor(f.from.f, f.from.wrt)}
}

// ruleOf names the rule for the differential of each operator, in English and
// Chinese.
var ruleOf = sync.OnceValue(func() map[expr.Op][2]string {
	m := map[expr.Op][2]string{}
	for _, r := range diff.Rules() {
		if op := Vars(r.Vars).Expr(r.F).node.Op(); m[op][0] == "" {
			m[op] = [2]string{r.Name, r.NameZH}
		}
	}
	return m
})

// rulesFor names the rules for the operators between the function and the
// variable, each once, from the outside in.
func rulesFor(f, wrt *expr.Node) []string {
	var out []string
	nodes := expr.PostOrder(f)
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		if name := ruleOf()[n.Op()][language()]; name != "" && n.DependsOn(wrt) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// String is one line per random point.
func (v Verification) String() string {
	var b strings.Builder
	b.WriteString(words.Say(fmt.Sprintf("checked against %s, worst relative error %.2g", v.Method, v.Worst)))
	for i, s := range v.Sizes {
		b.WriteString("\n  " + words.Say(fmt.Sprintf("sizes %s, seed %d", strings.TrimPrefix(fmt.Sprint(s), "map"), v.Seeds[i])))
	}
	if len(v.Rules) > 0 {
		b.WriteString("\n  " + words.Say("rules: "+strings.Join(v.Rules, ", ")))
	}
	return b.String()
}

// GradientReport is the result of CheckGradient.
type GradientReport struct {
	OK      bool
	Worst   float64 // error of the worst entry relative to the largest entry
	Entry   int     // the worst entry
	Given   float64 // its value as given
	Numeric float64 // its value by central differences
}

// String says in a sentence what was found.
func (r GradientReport) String() string {
	if r.OK {
		return words.Say(fmt.Sprintf("the gradient agrees with differences; worst relative error %.2g", r.Worst))
	}
	return words.Say(fmt.Sprintf("entry %d is off: given %.8g, by differences %.8g (relative error %.2g)", r.Entry, r.Given, r.Numeric, r.Worst))
}

// CheckGradient compares a person's own gradient with central differences of
// f at x, entry by entry. grad must return as many entries as x has; it panics
// with *Error otherwise.
func CheckGradient(f func(x []float64) float64, grad func(x []float64) []float64, x []float64) GradientReport {
	g := grad(append([]float64(nil), x...))
	if len(g) != len(x) {
		raise(shape.NewError(shape.Values, fmt.Sprintf("the gradient has %d entries, x has %d", len(g), len(x)), ""))
	}
	num := make([]float64, len(x))
	scale := 1e-8
	for i := range x {
		h := 1e-4 * math.Max(1, math.Abs(x[i]))
		at := func(s float64) float64 {
			y := append([]float64(nil), x...)
			y[i] += s * h
			return f(y)
		}
		num[i] = (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * h)
		scale = math.Max(scale, math.Max(math.Abs(num[i]), math.Abs(g[i])))
	}
	r := GradientReport{Worst: -1}
	for i := range x {
		e := math.Abs(num[i]-g[i]) / scale
		if e > r.Worst || math.IsNaN(e) {
			r.Worst, r.Entry, r.Given, r.Numeric = e, i, g[i], num[i]
		}
		if math.IsNaN(e) {
			break
		}
	}
	r.OK = r.Worst < 1e-6
	return r
}
