package blas

// kernels are the routines of one instruction set. Slices carry their length;
// matrices are a pointer to the first number and the distance between rows.
type kernels struct {
	level Level
	lanes int // float64s in a register
	rows  int // rows of the tile of gemm
	width int // columns of the tile of gemm

	dot     func(x, y []float64) float64
	sum     func(x []float64) float64
	asum    func(x []float64) float64
	maximum func(x []float64) float64
	axpy    func(alpha float64, x, y []float64)
	scale   func(alpha float64, x, dst []float64)

	add, sub, mul, div func(x, y, dst []float64)

	exp, log, tanh, sigmoid, softplus func(x, dst []float64)

	// expSum sets dst to e^(x-shift) and adds it up.
	expSum func(shift float64, x, dst []float64) float64

	// gemvRows adds alpha*A*x to y, gemvColumns alpha*Aᵀ*x; A is m by n.
	gemvRows    func(m, n int, alpha float64, a *float64, lda int, x, y *float64)
	gemvColumns func(m, n int, alpha float64, a *float64, lda int, x, y *float64)

	// thin[i] adds alpha*A*Bᵀ to C, A m by k and B i+2 by k.
	thin [thinColumns - 1]func(m, k int, alpha float64, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

	// gemm sets a tile of C to alpha*A*B + beta*C.
	gemm func(m, n, k int, alpha float64, a *float64, ars, acs int, b *float64, ldb int, beta float64, c *float64, ldc int)
	// packRows copies k rows of n numbers side by side, padded to whole registers.
	packRows func(n, k int, src *float64, lds int, dst *float64)
	// packTranspose writes rows of k numbers as columns; it fills a whole register in each row of dst.
	packTranspose func(rows, k int, src *float64, lds int, dst *float64, ldd int)
}

// active are the kernels in use; nil stands for gonum's own code.
var active = best()

// Level is a set of instructions that the package has kernels for.
type Level int

// The levels, from the slowest.
const (
	Generic Level = iota // gonum's code and math's functions
	AVX2                 // 256 bits with FMA
	AVX512               // 512 bits
)

// String is the name of the level.
func (l Level) String() string { return [...]string{"generic", "AVX2", "AVX-512"}[l] }

// ActiveLevel tells which instructions are in use in this process.
func ActiveLevel() Level {
	if active == nil {
		return Generic
	}
	return active.level
}

// best are the fastest kernels of this machine.
func best() *kernels {
	all := available()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}
