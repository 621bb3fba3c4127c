package check

import "math"

// Value is a matrix with its derivative in one direction. V and D are stored
// by rows; D is nil where the derivative is zero.
type Value struct {
	R, C int
	V, D []float64
}

func newValue(r, c int) *Value { return &Value{R: r, C: c, V: make([]float64, r*c)} }

// Number is a scalar value.
func Number(x float64) *Value { return &Value{R: 1, C: 1, V: []float64{x}} }

// At is the entry in row i and column j.
func (a *Value) At(i, j int) float64 { return a.V[i*a.C+j] }

func (a *Value) scalar() bool { return a.R == 1 && a.C == 1 }

// finite reports that all entries and derivatives are numbers.
func (a *Value) finite() bool {
	for _, s := range [][]float64{a.V, a.D} {
		for _, x := range s {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
		}
	}
	return true
}

func matmul(out, a, b []float64, r, k, c int) {
	for i := 0; i < r; i++ {
		for l := 0; l < k; l++ {
			x := a[i*k+l]
			if x == 0 {
				continue
			}
			row, dst := b[l*c:(l+1)*c], out[i*c:(i+1)*c]
			for j, y := range row {
				dst[j] += x * y
			}
		}
	}
}

func mul(a, b *Value) *Value {
	if a.scalar() || b.scalar() {
		return scale(a, b)
	}
	out := newValue(a.R, b.C)
	matmul(out.V, a.V, b.V, a.R, a.C, b.C)
	if a.D != nil || b.D != nil {
		out.D = make([]float64, len(out.V))
		if a.D != nil {
			matmul(out.D, a.D, b.V, a.R, a.C, b.C)
		}
		if b.D != nil {
			matmul(out.D, a.V, b.D, a.R, a.C, b.C)
		}
	}
	return out
}

// scale multiplies by a scalar on either side.
func scale(a, b *Value) *Value {
	if !a.scalar() {
		a, b = b, a
	}
	out := newValue(b.R, b.C)
	for i, y := range b.V {
		out.V[i] = a.V[0] * y
	}
	if a.D != nil || b.D != nil {
		out.D = make([]float64, len(out.V))
		for i := range out.D {
			if a.D != nil {
				out.D[i] += a.D[0] * b.V[i]
			}
			if b.D != nil {
				out.D[i] += a.V[0] * b.D[i]
			}
		}
	}
	return out
}

func add(args []*Value) *Value {
	out := newValue(args[0].R, args[0].C)
	for _, a := range args {
		for i, x := range a.V {
			out.V[i] += x
		}
		if a.D == nil {
			continue
		}
		if out.D == nil {
			out.D = make([]float64, len(out.V))
		}
		for i, x := range a.D {
			out.D[i] += x
		}
	}
	return out
}

// zip applies f and its two partial derivatives entry by entry; a scalar
// operand is spread over the other.
func zip(a, b *Value, f, fa, fb func(x, y float64) float64) *Value {
	shape := a
	if a.scalar() {
		shape = b
	}
	out := newValue(shape.R, shape.C)
	if a.D != nil || b.D != nil {
		out.D = make([]float64, len(out.V))
	}
	ka, kb := 1, 1
	if a.scalar() {
		ka = 0
	}
	if b.scalar() {
		kb = 0
	}
	for i := range out.V {
		x, y := a.V[ka*i], b.V[kb*i]
		out.V[i] = f(x, y)
		if a.D != nil && a.D[ka*i] != 0 {
			out.D[i] += fa(x, y) * a.D[ka*i]
		}
		if b.D != nil && b.D[kb*i] != 0 {
			out.D[i] += fb(x, y) * b.D[kb*i]
		}
	}
	return out
}

func mapEach(a *Value, f, df func(float64) float64) *Value {
	out := newValue(a.R, a.C)
	for i, x := range a.V {
		out.V[i] = f(x)
	}
	if a.D != nil {
		out.D = make([]float64, len(a.V))
		for i, x := range a.V {
			if a.D[i] != 0 {
				out.D[i] = df(x) * a.D[i]
			}
		}
	}
	return out
}

// pick makes a matrix whose entry k is entry from(k) of a, or 0 for -1.
func pick(a *Value, r, c int, from func(i, j int) int) *Value {
	out := newValue(r, c)
	if a.D != nil {
		out.D = make([]float64, r*c)
	}
	for i := 0; i < r; i++ {
		for j := 0; j < c; j++ {
			k := from(i, j)
			if k < 0 {
				continue
			}
			out.V[i*c+j] = a.V[k]
			if a.D != nil {
				out.D[i*c+j] = a.D[k]
			}
		}
	}
	return out
}

func transpose(a *Value) *Value {
	return pick(a, a.C, a.R, func(i, j int) int { return j*a.C + i })
}

// vecOf stacks columns.
func vecOf(a *Value) *Value {
	return pick(a, a.R*a.C, 1, func(k, _ int) int { return (k%a.R)*a.C + k/a.R })
}

func sumAll(a *Value) *Value {
	out := newValue(1, 1)
	for _, x := range a.V {
		out.V[0] += x
	}
	if a.D != nil {
		out.D = []float64{0}
		for _, x := range a.D {
			out.D[0] += x
		}
	}
	return out
}

func identity(n int) *Value {
	out := newValue(n, n)
	for i := 0; i < n; i++ {
		out.V[i*n+i] = 1
	}
	return out
}

func kron(a, b *Value) *Value {
	r, c := a.R*b.R, a.C*b.C
	big := pick(a, r, c, func(i, j int) int { return (i/b.R)*a.C + j/b.C })
	little := pick(b, r, c, func(i, j int) int { return (i%b.R)*b.C + j%b.C })
	return hadamard(big, little)
}

func hadamard(a, b *Value) *Value {
	return zip(a, b, func(x, y float64) float64 { return x * y },
		func(_, y float64) float64 { return y }, func(x, _ float64) float64 { return x })
}
