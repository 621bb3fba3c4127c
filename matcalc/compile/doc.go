// Package compile turns expressions into programs over BLAS.
//
//	p := compile.New(f, gradient, hessian)   // shared subexpressions once
//	plan, err := p.Plan(map[string]int{"n": 100})
//	plan.Set(x, values)                      // by rows
//	err = plan.Run()
//	plan.Result(0)
//
// A Program is independent of sizes; a Plan is what it becomes for given sizes,
// since the cheapest order of a product, and whether to multiply out, depend on
// them. Plans are kept, and so are their buffers: a second run allocates nothing.
//
// # How a plan is made
//
// builder.go walks the expression graph once, operands first, and keeps the
// array of each node. A product is a chain of factors, each dense, diagonal, an
// inverse or a Kronecker product (chain.go); dynamic programming finds the order
// with the least floating-point operations, an inverse becomes a solve, a
// diagonal matrix a scaling, and X'DX is computed as one triangle (multiply.go).
// Sums let their products accumulate in place and are multiplied out where that
// is cheaper (sum.go, product.go). What works entry by entry becomes one loop
// over blocks that stay in the first cache (fuse.go, kernel.go). One
// factorisation of a matrix serves its solves, its inverse and its determinant
// (factor.go). Singular values, eigenvalues and the exponential are gonum's
// (routines.go). Operators without a row are computed by the evaluator of package
// check. Steps over many entries use all cores (rows.go). Steps that work
// through the same rows are joined where that saves memory traffic: each panel
// of rows goes through all of them while it is in the cache (sweep.go, join.go).
//
// structure.go finds what a matrix is made of, by (A⊗B)(C⊗D) = AC⊗BD and the
// like: a root that Compress names is then kept so (package compressed), and
// others are written out without the products that the Kronecker form hides.
//
// Plan.String shows the steps with their operations and bytes; Source prints
// plans as Go that needs gonum only (source.go, helpers.go, routine.go).
package compile
