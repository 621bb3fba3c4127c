// Package compressed holds matrices by their structure: the second derivative
// of a sum over a million entries is a diagonal, that of a factorization a
// Kronecker product with an identity, that of wide data a few outer products.
//
//	H := compressed.New(compressed.Kron(a, compressed.Identity(n)))
//	H.MulVec(x)  // without the n²k² entries
//	H.Solve(b)   // by the factor k×k
//	H.Dense()    // all entries, when they are wanted
//
// A Form is one structure: entries, a diagonal, an identity, a Kronecker
// product, equal blocks along the diagonal or interleaved, a product through a
// smaller size (low rank), a sum of these. Forms read their numbers when they
// are used, so that one Matrix serves every evaluation of a program.
//
//	form.go     Form and its leaves
//	kron.go     Kronecker products
//	blocks.go   blocks along the diagonal, or a grid of diagonals
//	product.go  products and sums
//	solve.go    linear systems, each structure by its own way
//	matrix.go   Matrix, which is a mat.Matrix of gonum, too
package compressed
