// Package check puts numbers to expressions: it evaluates them on small random
// matrices that satisfy the declared facts, carries first derivatives along
// (dual numbers), and so tells whether a derivative is right or two
// expressions are equal.
package check
