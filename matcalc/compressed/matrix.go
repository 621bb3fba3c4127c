package compressed

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Matrix is a matrix r×c kept by its structure. It is a mat.Matrix, so that
// gonum takes it, entry by entry; Dense, MulVec and Solve use the structure.
type Matrix struct {
	form  Form
	dense *mat.Dense
}

var _ mat.Matrix = (*Matrix)(nil)

// New is the matrix of a form.
func New(f Form) *Matrix { return &Matrix{form: f} }

// Dims are rows and columns.
func (m *Matrix) Dims() (r, c int) { return m.form.dims() }

// At is one entry. It panics where there is none.
func (m *Matrix) At(i, j int) float64 {
	r, c := m.Dims()
	if i < 0 || j < 0 || i >= r || j >= c {
		panic(fmt.Sprintf("compressed: entry %d,%d of a matrix %d×%d", i, j, r, c))
	}
	return m.form.at(i, j)
}

// T is the transpose, kept by its structure, too.
func (m *Matrix) T() mat.Matrix { return New(m.form.Transpose()) }

// Form names the structure with its sizes.
func (m *Matrix) Form() string { return m.form.text() }

// Words is how many numbers are kept, where Dense has r·c.
func (m *Matrix) Words() int { return m.form.words() }

// Work is how many floating-point operations MulVec does.
func (m *Matrix) Work() float64 { return m.form.work() }

// Write stores the entries of a form by rows.
func Write(f Form, dst []float64) {
	if r, c := f.dims(); r*c > 0 {
		f.store(dst, c, 1, false)
	}
}

// Multiply sets dst to the form times x, both by rows, x with p columns.
func Multiply(f Form, dst, x []float64, p int) {
	if r, _ := f.dims(); r*p > 0 {
		f.mul(dst, x, p)
	}
}

// String names the structure and what it saves.
func (m *Matrix) String() string {
	r, c := m.Dims()
	return fmt.Sprintf("%d×%d as %s: %d numbers instead of %d", r, c, m.Form(), m.Words(), r*c)
}

// Dense writes all entries; the next call overwrites them.
func (m *Matrix) Dense() *mat.Dense {
	r, c := m.Dims()
	if m.dense == nil {
		m.dense = &mat.Dense{}
		if r*c > 0 {
			m.dense = mat.NewDense(r, c, nil)
		}
	}
	if r*c > 0 {
		m.form.store(m.dense.RawMatrix().Data, c, 1, false)
	}
	return m.dense
}

// MulVec is the matrix times a vector.
func (m *Matrix) MulVec(x mat.Vector) *mat.VecDense {
	r, c := m.Dims()
	if x.Len() != c {
		panic(fmt.Sprintf("compressed: a matrix %d×%d times a vector of %d", r, c, x.Len()))
	}
	if r == 0 {
		return &mat.VecDense{}
	}
	in, out := make([]float64, c), make([]float64, r)
	for i := range in {
		in[i] = x.AtVec(i)
	}
	m.MulVecTo(out, in)
	return mat.NewVecDense(r, out)
}

// MulVecTo sets dst, of r numbers, to the matrix times x, of c numbers.
func (m *Matrix) MulVecTo(dst, x []float64) {
	r, c := m.Dims()
	if len(dst) != r || len(x) != c {
		panic(fmt.Sprintf("compressed: a matrix %d×%d times a vector of %d into %d", r, c, len(x), len(dst)))
	}
	if r > 0 {
		m.form.mul(dst, x, 1)
	}
}
