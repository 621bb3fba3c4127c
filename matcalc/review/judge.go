package review

import (
	"errors"
	"strings"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Review is the verdict on every line.
type Review struct{ Lines []Line }

// Read judges lines over declared variables; derivatives are laid out as
// asked, or, for "", gradients as columns and Jacobians by rows. The error is a
// *shape.Error about a line that cannot be read.
func Read(text string, scope *parse.Scope, layout diff.Layout) (*Review, error) {
	j := &judge{reader: newReader(scope, layout), whole: latexQuotients(text)}
	out := &Review{}
	for _, r := range splitLines(text) {
		l, err := j.line(r)
		if err != nil {
			return nil, located(err, r.text)
		}
		out.Lines = append(out.Lines, l)
	}
	if len(out.Lines) == 0 {
		return nil, shape.NewError(shape.Syntax, "nothing to read", "write equations such as df = 2*x'*A*dx, one on a line")
	}
	return out, nil
}

// located says in which line an error is.
func located(err error, text string) error {
	var e *shape.Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Message = "in the line " + text + ": " + out.Message
	return &out
}

// Wrong is the first wrong line, or nil.
func (r *Review) Wrong() *Line {
	for i := range r.Lines {
		if r.Lines[i].Verdict != claim.True {
			return &r.Lines[i]
		}
	}
	return nil
}

// judge walks the lines.
type judge struct {
	*reader
	whole string
	root  string // the side that lines beginning with = go on from
	last  string // the side before
	wrong bool   // the line before is wrong
	// equation is what the last statement set to zero, for a solution that
	// follows
	equation *side
	slope    *side // the derivative that a line spoke of last
}

// line judges one line.
func (j *judge) line(r raw) (Line, error) {
	l := Line{Label: r.label, Text: r.text, Class: Checked, Verdict: claim.True}
	if strings.HasPrefix(r.text, `"`) || strings.HasPrefix(r.text, "“") {
		return wording(l), nil
	}
	if rest, ok := cutAny(r.text, "constant ", "常量 "); ok {
		for _, n := range strings.FieldsFunc(rest, func(c rune) bool { return c == ',' || c == ' ' || c == '、' }) {
			j.still[n] = true
		}
		l.Class, l.Sense = Declared, AsDefined
		return l, nil
	}
	j.reader.line = r.text
	r.text = strings.TrimSpace(strings.ReplaceAll(r.text, "$", ""))
	r.text = j.uncalled(r.text)
	j.move(j.whole)
	for _, steps := range equations(r.text) {
		for k, sides := range steps {
			if done, err := j.sized(&l, sides); done || err != nil {
				if err != nil {
					return l, err
				}
				continue
			}
			if err := j.step(&l, sides, k > 0); err != nil {
				return l, err
			}
		}
	}
	j.wrong = l.Verdict != claim.True
	return l, nil
}

func cutAny(text string, prefixes ...string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(text, p); ok {
			return rest, true
		}
	}
	return text, false
}

// wording records words: "printed" -> "correct", or a remark.
func wording(l Line) Line {
	l.Class, l.Sense = Wording, Recorded
	printed, correct, ok := strings.Cut(l.Text, "->")
	if !ok {
		return l
	}
	l.Verdict = claim.False
	trim := func(s string) string { return strings.Trim(strings.TrimSpace(s), `"“”`) }
	l.Text, l.Right = trim(printed), trim(correct)
	l.Reason = Words{"wording, no mathematics", "文字问题，与数学无关"}
	return l
}

// step judges one chain of equal sides.
func (j *judge) step(l *Line, sides []string, follows bool) error {
	if len(sides) == 1 {
		if sides[0] == "" {
			return nil // a line that begins with =>
		}
		if done, err := j.kinds(l, sides[0]); done || err != nil {
			return err
		}
		if a, b, ok := cutUnequal(sides[0]); ok {
			return j.unequal(l, a, b)
		}
		return shape.NewError(shape.Syntax, "this is no equation", "write left = right")
	}
	if sides[0] == "" {
		if j.root == "" {
			return shape.NewError(shape.Syntax, "a line that begins with = goes on from a line before", "write the left side")
		}
	} else {
		if done, err := j.definition(l, sides); done || err != nil {
			return err
		}
		if follows || j.scope.Vars[sides[0]] != nil {
			if done, err := j.solution(l, sides); done || err != nil {
				return err
			}
		}
		j.root, j.last, j.wrong, j.equation = sides[0], sides[0], false, nil
		if s, err := j.read(sides[0], infinitesimal); err == nil && s.derivative && s.f != nil {
			j.slope = s
		}
	}
	for _, right := range sides[1:] {
		if right == "" {
			return shape.NewError(shape.Syntax, "a side of the equation is missing", "")
		}
		if err := j.pair(l, right); err != nil {
			return err
		}
		j.last = right
	}
	return nil
}

func cutUnequal(text string) (a, b string, ok bool) {
	for _, sign := range []string{"≠", "!=", `\ne `, `\neq `} {
		if a, b, ok = strings.Cut(text, sign); ok {
			return strings.TrimSpace(a), strings.TrimSpace(b), true
		}
	}
	return "", "", false
}

// definition takes Y := f, and Y = f for a name that is not declared.
func (j *judge) definition(l *Line, sides []string) (bool, error) {
	name, written := strings.CutSuffix(sides[0], ":")
	name = strings.TrimSpace(name)
	if !written && (!shape.IsName(name) || j.scope.Vars[name] != nil || j.scope.Dims[name] != shape.One || j.isIncrement(name) || j.scope.Vars[strings.TrimPrefix(name, "d")] != nil && name[0] == 'd') {
		return false, nil
	}
	if j.indexed(sides[1]) {
		return true, shape.NewError(shape.Unknown, "undefined "+name, "define it in matrix form first, as in f = x'*A*x")
	}
	s, err := j.read(sides[1], infinitesimal)
	if err != nil {
		return false, err
	}
	if err := j.define(name, s.bare); err != nil {
		return false, err
	}
	l.Class, l.Sense = Declared, AsDefined
	j.root, j.last, j.wrong = name, sides[1], false
	for _, right := range sides[2:] {
		if err := j.pair(l, right); err != nil {
			return true, err
		}
		if l.Class == Declared {
			l.Class, l.Sense = Checked, Exactly
		}
	}
	return true, nil
}

// pair judges that the root equals the right side, and if not, whether the
// side before does.
func (j *judge) pair(l *Line, right string) error {
	if right == "0" {
		if done, err := j.zero(l); done || err != nil {
			return err
		}
	}
	v, err := j.compare(j.root, right)
	if err != nil {
		return err
	}
	if v.verdict != claim.True && j.wrong && j.last != j.root {
		if w, err := j.compare(j.last, right); err == nil && w.verdict == claim.True {
			l.Follows = true
		}
	}
	j.absorb(l, v)
	return nil
}

// absorb adds a verdict to that of the line: the first fault stays.
func (j *judge) absorb(l *Line, v verdict) {
	if v.derived && (l.Class == Checked || l.Class == Declared) {
		l.Class = Derived
		if l.Sense == AsDefined {
			l.Sense = Exactly
		}
	}
	if v.verdict != claim.True && l.Verdict == claim.True {
		l.Verdict, l.Reason, l.Right = v.verdict, v.reason, v.right
		if v.swap[0] != "" {
			l.Right = strings.ReplaceAll(l.Text, v.swap[0], v.swap[1])
		}
		return
	}
	if v.verdict == claim.True && v.sense > l.Sense && v.sense <= FirstOrder {
		l.Sense = v.sense
	}
}

// zero takes f = 0: an equation to be solved where the root is a derivative,
// else the claim that the root is zero.
func (j *judge) zero(l *Line) (bool, error) {
	s, err := j.read(j.root, infinitesimal)
	if err != nil {
		v, err := j.unreadable(err, nil, nil, j.root)
		if err == nil {
			j.absorb(l, v)
		}
		return true, err
	}
	if s.derivative && s.f != nil {
		j.equation = s
		l.Class = Derived
		return true, nil
	}
	v, err := j.compareWith(j.root, func(n *expr.Node, _ mode) (*side, error) {
		return &side{text: "0", node: n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)}, nil
	})
	if err != nil {
		return true, err
	}
	j.absorb(l, v)
	return true, nil
}

// unequal judges that two sides differ.
func (j *judge) unequal(l *Line, a, b string) error {
	v, err := j.compare(a, b)
	if err != nil {
		return err
	}
	l.Sense = Unequal
	if v.verdict == claim.True {
		l.Verdict, l.Reason = claim.False, Words{"the two sides are equal", "两边相等"}
		return nil
	}
	l.Reason = v.numbers
	return nil
}
