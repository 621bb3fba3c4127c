package parse

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// index is a summation index in force: its name and, once an entry has been
// chosen with it, its range.
type index struct {
	name string
	size shape.Size
	seen bool
	// parts maps the stand-in of an indexed variable, such as X[i,:], to the
	// matrix whose rows are its values, X.
	parts map[*expr.Node]*expr.Node
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
// values.
func (p *parser) sumOver(t Token) (piece, *shape.Error) {
	p.next()
	name := p.next()
	if p.bound[name.Text] != nil {
		return piece{}, p.fail(shape.Syntax, name, "use another letter", "the index %s is in use already", name.Text)
	}
	if len(p.bound) > 0 {
		return piece{}, p.fail(shape.Syntax, t, "write the inner sum in matrix form", "a sum within a sum is not raised to matrix form")
	}
	p.next()
	ix := &index{name: name.Text, parts: map[*expr.Node]*expr.Node{}}
	p.bound = map[string]*index{name.Text: ix}
	body, err := p.sum()
	p.bound = nil
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
	n := ix.total(body.n)
	if n == nil {
		return body, p.fail(shape.Domain, Token{Pos: body.pos, End: body.end}, "write the sum in matrix form, as in sum(log(ones(m)+exp(X*w))) or X'*diag(y)*X", "this sum over %s has no matrix form that is known here", name.Text)
	}
	return piece{n, t.Pos, end}, nil
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
	var ix *index
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
	rows, part := v, shape.Matrix(shape.One, s.Cols)
	size := s.Rows
	switch {
	case len(at) == 1 && s.IsColumn():
	case len(at) == 2 && s.IsMatrix() && at[1].Text == ":":
	case len(at) == 2 && s.IsMatrix() && at[0].Text == ":":
		rows, part, size = expr.T(v), shape.Vector(s.Rows), s.Cols
	case len(at) == 2 && s.IsMatrix() && s.IsSquare() && at[0].Text == at[1].Text:
		rows, part = expr.Diag(v), shape.Scalar
	default:
		return piece{}, p.fail(shape.Mismatch, whole, hint, "%s is a %s", t.Text, s.Describe())
	}
	if ix.seen && ix.size != size {
		return piece{}, p.fail(shape.Mismatch, whole, "an index runs over one dimension", "the index %s runs to %s here and to %s before", ix.name, size, ix.size)
	}
	ix.seen, ix.size = true, size
	stand := p.scope.Ctx.Sym(p.src[t.Pos:end], part, v.Declared()&(expr.Positive|expr.NonNeg|expr.Nonzero))
	ix.parts[stand] = rows
	return piece{stand, t.Pos, end}, nil
}
