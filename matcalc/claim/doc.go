// Package claim judges what a person wrote: an identity, a derivative, a
// differential, or a derivation of several lines. It tells whether a line
// holds by evaluating both sides at random points of several sizes; where it
// does not, it says which term differs, gives numbers that show it, and looks
// for the repair that makes it right in a table of the mistakes that people
// make: a factor, a sign, a transpose, an assumption such as symmetry, ⊙ for a
// product, factors out of order, the other layout, a lost sum.
//
// A reader starts at Judge, then at the table in repairs.go.
package claim
