package calculus

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
)

// A form is a shape whose sizes are unknowns of an inference.
type form struct{ rows, cols int }

// one is the size 1; every other size is a number given by fresh or rigid.
const one = 0

var scalar = form{one, one}

func (f form) scalar() bool { return f == scalar }

// An inference finds the sizes that the operators of an expression force to be
// equal. Sizes are classes of a union-find; a class may have the name of a
// declared dimension, and two such names are never equal.
type inference struct {
	parent []int
	name   map[int]string // of a class with a declared size
	byName map[string]int
	vars   map[string]form
	funcs  map[string]bool
	toks   []parse.Token
	at     int
	failed bool
}

func newInference(toks []parse.Token) *inference {
	return &inference{parent: []int{one}, name: map[int]string{}, byName: map[string]int{}, vars: map[string]form{}, funcs: map[string]bool{}, toks: toks}
}

func (f *inference) fresh() int {
	f.parent = append(f.parent, len(f.parent))
	return len(f.parent) - 1
}

// rigid is the class of a declared size.
func (f *inference) rigid(name string) int {
	if name == "1" {
		return one
	}
	k, ok := f.byName[name]
	if !ok {
		k = f.fresh()
		f.byName[name], f.name[k] = k, name
	}
	return k
}

func (f *inference) root(k int) int {
	for f.parent[k] != k {
		k = f.parent[k]
	}
	return k
}

// same makes two sizes equal. A size that is not known to be 1 is not.
func (f *inference) same(a, b int) {
	a, b = f.root(a), f.root(b)
	switch {
	case a == b:
	case a == one || b == one || f.name[a] != "" && f.name[b] != "":
		f.failed = true
	case f.name[b] != "":
		f.parent[a] = b
	default:
		f.parent[b] = a
	}
}

func (f *inference) unite(a, b form) form {
	f.same(a.rows, b.rows)
	f.same(a.cols, b.cols)
	return a
}

func (f *inference) fail() form {
	f.failed = true
	return scalar
}

func (f *inference) tok() parse.Token { return f.toks[f.at] }

func (f *inference) next() parse.Token {
	t := f.toks[f.at]
	if t.Kind != parse.End {
		f.at++
	}
	return t
}

func (f *inference) is(signs ...string) bool {
	t := f.tok()
	for _, s := range signs {
		if t.Kind == parse.Punct && t.Text == s {
			return true
		}
	}
	return false
}

// whole reads all tokens; false when the shapes cannot fit or the text is
// beyond what is inferred.
func (f *inference) whole() bool {
	f.sum()
	return !f.failed && f.tok().Kind == parse.End
}

func (f *inference) sum() form {
	a := f.term()
	for f.is("+", "-") && !f.failed {
		f.next()
		a = f.unite(a, f.term())
	}
	return a
}

func (f *inference) term() form {
	a := f.sign()
	for f.is("*", "/", ".*", "./") && !f.failed {
		op := f.next().Text
		b := f.sign()
		switch {
		case op == ".*" || op == "./":
			a = f.unite(a, b)
		case op == "/":
			if !b.scalar() {
				return f.fail()
			}
		case a.scalar():
			a = b
		case !b.scalar():
			f.same(a.cols, b.rows)
			a = form{a.rows, b.cols}
		}
	}
	return a
}

func (f *inference) sign() form {
	for f.is("-", "+") {
		f.next()
	}
	a := f.post()
	for f.is("^", ".^") && !f.failed {
		op := f.next().Text
		for f.is("-") {
			f.next()
		}
		if e := f.post(); !e.scalar() {
			return f.fail()
		}
		if op == "^" {
			f.same(a.rows, a.cols)
		}
	}
	return a
}

func (f *inference) post() form {
	a := f.prim()
	for f.is("'") {
		f.next()
		a = form{a.cols, a.rows}
	}
	return a
}

func (f *inference) prim() form {
	t := f.next()
	switch {
	case t.Kind == parse.Num:
		return scalar
	case t.Kind == parse.Punct && t.Text == "(":
		a := f.sum()
		if !f.is(")") {
			return f.fail()
		}
		f.next()
		return a
	case t.Kind != parse.Name:
		return f.fail()
	}
	if v, ok := f.vars[t.Text]; ok {
		return form{f.root(v.rows), f.root(v.cols)}
	}
	for f.funcs[t.Text] && f.is("'") {
		f.next()
	}
	if f.is("(") {
		return f.call(t.Text)
	}
	return scalar // a dimension used as a number
}

// call reads the operands of a function and gives the shape of its value.
func (f *inference) call(name string) form {
	if _, ok := sized[name]; ok {
		return f.constant(name)
	}
	f.next()
	var args []form
	axis := ""
	for !f.is(")") && !f.failed {
		if t := f.tok(); len(args) > 0 && t.Kind == parse.Name && (t.Text == "rows" || t.Text == "cols") && f.vars[t.Text] == (form{}) {
			axis = f.next().Text
		} else {
			args = append(args, f.sum())
		}
		if f.is(",") {
			f.next()
		} else if !f.is(")") {
			return f.fail()
		}
	}
	f.next()
	switch {
	case f.failed || len(args) == 0:
		return f.fail()
	case axis == "rows":
		return form{args[0].rows, one}
	case axis == "cols":
		return form{one, args[0].cols}
	case f.funcs[name]:
		return args[0]
	}
	op, ok := expr.Lookup(name)
	if name == "|" {
		return scalar
	}
	if !ok {
		return f.fail()
	}
	if rule, ok := shapes[op]; ok {
		return rule(f, args)
	}
	return args[0] // entry by entry
}

// sized are the constants whose operands are dimensions.
var sized = map[string]bool{"eye": true, "ones": true, "zeros": true, "K": true}

func (f *inference) constant(name string) form {
	f.next()
	var sizes []int
	for !f.is(")") {
		t := f.next()
		if t.Kind != parse.Name && t.Kind != parse.Num {
			return f.fail()
		}
		sizes = append(sizes, f.rigid(t.Text))
		if f.is(",") {
			f.next()
		}
	}
	f.next()
	switch {
	case len(sizes) == 1 && name == "eye":
		return form{sizes[0], sizes[0]}
	case len(sizes) == 1:
		return form{sizes[0], one}
	case len(sizes) == 2 && name != "K":
		return form{sizes[0], sizes[1]}
	}
	return f.fail()
}

// shapes are the functions that do not work entry by entry.
var shapes = map[expr.Op]func(f *inference, args []form) form{
	expr.OpInv: square, expr.OpAdj: square, expr.OpExpm: square,
	expr.OpDet: squareToScalar, expr.OpLogDet: squareToScalar, expr.OpTr: squareToScalar, expr.OpEigMax: squareToScalar,
	expr.OpSum: toScalar, expr.OpNorm1: toScalar, expr.OpNorm2: toScalar, expr.OpLogSumExp: toScalar, expr.OpSigmaMax: toScalar, expr.OpNucNorm: toScalar,
	expr.OpPinv: func(_ *inference, a []form) form { return form{a[0].cols, a[0].rows} },
	expr.OpVec:  func(f *inference, _ []form) form { return form{f.fresh(), one} },
	expr.OpKron: func(f *inference, _ []form) form { return form{f.fresh(), f.fresh()} },
	expr.OpDiag: func(f *inference, a []form) form {
		if f.root(a[0].cols) == one {
			return form{a[0].rows, a[0].rows}
		}
		return form{square(f, a).rows, one}
	},
}

func square(f *inference, a []form) form {
	f.same(a[0].rows, a[0].cols)
	return a[0]
}

func squareToScalar(f *inference, a []form) form {
	square(f, a)
	return scalar
}

func toScalar(*inference, []form) form { return scalar }
