// Package review reads what a person wrote on several lines, a derivation or a
// list of statements, and judges every line.
//
//	[1.1] Y = x'*A*x                              a definition
//	[1.2] Y + dY = (x+dx)'*A*(x+dx)               d as an increment
//	      dY = dx'*A*x + x'*A*dx + O(norm2(dx)^2) with a remainder
//	         = 2*x'*A*dx                          d to first order; the line goes on
//	[1.3] ∂Y/∂x = 2*x'*A                          a derivative, in the layout asked for
//	      ∂Y/∂x[k] = sum(i, (A[k,i]+A[i,k])*x[i]) entries, for every k
//	      ∂Y/∂x_k = ∑_i (A_{ki}+A_{ik}) x_i       the same, as LaTeX writes it
//	      ∂Y/∂x = 0 => x = zeros(n)               a solution
//	      A*B ≠ B*A                               a statement that does not hold in general
//	      "..."                                   words, which are only recorded
//
// A label in brackets is kept with the verdict of its line. Both sides are
// made expressions (reader.go) or values of entries (entry.go) and compared by
// package claim; d is first taken as an increment and then as a differential
// (statement.go).
package review
