package format

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// Definition gives a name to a part of an expression.
type Definition struct {
	Name *expr.Node // a symbol of the part's shape
	Is   *expr.Node // the part, in the symbols defined before it
}

const (
	longExpression = 40 // nodes, from which on parts are named
	shortEnough    = 20 // nodes, from which on no more are
	leastPart      = 6  // nodes of a part that deserves a name
	mostNames      = 4
)

// partNames are given to parts: scalars, vectors, matrices.
var partNames = map[string][]string{
	"scalar": {"s", "r", "q", "c"}, "vector": {"u", "v", "p", "q", "r"}, "matrix": {"P", "G", "H", "U", "V", "E"},
}

// Where shortens a long expression by naming the parts that it repeats, the one
// that saves most first; a short one comes back as it is. Names that taken
// reports are not used.
func Where(n *expr.Node, taken func(string) bool) (*expr.Node, []Definition) {
	var defs []Definition
	used := map[string]bool{}
	if n.Size() <= longExpression {
		return n, nil
	}
	for len(defs) < mostNames && n.Size() > shortEnough {
		part := mostRepeated(n)
		if part == nil {
			break
		}
		kind := "matrix"
		switch {
		case part.Shape().IsScalar():
			kind = "scalar"
		case part.Shape().IsColumn() || part.Shape().IsRow():
			kind = "vector"
		}
		name := ""
		for _, c := range partNames[kind] {
			if !taken(c) && !used[c] {
				name = c
				break
			}
		}
		if name == "" {
			break
		}
		used[name] = true
		sym := n.Context().Sym(name, part.Shape(), 0)
		n = expr.Substitute(n, map[*expr.Node]*expr.Node{part: sym})
		for i := range defs { // parts named before may hold this one
			defs[i].Is = expr.Substitute(defs[i].Is, map[*expr.Node]*expr.Node{part: sym})
		}
		defs = append(defs, Definition{sym, part})
	}
	return n, ordered(defs)
}

// ordered puts every definition behind those whose names it uses.
func ordered(defs []Definition) []Definition {
	var out []Definition
	for len(out) < len(defs) {
		for _, d := range defs {
			ready := true
			for _, e := range defs {
				known := slices.Contains(out, e)
				ready = ready && (e == d && !known || e != d && (known || !d.Is.DependsOn(e.Name)))
			}
			if ready {
				out = append(out, d)
			}
		}
	}
	return out
}

// mostRepeated is the part whose naming shortens the text most; nil when none
// does.
func mostRepeated(n *expr.Node) *expr.Node {
	nodes := expr.PostOrder(n)
	times := map[*expr.Node]int{n: 1}
	for i := len(nodes) - 1; i >= 0; i-- {
		for _, a := range nodes[i].Args() {
			times[a] = min(times[a]+times[nodes[i]], math.MaxInt32)
		}
	}
	var best *expr.Node
	most := 0
	for _, m := range nodes {
		if m == n || m.Size() < leastPart || times[m] < 2 {
			continue
		}
		if saved := (times[m] - 1) * (m.Size() - 1); saved > most {
			best, most = m, saved
		}
	}
	return best
}
