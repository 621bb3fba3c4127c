package compile

// helpers are the functions that a printed plan may call; those that it does
// are printed below it.
var helpers = []struct{ name, text string }{
	{"matrix", `func matrix(r, c int, v []float64) blas64.General {
	return blas64.General{Rows: r, Cols: c, Stride: max(c, 1), Data: v}
}
`},
	{"vector", `func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Data: v, Inc: 1} }
`},
	{"symmetric", `func symmetric(n int, v []float64) blas64.Symmetric {
	return blas64.Symmetric{N: n, Stride: max(n, 1), Data: v, Uplo: blas.Upper}
}
`},
	{"mirror", `// mirror copies the upper triangle of an n×n matrix to the lower.
func mirror(a []float64, n int) {
	for i := range n {
		for j := range i {
			a[i*n+j] = a[j*n+i]
		}
	}
}
`},
	{"transpose", `// transpose of a matrix r×c.
func transpose(dst, a []float64, r, c int) {
	for i := range r {
		for j := range c {
			dst[j*r+i] = a[i*c+j]
		}
	}
}
`},
	{"addTranspose", `// addTranspose is A + A' for an n×n matrix.
func addTranspose(dst, a []float64, n int) {
	for i := range n {
		for j := range n {
			dst[i*n+j] = a[i*n+j] + a[j*n+i]
		}
	}
}
`},
	{"identity", `func identity(dst []float64, n int) {
	clear(dst)
	for i := range n {
		dst[i*n+i] = 1
	}
}
`},
	{"diagonal", `func diagonal(dst, d []float64) {
	clear(dst)
	for i, v := range d {
		dst[i*len(d)+i] = v
	}
}
`},
	{"scaleRows", `// scaleRows is diag(d)*A for a matrix with c columns.
func scaleRows(dst, d, a []float64, c int) {
	for i, k := range d {
		for j := i * c; j < (i+1)*c; j++ {
			dst[j] = k * a[j]
		}
	}
}
`},
	{"scaled", `// scaled is diag(d)*A.
func scaled(d, a []float64) []float64 {
	out, c := make([]float64, len(a)), len(a)/len(d)
	for i := range a {
		out[i] = d[i/c] * a[i]
	}
	return out
}
`},
	{"scaleColumns", `// scaleColumns is A*diag(d).
func scaleColumns(dst, a, d []float64) {
	for i := range a {
		dst[i] = a[i] * d[i%len(d)]
	}
}
`},
	{"kron", `// kron is the Kronecker product of matrices with xc and yc columns.
func kron(dst, x []float64, xc int, y []float64, yc int) {
	yr := len(y) / yc
	for i, a := range x {
		for j, b := range y {
			dst[(i/xc*yr+j/yc)*xc*yc+i%xc*yc+j%yc] = a * b
		}
	}
}
`},
	{"pairs", `// pairs has in row i all products of entries of rows i of matrices with xc and yc columns.
func pairs(dst, x []float64, xc int, y []float64, yc int) {
	for i := range dst {
		row, column := i/(xc*yc), i%(xc*yc)
		dst[i] = x[row*xc+column/yc] * y[row*yc+column%yc]
	}
}
`},
	{"trace", `func trace(a []float64, n int) float64 {
	total := 0.0
	for i := range n {
		total += a[i*n+i]
	}
	return total
}
`},
	{"sum", `func sum(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total
}
`},
	{"cholesky", `// cholesky factors a positive definite matrix in place; false where it is not.
func cholesky(a []float64, n int) bool {
	_, ok := lapack64.Potrf(blas64.Symmetric{N: n, Stride: max(n, 1), Data: a, Uplo: blas.Upper})
	return ok
}
`},
	{"solveCholesky", `func solveCholesky(a []float64, n int, x []float64, c int) {
	lapack64.Potrs(blas64.Triangular{N: n, Stride: max(n, 1), Data: a, Uplo: blas.Upper, Diag: blas.NonUnit},
		blas64.General{Rows: n, Cols: c, Stride: max(c, 1), Data: x})
}
`},
	{"lu", `// lu factors a matrix in place and gives the row exchanges and their sign, 0 where
// it is singular.
func lu(a []float64, n int) (pivot []int, sign float64) {
	pivot = make([]int, n)
	if !lapack64.Getrf(blas64.General{Rows: n, Cols: n, Stride: max(n, 1), Data: a}, pivot) {
		return pivot, 0
	}
	sign = 1
	for i, p := range pivot {
		if p != i {
			sign = -sign
		}
	}
	return pivot, sign
}
`},
	{"solveLU", `func solveLU(t blas.Transpose, a []float64, n int, x []float64, c int, pivot []int) {
	lapack64.Getrs(t, blas64.General{Rows: n, Cols: n, Stride: max(n, 1), Data: a},
		blas64.General{Rows: n, Cols: c, Stride: max(c, 1), Data: x}, pivot)
}
`},
	{"determinant", `// determinant, or its logarithm, from the factors of a matrix.
func determinant(a []float64, n int, sign float64, square, logarithm bool) float64 {
	det, log := sign, 0.0
	for i := range n {
		x := a[i*n+i]
		if square {
			x *= x
		}
		if x < 0 {
			sign = -sign
		}
		det *= x
		log += math.Log(math.Abs(x))
	}
	switch {
	case !logarithm:
		return det
	case sign < 0:
		return math.NaN()
	}
	return log
}
`},
	{"logSumExp", `func logSumExp(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		top = max(top, x)
	}
	if math.IsInf(top, 0) || math.IsNaN(top) {
		return top
	}
	total := 0.0
	for _, x := range v {
		total += math.Exp(x - top)
	}
	return top + math.Log(total)
}
`},
	{"softmax", `// softmax of each row of c numbers.
func softmax(dst, a []float64, c int) {
	for i := 0; i < len(a); i += c {
		top, total := math.Inf(-1), 0.0
		for _, x := range a[i : i+c] {
			top = max(top, x)
		}
		for j := i; j < i+c; j++ {
			dst[j] = math.Exp(a[j] - top)
			total += dst[j]
		}
		for j := i; j < i+c; j++ {
			dst[j] /= total
		}
	}
}
`},
	{"sigmoid", `func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	z := math.Exp(x)
	return z / (1 + z)
}
`},
	{"softplus", `func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
`},
	{"sign", `func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0 * x
}
`},
	{"when", `// when is x where the condition holds, else 0.
func when(condition bool, x float64) float64 {
	if condition {
		return x
	}
	return 0
}
`},
}
