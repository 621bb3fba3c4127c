// Package blas makes gonum's linear algebra as fast as the machine: dense
// products and what is built on them, and elementary functions of vectors, in
// assembly for AVX-512 and for AVX2 with FMA, chosen when the program starts.
// On other processors, and with the build tag purego, gonum's own code and
// package math do the same work.
//
//	blas.Use() // registers everything with gonum's blas64 and lapack64
//
// # How a product is calculated
//
// A tile of C, 8 by 24 (AVX-512) or 4 by 12 (AVX2), stays in registers while
// the kernel walks along k. Small products read both factors where they lie;
// those of few columns hold their sums in registers along k (thin.go); large ones are cut into blocks that fit the caches and packed so that the
// kernel reads memory in order. Of a symmetric result only the tiles of one half
// are calculated. The triangular routines and the factorisations split themselves
// in two until they consist of products. Large work is cut into pieces that
// GOMAXPROCS goroutines take one by one.
//
// # Files
//
//	blas.go            Implementation (gonum's interface), Use
//	level1.go ...      its routines: argument checks, then kernels
//	gemm.go            the product: direct and packed
//	cholesky.go lu.go qr.go  Lapack: the factorisations
//	transpose.go vector.go   what gonum has no routine for
//	kernels*.go        the table of kernels of each instruction set
//	pool.go            pieces of work on several goroutines
//	generate           writes kernels_*_amd64.s and its stubs
package blas
