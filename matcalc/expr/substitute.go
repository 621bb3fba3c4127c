package expr

// Substitute replaces nodes by others of the same shapes, everywhere below n.
func Substitute(n *Node, with map[*Node]*Node) *Node {
	memo := make(map[*Node]*Node, 64)
	for _, m := range PostOrder(n) {
		if r, ok := with[m]; ok {
			memo[m] = r
			continue
		}
		args := m.args
		for i, a := range m.args {
			if r := memo[a]; r != a {
				if &args[0] == &m.args[0] {
					args = append([]*Node(nil), m.args...)
				}
				args[i] = r
			}
		}
		if len(args) > 0 && &args[0] != &m.args[0] {
			memo[m] = Rebuild(m, args)
		} else {
			memo[m] = m
		}
	}
	return memo[n]
}

// structural are the facts that tie entries to each other or to values, so that
// entries do not vary freely.
const structural = Symmetric | Skew | Diagonal | Lower | Upper | Orthogonal | PD | PSD | Projector | SqDist | BigPD | Simplex | Stochastic | PM1 | Mask

// Loosened is the variable without the facts that tie its entries together: a
// derivative lets every entry vary by itself.
func Loosened(sym *Node) *Node {
	if sym.declared&structural == 0 || sym.shape.IsScalar() {
		return sym
	}
	return sym.ctx.intern(&Node{op: OpSym, name: sym.name, shape: sym.shape, declared: sym.declared &^ structural})
}

// Loose is the node with every variable of vs loosened, and the way back.
func Loose(n *Node, vs []*Node) (loose *Node, back map[*Node]*Node) {
	there := map[*Node]*Node{}
	back = map[*Node]*Node{}
	for _, v := range vs {
		if l := Loosened(v); l != v {
			there[v], back[l] = l, v
		}
	}
	if len(there) == 0 {
		return n, back
	}
	return Substitute(n, there), back
}
