package review

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// reader turns sides of equations into expressions. It knows the definitions
// made on the way, and what d and ∂ mean.
type reader struct {
	scope  *parse.Scope // the declared variables and the names defined
	layout diff.Layout  // "" for the layout that goes with the kind
	defs   map[*expr.Node]*expr.Node
	moving map[*expr.Node]*expr.Node // a variable and its increment
	still  map[string]bool           // variables that are constant
	of     map[string]string         // f and x, where a line says f(x) = ...
	fresh  int
	line   string // the line that is read, which tells the syntax of its sides
}

func newReader(scope *parse.Scope, layout diff.Layout) *reader {
	r := &reader{layout: layout, defs: map[*expr.Node]*expr.Node{}, moving: map[*expr.Node]*expr.Node{}, still: map[string]bool{}, of: map[string]string{}}
	r.scope = copied(scope)
	return r
}

// copied declares the same names in a Context of its own, so that increments
// and definitions do not stay with the person's variables.
func copied(s *parse.Scope) *parse.Scope {
	c := parse.NewScope()
	for _, name := range s.Names() {
		v := s.Vars[name]
		if err := c.Declare(name, v.Shape(), v.Declared()); err != nil {
			panic(err) // it was declared so before
		}
	}
	for name, size := range s.Dims {
		c.Dims[name] = size
	}
	for f := range s.Funcs {
		c.Funcs[f] = true
	}
	return c
}

// widened is a copy of the scope that may take more names.
func widened(s *parse.Scope) *parse.Scope {
	c := &parse.Scope{Ctx: s.Ctx, Vars: map[string]*expr.Node{}, Dims: s.Dims, Funcs: s.Funcs}
	for k, v := range s.Vars {
		c.Vars[k] = v
	}
	return c
}

// move makes the increments dX of the variables whose names occur as dX in the
// text.
func (r *reader) move(text string) {
	for _, name := range sortedNames(r.scope.Vars) {
		v := r.scope.Vars[name]
		if r.still[name] || r.defs[v] != nil || r.moving[v] != nil || !mentions(text, "d"+name) {
			continue
		}
		if dx := r.scope.Vars["d"+name]; dx != nil {
			r.moving[v] = dx // declared by the person
			continue
		}
		r.moving[v] = r.scope.Ctx.Sym("d"+name, v.Shape(), 0)
	}
}

func sortedNames(vars map[string]*expr.Node) []string {
	out := make([]string, 0, len(vars))
	for n := range vars {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// mentions reports a word in a text; in d(X) the word dX is meant, too.
func mentions(text, word string) bool {
	for i := 0; ; {
		k := strings.Index(text[i:], word)
		if k < 0 {
			return false
		}
		k += i
		before, _ := utf8.DecodeLastRuneInString(text[:k])
		after, _ := utf8.DecodeRuneInString(text[k+len(word):])
		if !shape.IsNameRune(before, false) && !shape.IsNameRune(after, false) {
			return true
		}
		i = k + len(word)
	}
}

// mode says what d means.
type mode uint8

const (
	infinitesimal mode = iota // the differential: first order
	increment                 // the difference f(x+dx) - f(x)
)

// side is a side of an equation that has been read.
type side struct {
	text string
	node *expr.Node // definitions put in
	bare *expr.Node // names of definitions kept
	// kinds of what occurs in it
	differential, derivative bool
	// what a bare derivative is of, for the search of repairs
	f, wrt  *expr.Node
	under   string // the name of wrt
	request diff.Request
	names   map[string]string // fresh names and what stood there
}

// read makes an expression of a text.
func (r *reader) read(text string, m mode) (*side, error) {
	s := &side{text: text, names: map[string]string{}}
	scope := widened(r.scope)
	with := map[*expr.Node]*expr.Node{}
	plain, err := r.rewrite(s, scope, with, latexQuotients(text), m)
	if err != nil {
		return s, err
	}
	got, err := r.parse(plain, scope)
	if err != nil {
		return s, r.restored(err, s)
	}
	s.bare = expr.Substitute(got.Node, with)
	s.node = r.expanded(s.bare)
	if len(s.names) > 1 || got.Node.Op() != expr.OpSym {
		s.f = nil
	}
	return s, nil
}

// parse reads a side in the syntax of its line, so that 2 A x is a product
// where the line has LaTeX commands or mathematical signs.
func (r *reader) parse(text string, scope *parse.Scope) (parse.Reading, error) {
	if strings.ContainsAny(r.line, `\$`) {
		return parse.LaTeX(text, scope)
	}
	got, err := parse.Text(text, scope)
	if err != nil && strings.ContainsFunc(r.line, func(c rune) bool { return c >= utf8.RuneSelf }) {
		if again, fault := parse.Unicode(text, scope); fault == nil {
			return again, nil
		}
	}
	return got, err
}

// restored puts what stood in the text back into an error.
func (r *reader) restored(err error, s *side) error {
	e, ok := err.(*shape.Error)
	if !ok {
		return err
	}
	out := *e
	for fresh, was := range s.names {
		out.Message = strings.ReplaceAll(out.Message, fresh, was)
		out.Hint = strings.ReplaceAll(out.Hint, fresh, was)
	}
	out.Expr, out.Pos, out.End = "", -1, -1
	return &out
}

// expanded puts definitions in for the names, until none is left.
func (r *reader) expanded(n *expr.Node) *expr.Node {
	for range len(r.defs) + 1 {
		m := expr.Substitute(n, r.defs)
		if m == n {
			return n
		}
		n = m
	}
	return n
}

var (
	nablaPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:∇|\\nabla\s*)_\{?([\pL\d]+)\}?\s*\{?([\pL][\pL\d]*)\}?`)
	})
	fractionPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\\[dt]?frac\{\s*(?:\\partial|\\mathrm\{d\}|d)\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{\s*(?:\\partial|\\mathrm\{d\}|d)\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}`)
	})
	uprightPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\mathrm\{d\}\s*|\\d\s`) })
)

// latexQuotients writes \frac{\partial Y}{\partial X} and ∇_X Y as ∂Y/∂X and
// the upright d as d.
func latexQuotients(text string) string {
	text = secondOrder(text)
	text = nablaPattern().ReplaceAllString(text, "∂($2)/∂($1)")
	text = fractionPattern().ReplaceAllString(text, "∂($1)/∂($2)")
	text = uprightPattern().ReplaceAllString(text, "d")
	return strings.ReplaceAll(text, `\partial `, "∂")
}

// rewrite replaces d(...), dY and ∂Y/∂X by names that stand for what they are.
func (r *reader) rewrite(s *side, scope *parse.Scope, with map[*expr.Node]*expr.Node, text string, m mode) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); {
		c, w := utf8.DecodeRuneInString(text[i:])
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		wordStart := !shape.IsNameRune(before, false) && before != '\\'
		if c != '∂' && !(c == 'd' && wordStart) {
			b.WriteString(text[i : i+w])
			i += w
			continue
		}
		node, end, err := r.special(s, text, i, m)
		if err != nil {
			return "", err
		}
		if node == nil {
			b.WriteString(text[i : i+w])
			i += w
			if c == 'd' {
				// an ordinary word that begins with d: pass it as a whole
				j := wordEnd(text, i)
				b.WriteString(text[i:j])
				i = j
			}
			continue
		}
		r.fresh++
		name := "qq" + letters(r.fresh)
		sym := scope.Ctx.Sym(name, node.Shape(), 0)
		scope.Vars[name] = sym
		with[sym] = node
		s.names[name] = text[i:end]
		b.WriteString(" " + name + " ")
		i = end
	}
	return b.String(), nil
}

// letters writes a number in letters, so that no front end splits the name.
func letters(k int) string {
	out := ""
	for ; k > 0; k /= 26 {
		out += string(rune('a' + k%26))
	}
	return out
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		c, w := utf8.DecodeRuneInString(text[i:])
		if !shape.IsNameRune(c, false) {
			break
		}
		i += w
	}
	return i
}

// operand reads a name or a bracket at i: its text without brackets and its
// end; end is i when there is none.
func operand(text string, i int) (string, int) {
	if i < len(text) && text[i] == '(' {
		depth := 0
		for j := i; j < len(text); j++ {
			switch text[j] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return strings.TrimSpace(text[i+1 : j]), j + 1
				}
			}
		}
		return "", i
	}
	j := wordEnd(text, i)
	return text[i:j], j
}

// special reads what begins with d or ∂ at i; nil when it is an ordinary name.
func (r *reader) special(s *side, text string, i int, m mode) (*expr.Node, int, error) {
	if strings.HasPrefix(text[i:], "∂∂(") {
		return r.second(s, text, i)
	}
	_, w := utf8.DecodeRuneInString(text[i:])
	over, end := operand(text, i+w)
	if end == i+w {
		return nil, i, nil
	}
	bare := text[i] == 'd' && text[i+w] != '('
	if bare && r.scope.Vars["d"+over] != nil && r.defs[r.scope.Vars["d"+over]] == nil && !r.isIncrement("d"+over) {
		return nil, i, nil // a declared variable of that name
	}
	if bare && r.scope.Vars[over] == nil {
		return nil, i, nil
	}
	// a quotient?
	j := end
	for j < len(text) && text[j] == ' ' {
		j++
	}
	if j < len(text) && text[j] == '/' {
		k := j + 1
		for k < len(text) && text[k] == ' ' {
			k++
		}
		if sign, v := utf8.DecodeRuneInString(text[k:]); sign == '∂' || sign == 'd' {
			under, stop := operand(text, k+v)
			if stop > k+v && r.scope.Vars[under] != nil {
				n, err := r.derivative(s, over, under)
				return n, stop, err
			}
		}
	}
	if text[i] != 'd' {
		return nil, i, shape.NewError(shape.Syntax, "∂ stands in a quotient, as in ∂Y/∂X", "")
	}
	n, err := r.differential(s, over, m)
	return n, end, err
}

func (r *reader) isIncrement(name string) bool {
	for _, dx := range r.moving {
		if dx.Name() == name {
			return true
		}
	}
	return false
}

// inner reads the expression that d or ∂ is applied to, definitions not put
// in.
func (r *reader) inner(text string) (*expr.Node, error) {
	got, err := r.parse(text, r.scope)
	if err != nil {
		return nil, err
	}
	return got.Node, nil
}

// differential is d(f): the increments of all moving variables, to first order
// or exactly.
func (r *reader) differential(s *side, text string, m mode) (*expr.Node, error) {
	f, err := r.inner(text)
	if err != nil {
		return nil, err
	}
	f = r.expanded(f)
	if dx := r.moving[f]; dx != nil {
		return dx, nil
	}
	s.differential = true
	if m == increment {
		with := map[*expr.Node]*expr.Node{}
		for v, dx := range r.moving {
			with[v] = expr.Add(v, dx)
		}
		return expr.Sub(expr.Substitute(f, with), f), nil
	}
	var sum []*expr.Node
	for _, name := range sortedNames(r.scope.Vars) {
		v := r.scope.Vars[name]
		dx := r.moving[v]
		if dx == nil || !f.DependsOn(v) {
			continue
		}
		d, err := diff.Directional(f, v, dx, rewrite.New())
		if err != nil {
			return nil, err
		}
		sum = append(sum, d)
	}
	if len(sum) == 0 && !r.fixed(f) {
		return nil, shape.NewError(shape.Syntax, "nothing moves: no increment of a variable of "+text+" occurs", "write the increments, as in dx; what is constant is declared by a line such as: constant A")
	}
	if len(sum) == 0 {
		return f.Context().Zeros(f.Shape().Rows, f.Shape().Cols), nil
	}
	return expr.Add(sum...), nil
}

// fixed tells that all variables of a node are declared constant, or that it
// has none.
func (r *reader) fixed(f *expr.Node) bool {
	for _, v := range f.Variables() {
		if !r.still[v.Name()] {
			return false
		}
	}
	return true
}

// derivative is ∂f/∂x: in steps of definitions, f is opened until x occurs in
// it.
func (r *reader) derivative(s *side, over, under string) (*expr.Node, error) {
	f, err := r.inner(over)
	if err != nil {
		return nil, err
	}
	x := r.scope.Vars[under]
	for range len(r.defs) + 1 {
		if f.DependsOn(x) && f != x || f == x {
			break
		}
		g := expr.Substitute(f, r.defs)
		if g == f {
			break
		}
		f = g
	}
	if r.defs[x] == nil {
		f = r.expanded(f)
	}
	return r.slope(s, f, x, under, "")
}

// slope is the derivative of a node, of a kind or of the one that fits.
func (r *reader) slope(s *side, f, x *expr.Node, under string, kind diff.Kind) (*expr.Node, error) {
	q := diff.Request{Kind: kind}.Normal(f, x)
	if r.layout != "" && (q.Kind == diff.Gradient || q.Kind == diff.Jacobian) {
		q.Layout = r.layout
	}
	if kind == "" && f == x && f.Shape().IsColumn() {
		return f.Context().Eye(f.Shape().Rows), nil
	}
	d, err := diff.Derive(f, x, q, rewrite.New())
	if err != nil {
		return nil, err
	}
	s.derivative = true
	s.f, s.wrt, s.under, s.request = f, x, under, q
	return d, nil
}

// define gives a name to an expression; the error says why it cannot.
func (r *reader) define(name string, n *expr.Node) error {
	if !shape.IsName(name) {
		return shape.NewError(shape.Syntax, fmt.Sprintf("%q is no name", name), "")
	}
	sym := r.scope.Ctx.Sym(name, n.Shape(), n.Declared())
	r.scope.Vars[name] = sym
	r.defs[sym] = n
	return nil
}
