package lsq

import "gonum.org/v1/gonum/mat"

// A Folder keeps the triangular factor of all rows that were added, in memory
// that does not grow: rows gather in a block below the factor, and a full
// block is folded in by a QR factorisation in float64.
type Folder struct {
	q     int
	used  int // rows of the block in use
	block *mat.Dense
}

const foldRows = 1024

// NewFolder folds rows of q entries.
func NewFolder(q int) *Folder { return &Folder{q: q, block: mat.NewDense(foldRows+q, q, nil)} }

// Add takes one row, which it copies.
func (f *Folder) Add(row []float64) {
	if f.used == foldRows+f.q {
		f.fold()
	}
	f.block.SetRow(f.used, row)
	f.used++
}

func (f *Folder) fold() {
	rows := max(f.used, f.q)
	for i := f.used; i < rows; i++ {
		clear(f.block.RawRowView(i))
	}
	var qr mat.QR
	qr.Factorize(f.block.Slice(0, rows, 0, f.q))
	var r mat.Dense
	qr.RTo(&r)
	for i := range f.q {
		for j := range f.q {
			v := 0.0
			if j >= i {
				v = r.At(i, j)
			}
			f.block.Set(i, j, v)
		}
	}
	f.used = f.q
}

// Triangle returns the q by q upper triangular factor of all rows so far.
func (f *Folder) Triangle() [][]float64 {
	f.fold()
	out := make([][]float64, f.q)
	for i := range out {
		out[i] = append([]float64(nil), f.block.RawRowView(i)...)
	}
	return out
}
