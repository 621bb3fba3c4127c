// Package diff differentiates expressions: gradients of scalars by adjoints,
// derivatives by a scalar and in a direction by differentials, Jacobians and
// Hessians as d vec(F)/d vec(X)' with Kronecker products where needed.
//
// Every operator has its rules in the tables of this package; a test names the
// operators that lack one.
package diff
