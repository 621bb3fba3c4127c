package matcalc

import "github.com/nabla-go/nabla/matcalc/diff"

// Kind names what is asked for; see diff.Kind.
type Kind = diff.Kind

// Structure names a convention for a structured variable; see diff.Structure.
type Structure = diff.Structure
