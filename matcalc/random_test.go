package matcalc

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// grower writes random expressions of a wanted shape.
type grower struct{ rng *rand.Rand }

const randomVars = `A, B: n×n; S: n×n symmetric; P: n×n pd; X: m×n; Y: m×n; x, y: n; z: m; t: scalar positive; c: scalar`

func (g grower) pick(options ...string) string { return options[g.rng.IntN(len(options))] }

func (g grower) scalar(d int) string {
	if d <= 0 {
		return g.pick("t", "c", "2", "x'*y", "sum(x)", "tr(A)", "norm2(x)^2")
	}
	v, m := g.vector(d-1), g.square(d-1)
	switch g.rng.IntN(14) {
	case 0:
		return g.scalar(d-1) + "*" + wrapSum(g.scalar(d-1))
	case 1:
		return "(" + g.scalar(d-1) + "+" + g.scalar(d-1) + ")"
	case 2:
		return "sum(" + v + ")"
	case 3:
		return "tr(" + m + ")"
	case 4:
		return "(" + v + ")'*(" + g.vector(d-1) + ")"
	case 5:
		return "norm2(" + v + ")^2"
	case 6:
		return "sum(" + g.matrix(d-1) + ")"
	case 7:
		return g.pick("sin", "cos", "tanh", "sigmoid") + "(" + g.scalar(d-1) + ")"
	case 8:
		return "log(1+norm2(" + v + ")^2)"
	case 9:
		return "logdet(P+" + g.spd(d-1) + ")"
	case 10:
		return "tr(inv(P+" + g.spd(d-1) + ")*" + m + ")"
	case 11:
		return "(" + g.scalar(d-1) + ")/(1+norm2(" + g.matrix(d-1) + ")^2)"
	case 12:
		return "logsumexp(" + g.pick(v, m) + ")"
	}
	return "norm2(" + g.matrix(d-1) + ")^2"
}

func wrapSum(s string) string { return "(" + s + ")" }

func (g grower) spd(d int) string {
	v, m := g.vector(d), g.matrix(d)
	return g.pick("("+v+")*("+v+")'", "("+m+")'*("+m+")", "diag(("+v+").^2)")
}

func (g grower) vector(d int) string {
	if d <= 0 {
		return g.pick("x", "y", "x", "A*x", "X'*z", "ones(n)")
	}
	switch g.rng.IntN(9) {
	case 0:
		return "(" + g.vector(d-1) + g.pick("+", "-") + g.vector(d-1) + ")"
	case 1:
		return "(" + g.vector(d-1) + ").*(" + g.vector(d-1) + ")"
	case 2:
		return "(" + g.square(d-1) + ")*(" + g.vector(d-1) + ")"
	case 3:
		return g.pick("sin", "cos", "tanh", "sigmoid", "softplus", "relu", "abs", "arctan") + "(" + g.vector(d-1) + ")"
	case 4:
		return "(" + g.scalar(d-1) + ")*(" + g.vector(d-1) + ")"
	case 5:
		return "(" + g.matrix(d-1) + ")'*z"
	case 6:
		return "diag(" + g.square(d-1) + ")"
	case 7:
		return "(" + g.vector(d-1) + ").^2"
	}
	return "softmax(" + g.vector(d-1) + ")"
}

func (g grower) square(d int) string {
	if d <= 0 {
		return g.pick("A", "B", "S", "P", "eye(n)", "x*y'")
	}
	switch g.rng.IntN(9) {
	case 0:
		return "(" + g.square(d-1) + "+" + g.square(d-1) + ")"
	case 1:
		return "(" + g.square(d-1) + ")*(" + g.square(d-1) + ")"
	case 2:
		return "(" + g.square(d-1) + ")'"
	case 3:
		return "diag(" + g.vector(d-1) + ")"
	case 4:
		return "(" + g.vector(d-1) + ")*(" + g.vector(d-1) + ")'"
	case 5:
		return "(" + g.square(d-1) + ").*(" + g.square(d-1) + ")"
	case 6:
		return "(" + g.matrix(d-1) + ")'*(" + g.matrix(d-1) + ")"
	case 7:
		return "inv(P+" + g.spd(d-1) + ")"
	}
	return g.pick("sin", "tanh") + "(" + g.square(d-1) + ")"
}

func (g grower) matrix(d int) string {
	if d <= 0 {
		return g.pick("X", "Y", "z*x'", "X*A")
	}
	switch g.rng.IntN(5) {
	case 0:
		return "(" + g.matrix(d-1) + "-" + g.matrix(d-1) + ")"
	case 1:
		return "(" + g.matrix(d-1) + ")*(" + g.square(d-1) + ")"
	case 2:
		return "(" + g.matrix(d-1) + ").*(" + g.matrix(d-1) + ")"
	case 3:
		return g.pick("tanh", "sin", "sigmoid") + "(" + g.matrix(d-1) + ")"
	}
	return "z*(" + g.vector(d-1) + ")'"
}

// TestRandomTrees differentiates random expressions. Every answer has passed
// the numeric check or is a fault.
func TestRandomTrees(t *testing.T) {
	count := 300
	if os.Getenv("NABLA_FULL") != "" {
		count = 20000
	}
	seed := uint64(1)
	if s, err := strconv.ParseUint(os.Getenv("NABLA_SEED"), 10, 64); err == nil {
		seed = s
	}
	var worst time.Duration
	faults, outside := map[string]int{}, 0
	for i := 0; i < count; i++ {
		g := grower{rand.New(rand.NewPCG(seed, uint64(i)))}
		text := g.scalar(1 + i%6)
		kind, wrt := diff.Gradient, g.pick("x", "A", "X", "t", "S", "P")
		switch i % 5 {
		case 3:
			text, kind = g.vector(1+i%4), diff.Jacobian
		case 4:
			kind = diff.Hessian
			text = g.scalar(1 + i%3)
		}
		if wrt == "t" && kind == diff.Jacobian {
			kind = diff.MatrixByScalar
		}
		v := Vars(randomVars)
		start := time.Now()
		f, err := v.Parse(text)
		if err != nil {
			t.Fatalf("seed %d/%d: %s: %v", seed, i, text, err)
		}
		d, err := f.Ask(wrt, Request{Kind: kind})
		if took := time.Since(start); took > worst {
			worst = took
			if took > 100*time.Millisecond {
				t.Logf("seed %d/%d: %v for d %s / d %s (%s)", seed, i, took, text, wrt, kind)
			}
		}
		if err != nil {
			if strings.Contains(err.Error(), "no point of the domain") {
				outside++
				continue
			}
			e := err.(*Error)
			faults[string(e.Class)]++
			if faults[string(e.Class)] < 6 {
				t.Errorf("seed %d/%d: d %s / d %s (%s): %v", seed, i, text, wrt, kind, e.Message)
			}
			continue
		}
		if back, err := v.Parse(d.String()); err != nil {
			t.Errorf("seed %d/%d: %.300s does not read back: %v", seed, i, d, err)
		} else if back.node.Size() != d.node.Size() {
			t.Errorf("seed %d/%d: %.300s has %d nodes and reads back with %d", seed, i, d, d.node.Size(), back.node.Size())
		}
	}
	t.Logf("%d trees, %d without a point in the domain, faults %v, longest %v", count, outside, faults, worst)
}

// TestDeepNetwork: the gradient of an n-layer network grows linearly in n when
// parts are shared.
func TestDeepNetwork(t *testing.T) {
	nodes := map[int]int{}
	for _, n := range []int{50, 200} {
		var decl, net strings.Builder
		decl.WriteString("x: n")
		net.WriteString("x")
		text := "x"
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&decl, "; W%d: n×n", i)
			text = fmt.Sprintf("tanh(W%d*%s)", i, text)
		}
		v := Vars(decl.String())
		start := time.Now()
		f, err := v.Parse("sum(" + text + ")")
		if err != nil {
			t.Fatal(err)
		}
		s := rewrite.New()
		g, err := diff.Derive(f.node, v.scope.Vars["W1"], Request{Kind: diff.Gradient}, s)
		if err != nil {
			t.Fatal(err)
		}
		nodes[n] = len(exprNodes(g))
		t.Logf("%d layers: %d distinct nodes, %v", n, nodes[n], time.Since(start))
	}
	if nodes[200] > 5*nodes[50] {
		t.Errorf("nodes %v grow faster than the layers", nodes)
	}
}
