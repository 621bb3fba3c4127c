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
func NumPy(n *expr.Node) string {
	memo := map[*expr.Node]string{}
	for _, m := range expr.PostOrder(n) {
		memo[m] = numpyNode(m, func(i int) string { return memo[m.Arg(i)] })
	}
	return memo[n]
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

func numpyNode(n *expr.Node, arg func(int) string) string {
	if call, ok := numpyCalls[n.Op()]; ok {
		return "(" + strings.ReplaceAll(call, "#", arg(0)) + ")"
	}
	switch n.Op() {
	case expr.OpNum:
		return "(" + strconv.FormatFloat(n.Rat().Float(), 'g', 17, 64) + ")"
	case expr.OpSym:
		return n.Name()
	case expr.OpDim:
		return numpySize(n.Sizes()[0])
	case expr.OpEye:
		return "np.eye(" + n.Sizes()[0].String() + ")"
	case expr.OpOnes, expr.OpZeros:
		return "np." + n.Op().Info().Spell[0] + "((" + n.Shape().Rows.String() + "," + n.Shape().Cols.String() + "))"
	case expr.OpComm:
		return "comm(" + n.Sizes()[0].String() + "," + n.Sizes()[1].String() + ")"
	case expr.OpPow:
		if n.Shape().IsScalar() {
			return "(" + arg(0) + "**" + numpyExponent(n.Arg(1), arg(1)) + ")"
		}
		return "np.linalg.matrix_power(" + arg(0) + ", int(" + arg(1) + "))"
	case expr.OpHPow:
		return "(" + arg(0) + "**" + numpyExponent(n.Arg(1), arg(1)) + ")"
	case expr.OpKron:
		return "np.kron(" + arg(0) + "," + arg(1) + ")"
	case expr.OpApply:
		return n.Name() + strings.Repeat("_d", n.Order()) + "(" + arg(0) + ")"
	case expr.OpMul:
		return numpyProduct(n, arg)
	}
	parts := make([]string, len(n.Args()))
	for i := range parts {
		parts[i] = arg(i)
	}
	if n.Op() == expr.OpHCat || n.Op() == expr.OpVCat {
		for i, a := range n.Args() {
			if a.Shape().IsScalar() {
				parts[i] = "np.array([[" + parts[i] + "]])"
			}
		}
	}
	switch n.Op() {
	case expr.OpAdd:
		return "(" + strings.Join(parts, "+") + ")"
	case expr.OpHad:
		return "(" + strings.Join(parts, "*") + ")"
	case expr.OpHCat:
		return "np.hstack([" + strings.Join(parts, ",") + "])"
	}
	return "np.vstack([" + strings.Join(parts, ",") + "])"
}

func numpyExponent(e *expr.Node, text string) string {
	if k, ok := e.Rat().Int64(); ok && e.IsNum() {
		return "(" + strconv.FormatInt(k, 10) + ")"
	}
	return text
}

func numpyProduct(n *expr.Node, arg func(int) string) string {
	lead := len(n.Args()) - len(n.Product().Chain)
	var scalars, chain []string
	for i := range n.Args() {
		if i < lead {
			scalars = append(scalars, arg(i))
		} else {
			chain = append(chain, arg(i))
		}
	}
	if len(chain) > 0 {
		c := "(" + strings.Join(chain, "@") + ")"
		if n.Shape().IsScalar() {
			c += "[0,0]"
		}
		scalars = append(scalars, c)
	}
	return "(" + strings.Join(scalars, "*") + ")"
}
