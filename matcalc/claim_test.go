package matcalc

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

type claimCase struct {
	tableCase
	Type, D, Claimed, LHS, RHS, Verdict, Reason, Fault string
	Words                                              string // a pattern that the reason must meet
}

func loadClaims(t *testing.T, file string) []claimCase {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []claimCase
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c claimCase) judge(t *testing.T) (*Finding, error) {
	v := c.variables(t)
	if c.Type == "identity" {
		return v.CheckIdentity(c.LHS, c.RHS)
	}
	f, err := v.Parse(c.Expr)
	if err != nil {
		return nil, err
	}
	if c.Type == "differential" {
		return f.CheckDifferential(c.Wrt, c.D, c.Claimed)
	}
	return f.CheckDerivative(c.Wrt, c.request(), c.Claimed)
}

// claimFaults says which repair each wrong claim of claims.json must get.
var claimFaults = map[string]string{
	"claim-005": "first-order", "claim-020": "assumption", "claim-023": "squared", "claim-026": "order", "claim-032": "hadamard", "claim-047": "layout",
	"claim-050": "name", "claim-053": "assumption", "claim-056": "factor", "claim-059": "factor", "claim-065": "transpose", "claim-068": "assumption",
	"claim-071": "assumption", "claim-077": "reversed", "claim-080": "not-additive", "claim-095": "assumption",
}

// TestClaims judges lines that people might write: the verdict, and for the
// wrong ones what is wrong.
func TestClaims(t *testing.T) {
	used := map[string]bool{}
	for _, file := range []string{"testdata/claims.json", "testdata/claims_own.json"} {
		right, found, wrong := 0, 0, 0
		cases := loadClaims(t, file)
		for _, c := range cases {
			f, err := c.judge(t)
			verdict := "error"
			if err == nil {
				verdict = string(f.Verdict)
			}
			if verdict != c.Verdict {
				t.Errorf("%s: verdict %s, want %s (%v)", c.ID, verdict, c.Verdict, err)
				continue
			}
			right++
			if err != nil || verdict == "true" {
				continue
			}
			wrong++
			if len(f.Faults) > 0 {
				found++
			}
			for _, k := range f.Kinds() {
				used[k] = true
			}
			want := c.Fault + claimFaults[c.ID]
			if want != "" && !slices.Contains(f.Kinds(), want) {
				t.Errorf("%s: found %v, want %s: %s", c.ID, f.Kinds(), want, f.Reason("en"))
			}
			if c.Words != "" && !regexp.MustCompile(c.Words).MatchString(f.Reason("en")) {
				t.Errorf("%s: %q does not say %q", c.ID, f.Reason("en"), c.Words)
			}
			for _, lang := range []string{"en", "zh"} {
				if r := f.Reason(lang); r == "" || strings.Contains(r, "%!") {
					t.Errorf("%s: reason %q", c.ID, r)
				}
			}
		}
		t.Logf("%s: %d of %d verdicts; a repair for %d of %d wrong claims", file, right, len(cases), found, wrong)
	}
	for _, id := range claim.Repairs() {
		if !used[id] {
			t.Errorf("the repair %s was needed nowhere", id)
		}
	}
}

// TestRightClaims judges the references of all verified cases: none may be
// called wrong.
func TestRightClaims(t *testing.T) {
	files, _ := filepath.Glob("testdata/cases/*.json")
	judged := 0
	for _, file := range append(files, "testdata/derivatives.json") {
		for _, c := range loadCases(t, file) {
			if c.Expected == "" {
				continue
			}
			judged++
			got, err := c.variables(t).Expr(c.Expr).CheckDerivative(c.Wrt, c.request(), c.Expected)
			if err != nil || got.Verdict != ClaimTrue {
				t.Errorf("%s: d %s / d %s = %s: %v, %v", c.ID, c.Expr, c.Wrt, c.Expected, got, err)
			}
		}
	}
	t.Logf("%d right claims", judged)
}

// TestMutatedClaims makes wrong claims of verified derivatives: the judge must
// agree with a check of its own kind, dual numbers on the mutated derivative,
// and find the way back.
func TestMutatedClaims(t *testing.T) {
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, 5))
	files, _ := filepath.Glob("testdata/cases/*.json")
	stride := 4
	if os.Getenv("NABLA_FULL") != "" {
		stride = 1
	}
	asked, wrong, mended, at := 0, 0, 0, 0
	missed := map[string]int{}
	for _, file := range append(files, "testdata/derivatives.json") {
		for _, c := range loadCases(t, file) {
			if c.Kind == "hessian" || c.Structure != "" {
				continue
			}
			if at++; at%stride != 0 {
				continue
			}
			v := c.variables(t)
			f := v.Expr(c.Expr)
			want, err := f.Ask(c.Wrt, c.request())
			if err != nil {
				continue
			}
			x := v.scope.Vars[c.Wrt]
			name, bad := mutate(rng, want.node)
			if bad == nil || bad.Size() > 300 || slices.ContainsFunc(expr.PostOrder(bad), func(n *expr.Node) bool { return n.Op() == expr.OpStep }) {
				continue // dual numbers at a few points do not see a wrong place of a jump
			}
			asked++
			got, err := f.CheckDerivative(c.Wrt, c.request(), (&Expr{vars: v, node: bad}).ASCII())
			if err != nil {
				t.Errorf("%s %s: %v", c.ID, name, err)
				continue
			}
			right := holds(f.node, x, bad, c.request())
			if (got.Verdict == claim.True) != right {
				t.Errorf("seed %d, %s: d %s / d %s claimed %s (%s): verdict %s, dual numbers say %v", seed, c.ID, c.Expr, c.Wrt, (&Expr{node: bad}).ASCII(), name, got.Verdict, right)
			}
			if got.Verdict == claim.True {
				continue
			}
			wrong++
			if len(got.Faults) > 0 {
				mended++
			} else {
				missed[name]++
			}
		}
	}
	t.Logf("%d mutated claims, %d wrong, a repair for %d; none for %v", asked, wrong, mended, missed)
	if 100*mended < 90*wrong {
		t.Errorf("a repair for only %d of %d wrong claims", mended, wrong)
	}
}

// holds asks dual numbers whether d is the derivative.
func holds(f, x, d *expr.Node, q Request) bool {
	q = q.Normal(f, x)
	c := check.Claim{F: f, Wrt: x, Result: d}
	switch q.Kind {
	case diff.Gradient:
		c.Flip = q.Layout == diff.Numerator
	case diff.Jacobian:
		c.Form, c.Flip = check.FormJacobian, q.Layout == diff.Denominator || q.Layout == diff.DenVec
	default:
		c.Form = check.FormPlain
	}
	_, err := check.Derivative(c)
	return err == nil
}

// mutations are the mistakes that people make.
var mutations = map[string]func(rng *rand.Rand, n *expr.Node) *expr.Node{
	"factor": func(rng *rand.Rand, n *expr.Node) *expr.Node { return expr.Scale(expr.RatHalf, n) },
	"sign":   func(rng *rand.Rand, n *expr.Node) *expr.Node { return expr.Neg(n) },
	"whole transpose": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return expr.T(n)
	},
	"transpose": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return inside(rng, n, func(m *expr.Node) *expr.Node {
			if m.Shape().IsSquare() && !m.Shape().IsScalar() && !m.Is(expr.Symmetric) {
				return expr.T(m)
			}
			return nil
		})
	},
	"order": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return inside(rng, n, func(m *expr.Node) *expr.Node {
			p := m.Product()
			if m.Op() != expr.OpMul || len(p.Chain) < 2 {
				return nil
			}
			i := rng.IntN(len(p.Chain) - 1)
			p.Chain = slices.Clone(p.Chain)
			p.Chain[i], p.Chain[i+1] = p.Chain[i+1], p.Chain[i]
			return p.Node(m.Context())
		})
	},
	"product for ⊙": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return inside(rng, n, func(m *expr.Node) *expr.Node {
			if m.Op() == expr.OpHad && len(m.Args()) == 2 {
				return expr.Mul(m.Args()...)
			}
			return nil
		})
	},
	"term sign": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return inside(rng, n, func(m *expr.Node) *expr.Node { return oneTerm(rng, m, expr.Neg) })
	},
	"lost term": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		return inside(rng, n, func(m *expr.Node) *expr.Node {
			if m.Op() != expr.OpAdd {
				return nil
			}
			return expr.Add(slices.Delete(slices.Clone(m.Args()), 0, 1)...)
		})
	},
	"lost factor": func(rng *rand.Rand, n *expr.Node) *expr.Node {
		p := n.Product()
		if n.Op() != expr.OpMul || len(p.Chain) < 2 {
			return nil
		}
		p.Chain = slices.Delete(slices.Clone(p.Chain), 0, 1)
		return p.Node(n.Context())
	},
}

func oneTerm(rng *rand.Rand, m *expr.Node, change func(*expr.Node) *expr.Node) *expr.Node {
	if m.Op() != expr.OpAdd {
		return nil
	}
	args := slices.Clone(m.Args())
	i := rng.IntN(len(args))
	args[i] = change(args[i])
	return expr.Add(args...)
}

// mutate applies one mutation that fits.
func mutate(rng *rand.Rand, n *expr.Node) (string, *expr.Node) {
	names := make([]string, 0, len(mutations))
	for k := range mutations {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, i := range rng.Perm(len(names)) {
		var out *expr.Node
		func() {
			defer func() { _ = recover() }() // shapes that do not fit
			out = mutations[names[i]](rng, n)
		}()
		if out != nil && out != n {
			return names[i], out
		}
	}
	return fmt.Sprint(n), nil
}

// inside changes the first node, in random order, for which change is not nil.
func inside(rng *rand.Rand, n *expr.Node, change func(*expr.Node) *expr.Node) *expr.Node {
	all := expr.PostOrder(n)
	for _, i := range rng.Perm(len(all)) {
		if m := change(all[i]); m != nil {
			return expr.Substitute(n, map[*expr.Node]*expr.Node{all[i]: m})
		}
	}
	return nil
}
