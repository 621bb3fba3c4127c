// Package expr holds matrix expressions: immutable nodes that are hash-consed
// in a Context, so that equal expressions are one pointer and a deep network
// is a small graph.
//
// # Walking a node
//
// Op says what a node does, Args are its operands, Shape its rows and columns.
// Leaves carry their data in Name and Declared (OpSym), Rat (OpNum) and Sizes
// (OpDim, OpEye, OpOnes, OpZeros, OpComm). There is no subtraction, negation
// or division:
//
//	a - b      OpAdd(a, OpMul(-1, b))
//	a / s      OpMul(OpPow(s, -1), a)
//	A ./ B     OpHad(A, OpHPow(B, -1))
//	1 ./ B     OpHPow(B, -1)
//	A^-1       OpInv(A), and s^-1 for a scalar is OpPow(s, -1)
//
// A product keeps its operands in the order: a number other than 1 (at most
// one), scalar factors, then the chain of vectors and matrices.
// Node.Product splits them:
//
//	p := n.Product()           // any node is a product of at least itself
//	p.Coef, p.Scalars, p.Chain // 2*(a'*x)*A*x: 2, [a'*x], [A x]
//
// A scalar made of a chain, such as x'*A*x, has an empty Scalars and the chain
// [x' A x]; where it multiplies a matrix it stays one operand of Scalars.
// Sums, products and elementwise products are flat, so a printer asks for the
// precedence of the operands only.
//
// Walks over a graph must visit each node once: keep a map[*Node]T, or use
// PostOrder. A node of a deep network may stand for an exponentially long text;
// Node.Size is that length (saturating).
//
// # Making nodes
//
// The constructors (Add, Mul, Had, T, Pow, HPow, Call, ...) take nodes of one
// Context and normalise only the structure: they flatten, gather numbers and
// drop what is neutral. They panic with *shape.Error when the shapes do not
// fit, which is a fault of the caller; Build returns the error instead and
// names the operands by the text that it is given. Simplification is the
// business of package rewrite.
//
// # Facts
//
// Node.Is(Symmetric) and the like answer from declarations and by inference,
// once per node. Only a positive answer is a fact.
//
// # Adding an operator
//
// Add a constant to op.go and a row to the table in ops.go: name, kind, arity,
// precedence, spellings, shape rule. Then run the tests of matcalc/...: each
// table that is keyed by Op (printing, differentials, numbers) has a test that
// names the operators without a row.
package expr
