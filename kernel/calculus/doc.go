// Package calculus is where the two halves meet: what a person types besides
// Go, such as
//
//	%derive x'*A*x wrt x where A: n×n symmetric; x: n
//
// becomes questions to matcalc. A Notebook remembers declarations, layout and
// language between cells, proposes shapes for names that nobody declared,
// completes names inside expressions, and recognises mathematics that was typed
// as Go. It runs no cells and knows no interpreter.
package calculus
