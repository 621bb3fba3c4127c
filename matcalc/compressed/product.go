package compressed

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// product is A·B·…, kept apart since an inner size is small.
type product struct{ factors []Form }

// Product is the product of forms whose sizes fit.
func Product(factors ...Form) Form {
	if len(factors) == 1 {
		return factors[0]
	}
	return product{factors}
}

func (m product) dims() (int, int) {
	r, _ := m.factors[0].dims()
	_, c := m.factors[len(m.factors)-1].dims()
	return r, c
}

// rank bounds the rank: the least inner size.
func (m product) rank() int {
	least, _ := m.dims()
	for _, f := range m.factors {
		_, c := f.dims()
		least = min(least, c)
	}
	return least
}

func (m product) words() int {
	total := 0
	for _, f := range m.factors {
		total += f.words()
	}
	return total
}

func (m product) work() float64 {
	total := 0.0
	for _, f := range m.factors {
		total += f.work()
	}
	return total
}

func (m product) text() string { return "product of " + list(m.factors, "; ") }

func list(forms []Form, separator string) string {
	var out []string
	for _, f := range forms {
		out = append(out, f.text())
	}
	return strings.Join(out, separator)
}

func (m product) at(i, j int) float64 {
	_, c := m.dims()
	e := make([]float64, c)
	e[j] = 1
	r, _ := m.dims()
	out := make([]float64, r)
	m.mul(out, e, 1)
	return out[i]
}

func (m product) Transpose() Form {
	out := product{make([]Form, len(m.factors))}
	for i, f := range m.factors {
		out.factors[len(m.factors)-1-i] = f.Transpose()
	}
	return out
}

func (m product) mul(dst, x []float64, p int) {
	for i := len(m.factors) - 1; i > 0; i-- {
		r, _ := m.factors[i].dims()
		s, next := borrow(r * p)
		defer s.release()
		m.factors[i].mul(next, x, p)
		x = next
	}
	m.factors[0].mul(dst, x, p)
}

func (m product) store(dst []float64, ld int, alpha float64, add bool) {
	r, c := m.dims()
	last := m.factors[len(m.factors)-1]
	n, _ := last.dims()
	s, room := borrow((n + r) * c)
	defer s.release()
	right, all := room[:n*c], room[n*c:]
	last.store(right, c, 1, false)
	Product(m.factors[:len(m.factors)-1]...).mul(all, right, c)
	entries{r, c, Slice(all), false}.store(dst, ld, alpha, add)
}

// sum is A + B + ….
type sum struct{ terms []Form }

// Sum is the sum of forms of one size.
func Sum(terms ...Form) Form {
	if len(terms) == 1 {
		return terms[0]
	}
	return sum{terms}
}

func (m sum) dims() (int, int) { return m.terms[0].dims() }
func (m sum) text() string     { return list(m.terms, " + ") }

func (m sum) words() int {
	total := 0
	for _, f := range m.terms {
		total += f.words()
	}
	return total
}

func (m sum) work() float64 {
	r, _ := m.dims()
	total := float64(r * (len(m.terms) - 1))
	for _, f := range m.terms {
		total += f.work()
	}
	return total
}

func (m sum) at(i, j int) float64 {
	total := 0.0
	for _, f := range m.terms {
		total += f.at(i, j)
	}
	return total
}

func (m sum) Transpose() Form {
	out := sum{make([]Form, len(m.terms))}
	for i, f := range m.terms {
		out.terms[i] = f.Transpose()
	}
	return out
}

func (m sum) mul(dst, x []float64, p int) {
	m.terms[0].mul(dst, x, p)
	r, _ := m.dims()
	s, part := borrow(r * p)
	defer s.release()
	for _, f := range m.terms[1:] {
		f.mul(part, x, p)
		blas.Add(dst[:r*p], dst[:r*p], part)
	}
}

func (m sum) store(dst []float64, ld int, alpha float64, add bool) {
	for i, f := range m.terms {
		f.store(dst, ld, alpha, add || i > 0)
	}
}
