package derive

import (
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// ByComponents is not there yet.
func ByComponents(_, _, _ *expr.Node, _ diff.Request) (*Derivation, error) {
	return nil, refusal("", "")
}
