package parse

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/index"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// sumIndex is a summation index in force: its name and, once an entry has been
// chosen with it, its range.
type sumIndex struct {
	number int // of the sum, in the order of opening
	name   string
	size   shape.Size
	seen   bool
	at     *index.Index
	// parts maps the stand-in of an indexed variable, such as X[i,:], to the
	// matrix whose rows are its values, X.
	parts map[*expr.Node]*expr.Node
}

// sums keeps what stand-ins mean in sums over several indices.
type sums struct {
	count  int
	stands map[*expr.Node]index.Stand
	nested bool // a sum stands within a sum
}

// sumsOver reports whether "sum(" is followed by "name ," and so sums over an
// index.
func (p *parser) sumsOver() bool {
	if p.at+2 >= len(p.toks) {
		return false
	}
	i, comma := p.toks[p.at+1], p.toks[p.at+2]
	return i.Kind == Name && comma.Kind == Punct && comma.Text == "," && p.scope.Vars[i.Text] == nil && p.scope.Dims[i.Text] == shape.One
}

// sumOver reads sum(i, body) and raises it to matrix form: X[i,:] stands for a
// row of X, and the sum over i of a scalar is the sum of the vector of its
// values. A sum within a sum stands for itself until the outer one is raised.
func (p *parser) sumOver(t Token) (piece, *shape.Error) {
	p.next()
	name := p.next()
	if p.bound[name.Text] != nil {
		return piece{}, p.fail(shape.Syntax, name, "use another letter", "the index %s is in use already", name.Text)
	}
	p.next()
	outer := p.bound
	p.bound = map[string]*sumIndex{}
	for n, ix := range outer {
		p.bound[n] = ix
	}
	if len(outer) == 0 {
		p.sums.nested = false
	} else {
		p.sums.nested = true
	}
	p.sums.count++
	ix := &sumIndex{number: p.sums.count, name: name.Text, at: &index.Index{}, parts: map[*expr.Node]*expr.Node{}}
	p.bound[name.Text] = ix
	body, err := p.sum()
	p.bound = outer
	if err != nil {
		return body, err
	}
	if !p.is(")") {
		return body, p.leftover(p.tok())
	}
	end := p.next().End
	if !ix.seen {
		return body, p.fail(shape.Syntax, name, "choose entries with it, as in y["+name.Text+"] or X["+name.Text+",:]", "the index %s is not used, so its range is not known", name.Text)
	}
	n := p.summed(ix, body.n, len(outer) > 0)
	if n == nil {
		return body, p.fail(shape.Domain, Token{Pos: body.pos, End: body.end}, "write the sum in matrix form, as in sum(log(ones(m)+exp(X*w))) or X'*diag(y)*X", "this sum over %s has no matrix form that is known here", name.Text)
	}
	return piece{n, t.Pos, end}, nil
}

// summed is the sum of the body over an index: a stand-in where an outer sum
// surrounds it, else a matrix expression; nil when none is known.
func (p *parser) summed(ix *sumIndex, body *expr.Node, inner bool) *expr.Node {
	if inner {
		s := p.scope.Ctx.Sym(fmt.Sprintf("sum#%d", ix.number), body.Shape(), 0)
		p.sums.stands[s] = index.Stand{Of: body, Over: []*index.Index{ix.at}}
		return s
	}
	if !p.sums.nested {
		if n := ix.total(body); n != nil {
			return n
		}
	}
	f, err := index.Total(body, p.sums.stands, []*index.Index{ix.at})
	if err != nil {
		return nil
	}
	return f.Matrix()
}

// indexed reads y[i], X[i,:] or X[:,i] after the variable's name.
func (p *parser) indexed(v *expr.Node, t Token) (piece, *shape.Error) {
	p.next()
	var at []Token
	for !p.is("]") && p.tok().Kind != End {
		at = append(at, p.next())
		if p.is(",") {
			p.next()
		}
	}
	end := p.next().End
	whole := Token{Pos: t.Pos, End: end}
	const hint = "entries are y[i], rows X[i,:], columns X[:,i], inside sum(i, ...)"
	if len(p.bound) == 0 {
		return piece{}, p.fail(shape.Syntax, whole, hint, "an entry of %s outside a sum", t.Text)
	}
	var ix *sumIndex
	for _, w := range at {
		if b := p.bound[w.Text]; b != nil {
			ix = b
		} else if w.Text != ":" {
			return piece{}, p.fail(shape.Unknown, w, hint, "%s is no index here", w.Text)
		}
	}
	if ix == nil {
		return piece{}, p.fail(shape.Syntax, whole, hint, "%s is not indexed by a summation index", t.Text)
	}
	s := v.Shape()
	names := []string{":", ":"}
	switch {
	case len(at) == 1 && s.IsColumn():
		names[0] = at[0].Text
	case len(at) == 1 && s.IsRow():
		names[1] = at[0].Text
	case len(at) == 2 && s.IsMatrix():
		names[0], names[1] = at[0].Text, at[1].Text
	default:
		return piece{}, p.fail(shape.Mismatch, whole, hint, "%s is a %s", t.Text, s.Describe())
	}
	part := s
	var chosen [2]*index.Index
	for k, size := range []shape.Size{s.Rows, s.Cols} {
		b := p.bound[names[k]]
		if b == nil {
			continue
		}
		if b.seen && b.size != size {
			return piece{}, p.fail(shape.Mismatch, whole, "an index runs over one dimension", "the index %s runs to %s here and to %s before", b.name, size, b.size)
		}
		b.seen, b.size, b.at.Size = true, size, size
		chosen[k] = b.at
		if k == 0 {
			part.Rows = shape.One
		} else {
			part.Cols = shape.One
		}
	}
	stand := p.scope.Ctx.Sym(fmt.Sprintf("%s#%d", p.src[t.Pos:end], p.sums.count), part, v.Declared()&(expr.Positive|expr.NonNeg|expr.Nonzero))
	if p.sums.stands == nil {
		p.sums.stands = map[*expr.Node]index.Stand{}
	}
	p.sums.stands[stand] = index.Stand{Of: v, At: chosen}
	if rows := rowsOf(v, names); rows != nil {
		ix.parts[stand] = rows
	} else {
		p.sums.nested = true
	}
	return piece{stand, t.Pos, end}, nil
}

// rowsOf is the matrix whose rows are the parts of v that one index chooses; nil
// when two indices choose an entry.
func rowsOf(v *expr.Node, names []string) *expr.Node {
	switch {
	case v.Shape().IsColumn():
		return v
	case names[1] == ":":
		return v
	case names[0] == ":":
		return expr.T(v)
	case names[0] == names[1]:
		return expr.Diag(v)
	}
	return nil
}
