package blas

// Transpose writes the transpose of a matrix, rows by cols without gaps, to dst.
// It runs on the calling goroutine.
func Transpose(dst, src []float64, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	if len(src) < rows*cols || len(dst) < rows*cols {
		panic(noRoom)
	}
	if active != nil {
		active.transposeBack(cols, rows, src, cols, dst, rows)
		return
	}
	for i := range rows {
		for j, v := range src[i*cols : (i+1)*cols] {
			dst[j*rows+i] = v
		}
	}
}

// Mirror copies rows from up to to of the upper triangle of an n×n matrix to the
// columns of the lower. It runs on the calling goroutine.
func Mirror(a []float64, n, from, to int) {
	if len(a) < n*n || from < 0 || to > n {
		panic(noRoom)
	}
	lanes := 1
	if active != nil {
		lanes = active.lanes
	}
	for i := from; i < to; i += lanes {
		end := min(i+lanes, to)
		whole := n
		if end == i+lanes && end < n && active != nil {
			whole = end
			active.packTranspose(lanes, n-end, &a[i*n+end], n, &a[end*n+i], n)
		}
		for r := i; r < end; r++ {
			for c := r + 1; c < whole; c++ {
				a[c*n+r] = a[r*n+c]
			}
		}
	}
}
