package matcalc

import (
	"github.com/nabla-go/nabla/matcalc/format"
)

// String is the expression in ASCII; it parses back.
func (f *Expr) String() string { return format.ASCII(f.node) }

// ASCII is the expression in the ASCII syntax.
func (f *Expr) ASCII() string { return format.ASCII(f.node) }

// NumPy is the expression as Python over np, sla and comm.
func (f *Expr) NumPy() string { return format.NumPy(f.node) }

// Size counts the numbers, names, calls and operators of the ASCII form.
func (f *Expr) Size() int { return f.node.Size() }

// SetBold makes LaTeX set vectors and matrices in bold, or as plain italics, which
// it does at first.
func SetBold(on bool) { format.SetBold(on) }

// LaTeX is the expression as LaTeX without delimiters.
func (f *Expr) LaTeX() string { return format.LaTeX(f.node) }

// Go is a Go function over gonum that computes the expression, with the
// helpers that it calls; a file around it imports math and gonum's mat.
func (f *Expr) Go(name string) string { return format.Go(f.node, name) }

// Unicode is the expression in Unicode, as in xᵀAx; it parses back.
func (f *Expr) Unicode() string { return format.Unicode(f.node) }

// Text is the form for a terminal and for text/plain in a notebook: Unicode as
// a page would print it, 2Ax for 2·A·x.
func (f *Expr) Text() string { return format.Shown(f.node) }
