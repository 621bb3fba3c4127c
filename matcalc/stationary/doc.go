// Package stationary solves gradient = 0. It solves equations that are affine
// in the unknown (normal equations, A X B = C, A X + X B = C), undoes maps
// that can be inverted (-inv(X) + S = 0), finds all roots of a scalar unknown,
// eigenvectors for Rayleigh quotients, and handles equality constraints by
// Lagrange multipliers. The kind of the point follows from properties of the
// Hessian, the condition from the inverses in the solution; the solution is
// put into the gradient at random points before it is shown. Where no closed
// form is known the equation is the answer.
//
// A reader starts at Find, then at solve.
package stationary
