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
}

// sumsOver reports whether "sum(" is followed by "name ," and so sums over an
// index.
func (p *parser) sumsOver() bool {
	if p.at+2 >= len(p.toks) {
		return false
	}
	i, comma := p.toks[p.at+1], p.toks[p.at+2]
	return i.Kind == Name && comma.Kind == Punct && comma.Text == "," && p.scope.Vars[i.Text] == nil
}

func (p *parser) sumOver(t Token) (piece, *shape.Error) {
	return piece{}, p.fail(shape.Syntax, t, "write the sum in matrix form, as sum(log(ones(m)+exp(X*w)))", "sums over an index are not read yet")
}

func (p *parser) indexed(v *expr.Node, t Token) (piece, *shape.Error) {
	return piece{}, p.fail(shape.Syntax, p.tok(), "entries are chosen inside sum(i, ...)", "%s[...] outside a sum", t.Text)
}
