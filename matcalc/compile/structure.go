package compile

import (
	"github.com/nabla-go/nabla/matcalc/compressed"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A structure is how few numbers make a matrix, and how to get them.
type structure struct {
	words int
	// build emits the steps for the numbers, appends their arrays to read, and
	// gives the form over them.
	build func(read *[]*array) compressed.Form
	// kron tells that the form has a Kronecker product or blocks, which no
	// chain of ordinary products equals.
	kron bool
}

// A finder looks for structures. Those that are only written out entry by entry
// (whole) need no thin products.
type finder struct {
	*builder
	whole bool
}

// structure finds the structure of a node. One that keeps as many numbers as
// there are entries is a leaf: the entries themselves.
func (b finder) structure(n *expr.Node) structure {
	if n.Shape().IsScalar() {
		return b.leaf(n)
	}
	r, c := b.extent(n)
	s := b.structured(n)
	if s.build == nil || s.words >= r*c {
		return b.leaf(n)
	}
	return s
}

// leaf is a node without structure.
func (b finder) leaf(n *expr.Node) structure {
	r, c := b.extent(n)
	return structure{words: r * c, build: func(read *[]*array) compressed.Form {
		o := b.operand(n)
		if o.kind != dense {
			o = operand{a: b.entries(o), r: r, c: c}
		}
		*read = append(*read, o.a)
		return compressed.Entries(r, c, o.a, o.trans)
	}}
}

// structured is the structure by the operator; without build where there is none.
func (b finder) structured(n *expr.Node) structure {
	r, _ := b.extent(n)
	switch n.Op() {
	case expr.OpEye:
		return structure{build: func(*[]*array) compressed.Form { return compressed.Identity(r) }}
	case expr.OpComm:
		rows, cols := b.length(n.Sizes()[0]), b.length(n.Sizes()[1])
		return structure{build: func(*[]*array) compressed.Form { return compressed.Commutation(rows, cols) }, kron: true}
	case expr.OpDiag:
		return structure{words: r, build: func(read *[]*array) compressed.Form {
			d := b.value(n.Arg(0))
			*read = append(*read, d)
			return compressed.Diagonal(r, d)
		}}
	case expr.OpKron:
		return b.kronecker(n.Arg(0), n.Arg(1))
	case expr.OpT:
		s := b.structure(n.Arg(0))
		return structure{s.words, func(read *[]*array) compressed.Form { return s.build(read).Transpose() }, s.kron}
	case expr.OpAdd:
		return b.sumOf(n.Args())
	case expr.OpMul:
		return b.productOf(n.Product())
	}
	return structure{}
}

func (b finder) kronecker(x, y *expr.Node) structure {
	left, right := b.structure(x), b.structure(y)
	return structure{left.words + right.words, func(read *[]*array) compressed.Form {
		return compressed.Kron(left.build(read), right.build(read))
	}, true}
}

func (b finder) sumOf(terms []*expr.Node) (s structure) {
	var parts []structure
	for _, t := range terms {
		part := b.structure(t)
		s.words += part.words
		s.kron = s.kron || part.kron
		parts = append(parts, part)
	}
	s.build = func(read *[]*array) compressed.Form {
		var forms []compressed.Form
		for _, p := range parts {
			forms = append(forms, p.build(read))
		}
		return compressed.Sum(forms...)
	}
	return s
}

// productOf is the structure of a product: Kronecker products are multiplied
// with their neighbours, blocks found, and what is left is cut where it is thin.
func (b finder) productOf(p expr.Product) structure {
	chain := mixed(p.Chain)
	var s structure
	switch {
	case len(chain) == 1:
		s = b.structure(chain[0])
	case b.gridded(chain) != nil:
		s = b.gridded(chain).structure(b.builder)
	case !b.whole:
		s = b.thin(chain)
	}
	if s.build == nil || p.Coef.Float() == 1 && len(p.Scalars) == 0 {
		return s
	}
	inner := s.build
	s.words++
	s.build = func(read *[]*array) compressed.Form {
		alpha := b.scaling(p)
		*read = append(*read, alpha.factors...)
		return compressed.Scaled(alpha, inner(read))
	}
	return s
}

// thin cuts a chain at the sizes inside it that are smaller than those outside,
// so that few numbers are left: X'*diag(d)*X with a wide X stays as it is.
func (b finder) thin(chain []*expr.Node) (s structure) {
	least, _ := b.extent(chain[0])
	for _, f := range chain {
		_, c := b.extent(f)
		least = min(least, c)
	}
	var parts []structure
	from := 0
	for i, f := range chain {
		if _, c := b.extent(f); i+1 < len(chain) && c != least && !b.structure(f).kron && !b.structure(chain[i+1]).kron {
			continue
		}
		var part structure
		if i == from {
			part = b.structure(f)
		} else {
			part = b.leaf(expr.Mul(chain[from : i+1]...))
		}
		parts = append(parts, part)
		s.words += part.words
		s.kron = s.kron || part.kron
		from = i + 1
	}
	if len(parts) < 2 {
		return structure{}
	}
	s.build = func(read *[]*array) compressed.Form {
		var forms []compressed.Form
		for _, p := range parts {
			forms = append(forms, p.build(read))
		}
		return compressed.Product(forms...)
	}
	return s
}

// A factor of a chain as a Kronecker product of two chains, or b alone.
type factor struct{ a, b []*expr.Node }

// mixed multiplies Kronecker products with their neighbours, by
// (A⊗B)(C⊗D) = AC⊗BD, where one of the four may be a row or column that makes
// an ordinary matrix of the other.
func mixed(chain []*expr.Node) []*expr.Node {
	found := false
	for _, f := range chain {
		found = found || f.Op() == expr.OpKron
	}
	if !found || len(chain) < 2 {
		return chain
	}
	var out []factor
	for _, f := range chain {
		next := factor{b: []*expr.Node{f}}
		if f.Op() == expr.OpKron {
			next = factor{[]*expr.Node{f.Arg(0)}, []*expr.Node{f.Arg(1)}}
		}
		for len(out) > 0 {
			joined, ok := out[len(out)-1].join(next)
			if !ok {
				break
			}
			next = joined
			out = out[:len(out)-1]
		}
		out = append(out, next)
	}
	var nodes []*expr.Node
	for _, f := range out {
		nodes = append(nodes, f.node())
	}
	return nodes
}

// node is the factor as an expression.
func (f factor) node() *expr.Node {
	n := expr.Mul(f.b...)
	if f.a == nil {
		return n
	}
	a := expr.Mul(f.a...)
	if a.Shape().IsScalar() || n.Shape().IsScalar() {
		return expr.Mul(a, n)
	}
	return expr.Call(expr.OpKron, a, n)
}

// join multiplies two neighbours, one of them a Kronecker product. Sizes are
// compared as they are written: that two are equal by chance joins nothing.
func (x factor) join(y factor) (factor, bool) {
	cols := func(f []*expr.Node) shape.Size { return f[len(f)-1].Shape().Cols }
	rows := func(f []*expr.Node) shape.Size { return f[0].Shape().Rows }
	both := func(f, g []*expr.Node) []*expr.Node { return append(append([]*expr.Node{}, f...), g...) }
	switch {
	case x.a != nil && y.a != nil:
		if cols(x.a) == rows(y.a) && cols(x.b) == rows(y.b) {
			return factor{both(x.a, y.a), both(x.b, y.b)}, true
		}
	case x.a != nil && cols(x.a).IsOne():
		return factor{x.a, both(x.b, y.b)}, true
	case x.a != nil && cols(x.b).IsOne():
		return factor{both(x.a, y.b), x.b}, true
	case y.a != nil && rows(y.a).IsOne():
		return factor{y.a, both(x.b, y.b)}, true
	case y.a != nil && rows(y.b).IsOne():
		return factor{both(x.b, y.a), y.b}, true
	}
	return factor{}, false
}

// A grid is (P⊗I)·diag(v)·(Q⊗I), which is a grid of diagonal matrices, or
// (I⊗P)·diag(v)·(I⊗Q), which is blocks on the diagonal: block i is
// P·diag(v_i)·Q.
type grid struct {
	p, q, v     *expr.Node
	n           int // the size of I
	interleaved bool
}

func (b *builder) gridded(chain []*expr.Node) *grid {
	if len(chain) != 3 || chain[0].Op() != expr.OpKron || chain[1].Op() != expr.OpDiag || chain[2].Op() != expr.OpKron {
		return nil
	}
	left, right := chain[0], chain[2]
	for _, inner := range []int{1, 0} {
		eye := left.Arg(inner)
		if eye.Op() == expr.OpEye && right.Arg(inner) == eye {
			n, _ := b.extent(eye)
			return &grid{left.Arg(1 - inner), right.Arg(1 - inner), chain[1].Arg(0), n, inner == 1}
		}
	}
	return nil
}

// structure: the blocks are the rows of V·W with V the numbers v as n rows, and
// row j of W the entries P[a,j]·Q[j,b].
func (g *grid) structure(b *builder) structure {
	r, m := b.extent(g.p)
	_, c := b.extent(g.q)
	return structure{words: g.n * r * c, kron: true, build: func(read *[]*array) compressed.Form {
		w := b.pairs(b.operand(g.p), b.operand(g.q))
		v := operand{r: g.n, c: m}
		switch {
		case !g.interleaved:
			v.a = b.value(g.v).reshaped(g.n, m)
		case g.v.Op() == expr.OpVec: // the columns stacked are the matrix itself
			v = b.operand(g.v.Arg(0))
		default:
			v.a, v.trans = b.value(g.v).reshaped(m, g.n), true
		}
		a := b.multiply(v, operand{a: w, r: m, c: r * c}, nil, nil, false)
		*read = append(*read, a)
		return compressed.Blocks(g.n, r, c, a, g.interleaved)
	}}
}

// pairs has in row j the products P[a,j]·Q[j,b], b running faster.
func (b *builder) pairs(p, q operand) *array {
	x, y := b.entries(p.transposed()), b.entries(q)
	out := b.array(x.r, x.c*y.c)
	return b.emit("products of pairs", out, float64(out.size()), func(s *source) { s.call("pairs", out, x, x.c, y, y.c) }, func() error {
		for j := range x.r {
			to := out.v()[j*out.c:]
			row := y.v()[j*y.c : (j+1)*y.c]
			for i, k := range x.v()[j*x.c : (j+1)*x.c] {
				scaleBlock(to[i*y.c:(i+1)*y.c], row, k)
			}
		}
		return nil
	}, x, y)
}

// transposed is the operand's transpose, not carried out.
func (o operand) transposed() operand {
	o.r, o.c = o.c, o.r
	switch {
	case o.kind == diagonal:
	case o.kind == dense && o.a.isVector():
		o.a = o.a.reshaped(o.r, o.c)
	default:
		o.trans = !o.trans
	}
	o.node = nil
	return o
}

// expanded is the dense matrix of a node that a structure with Kronecker
// products makes; nil where there is none.
func (b *builder) expanded(n *expr.Node) *array {
	s := finder{b, true}.structure(n)
	if !s.kron {
		return nil
	}
	var read []*array
	return b.written(s.build(&read), read)
}

// written are all entries of a form.
func (b *builder) written(f compressed.Form, read []*array) *array {
	m := compressed.New(f)
	out := b.array(m.Dims())
	return b.emit("expand "+m.Form(), out, float64(m.Words()), func(s *source) {
		s.line("for i := range %d {\nfor j := range %d {\n%v[i*%d+j] = %s\n}\n}", out.r, out.c, out, out.c, s.entry(f))
	}, func() error {
		compressed.Write(f, out.v())
		return nil
	}, read...)
}

// applied is a form times a matrix, without its entries.
func (b *builder) applied(f compressed.Form, read []*array, x *array) *array {
	m := compressed.New(f)
	r, _ := m.Dims()
	out := b.array(r, x.c)
	return b.emit(m.Form()+" × matrix", out, m.Work()*float64(x.c), func(s *source) {
		_, c := m.Dims()
		s.line("clear(%v)", out)
		s.line("for i := range %d {\nfor j := range %d {\nfor k := range %d {\n%v[i*%d+k] += %s * %v[j*%d+k]\n}\n}\n}", r, c, x.c, out, out.c, s.entry(f), x, x.c)
	}, func() error {
		compressed.Multiply(f, out.v(), x.v(), x.c)
		return nil
	}, append(read[:len(read):len(read)], x)...)
}
