package rewrite

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// grid is a matrix seen as blocks.
type grid struct {
	cells [][]*expr.Node
	rows  []shape.Size
	cols  []shape.Size
}

// gridOf sees blocks, their transposes and sums as a grid; false for a node
// without blocks.
func gridOf(n *expr.Node) (g grid, ok bool) {
	switch n.Op() {
	case expr.OpHCat:
		g.cells = [][]*expr.Node{n.Args()}
	case expr.OpVCat:
		for _, r := range n.Args() {
			row := []*expr.Node{r}
			if r.Op() == expr.OpHCat {
				row = r.Args()
			}
			g.cells = append(g.cells, row)
		}
	case expr.OpT:
		if g, ok = gridOf(n.Arg(0)); !ok {
			return g, false
		}
		return g.flipped(), true
	case expr.OpAdd:
		return gridSum(n)
	default:
		return g, false
	}
	return g.measured()
}

// measured fills in the sizes; false when the blocks do not line up.
func (g grid) measured() (grid, bool) {
	for _, c := range g.cells[0] {
		g.cols = append(g.cols, c.Shape().Cols)
	}
	for _, row := range g.cells {
		g.rows = append(g.rows, row[0].Shape().Rows)
		if len(row) != len(g.cols) {
			return g, false
		}
		for j, c := range row {
			if c.Shape().Cols != g.cols[j] || c.Shape().Rows != row[0].Shape().Rows {
				return g, false
			}
		}
	}
	return g, true
}

func gridSum(n *expr.Node) (sum grid, ok bool) {
	for i, t := range n.Args() {
		k, r := split(t)
		g, ok := gridOf(r)
		if !ok || i > 0 && !(sameSizes(g.rows, sum.rows) && sameSizes(g.cols, sum.cols)) {
			return g, false
		}
		g = g.mapped(func(a, b int, c *expr.Node) *expr.Node {
			c = expr.Scale(k, c)
			if i > 0 {
				c = expr.Add(sum.cells[a][b], c)
			}
			return c
		})
		sum = g
	}
	return sum, true
}

func (g grid) mapped(f func(i, j int, c *expr.Node) *expr.Node) grid {
	out := grid{rows: g.rows, cols: g.cols}
	for i, row := range g.cells {
		next := make([]*expr.Node, len(row))
		for j, c := range row {
			next[j] = f(i, j, c)
		}
		out.cells = append(out.cells, next)
	}
	return out
}

func (g grid) flipped() grid {
	out := grid{rows: g.cols, cols: g.rows, cells: make([][]*expr.Node, len(g.cols))}
	for j := range g.cols {
		for i := range g.rows {
			out.cells[j] = append(out.cells[j], expr.T(g.cells[i][j]))
		}
	}
	return out
}

func sameSizes(a, b []shape.Size) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// node is the grid as blocks, or the only block.
func (g grid) node() *expr.Node {
	rows := make([]*expr.Node, len(g.cells))
	for i, row := range g.cells {
		rows[i] = row[0]
		if len(row) > 1 {
			rows[i] = expr.Call(expr.OpHCat, row...)
		}
	}
	if len(rows) == 1 {
		return rows[0]
	}
	return expr.Call(expr.OpVCat, rows...)
}

// blockProduct multiplies two matrices of blocks that fit, block by block; nil
// for others.
func blockProduct(a, b *expr.Node) *expr.Node {
	g, ok := gridOf(a)
	if !ok {
		return nil
	}
	h, ok := gridOf(b)
	if !ok || !sameSizes(g.cols, h.rows) {
		return nil
	}
	out := grid{rows: g.rows, cols: h.cols}
	for i := range g.rows {
		row := make([]*expr.Node, len(h.cols))
		for j := range h.cols {
			terms := make([]*expr.Node, len(h.rows))
			for k := range h.rows {
				terms[k] = expr.Mul(g.cells[i][k], h.cells[k][j])
			}
			row[j] = expr.Add(terms...)
		}
		out.cells = append(out.cells, row)
	}
	return out.node()
}

// overBlocks multiplies out neighbours that are blocks where that does not
// lengthen the text, as where blocks are zeros and identities.
func (s *Simplifier) overBlocks(q expr.Product) *expr.Node {
	for i := 0; i+1 < len(q.Chain); i++ {
		m := blockProduct(q.Chain[i], q.Chain[i+1])
		if m == nil {
			continue
		}
		m = s.Simplify(m)
		if m.Size() > q.Chain[i].Size()+q.Chain[i+1].Size()+1 {
			continue
		}
		q.Chain = append(append(append([]*expr.Node(nil), q.Chain[:i]...), m), q.Chain[i+2:]...)
		return s.Simplify(q.Node(m.Context()))
	}
	return nil
}

// blocks is a matrix of blocks: all zeros where its blocks are, and a transpose
// of blocks where those are transposes.
func blocks(_ *Simplifier, n *expr.Node) *expr.Node {
	flips := 0
	zero := true
	for _, a := range n.Args() {
		zero = zero && a.IsZero()
		if a.Op() == expr.OpT {
			flips++
		}
	}
	switch {
	case zero:
		return zeroLike(n)
	case flips < len(n.Args()):
		return nil
	}
	args := make([]*expr.Node, len(n.Args()))
	for i, a := range n.Args() {
		args[i] = a.Arg(0)
	}
	other := expr.OpVCat
	if n.Op() == expr.OpVCat {
		other = expr.OpHCat
	}
	return expr.T(expr.Call(other, args...))
}
