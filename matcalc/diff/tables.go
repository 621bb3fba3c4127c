package diff

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
)

// withoutClosedForm are operators whose derivative has none in the syntax.
var withoutClosedForm = map[expr.Op]bool{
	expr.OpPolar: true, expr.OpEigVecMax: true, expr.OpUSVMax: true, expr.OpVSVMax: true,
}

// noJacobian are operators with scalar values, whose Jacobian is their
// gradient as a row, and those that are known by gradient only.
var noJacobian = map[expr.Op]bool{expr.OpExpm: true}

// Lacking names the tables in which an operator should have a row and has not.
func Lacking(op expr.Op) []string {
	var out []string
	kind := op.Info().Kind
	if kind == expr.Leaf || withoutClosedForm[op] {
		return nil
	}
	if kind == expr.Elementwise {
		if function.Of(op) == nil && op != expr.OpApply {
			out = append(out, "function/elementwise.go")
		}
		return out
	}
	if pullRows[op] == nil {
		out = append(out, "pullRows")
	}
	if pushRows[op] == nil {
		out = append(out, "pushRows")
	}
	one := expr.NewContext().Int(1)
	if s, err := expr.ShapeOf(op, []*expr.Node{one, one}[:max(1, min(2, op.Info().Arity))]); err == nil && s.IsScalar() && isScalarValued(op) {
		return out
	}
	if jacRows[op] == nil && !noJacobian[op] {
		out = append(out, "jacRows")
	}
	return out
}

// isScalarValued are the functions of a matrix whose value is a number.
func isScalarValued(op expr.Op) bool { return op >= expr.OpDet }

// HasDerivative reports that the operator's derivative has a form in the syntax.
func HasDerivative(op expr.Op) bool { return !withoutClosedForm[op] }
