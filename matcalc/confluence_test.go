package matcalc

import (
	"math/rand/v2"
	"testing"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// shuffled is the expression with the operands of sums, of elementwise products
// and the scalar factors of products in a random order.
func shuffled(rng *rand.Rand, n *expr.Node) *expr.Node {
	memo := map[*expr.Node]*expr.Node{}
	for _, m := range expr.PostOrder(n) {
		args := make([]*expr.Node, len(m.Args()))
		for i, a := range m.Args() {
			args[i] = memo[a]
		}
		switch {
		case m.Op() == expr.OpAdd || m.Op() == expr.OpHad:
			rng.Shuffle(len(args), func(i, j int) { args[i], args[j] = args[j], args[i] })
		case m.Op() == expr.OpMul:
			free := len(args) - len(m.Product().Chain)
			rng.Shuffle(free, func(i, j int) { args[i], args[j] = args[j], args[i] })
		}
		memo[m] = expr.Rebuild(m, args)
	}
	return memo[n]
}

// simplifiedInRandomOrder simplifies parts of the expression in a random order
// before the whole, so that rules meet in another order.
func simplifiedInRandomOrder(rng *rand.Rand, n *expr.Node) *expr.Node {
	s := rewrite.New()
	nodes := expr.PostOrder(n)
	for _, i := range rng.Perm(len(nodes)) {
		s.Simplify(nodes[i])
	}
	return s.Simplify(n)
}

// TestConfluence rewrites gradients in random orders: the answers must be equal
// in value, and nearly all in form.
func TestConfluence(t *testing.T) {
	differ, all := 0, 0
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(99, seed))
		g := grower{rng}
		v := Vars(randomVars)
		text := g.scalar(1 + int(seed%4))
		n := v.Expr(text).node
		want := rewrite.Simplify(n)
		for range 3 {
			all++
			got := simplifiedInRandomOrder(rng, shuffled(rng, n))
			equalNodes(t, "confluence of "+text, got, want)
			if got.Key() != want.Key() {
				differ++
				if differ <= 5 {
					t.Logf("seed %d: %s is also %s", seed, format.ASCII(want), format.ASCII(got))
				}
			}
		}
	}
	t.Logf("%d of %d differ in form", differ, all)
	if 20*differ > all {
		t.Errorf("%d of %d answers depend on the order of rewriting", differ, all)
	}
}
