package expr

import (
	"math"
	"math/bits"
	"sync/atomic"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// Node is one expression. It never changes after it is made.
type Node struct {
	ctx      *Context
	op       Op
	id       int32
	order    int32
	symIndex int32
	depth    int32
	size     int32
	shape    shape.Shape
	args     []*Node
	name     string
	rat      Rat
	sizes    []shape.Size
	declared Props
	deps     []uint64
	key      Key
	known    atomic.Uint64
	facts    atomic.Uint64
	bucket   *Node
}

// Key identifies an expression up to the order of the operands of sums,
// scalar factors and elementwise products. It does not depend on the Context
// nor on the order in which nodes were made.
type Key [2]uint64

// Less orders keys.
func (k Key) Less(l Key) bool { return k[0] < l[0] || k[0] == l[0] && k[1] < l[1] }

// Op is what the node does.
func (n *Node) Op() Op { return n.op }

// Context is the owner of the node.
func (n *Node) Context() *Context { return n.ctx }

// ID is unique within the Context and larger than the operands' IDs.
func (n *Node) ID() int { return int(n.id) }

// Shape is rows by columns.
func (n *Node) Shape() shape.Shape { return n.shape }

// Args are the operands; the caller must not change them.
func (n *Node) Args() []*Node { return n.args }

// Arg is one operand.
func (n *Node) Arg(i int) *Node { return n.args[i] }

// Name is that of a variable or of a declared function.
func (n *Node) Name() string { return n.name }

// Order counts the primes of a declared function's derivative.
func (n *Node) Order() int { return int(n.order) }

// Rat is the value of an OpNum node.
func (n *Node) Rat() Rat { return n.rat }

// Sizes are the dimension arguments of OpDim, OpEye, OpOnes, OpZeros, OpComm.
func (n *Node) Sizes() []shape.Size { return n.sizes }

// Declared are the facts stated of a variable, with those they imply.
func (n *Node) Declared() Props { return n.declared }

// Key is the identity up to commutation.
func (n *Node) Key() Key { return n.key }

// Depth is the height of the expression's tree.
func (n *Node) Depth() int { return int(n.depth) }

// Size counts numbers, names, calls and operators of the expression as it is
// written in ASCII; it saturates at math.MaxInt32.
func (n *Node) Size() int { return int(n.size) }

// IsNum reports a number.
func (n *Node) IsNum() bool { return n.op == OpNum }

// IsInt reports the whole number k.
func (n *Node) IsInt(k int64) bool {
	v, ok := n.rat.Int64()
	return n.op == OpNum && ok && v == k
}

// IsZero reports the number 0 or a matrix of zeros.
func (n *Node) IsZero() bool { return n.op == OpZeros || n.op == OpNum && n.rat.Sign() == 0 }

// IsLeaf reports a node without operands.
func (n *Node) IsLeaf() bool { return len(n.args) == 0 }

// DependsOn reports whether the variable occurs in the node.
func (n *Node) DependsOn(sym *Node) bool {
	w := int(sym.symIndex) / 64
	return w < len(n.deps) && n.deps[w]&(1<<(uint(sym.symIndex)%64)) != 0
}

// IsConst reports that no variable occurs.
func (n *Node) IsConst() bool { return len(n.deps) == 0 }

// Variables lists the variables that occur, in the order of declaration.
func (n *Node) Variables() []*Node {
	var out []*Node
	syms := n.ctx.Symbols()
	for w, word := range n.deps {
		for ; word != 0; word &= word - 1 {
			out = append(out, syms[64*w+bits.TrailingZeros64(word)])
		}
	}
	return out
}

// PostOrder lists every distinct node below the roots, operands first.
func PostOrder(roots ...*Node) []*Node { return postOrder(nil, roots) }

// PostOrderBut is PostOrder without the nodes for which done holds and without
// what is below them only.
func PostOrderBut(done func(*Node) bool, root *Node) []*Node {
	if done(root) {
		return nil
	}
	return postOrder(done, []*Node{root})
}

func postOrder(done func(*Node) bool, roots []*Node) []*Node {
	seen := map[*Node]bool{}
	var out []*Node
	type frame struct {
		n *Node
		i int
	}
	for _, r := range roots {
		if seen[r] {
			continue
		}
		seen[r] = true
		stack := []frame{{r, 0}}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.i < len(f.n.args) {
				a := f.n.args[f.i]
				f.i++
				if !seen[a] && (done == nil || !done(a)) {
					seen[a] = true
					stack = append(stack, frame{a, 0})
				}
				continue
			}
			out = append(out, f.n)
			stack = stack[:len(stack)-1]
		}
	}
	return out
}

// same reports structural equality of a candidate with an interned node.
func (n *Node) same(m *Node) bool {
	if n.op != m.op || n.order != m.order || n.shape != m.shape || n.name != m.name ||
		n.declared != m.declared || len(n.args) != len(m.args) || len(n.sizes) != len(m.sizes) {
		return false
	}
	for i := range n.args {
		if n.args[i] != m.args[i] {
			return false
		}
	}
	for i := range n.sizes {
		if n.sizes[i] != m.sizes[i] {
			return false
		}
	}
	if n.op == OpNum {
		return n.rat.Equal(m.rat)
	}
	return true
}

func mix(h, v uint64) uint64 {
	h ^= v
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	return h
}

func mixString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001B3
	}
	return mix(h, uint64(len(s)))
}

// structHash hashes what same compares.
func (n *Node) structHash() uint64 {
	h := mix(uint64(n.op)+1, uint64(n.order))
	for _, a := range n.args {
		h = mix(h, uint64(a.id)+1)
	}
	if n.name != "" {
		h = mixString(h, n.name)
	}
	for _, s := range n.sizes {
		h = mixString(h, s.String())
	}
	if n.op == OpNum {
		h = n.rat.hash(h)
	}
	return h
}

func (r Rat) hash(h uint64) uint64 {
	if r.big == nil {
		return mix(mix(h, uint64(r.num)), uint64(r.dn()))
	}
	return mixString(h, r.big.String())
}

// finish computes what follows from the operands.
func (n *Node) finish() {
	for _, a := range n.args {
		n.depth = max(n.depth, a.depth+1)
		n.deps = union(n.deps, a.deps)
	}
	if n.op == OpSym {
		n.deps = make([]uint64, n.symIndex/64+1)
		n.deps[n.symIndex/64] = 1 << (uint(n.symIndex) % 64)
	}
	n.size = int32(min(countNode(n), math.MaxInt32))
	n.key = n.makeKey()
}

// union joins two bit sets, sharing storage where one holds the other.
func union(a, b []uint64) []uint64 {
	if len(b) > len(a) {
		a, b = b, a
	}
	for i := range b {
		if b[i]&^a[i] != 0 {
			out := append([]uint64(nil), a...)
			for j := i; j < len(b); j++ {
				out[j] |= b[j]
			}
			return out
		}
	}
	return a
}

// makeKey hashes the node with seeds, adding the operands' hashes where their
// order does not matter and chaining them where it does.
func (n *Node) makeKey() (k Key) {
	for s := range k {
		seed := uint64(s+1) * 0xD1B54A32D192ED03
		h := mix(seed, uint64(n.op)<<16|uint64(n.order))
		if n.name != "" {
			h = mixString(h, n.name)
		}
		if n.op == OpNum {
			h = n.rat.hash(h)
		}
		for _, z := range n.sizes {
			h = mixString(h, z.String())
		}
		if n.op == OpSym {
			h = mixString(mixString(h, n.shape.Rows.String()), n.shape.Cols.String())
		}
		var bag uint64
		for _, a := range n.args {
			if n.op == OpAdd || n.op == OpHad || n.op == OpMul && a.shape.IsScalar() {
				bag += mix(seed, a.key[s])
			} else {
				h = mix(h, a.key[s])
			}
		}
		k[s] = mix(h, bag)
	}
	return k
}
