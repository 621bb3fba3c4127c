package compressed

import "fmt"

// Expression is entry (i,j) of a form as Go source; name gives the Go expression
// of the slice, or of the number, that a part reads. It uses the function
// when(bool, float64) float64, which is 0 unless the condition holds. A product
// has no such expression: "".
func Expression(f Form, i, j string, name func(any) string) string {
	switch f := f.(type) {
	case entries:
		if f.trans {
			return fmt.Sprintf("%s[(%s)*%d+%s]", name(f.v), j, f.r, i)
		}
		return fmt.Sprintf("%s[(%s)*%d+%s]", name(f.v), i, f.c, j)
	case diagonal:
		return fmt.Sprintf("when(%s == %s, %s[%s])", i, j, name(f.v), i)
	case identity:
		return fmt.Sprintf("when(%s == %s, 1)", i, j)
	case permutation:
		return fmt.Sprintf("when(%s == (%s)/%d+(%s)%%%d*%d, 1)", j, i, f.n, i, f.n, f.m)
	case scaled:
		return times(name(f.k), Expression(f.f, i, j, name))
	case kron:
		r, c := f.b.dims()
		return times(Expression(f.a, fmt.Sprintf("(%s)/%d", i, r), fmt.Sprintf("(%s)/%d", j, c), name),
			Expression(f.b, fmt.Sprintf("(%s)%%%d", i, r), fmt.Sprintf("(%s)%%%d", j, c), name))
	case blocks:
		return f.expression(i, j, name)
	case sum:
		text := Expression(f.terms[0], i, j, name)
		for _, t := range f.terms[1:] {
			next := Expression(t, i, j, name)
			if text == "" || next == "" {
				return ""
			}
			text += " + " + next
		}
		return "(" + text + ")"
	}
	return ""
}

func times(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + "*" + b
}

func (b blocks) expression(i, j string, name func(any) string) string {
	block, other := fmt.Sprintf("(%s)/%d", i, b.r), fmt.Sprintf("(%s)/%d", j, b.c)
	row, column := fmt.Sprintf("(%s)%%%d", i, b.r), fmt.Sprintf("(%s)%%%d", j, b.c)
	if b.interleaved {
		block, other = fmt.Sprintf("(%s)%%%d", i, b.n), fmt.Sprintf("(%s)%%%d", j, b.n)
		row, column = fmt.Sprintf("(%s)/%d", i, b.n), fmt.Sprintf("(%s)/%d", j, b.n)
	}
	if b.trans {
		row, column = column, row
	}
	return fmt.Sprintf("when(%s == %s, %s[((%s)*%d+%s)*%d+%s])", block, other, name(b.v), block, b.rows(), row, b.columns(), column)
}

// rows and columns are those of the blocks as the numbers hold them.
func (b blocks) rows() int    { return map[bool]int{false: b.r, true: b.c}[b.trans] }
func (b blocks) columns() int { return map[bool]int{false: b.c, true: b.r}[b.trans] }
