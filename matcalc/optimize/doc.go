// Package optimize minimises smooth functions whose gradient, and for small
// problems Hessian, are given: Newton's method in a trust region, limited-memory
// BFGS, and spectral projected gradients where the solution must lie in a convex
// set. A method is a row of a table; Minimize chooses one by the size of the
// problem unless told.
package optimize
