package blas

import (
	"math"
	"sync"
)

// The functions below work on vectors: dst[i] = f(x[i]). They panic when dst is
// shorter than x; dst may be x itself, but not overlap it otherwise. Long
// vectors are shared between GOMAXPROCS goroutines; nothing is allocated.
// Elementary functions are within one unit in the last place of the exact
// value, denormal numbers included, and follow package math for NaN,
// infinities and zeros.

const (
	// chunk is how much of a vector one call of a kernel does: assembly cannot
	// be interrupted by the scheduler.
	chunk = 1 << 13
	// threadVector is the length of a vector worth a second thread, for a
	// function that costs about a nanosecond each.
	threadVector = 1 << 15
)

// overlong is what functions panic with when a result has no room.
const overlong = "blas: the destination is shorter than the argument"

// Exp sets dst to e^x.
func Exp(dst, x []float64) {
	if k := active; k != nil {
		each(dst, x, k.exp)
		return
	}
	plain(dst, x, math.Exp)
}

// Log sets dst to the natural logarithm of x.
func Log(dst, x []float64) {
	if k := active; k != nil {
		each(dst, x, k.log)
		return
	}
	plain(dst, x, func(v float64) float64 {
		if v > 0 && v < 0x1p-1022 { // math.Log is wrong here on some processors
			return math.Log(v*0x1p54) - 54*math.Ln2
		}
		return math.Log(v)
	})
}

// Tanh sets dst to the hyperbolic tangent of x.
func Tanh(dst, x []float64) {
	if k := active; k != nil {
		each(dst, x, k.tanh)
		return
	}
	plain(dst, x, math.Tanh)
}

// Sigmoid sets dst to 1/(1+e^-x).
func Sigmoid(dst, x []float64) {
	if k := active; k != nil {
		each(dst, x, k.sigmoid)
		return
	}
	plain(dst, x, func(v float64) float64 {
		if v >= 0 {
			return 1 / (1 + math.Exp(-v))
		}
		z := math.Exp(v)
		return z / (1 + z)
	})
}

// Softplus sets dst to log(1+e^x), the integral of the sigmoid.
func Softplus(dst, x []float64) {
	if k := active; k != nil {
		each(dst, x, k.softplus)
		return
	}
	plain(dst, x, func(v float64) float64 { return max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) })
}

// ExpSum sets dst to e^(x-shift) and gives the sum of dst: with the largest
// number of x as shift, dst divided by the sum is the softmax. It runs on the
// calling goroutine.
func ExpSum(dst, x []float64, shift float64) float64 {
	room(dst, x)
	total := 0.0
	for i := 0; i < len(x); i += chunk {
		end := min(len(x), i+chunk)
		if active != nil {
			total += active.expSum(shift, x[i:end], dst[i:end])
			continue
		}
		for j := i; j < end; j++ {
			dst[j] = math.Exp(x[j] - shift)
			total += dst[j]
		}
	}
	return total
}

// LogSumExp is log(Σ e^x[i]) without overflow on the way; -Inf for no numbers.
func LogSumExp(x []float64) float64 {
	top := Max(x)
	if math.IsInf(top, 0) || math.IsNaN(top) {
		return top
	}
	s, terms := borrow(min(len(x), chunk))
	defer s.release()
	total := 0.0
	for i := 0; i < len(x); i += chunk {
		total += ExpSum(terms, x[i:min(len(x), i+chunk)], top)
	}
	return top + math.Log(total)
}

// Max is the largest number of x: -Inf for none, NaN when there is a NaN.
func Max(x []float64) float64 {
	if active != nil {
		return active.maximum(x)
	}
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

// Sum adds up x, in an order that depends on the processor.
func Sum(x []float64) float64 {
	if active != nil {
		return active.sum(x)
	}
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}

// Dot is the inner product of x and y[:len(x)].
func Dot(x, y []float64) float64 {
	room(y, x)
	if active != nil {
		return active.dot(x, y)
	}
	total := 0.0
	for i, v := range x {
		total += v * y[i]
	}
	return total
}

// Axpy adds alpha*x to y[:len(x)].
func Axpy(alpha float64, x, y []float64) {
	room(y, x)
	if active != nil {
		active.axpy(alpha, x, y)
		return
	}
	for i, v := range x {
		y[i] += alpha * v
	}
}

// Scale sets dst to alpha*x.
func Scale(dst []float64, alpha float64, x []float64) {
	room(dst, x)
	if active != nil {
		active.scale(alpha, x, dst)
		return
	}
	for i, v := range x {
		dst[i] = alpha * v
	}
}

// Add sets dst to x+y; y is at least as long as x, as in Sub, Mul and Div. The
// four run on the calling goroutine.
func Add(dst, x, y []float64) {
	if room2(dst, x, y); active != nil {
		active.add(x, y, dst)
		return
	}
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

// Sub sets dst to x-y.
func Sub(dst, x, y []float64) {
	if room2(dst, x, y); active != nil {
		active.sub(x, y, dst)
		return
	}
	for i, v := range x {
		dst[i] = v - y[i]
	}
}

// Mul sets dst to x*y, number by number.
func Mul(dst, x, y []float64) {
	if room2(dst, x, y); active != nil {
		active.mul(x, y, dst)
		return
	}
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// Div sets dst to x/y, number by number.
func Div(dst, x, y []float64) {
	if room2(dst, x, y); active != nil {
		active.div(x, y, dst)
		return
	}
	for i, v := range x {
		dst[i] = v / y[i]
	}
}

func room(dst, x []float64) {
	if len(dst) < len(x) {
		panic(overlong)
	}
}

func room2(dst, x, y []float64) {
	if len(dst) < len(x) || len(y) < len(x) {
		panic(overlong)
	}
}

// each applies a kernel in chunks, on several goroutines when x is long.
func each(dst, x []float64, kernel func(x, dst []float64)) {
	room(dst, x)
	if len(x) <= chunk {
		kernel(x, dst)
		return
	}
	if len(x) < threadVector {
		for i := 0; i < len(x); i += chunk {
			kernel(x[i:min(len(x), i+chunk)], dst[i:])
		}
		return
	}
	w := vectorWorks.Get().(*vectorWork)
	*w = vectorWork{x, dst, kernel}
	parallel((len(x)+chunk-1)/chunk, w)
	*w = vectorWork{}
	vectorWorks.Put(w)
}

// vectorWork is a kernel over a long vector, a chunk at a time.
type vectorWork struct {
	x, dst []float64
	kernel func(x, dst []float64)
}

var vectorWorks = sync.Pool{New: func() any { return new(vectorWork) }}

func (w *vectorWork) do(piece int) {
	i := piece * chunk
	w.kernel(w.x[i:min(len(w.x), i+chunk)], w.dst[i:])
}

// plain applies a function of package math.
func plain(dst, x []float64, f func(float64) float64) {
	room(dst, x)
	for i, v := range x {
		dst[i] = f(v)
	}
}
