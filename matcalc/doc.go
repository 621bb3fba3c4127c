// Package matcalc is symbolic matrix calculus: it parses expressions in
// vectors and matrices of symbolic size, differentiates them in closed matrix
// form, simplifies, and checks every result numerically before it is shown.
//
//	v := matcalc.Vars("A: n×n symmetric; x: n")
//	f := v.Expr("x'*A*x")
//	f.Gradient("x") // 2*A*x
//	f.Hessian("x")  // 2*A
//
// Compiled, they are numbers at the machine's speed, for any sizes:
//
//	c := f.Compile("x")
//	data := matcalc.Values{"A": a, "x": x}
//	value, gradient, hessian := c.All(data)
//	at := c.Func(data) // func(x []float64) float64; Grad and Hess beside it
//	f.Minimize("x", data)
//
// # The rooms
//
//	words     errors and hints in Chinese, and the language that is set
//	shape     symbolic sizes, shapes, errors that name the operands
//	expr      hash-consed expression nodes, facts about them, the operator table
//	function  elementwise functions: value, slope, derivative, LaTeX, NumPy, Go
//	index     index form: sums of products of entries, raised back to matrices
//	parse     text to expressions; declarations
//	format    expressions to text: ASCII, Unicode, LaTeX, Go, NumPy
//	rewrite   simplification and the identities it uses
//	diff      gradients, Jacobians, Hessians, layouts, structured variables
//	check     numbers: dual numbers on random points, equality
//	derive    derivations step by step
//	claim     what a person wrote: right, or what is wrong and the repair
//	stationary gradient = 0: closed forms, conditions, kinds
//	review    derivations of several lines, line by line
//	blas      products and vector functions at the machine's speed
//	compile   expressions with their derivatives as fast programs over BLAS
//	compressed matrices kept by their structure: Kronecker products, low rank, blocks
//	halt      what ends long computations of a program that can be interrupted
//	optimize  minimising: Newton in a trust region, L-BFGS, projected gradients
//	regress   statistical models
//	bench     measurements beside other systems
//	cli       the commands
//
// A reader starts at expr, then rewrite, then diff.
package matcalc
