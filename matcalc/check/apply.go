package check

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
)

// Apply is the value of the operator of n for values of its operands, which n
// itself need not have.
func Apply(n *expr.Node, args []*Value) (*Value, error) {
	if row := function.Of(n.Op()); row != nil && len(args) == 1 {
		return mapEach(args[0], row.Value, row.Slope), nil
	}
	if f := evalRows[n.Op()]; f != nil {
		return f(n, args), nil
	}
	return nil, fmt.Errorf("%v has no numeric value", n.Op())
}
