package format

import (
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// NumPy writes the expression as Python over np, sla (scipy.linalg) and
// comm(m,n): scalars are floats, vectors (n,1) columns, dimensions ints.
func NumPy(n *expr.Node) string { return numpyOf(n).text }

// numpyFactor is the expression as a factor of a Python product.
func numpyFactor(n *expr.Node) string { return numpyOf(n).from(pythonPower) }

func numpyOf(n *expr.Node) python {
	memo := map[*expr.Node]python{}
	for _, m := range expr.PostOrder(n) {
		memo[m] = numpyNode(m, func(i int) python { return memo[m.Arg(i)] })
	}
	return memo[n]
}

// python is an expression of Python and how tightly it holds together.
type python struct {
	text  string
	level pythonLevel
}

type pythonLevel int

// The levels, from the loosest. A product with @ is looser than one of * alone,
// though Python has them as one: brackets show what is a matrix product.
const (
	pythonSum pythonLevel = iota
	pythonMatrixProduct
	pythonProduct
	pythonMinus
	pythonPower
	pythonAtom
)

// from is the text for a place that wants at least a level.
func (p python) from(level pythonLevel) string {
	if p.level < level {
		return "(" + p.text + ")"
	}
	return p.text
}

// pythonOf finds the level of a text by its operators outside of brackets.
func pythonOf(text string) python {
	level, depth := pythonAtom, 0
	for i := 0; i < len(text); i++ {
		at := pythonAtom
		switch c := text[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth > 0:
		case c == '+' || c == '-':
			exponent := i > 1 && text[i-1] == 'e' && text[i-2] >= '0' && text[i-2] <= '9'
			switch {
			case i == 0:
				at = pythonMinus
			case !exponent && text[i-1] != '*':
				at = pythonSum
			}
		case c == '*' && i+1 < len(text) && text[i+1] == '*':
			at = pythonPower
			i++
		case c == '*' || c == '/':
			at = pythonProduct
		case c == '@':
			at = pythonMatrixProduct
		}
		level = min(level, at)
	}
	return python{text, level}
}

// call puts an operand into a template, in brackets where the template has none
// of its own.
func (p python) call(template string) python {
	text := template
	if p.level == pythonAtom {
		text = strings.ReplaceAll(strings.TrimPrefix(text, "(#)"), "#", p.text)
		if strings.HasPrefix(template, "(#)") {
			text = p.text + text
		}
		return pythonOf(text)
	}
	for _, own := range []string{"(#)", "(#,"} {
		text = strings.ReplaceAll(text, own, "("+p.text+own[2:])
	}
	return pythonOf(strings.ReplaceAll(text, "#", "("+p.text+")"))
}

// numpyCalls are functions of one operand; # stands for the operand.
var numpyCalls = withElementwise(func(f function.Elementwise) string { return f.NumPy }, map[expr.Op]string{
	expr.OpInv: "np.linalg.inv(#)", expr.OpPinv: "np.linalg.pinv(#)",
	expr.OpAdj: "np.linalg.det(#)*np.linalg.inv(#)", expr.OpExpm: "sla.expm(#)",
	expr.OpPolar: "(lambda s: s[0]@s[2])(np.linalg.svd(#, full_matrices=False))",
	expr.OpDiag:  "np.diagflat(#)", expr.OpDiagOf: "np.diag(#).reshape(-1,1)", expr.OpVec: "(#).reshape(-1,1,order='F')",
	expr.OpSoftmax: "(lambda z: z/np.sum(z))(np.exp(#))", expr.OpSoftmaxRows: "(lambda z: z/np.sum(z,axis=1,keepdims=True))(np.exp(#))",
	expr.OpSoftmaxCols: "(lambda z: z/np.sum(z,axis=0,keepdims=True))(np.exp(#))",
	expr.OpLSERows:     "np.log(np.sum(np.exp(#),axis=1,keepdims=True))", expr.OpLSECols: "np.log(np.sum(np.exp(#),axis=0,keepdims=True))",
	expr.OpEigVecMax: "np.linalg.eigh(#)[1][:, -1:]", expr.OpUSVMax: "np.linalg.svd(#)[0][:, :1]", expr.OpVSVMax: "np.linalg.svd(#)[2][:1, :].T",
	expr.OpDet: "np.linalg.det(#)", expr.OpLogDet: "np.log(np.linalg.det(#))", expr.OpTr: "np.trace(#)", expr.OpSum: "np.sum(#)",
	expr.OpNorm1: "np.sum(np.abs(#))", expr.OpNorm2: "np.linalg.norm(#)", expr.OpLogSumExp: "np.log(np.sum(np.exp(#)))",
	expr.OpEigMax: "np.linalg.eigvalsh(#)[-1]", expr.OpSigmaMax: "np.linalg.svd(#)[1][0]",
	expr.OpNucNorm: "np.sum(np.linalg.svd(#,full_matrices=False)[1])", expr.OpT: "(#).T",
})

func numpySize(s shape.Size) string { return "(" + s.String() + ")" }

func numpyNode(n *expr.Node, arg func(int) python) python {
	if call, ok := numpyCalls[n.Op()]; ok {
		return arg(0).call(call)
	}
	switch n.Op() {
	case expr.OpNum:
		return pythonOf(strconv.FormatFloat(n.Rat().Float(), 'g', -1, 64))
	case expr.OpSym:
		return python{n.Name(), pythonAtom}
	case expr.OpDim:
		return pythonOf(n.Sizes()[0].String())
	case expr.OpEye:
		return pythonOf("np.eye(" + n.Sizes()[0].String() + ")")
	case expr.OpOnes, expr.OpZeros:
		return pythonOf("np." + n.Op().Info().Spell[0] + "((" + n.Shape().Rows.String() + ", " + n.Shape().Cols.String() + "))")
	case expr.OpComm:
		return pythonOf("comm(" + n.Sizes()[0].String() + ", " + n.Sizes()[1].String() + ")")
	case expr.OpPow:
		if n.Shape().IsScalar() {
			return numpyPower(arg(0), n.Arg(1), arg(1))
		}
		return pythonOf("np.linalg.matrix_power(" + arg(0).text + ", int(" + arg(1).text + "))")
	case expr.OpHPow:
		return numpyPower(arg(0), n.Arg(1), arg(1))
	case expr.OpKron:
		return pythonOf("np.kron(" + arg(0).text + ", " + arg(1).text + ")")
	case expr.OpApply:
		return pythonOf(n.Name() + strings.Repeat("_d", n.Order()) + "(" + arg(0).text + ")")
	case expr.OpMul:
		return numpyProduct(n, arg)
	case expr.OpAdd:
		return numpySum(n, arg)
	case expr.OpHad:
		return numpyFraction(numpyFractions(n.Args(), arg))
	}
	parts := make([]string, len(n.Args()))
	for i, a := range n.Args() {
		if parts[i] = arg(i).text; a.Shape().IsScalar() {
			parts[i] = "np.array([[" + parts[i] + "]])"
		}
	}
	stack := "np.vstack"
	if n.Op() == expr.OpHCat {
		stack = "np.hstack"
	}
	return pythonOf(stack + "([" + strings.Join(parts, ", ") + "])")
}

func numpyPower(base python, e *expr.Node, exponent python) python {
	if k, ok := e.Rat().Int64(); ok && e.IsNum() {
		exponent = pythonOf(strconv.FormatInt(k, 10))
	}
	return python{base.from(pythonAtom) + "**" + exponent.from(pythonMinus), pythonPower}
}

// numpySum puts minus signs between terms.
func numpySum(n *expr.Node, arg func(int) python) python {
	text := ""
	for i := range n.Args() {
		term := arg(i).from(pythonMatrixProduct)
		switch rest, negative := strings.CutPrefix(term, "-"); {
		case i == 0:
			text = term
		case negative:
			text += " - " + rest
		default:
			text += " + " + term
		}
	}
	return python{text, pythonSum}
}

// numpyFractions parts factors into those above the line and those below, which
// have negative integers as exponents.
func numpyFractions(factors []*expr.Node, arg func(int) python) (above, below []string) {
	for i, f := range factors {
		p := arg(i)
		if f.Op() == expr.OpHPow || f.Op() == expr.OpPow && f.Shape().IsScalar() {
			if _, exponent, ok := strings.Cut(p.text[strings.LastIndex(p.text, ")")+1:], "**-"); ok && f.Arg(1).IsNum() {
				base := strings.TrimSuffix(p.text, "**-"+exponent)
				if exponent != "1" {
					base += "**" + exponent
				}
				below = append(below, base)
				continue
			}
		}
		above = append(above, p.from(pythonPower))
	}
	return above, below
}

// numpyFraction joins what stands above the line and below it.
func numpyFraction(above, below []string) python {
	if len(above) == 0 {
		above = []string{"1"}
	}
	text := strings.Join(append([]string{strings.Join(above, "*")}, below...), "/")
	if len(above)+len(below) == 1 {
		return pythonOf(text)
	}
	return python{text, pythonProduct}
}

func numpyProduct(n *expr.Node, arg func(int) python) python {
	lead := len(n.Args()) - len(n.Product().Chain)
	sign, first := "", 0
	var number []string
	if lead > 0 && n.Arg(0).IsNum() && n.Arg(0).Rat().Float() < 0 {
		sign, first = "-", 1
		if size := strings.TrimPrefix(arg(0).text, "-"); size != "1" {
			number = []string{size}
		}
	}
	above, below := numpyFractions(n.Args()[first:lead], func(i int) python { return arg(first + i) })
	above = append(number, above...)
	var chain []string
	for i := lead; i < len(n.Args()); i++ {
		chain = append(chain, arg(i).from(pythonPower))
	}
	product := python{strings.Join(chain, "@"), pythonMatrixProduct}
	switch {
	case len(chain) > 0 && n.Shape().IsScalar():
		product = python{product.from(pythonAtom) + "[0,0]", pythonAtom}
	case len(chain) == 1:
		product = arg(lead)
	}
	switch {
	case len(chain) > 0 && len(above)+len(below) == 0:
		return signed(sign, product)
	case len(chain) > 0:
		above = append(above, product.from(pythonProduct))
	}
	return signed(sign, numpyFraction(above, below))
}

// signed puts a sign before a product.
func signed(sign string, p python) python {
	if sign == "" {
		return p
	}
	text := sign + p.from(pythonMatrixProduct)
	if strings.HasPrefix(p.text, "-") {
		text = sign + "(" + p.text + ")"
	}
	if p.level == pythonMatrixProduct {
		return python{text, pythonMatrixProduct}
	}
	return python{text, pythonMinus}
}
