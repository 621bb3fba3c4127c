package matcalc

import "github.com/nabla-go/nabla/matcalc/format"

// String is the expression in ASCII; it parses back.
func (f *Expr) String() string { return format.ASCII(f.node) }
