package matcalc

import "github.com/nabla-go/nabla/matcalc/shape"

// Error is what a faulty expression gives: Class says of what kind, Message
// names the operands with their shapes, Expr with Pos and End is the place,
// Hint says how to mend it. The functions of this package panic with *Error.
type Error = shape.Error

// raise panics with err as an *Error.
func raise(err error) {
	if err == nil {
		return
	}
	if e, ok := err.(*Error); ok {
		panic(e)
	}
	panic(shape.NewError(shape.Internal, err.Error(), ""))
}
