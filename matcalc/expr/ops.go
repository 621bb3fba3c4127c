package expr

// opRows is the operator table. To add a function, add a row here and one row
// in each table that the test of that package names as lacking it.
var opRows = []Info{
	{OpInvalid, "invalid", Leaf, 0, PrecAtom, nil, nil, true, ""},
	{OpNum, "number", Leaf, 0, PrecAtom, nil, nil, true, "a rational number"},
	{OpSym, "variable", Leaf, 0, PrecAtom, nil, nil, true, "a declared variable"},
	{OpDim, "dimension", Leaf, 0, PrecAtom, nil, nil, true, "a dimension as a number"},
	{OpEye, "eye", Leaf, 0, PrecAtom, []string{"eye"}, nil, true, "identity matrix eye(n)"},
	{OpOnes, "ones", Leaf, 0, PrecAtom, []string{"ones"}, nil, true, "all ones: ones(n), ones(m,n)"},
	{OpZeros, "zeros", Leaf, 0, PrecAtom, []string{"zeros"}, nil, true, "all zeros: zeros(n), zeros(m,n)"},
	{OpComm, "K", Leaf, 0, PrecAtom, []string{"K"}, nil, true, "commutation matrix: K(m,n)*vec(A) = vec(A') for A m×n"},

	{OpAdd, "addition", Structure, -1, PrecAdd, nil, shapeAdd, true, "sum of terms of one shape"},
	{OpMul, "product", Structure, -1, PrecMul, nil, shapeMul, true, "matrix product, or scaling by a scalar"},
	{OpHad, "elementwise product", Structure, -1, PrecMul, nil, shapeHad, true, "elementwise product"},
	{OpT, "transpose", Structure, 1, PrecPost, nil, shapeT, true, "transpose"},
	{OpPow, "power", Structure, 2, PrecPow, nil, shapePow, true, "power of a scalar or of a square matrix"},
	{OpHPow, "elementwise power", Structure, 2, PrecPow, nil, shapeHPow, true, "elementwise power"},

	elementwise(OpExp, true, "exponential of each entry", "exp"),
	elementwise(OpLog, true, "natural logarithm of each entry", "log", "ln"),
	elementwise(OpSin, true, "sine", "sin"),
	elementwise(OpCos, true, "cosine", "cos"),
	elementwise(OpTan, true, "tangent", "tan"),
	elementwise(OpSinh, true, "hyperbolic sine", "sinh"),
	elementwise(OpCosh, true, "hyperbolic cosine", "cosh"),
	elementwise(OpTanh, true, "hyperbolic tangent", "tanh"),
	elementwise(OpArcsin, true, "inverse sine", "arcsin"),
	elementwise(OpArccos, true, "inverse cosine", "arccos"),
	elementwise(OpArctan, true, "inverse tangent", "arctan"),
	elementwise(OpSqrt, true, "square root", "sqrt"),
	elementwise(OpAbs, false, "absolute value", "abs"),
	elementwise(OpSign, false, "sign: -1, 0 or 1", "sign"),
	elementwise(OpStep, false, "1 where the entry is positive, else 0", "step"),
	elementwise(OpRelu, false, "max(x, 0)", "relu"),
	elementwise(OpSigmoid, true, "1/(1+exp(-x))", "sigmoid"),
	elementwise(OpSoftplus, true, "log(1+exp(x))", "softplus"),
	{OpApply, "declared function", Elementwise, 1, PrecAtom, nil, shapeSame, true, "a declared elementwise function"},

	function(OpInv, shapeSquare, true, "inverse", "inv"),
	function(OpPinv, shapePinv, false, "Moore-Penrose pseudoinverse", "pinv"),
	function(OpAdj, shapeSquare, true, "adjugate: det(A)*inv(A)", "adj"),
	function(OpExpm, shapeSquare, true, "matrix exponential", "expm"),
	function(OpPolar, shapeSameMatrix, false, "orthogonal polar factor U*V' of U*S*V'", "polar"),
	function(OpDiag, shapeDiag, true, "diagonal matrix of a vector", "diag"),
	function(OpDiagOf, shapeDiagOf, true, "diagonal of a matrix as a vector"),
	function(OpVec, shapeVec, true, "columns stacked", "vec"),
	{OpKron, "kron", Function, 2, PrecAtom, []string{"kron"}, shapeKron, true, "Kronecker product"},
	{OpHCat, "blocks in a row", Function, -1, PrecAtom, nil, shapeHCat, true, "blocks side by side: [A, B]"},
	{OpVCat, "blocks in a column", Function, -1, PrecAtom, nil, shapeVCat, true, "blocks stacked: [A; B]"},
	function(OpSoftmax, shapeSame, true, "exp(x)/sum(exp(x)) over all entries", "softmax"),
	function(OpSoftmaxRows, shapeSame, true, "softmax of each row: softmax(Z, rows)"),
	function(OpSoftmaxCols, shapeSame, true, "softmax of each column: softmax(Z, cols)"),
	function(OpLSERows, shapePerRow, true, "logsumexp of each row: logsumexp(Z, rows)"),
	function(OpLSECols, shapePerCol, true, "logsumexp of each column: logsumexp(Z, cols)"),

	function(OpEigVecMax, shapeEigVec, false, "unit eigenvector of the largest eigenvalue (symmetric)", "eigvecmax"),
	function(OpUSVMax, shapePerRow, false, "left singular vector of the largest singular value", "usvmax"),
	function(OpVSVMax, shapeVSV, false, "right singular vector of the largest singular value", "vsvmax"),

	function(OpDet, shapeSquareScalar, true, "determinant", "det"),
	function(OpLogDet, shapeSquareScalar, true, "logarithm of the determinant", "logdet"),
	function(OpTr, shapeTrace, true, "trace", "tr"),
	function(OpSum, shapeScalar, true, "sum of all entries", "sum"),
	function(OpNorm1, shapeScalar, false, "sum of absolute values", "norm1"),
	function(OpNorm2, shapeScalar, true, "Euclidean (Frobenius) norm", "norm2"),
	function(OpLogSumExp, shapeScalar, true, "log(sum(exp(x)))", "logsumexp"),
	function(OpEigMax, shapeSquareScalar, false, "largest eigenvalue (symmetric)", "eigmax"),
	function(OpSigmaMax, shapeScalar, false, "largest singular value", "sigmamax"),
	function(OpNucNorm, shapeScalar, false, "nuclear norm, the sum of singular values", "nucnorm"),
}

func elementwise(op Op, analytic bool, doc string, spell ...string) Info {
	return Info{op, spell[0], Elementwise, 1, PrecAtom, spell, shapeSame, analytic, doc}
}

func function(op Op, rule shapeRule, analytic bool, doc string, spell ...string) Info {
	name := functionNames[op]
	if name == "" {
		name = spell[0]
	}
	return Info{op, name, Function, 1, PrecAtom, spell, rule, analytic, doc}
}

// functionNames names the functions that share a spelling with another.
var functionNames = map[Op]string{
	OpDiag: "diag", OpDiagOf: "diagonal of",
	OpSoftmaxRows: "row softmax", OpSoftmaxCols: "column softmax",
	OpLSERows: "row logsumexp", OpLSECols: "column logsumexp",
}
