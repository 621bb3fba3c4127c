package check

import "math"

// invert is the inverse and determinant by Gauss elimination with pivots; of a
// singular matrix the inverse is NaN.
func invert(a []float64, n int) (inv []float64, det float64) {
	w := append([]float64(nil), a...)
	inv = make([]float64, n*n)
	for i := 0; i < n; i++ {
		inv[i*n+i] = 1
	}
	det = 1
	size := 0.0
	for _, x := range a {
		size = math.Max(size, math.Abs(x))
	}
	for k := 0; k < n; k++ {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(w[i*n+k]) > math.Abs(w[p*n+k]) {
				p = i
			}
		}
		if p != k {
			det = -det
			for j := 0; j < n; j++ {
				w[k*n+j], w[p*n+j] = w[p*n+j], w[k*n+j]
				inv[k*n+j], inv[p*n+j] = inv[p*n+j], inv[k*n+j]
			}
		}
		d := w[k*n+k]
		det *= d
		if math.Abs(d) <= 1e-12*size {
			d = math.NaN() // singular to working precision
		}
		for j := 0; j < n; j++ {
			w[k*n+j] /= d
			inv[k*n+j] /= d
		}
		for i := 0; i < n; i++ {
			f := w[i*n+k]
			if i == k || f == 0 {
				continue
			}
			for j := 0; j < n; j++ {
				w[i*n+j] -= f * w[k*n+j]
				inv[i*n+j] -= f * inv[k*n+j]
			}
		}
	}
	return inv, det
}

func inverse(a *Value) *Value {
	out := newValue(a.R, a.R)
	out.V, _ = invert(a.V, a.R)
	if a.D != nil {
		n := a.R
		t := make([]float64, n*n)
		out.D = make([]float64, n*n)
		matmul(t, out.V, a.D, n, n, n)
		matmul(out.D, t, out.V, n, n, n)
		for i := range out.D {
			out.D[i] = -out.D[i]
		}
	}
	return out
}

func determinant(a *Value) *Value {
	inv, det := invert(a.V, a.R)
	out := Number(det)
	if math.IsNaN(det) {
		out.V[0] = 0
	}
	if a.D != nil {
		t := 0.0
		for i := 0; i < a.R; i++ {
			for j := 0; j < a.R; j++ {
				t += inv[i*a.R+j] * a.D[j*a.R+i]
			}
		}
		out.D = []float64{det * t}
	}
	return out
}

// power is a whole power of a square matrix.
func power(a *Value, k int) *Value {
	if k < 0 {
		return power(inverse(a), -k)
	}
	out := identity(a.R)
	for ; k > 0; k-- {
		out = mul(out, a)
	}
	return out
}

// pseudoinverse assumes full rank.
func pseudoinverse(a *Value) *Value {
	t := transpose(a)
	if a.R >= a.C {
		return mul(inverse(mul(t, a)), t)
	}
	return mul(t, inverse(mul(a, t)))
}

// expm is the matrix exponential by scaling and a Taylor polynomial.
func expm(a *Value) *Value {
	norm := 0.0
	for _, x := range a.V {
		norm += math.Abs(x)
	}
	s := 0
	for norm > 0.25 && s < 60 {
		norm /= 2
		s++
	}
	x := scale(Number(math.Ldexp(1, -s)), a)
	out, term := identity(a.R), identity(a.R)
	for k := 1; k <= 14; k++ {
		term = scale(Number(1/float64(k)), mul(term, x))
		out = add([]*Value{out, term})
	}
	for ; s > 0; s-- {
		out = mul(out, out)
	}
	return out
}

// eigen diagonalises a symmetric matrix by Jacobi rotations: values, and
// vectors as columns. Only the lower triangle's mean with the upper is used.
func eigen(a []float64, n int) (vals, vecs []float64) {
	w := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			w[i*n+j] = (a[i*n+j] + a[j*n+i]) / 2
		}
	}
	vecs = identity(n).V
	for sweep := 0; sweep < 60; sweep++ {
		off := 0.0
		for p := 0; p < n; p++ {
			for q := p + 1; q < n; q++ {
				off += w[p*n+q] * w[p*n+q]
				rotate(w, vecs, n, p, q)
			}
		}
		if !(off > 1e-300) {
			break
		}
	}
	vals = make([]float64, n)
	for i := range vals {
		vals[i] = w[i*n+i]
	}
	return vals, vecs
}

func rotate(w, v []float64, n, p, q int) {
	if w[p*n+q] == 0 {
		return
	}
	theta := (w[q*n+q] - w[p*n+p]) / (2 * w[p*n+q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := 0; k < n; k++ {
		x, y := w[k*n+p], w[k*n+q]
		w[k*n+p], w[k*n+q] = c*x-s*y, s*x+c*y
	}
	for k := 0; k < n; k++ {
		x, y := w[p*n+k], w[q*n+k]
		w[p*n+k], w[q*n+k] = c*x-s*y, s*x+c*y
	}
	for k := 0; k < n; k++ {
		x, y := v[k*n+p], v[k*n+q]
		v[k*n+p], v[k*n+q] = c*x-s*y, s*x+c*y
	}
}

// leading is the largest eigenvalue with its vector, the first of whose
// largest entries is positive.
func leading(a []float64, n int) (val float64, vec []float64) {
	vals, vecs := eigen(a, n)
	k := 0
	for i := range vals {
		if vals[i] > vals[k] {
			k = i
		}
	}
	vec = make([]float64, n)
	big := 0
	for i := range vec {
		vec[i] = vecs[i*n+k]
		if math.Abs(vec[i]) > math.Abs(vec[big]) {
			big = i
		}
	}
	if vec[big] < 0 {
		for i := range vec {
			vec[i] = -vec[i]
		}
	}
	return vals[k], vec
}

// gram is a'a.
func gram(a *Value) []float64 { return mul(transpose(a), a).V }

// singular is the leading singular triple.
func singular(a *Value) (s float64, u, v []float64) {
	val, v := leading(gram(a), a.C)
	s = math.Sqrt(val)
	u = make([]float64, a.R)
	matmul(u, a.V, v, a.R, a.C, 1)
	for i := range u {
		u[i] /= s
	}
	return s, u, v
}

// polar is U*V' of the thin singular value decomposition.
func polar(a *Value) *Value {
	if a.R < a.C {
		return transpose(polar(transpose(a)))
	}
	n := a.C
	vals, vecs := eigen(gram(a), n)
	root := newValue(n, n)
	for k := 0; k < n; k++ {
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				root.V[i*n+j] += vecs[i*n+k] * vecs[j*n+k] / math.Sqrt(vals[k])
			}
		}
	}
	return mul(&Value{R: a.R, C: a.C, V: a.V}, root)
}

func nuclear(a *Value) float64 {
	if a.R < a.C {
		a = transpose(a)
	}
	vals, _ := eigen(gram(a), a.C)
	t := 0.0
	for _, x := range vals {
		t += math.Sqrt(math.Max(x, 0))
	}
	return t
}
