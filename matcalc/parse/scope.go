package parse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Scope holds what names mean: variables, dimensions and declared elementwise
// functions. It is filled before expressions are parsed and then only read.
type Scope struct {
	Ctx   *expr.Context
	Vars  map[string]*expr.Node
	Dims  map[string]shape.Size
	Funcs map[string]bool
	// Spread lets a number be added to each entry of a vector or matrix, and a
	// power of a vector be that of its entries, as in array languages; without
	// it both are errors.
	Spread bool
	order  []string
}

// NewScope is an empty scope with a Context of its own.
func NewScope() *Scope {
	return &Scope{
		Ctx:   expr.NewContext(),
		Vars:  map[string]*expr.Node{},
		Dims:  map[string]shape.Size{},
		Funcs: map[string]bool{},
	}
}

// Names lists the variables in the order of their declaration.
func (s *Scope) Names() []string { return append([]string(nil), s.order...) }

// Declare adds a variable and the dimensions of its shape.
func (s *Scope) Declare(name string, sh shape.Shape, props expr.Props) error {
	if err := s.free(name); err != nil {
		return err
	}
	for _, r := range expr.PropRows() {
		if props&r.Prop != 0 && r.Square && !sh.IsSquare() {
			return shape.NewError(shape.Mismatch, fmt.Sprintf("%s is declared %s but is %s: that needs a square matrix", name, r.Names[0], sh),
				"declare equal sizes, as in "+name+": n×n "+r.Names[0])
		}
	}
	for _, size := range []shape.Size{sh.Rows, sh.Cols} {
		for _, d := range size.Names() {
			if d == name || s.Vars[d] != nil || s.Funcs[d] {
				return shape.NewError(shape.Syntax, d+" is both a variable and a dimension", "rename one of them")
			}
			s.Dims[d] = shape.Name(d)
		}
	}
	s.Vars[name] = s.Ctx.Sym(name, sh, props)
	s.order = append(s.order, name)
	return nil
}

// DeclareFunc adds an elementwise function whose derivative is only named.
func (s *Scope) DeclareFunc(name string) error {
	if err := s.free(name); err != nil {
		return err
	}
	s.Funcs[name] = true
	return nil
}

// free checks that a name may be given a meaning.
func (s *Scope) free(name string) error {
	switch {
	case !shape.IsName(name):
		return shape.NewError(shape.Syntax, fmt.Sprintf("%q is not a name", name), "a name is a letter followed by letters, digits and _")
	case s.Vars[name] != nil || s.Funcs[name]:
		return shape.NewError(shape.Syntax, name+" is declared twice", "")
	case s.Dims[name] != shape.One:
		return shape.NewError(shape.Syntax, name+" is both a variable and a dimension", "rename one of them")
	}
	if _, ok := expr.Lookup(name); ok && name != "K" {
		return shape.NewError(shape.Syntax, name+" is the name of a function", "choose another name for the variable")
	}
	return nil
}

// nearest lists known names that look like the given one, best first.
func (s *Scope) nearest(name string, functions bool) []string {
	var known []string
	if functions {
		known = expr.FunctionNames()
		for f := range s.Funcs {
			known = append(known, f)
		}
	} else {
		known = s.Names()
		for d := range s.Dims {
			known = append(known, d)
		}
	}
	if functions {
		return alike(name, known)
	}
	same := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return !strings.EqualFold(name, k) })
	slices.Sort(same)
	others := slices.DeleteFunc(known, func(k string) bool { return strings.EqualFold(name, k) })
	near := append(same, alike(name, others)...)
	return near[:min(len(near), 3)]
}

// alike lists the three words that look most like the given one, best first.
func alike(name string, known []string) []string {
	type near struct {
		name string
		dist int
	}
	var found []near
	limit := max(1, len([]rune(name))/3)
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d <= limit && d < len([]rune(k)) {
			found = append(found, near{k, d})
		}
	}
	slices.SortFunc(found, func(a, b near) int { return cmp.Or(a.dist-b.dist, strings.Compare(a.name, b.name)) })
	var out []string
	for _, f := range found[:min(len(found), 3)] {
		out = append(out, f.name)
	}
	return out
}

// distance counts the letters that are put in, left out, exchanged or swapped
// with their neighbour, on at most 40 letters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 40 || len(y) > 40 {
		return 40
	}
	var before []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next := make([]int, len(y)+1)
		next[0] = i + 1
		for j := range y {
			cost := row[j]
			if x[i] != y[j] {
				cost++
			}
			next[j+1] = min(cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}
