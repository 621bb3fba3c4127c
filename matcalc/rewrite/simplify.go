// Package rewrite simplifies expressions and holds the identities it uses as
// rows of a table. Simplification keeps what the person wrote together: it
// collects like terms, cancels, and takes common factors out, but multiplies
// out only where something cancels.
package rewrite

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// Simplifier remembers what nodes simplify to. It serves one goroutine and one
// Context.
type Simplifier struct {
	memo  map[*expr.Node]*expr.Node
	depth int
	trial int                 // trials within trials
	busy  map[*expr.Node]bool // nodes on which a trial is under way
}

// New is an empty Simplifier.
func New() *Simplifier { return &Simplifier{memo: make(map[*expr.Node]*expr.Node, 128)} }

// Simplify is New().Simplify(n).
func Simplify(n *expr.Node) *expr.Node { return New().Simplify(n) }

// maxRounds bounds how often a result is simplified again.
const maxRounds = 60

// Simplify brings the node to its simplest known form. It is idempotent.
func (s *Simplifier) Simplify(n *expr.Node) *expr.Node {
	if r := s.memo[n]; r != nil {
		return r
	}
	var args []*expr.Node
	for _, m := range expr.PostOrderBut(func(m *expr.Node) bool { return s.memo[m] != nil }, n) {
		if s.memo[m] != nil {
			continue // done meanwhile, by a rule of another node
		}
		if m.IsLeaf() {
			s.memo[m] = s.leaf(m)
			continue
		}
		args = make([]*expr.Node, len(m.Args()))
		for i, a := range m.Args() {
			args[i] = s.memo[a]
		}
		s.memo[m] = s.settle(expr.Rebuild(m, args))
	}
	return s.memo[n]
}

// maxTrials bounds trials within trials.
const maxTrials = 3

// attempt runs a trial rewriting of a node, not within another trial of the
// same node and not deeper than maxTrials.
func (s *Simplifier) attempt(n *expr.Node, f func() *expr.Node) *expr.Node {
	if s.busy[n] || s.trial >= maxTrials {
		return nil
	}
	if s.busy == nil {
		s.busy = map[*expr.Node]bool{}
	}
	s.busy[n] = true
	s.trial++
	defer func() {
		delete(s.busy, n)
		s.trial--
	}()
	return f()
}

// settle applies the rules at the root until none applies; the operands are
// simple already.
func (s *Simplifier) settle(n *expr.Node) *expr.Node {
	if r := s.memo[n]; r != nil {
		return r
	}
	r := s.reduce(n)
	if r != n {
		if s.depth < maxRounds {
			s.depth++
			r = s.Simplify(r)
			s.depth--
		}
	}
	s.memo[n] = r
	s.memo[r] = r
	return r
}

func (s *Simplifier) leaf(n *expr.Node) *expr.Node { return n }

// reduce tries the rules of the root's operator.
func (s *Simplifier) reduce(n *expr.Node) *expr.Node {
	if f := reducers[n.Op()]; f != nil {
		if r := f(s, n); r != nil {
			return r
		}
	}
	if n.Op().IsElementwise() {
		if r := elementwise(n); r != nil {
			return r
		}
	}
	return n
}

type reducer func(*Simplifier, *expr.Node) *expr.Node

var reducers [expr.NumOps]reducer

func init() {
	reducers = [expr.NumOps]reducer{
		expr.OpAdd: (*Simplifier).sum, expr.OpMul: (*Simplifier).product, expr.OpHad: (*Simplifier).hadamard,
		expr.OpT: transposed, expr.OpPow: powered, expr.OpHPow: hpowered,
		expr.OpInv: inverted, expr.OpDet: determinant, expr.OpTr: (*Simplifier).trace, expr.OpSum: (*Simplifier).total,
		expr.OpDiag: diagonal, expr.OpDiagOf: diagonalOf, expr.OpVec: stacked, expr.OpKron: kronecker,
		expr.OpLogDet: logdet, expr.OpNorm2: norm2, expr.OpNorm1: norm1, expr.OpPinv: pseudo, expr.OpLog: logarithm, expr.OpAdj: adjugate, expr.OpExpm: exponential,
		expr.OpHCat: blocks, expr.OpVCat: blocks,
	}
}

// split parts a term into its coefficient and the rest.
func split(n *expr.Node) (expr.Rat, *expr.Node) {
	p := n.Product()
	if n.IsNum() {
		return p.Coef, n.Context().Int(1)
	}
	if n.Op() != expr.OpMul || p.Coef.Equal(expr.RatOne) {
		return expr.RatOne, n
	}
	args := n.Args()[1:]
	return p.Coef, expr.Mul(args...)
}
