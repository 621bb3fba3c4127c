package expr

import "github.com/nabla-go/nabla/matcalc/shape"

// Op names what a node does. Every Op has one row in the table of ops.go;
// other packages keep tables of their own keyed by Op.
type Op uint8

// The operators. Diag makes a diagonal matrix of a vector, DiagOf takes the
// diagonal of a matrix as a vector; both are written diag.
const (
	OpInvalid Op = iota

	// Leaves.
	OpNum   // a rational number: Node.Rat
	OpSym   // a variable: Node.Name, Node.Declared
	OpDim   // a dimension used as a number: Node.Sizes()[0]
	OpEye   // identity matrix
	OpOnes  // all ones
	OpZeros // all zeros
	OpComm  // commutation matrix K(m,n) vec A = vec A' for A m×n: Node.Sizes()

	// Structure.
	OpAdd  // n-ary sum
	OpMul  // n-ary product: Coef, Scalars, Chain
	OpHad  // n-ary elementwise product
	OpT    // transpose
	OpPow  // power of a scalar or of a square matrix
	OpHPow // elementwise power; one of the two may be a scalar

	// Elementwise functions.
	OpExp
	OpLog
	OpSin
	OpCos
	OpTan
	OpSinh
	OpCosh
	OpTanh
	OpArcsin
	OpArccos
	OpArctan
	OpSqrt
	OpAbs
	OpSign
	OpStep
	OpRelu
	OpSigmoid
	OpSoftplus
	OpApply // a declared function: Node.Name, Node.Order (primes)

	// Matrix functions.
	OpInv
	OpPinv
	OpAdj
	OpExpm
	OpPolar
	OpDiag
	OpDiagOf
	OpVec
	OpKron
	OpHCat
	OpVCat
	OpSoftmax
	OpSoftmaxRows
	OpSoftmaxCols
	OpLSERows
	OpLSECols

	// Vectors of a matrix.
	OpEigVecMax
	OpUSVMax
	OpVSVMax

	// Scalars of a matrix.
	OpDet
	OpLogDet
	OpTr
	OpSum
	OpNorm1
	OpNorm2
	OpLogSumExp
	OpEigMax
	OpSigmaMax
	OpNucNorm

	NumOps // the number of operators, not an operator
)

// Kind groups operators by how they are written and differentiated.
type Kind uint8

// The kinds of operator.
const (
	Leaf Kind = iota
	Structure
	Elementwise
	Function
)

// Prec is how tightly an operator binds when written.
type Prec uint8

// Precedences, loosest first.
const (
	PrecAdd Prec = iota + 1
	PrecMul
	PrecNeg
	PrecPow
	PrecPost
	PrecAtom
)

// Arg is an operand as a shape rule sees it: its shape and, when known, the
// text that was written.
type Arg struct {
	Shape shape.Shape
	Text  string
}

// Info is one row of the operator table.
type Info struct {
	Op    Op
	Name  string // the name used in messages and tables
	Kind  Kind
	Arity int // number of operands, -1 for n-ary
	Prec  Prec
	// Spell lists the function names that parse as this operator; the first
	// is printed. Operators written with a sign have none.
	Spell []string
	// Shape gives the result's shape or says why the operands do not fit.
	Shape func(args []Arg) (shape.Shape, *shape.Error)
	// Analytic is false when the value has kinks or is not complex
	// differentiable as computed (abs, relu, singular values).
	Analytic bool
	// Doc is the one-line meaning.
	Doc string
}

// Info is the operator's row.
func (o Op) Info() *Info { return &opTable[o] }

// String is the operator's name.
func (o Op) String() string {
	if o >= NumOps {
		return "invalid"
	}
	return opTable[o].Name
}

// IsElementwise reports a function applied to every entry.
func (o Op) IsElementwise() bool { return opTable[o].Kind == Elementwise }

var opTable = func() (t [NumOps]Info) {
	for _, r := range opRows {
		t[r.Op] = r
	}
	return t
}()

var spellings = func() map[string]Op {
	m := map[string]Op{}
	for _, r := range opRows {
		for _, s := range r.Spell {
			if _, dup := m[s]; !dup {
				m[s] = r.Op
			}
		}
	}
	return m
}()

// Lookup finds the operator that a function name spells.
func Lookup(name string) (Op, bool) {
	o, ok := spellings[name]
	return o, ok
}

// FunctionNames lists all spellings of functions and constants.
func FunctionNames() []string {
	var out []string
	for _, r := range opRows {
		out = append(out, r.Spell...)
	}
	return out
}
