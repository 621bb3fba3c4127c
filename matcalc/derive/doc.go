// Package derive writes derivations: lines that lead from an expression to its
// derivative, each by rules with a name, each checked numerically.
//
// The strategy is that of differentials: take d of both sides, move it inwards
// by rules, bring what is left to tr(G'dX), and compare with
// df = tr((∂f/∂X)'dX).
package derive
