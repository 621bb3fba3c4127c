package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A family is what distinguishes one generalised linear model from another.
// Both have the canonical link, so Newton's method is IRLS, with working
// weights w = weight * variance and score x'(weight*(y-mu)). Mean and variance
// are the derivatives of the cumulant function, by the engine.
type family struct {
	kind Kind
	// difference returns y - mu.
	difference func(y, mu, rest dd.Float) dd.Float
	// deviance returns the contribution of one row of weight one, from the
	// difference y - mu.
	deviance func(difference, mu, rest float64) float64
	// loglik returns the log-likelihood of one row of weight w.
	loglik func(y, w, mu, rest float64) float64
	// start returns the first eta.
	start func(y, w float64) float64
	// edge is -1 or 1 where y lies at the end of its range towards which eta
	// may grow without bound, 0 inside.
	edge func(y dd.Float) int
}

var logistic = family{
	kind: KindLogistic,
	difference: func(y, mu, rest dd.Float) dd.Float {
		if mu.Hi > 0.5 {
			return rest.Sub(dd.Of(1).Sub(y))
		}
		return y.Sub(mu)
	},
	deviance: func(difference, mu, rest float64) float64 {
		return 2 * (excess(difference, mu) + excess(-difference, rest))
	},
	loglik: func(y, w, mu, rest float64) float64 {
		s := y * w
		return logChoose(w, s) + xlog(s, mu) + xlog(w-s, rest)
	},
	start: func(y, w float64) float64 {
		mu := (w*y + 0.5) / (w + 1)
		return math.Log(mu / (1 - mu))
	},
	edge: func(y dd.Float) int {
		switch {
		case y.IsZero():
			return -1
		case y == dd.Of(1):
			return 1
		}
		return 0
	},
}

var poisson = family{
	kind:       KindPoisson,
	difference: func(y, mu, _ dd.Float) dd.Float { return y.Sub(mu) },
	deviance:   func(difference, mu, _ float64) float64 { return 2 * excess(difference, mu) },
	loglik: func(y, w, mu, _ float64) float64 {
		g, _ := math.Lgamma(y + 1)
		return w * (xlog(y, mu) - mu - g)
	},
	start: func(y, _ float64) float64 { return math.Log(y + 0.1) },
	edge: func(y dd.Float) int {
		if y.IsZero() {
			return -1
		}
		return 0
	},
}

// xlog is a log(b), zero when a is.
func xlog(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * math.Log(b)
}

// excess is y log(y/mu) - (y-mu) with y = mu + d: not negative, about
// d^2/(2 mu) near zero, where it is summed as a series since the terms cancel.
func excess(d, mu float64) float64 {
	switch r := d / mu; {
	case d == 0:
		return 0
	case r <= -1+1e-15: // y is zero
		return -d
	case math.Abs(r) < 0.01:
		sum, power := 0.0, r*r
		for k := 2; k < 10; k++ {
			sum += power / float64(k*(k-1))
			power *= -r
		}
		return mu * sum
	default:
		return xlog(mu+d, 1+r) - d
	}
}

func logChoose(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}
