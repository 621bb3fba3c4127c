package expr

import (
	"fmt"
	"sync"
	"testing"

	"github.com/nabla-go/nabla/matcalc/shape"
)

func TestTable(t *testing.T) {
	names := map[string]bool{}
	for op := OpInvalid; op < NumOps; op++ {
		r := op.Info()
		if r.Op != op || r.Name == "" {
			t.Errorf("operator %d has no row", op)
			continue
		}
		if names[r.Name] {
			t.Errorf("the name %s is used twice", r.Name)
		}
		names[r.Name] = true
		if r.Kind != Leaf && (r.Shape == nil || r.Doc == "" || r.Arity == 0) {
			t.Errorf("%s: shape rule, arity or meaning is missing", r.Name)
		}
	}
}

func TestInterning(t *testing.T) {
	c := NewContext()
	n, m := shape.Name("n"), shape.Name("m")
	A := c.Sym("A", shape.Matrix(m, n), 0)
	x := c.Sym("x", shape.Vector(n), 0)
	y := c.Sym("y", shape.Vector(n), 0)
	for _, r := range []struct {
		name       string
		got, want  *Node
		onlyByKeys bool
	}{
		{"equal products", Mul(A, x), Mul(A, x), false},
		{"flat products", Mul(Mul(A, x), T(y)), Mul(A, Mul(x, T(y))), false},
		{"closed chain taken out", Mul(x, T(x), y), Mul(Mul(T(x), y), x), false},
		{"numbers gathered", Mul(c.Int(2), Scale(RatHalf, x)), x, false},
		{"zero", Sub(x, x).args[1], Neg(x), false},
		{"order of a sum", Add(x, y), Add(y, x), true},
		{"order of entries", Had(x, y), Had(y, x), true},
		{"double transpose", T(T(A)), A, false},
		{"row of ones", c.Ones(shape.One, n), T(c.Ones(n, shape.One)), false},
		{"1×1 identity", c.Eye(shape.One), c.Int(1), false},
	} {
		if r.got != r.want && !(r.onlyByKeys && r.got.Key() == r.want.Key()) {
			t.Errorf("%s: different nodes", r.name)
		}
	}
	if Mul(A, x).Key() == Mul(A, y).Key() || T(A).Key() == A.Key() {
		t.Error("different expressions have one key")
	}
}

// TestConcurrent makes the same nodes from many goroutines; run with -race.
func TestConcurrent(t *testing.T) {
	c := NewContext()
	n := shape.Name("n")
	A := c.Sym("A", shape.Matrix(n, n), Symmetric)
	var wg sync.WaitGroup
	out := make([]*Node, 8)
	for g := range out {
		wg.Add(1)
		go func() {
			defer wg.Done()
			e := A
			for i := 0; i < 50; i++ {
				s := c.Sym(fmt.Sprint("B", i), shape.Matrix(n, n), 0)
				e = Add(Mul(e, s), T(Mul(e, s)))
				e.Is(Symmetric)
			}
			out[g] = e
		}()
	}
	wg.Wait()
	for _, e := range out {
		if e != out[0] || !e.Is(Symmetric) {
			t.Fatal("one expression, two nodes, or symmetry not seen")
		}
	}
}

func TestRat(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"2", "2"}, {"0.5", "0.5"}, {"1e3", "1000"}, {"1e-3", "0.001"}, {"0.1", "0.1"}, {"123456789012345678901234567890", "123456789012345678901234567890"},
	} {
		r, err := ParseRat(c.in)
		if err != nil || r.String() != c.out {
			t.Errorf("%s: %v %v", c.in, r, err)
		}
	}
	if got := Frac(1, 3).String(); got != "1/3" {
		t.Error(got)
	}
	big, _ := ParseRat("1e300")
	if !big.Mul(big.Inv()).Equal(RatOne) || big.Add(big.Neg()).Sign() != 0 {
		t.Error("large numbers do not cancel")
	}
	if _, err := ParseRat("1e999999"); err == nil {
		t.Error("a huge exponent is read")
	}
}
