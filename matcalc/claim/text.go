package claim

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Misshapen judges a text whose operands do not fit: it changes one sign of
// the text at a time until it can be read and equals the truth. fault is the
// error of reading; parse reads a text, names are those that may stand for one
// another.
func Misshapen(text string, fault error, truth *expr.Node, names []string, parse func(string) (*expr.Node, error)) *Finding {
	f := &Finding{Verdict: ShapeError, Right: truth}
	if !errors.As(fault, &f.ShapeFault) {
		f.ShapeFault = shape.NewError(shape.Mismatch, fault.Error(), "")
	}
	if truth == nil || len(text) > 2000 {
		return f
	}
	ps, err := at(truth)
	if err != nil {
		return f
	}
	for _, c := range append(textChanges(text, names), identities(text, truth)...) {
		n, err := parse(c.text)
		if err != nil || n.Shape() != truth.Shape() {
			continue
		}
		r, ok := ps.multiple(truth, n)
		if !ok {
			continue
		}
		right := expr.Scale(r, n)
		about := []string{c.about, c.other}
		g := newFault(c.row, right, about[:strings.Count(c.row.En, "%s")]...)
		if !r.Equal(expr.RatOne) {
			g.next = factorFault(r, right)
		}
		g.Right, g.text = right, c.text
		if !r.Equal(expr.RatOne) {
			g.text = ""
		}
		f.Faults = append(f.Faults, g)
		return f
	}
	f.Faults = append(f.Faults, newFault(rowTerms, truth, format.ASCII(truth)))
	return f
}

// identities puts the identity behind a scalar that is added to a matrix.
func identities(text string, truth *expr.Node) []textChange {
	var out []textChange
	seen := map[string]bool{}
	for _, v := range truth.Variables() {
		for _, d := range []string{v.Shape().Rows.String(), v.Shape().Cols.String()} {
			if d == "1" || seen[d] {
				continue
			}
			seen[d] = true
			for _, e := range operandEnds(text) {
				if text[e.start] != '(' {
					eye := text[e.start:e.end] + "*eye(" + d + ")"
					out = append(out, textChange{row: rowIdentity, text: text[:e.start] + eye + text[e.end:], about: text[e.start:e.end], other: eye})
				}
			}
		}
	}
	return out
}

// textChange is a text with one sign changed.
type textChange struct {
	row          *row
	text         string
	about, other string
}

// textChanges lists the texts with one transpose more or less, one product of
// the other kind, or two neighbours swapped.
func textChanges(text string, names []string) []textChange {
	var out []textChange
	ends := operandEnds(text)
	for _, e := range ends {
		if strings.HasPrefix(text[e.end:], "'") {
			out = append(out, textChange{row: rowTranspose, text: text[:e.end] + text[e.end+1:], about: text[e.start : e.end+1]})
		}
	}
	for _, e := range ends {
		out = append(out, textChange{row: rowTranspose, text: text[:e.end] + "'" + text[e.end:], about: text[e.start:e.end]})
	}
	for i := range text {
		switch text[i] {
		case '*':
			l, r := around(ends, i, text)
			if i > 0 && text[i-1] == '.' {
				out = append(out, textChange{row: rowProduct, text: text[:i-1] + text[i:], about: l, other: r})
			} else {
				out = append(out, textChange{row: rowHadamard, text: text[:i] + "." + text[i:], about: l, other: r})
			}
		}
		if strings.HasPrefix(text[i:], "⊗") {
			l, r := around(ends, i, text)
			out = append(out, textChange{row: rowHadamard, text: text[:i] + "⊙" + text[i+len("⊗"):], about: l, other: r})
		}
	}
	out = append(out, swaps(text, ends)...)
	out = append(out, toggles(text, ends)...)
	out = append(out, turnedTerms(text)...)
	for _, e := range ends {
		for _, n := range names {
			if was := text[e.start:e.end]; was != n && text[e.start] != '(' {
				out = append(out, textChange{row: rowName, text: text[:e.start] + n + text[e.end:], about: was, other: n})
			}
		}
	}
	for _, e := range ends {
		if strings.HasPrefix(text[e.end:], ".*") {
			start := callStart(text, e.start)
			out = append(out, textChange{row: rowDiagMissing, text: text[:start] + "diag(" + text[start:e.end] + ")" + text[e.end+1:], about: text[start:e.end]})
		}
		if text[e.start] != '(' {
			out = append(out, textChange{row: rowDiagMissing, text: text[:e.start] + "diag(" + text[e.start:e.end] + ")" + text[e.end:], about: text[e.start:e.end]})
		}
	}
	for _, f := range [][2]string{{"sum", "tr"}, {"tr", "sum"}} {
		out = append(out, textChange{row: map[string]*row{"sum": rowSum, "tr": rowTrace}[f[0]], text: f[0] + "(" + text + ")", about: text})
	}
	if a, b, ok := strings.Cut(text, "kron("); ok {
		if x, y, ok := strings.Cut(b, ","); ok {
			out = append(out, textChange{row: rowHadamard, text: a + "(" + strings.Replace(x+".*"+y, ")", ")", 1), about: x, other: strings.TrimSuffix(y, ")")})
		}
	}
	return out
}

// turnedTerms transposes one term of a sum.
func turnedTerms(text string) []textChange {
	cuts := []int{0}
	depth := 0
	for i := range text {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '+', '-':
			if depth == 0 && i > 0 && !strings.ContainsAny(text[i-1:i], "*/^(") {
				cuts = append(cuts, i, i+1)
			}
		}
	}
	cuts = append(cuts, len(text))
	var out []textChange
	for k := 0; k+1 < len(cuts); k += 2 {
		t := strings.TrimSpace(text[cuts[k]:cuts[k+1]])
		if t != "" && len(cuts) > 2 {
			out = append(out, textChange{row: rowTranspose, text: text[:cuts[k]] + "(" + t + ")'" + text[cuts[k+1]:], about: t})
		}
	}
	return out
}

// operand is the range of an operand: a name, a number, a bracket, or a call
// with its brackets.
type operand struct{ start, end int }

func operandEnds(text string) []operand {
	var out []operand
	var open []int
	for i := 0; i < len(text); {
		c, w := utf8.DecodeRuneInString(text[i:])
		switch {
		case c == '(':
			open = append(open, i)
		case c == ')' && len(open) > 0:
			out = append(out, operand{open[len(open)-1], i + 1})
			open = open[:len(open)-1]
		case shape.IsNameRune(c, true):
			j := i
			for j < len(text) {
				r, v := utf8.DecodeRuneInString(text[j:])
				if !shape.IsNameRune(r, j == i) {
					break
				}
				j += v
			}
			if j == len(text) || text[j] != '(' {
				out = append(out, operand{i, j})
			}
			i = j
			continue
		}
		i += w
	}
	return out
}

// around names the operands beside a sign.
func around(ends []operand, i int, text string) (left, right string) {
	next := len(text)
	for _, e := range ends {
		start := callStart(text, e.start)
		if e.end <= i && strings.Trim(text[e.end:i], "'. ") == "" {
			left = text[start:primed(text, e.end)]
		}
		if start > i && start < next && strings.Trim(text[i+1:start], " ") == "" {
			next = start
			right = text[start:primed(text, e.end)]
		}
	}
	return left, right
}

// swaps exchanges operands on the two sides of a *.
func swaps(text string, ends []operand) []textChange {
	var out []textChange
	for _, a := range ends {
		for _, b := range ends {
			aEnd, bEnd := primed(text, a.end), primed(text, b.end)
			aStart, bStart := callStart(text, a.start), callStart(text, b.start)
			if bStart < aEnd || strings.TrimSpace(text[aEnd:bStart]) != "*" {
				continue
			}
			l, r := text[aStart:aEnd], text[bStart:bEnd]
			out = append(out, textChange{row: rowOrder, text: text[:aStart] + r + text[aEnd:bStart] + l + text[bEnd:], about: l, other: r})
		}
	}
	return out
}

// primed is the end of an operand with its transposes.
func primed(text string, end int) int {
	for end < len(text) && text[end] == '\'' {
		end++
	}
	return end
}

// callStart is the place of the name of the function whose bracket opens at
// start, or start.
func callStart(text string, start int) int {
	if text[start] != '(' {
		return start
	}
	i := start
	for i > 0 {
		r, w := utf8.DecodeLastRuneInString(text[:i])
		if !shape.IsNameRune(r, false) {
			break
		}
		i -= w
	}
	return i
}

// toggles transposes every occurrence of one name.
func toggles(text string, ends []operand) []textChange {
	var out []textChange
	done := map[string]bool{}
	for _, e := range ends {
		name := text[e.start:e.end]
		if text[e.start] == '(' || done[name] {
			continue
		}
		done[name] = true
		var b strings.Builder
		at := 0
		for _, o := range ends {
			if o.start < at || text[o.start:o.end] != name {
				continue
			}
			b.WriteString(text[at:o.end])
			at = o.end
			if strings.HasPrefix(text[at:], "'") {
				at++
			} else {
				b.WriteByte('\'')
			}
		}
		b.WriteString(text[at:])
		out = append(out, textChange{row: rowTranspose, text: b.String(), about: name})
	}
	return out
}
