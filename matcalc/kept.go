package matcalc

import (
	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/compressed"
)

// Compressed is a matrix kept by its structure, with Dense, MulVec and Solve.
type Compressed = compressed.Matrix

// CompressedHessian is the Hessian of a scalar f, kept by its structure: a
// diagonal, low rank, Kronecker products, blocks, sums of these; all entries
// where it has none. Its numbers are those of the last call.
func (c *Function) CompressedHessian(values Values) *Compressed {
	return c.kept("compressed hessian", values)
}

// CompressedJacobian is the derivative of a vector f, kept by its structure.
func (c *Function) CompressedJacobian(values Values) *Compressed {
	return c.kept("compressed gradient", values)
}

// AllCompressed is All with the Hessian kept by its structure.
func (c *Function) AllCompressed(values Values) (value float64, gradient *mat.Dense, hessian *Compressed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.results("value gradient compressed", values)
	return out[0].At(0, 0), out[1], c.ready["value gradient compressed"].kept
}

// kept is the one result of a program that compresses it.
func (c *Function) kept(want string, values Values) *Compressed {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.results(want, values)
	return c.ready[want].kept
}
