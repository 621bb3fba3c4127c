package diff

// Rule is the differential of one function: a row of the reference and of the
// test. F and D are in the ASCII syntax; D is linear in the direction, which
// is named with a leading d (dX for X).
type Rule struct {
	Name   string
	NameZH string
	Vars   string // declarations, the directions included
	Wrt    string
	F      string
	D      string
	Why    string
	WhyZH  string
	Source string
}

// Rules are the differentials that the engine knows, written out.
func Rules() []Rule { return append([]Rule(nil), rules...) }

const (
	cookbook = "Petersen, Pedersen: The Matrix Cookbook (2012)"
	magnus   = "Magnus, Neudecker: Matrix Differential Calculus (1988)"
)

var rules = []Rule{
	{"sum rule", "加法法则", "X, dX, A: m×n", "X", "A+X", "dX", "constants drop out", "常数的微分为零", cookbook},
	{"product rule", "乘法法则", "X, dX: n×n; A: n×n", "X", "X*A*X", "dX*A*X+X*A*dX", "one factor at a time, the order kept", "逐个因子求微分，次序不变", cookbook},
	{"elementwise product rule", "逐元素乘法法则", "X, dX, A: m×n", "X", "A.*X", "A.*dX", "entry by entry", "逐元素", magnus},
	{"transpose rule", "转置法则", "X, dX: m×n", "X", "X'", "dX'", "linear", "线性", cookbook},
	{"trace rule", "迹法则", "X, dX, A: n×n", "X", "tr(A*X)", "tr(A*dX)", "linear", "线性", cookbook},
	{"sum of entries", "求和法则", "X, dX: m×n", "X", "sum(X)", "sum(dX)", "linear", "线性", ""},
	{"inverse rule", "逆矩阵法则", "X: n×n invertible; dX: n×n", "X", "inv(X)", "-inv(X)*dX*inv(X)", "differentiate X*inv(X) = I", "对 X*inv(X) = I 求微分", cookbook},
	{"determinant rule", "行列式法则", "X: n×n invertible; dX: n×n", "X", "det(X)", "det(X)*tr(inv(X)*dX)", "Jacobi's formula", "雅可比公式", cookbook},
	{"log-determinant rule", "对数行列式法则", "X: n×n posdet; dX: n×n", "X", "logdet(X)", "tr(inv(X)*dX)", "d log = d det / det", "d log = d det / det", cookbook},
	{"power rule", "幂法则", "X, dX: n×n", "X", "X^2", "dX*X+X*dX", "the product rule", "乘法法则", cookbook},
	{"scalar power rule", "标量幂法则", "c, dc: scalar", "c", "c^3", "3*c^2*dc", "calculus", "微积分", ""},
	{"norm rule", "范数法则", "x, dx: n", "x", "norm2(x)", "x'*dx/norm2(x)", "the chain rule for sqrt(x'*x)", "对 sqrt(x'*x) 用链式法则", cookbook},
	{"squared norm rule", "范数平方法则", "x, dx: n", "x", "norm2(x)^2", "2*x'*dx", "norm2(x)^2 = x'*x", "norm2(x)^2 = x'*x", cookbook},
	{"exponential", "指数函数", "X, dX: m×n", "X", "exp(X)", "exp(X).*dX", "entry by entry", "逐元素", ""},
	{"logarithm", "对数函数", "X: m×n positive; dX: m×n", "X", "log(X)", "dX./X", "entry by entry", "逐元素", ""},
	{"sine", "正弦函数", "X, dX: m×n", "X", "sin(X)", "cos(X).*dX", "entry by entry", "逐元素", ""},
	{"cosine", "余弦函数", "X, dX: m×n", "X", "cos(X)", "-sin(X).*dX", "entry by entry", "逐元素", ""},
	{"hyperbolic tangent", "双曲正切", "X, dX: m×n", "X", "tanh(X)", "(ones(m,n)-tanh(X).^2).*dX", "entry by entry", "逐元素", ""},
	{"sigmoid", "sigmoid 函数", "X, dX: m×n", "X", "sigmoid(X)", "sigmoid(X).*(ones(m,n)-sigmoid(X)).*dX", "entry by entry", "逐元素", ""},
	{"softmax", "softmax 函数", "x, dx: n", "x", "softmax(x)", "softmax(x).*dx-(softmax(x)'*dx)*softmax(x)", "the quotient rule", "商法则", ""},
	{"logsumexp", "logsumexp 函数", "x, dx: n", "x", "logsumexp(x)", "softmax(x)'*dx", "the chain rule", "链式法则", ""},
	{"declared function", "已声明的函数", "x, dx: n; sigma: function", "x", "sigma(x)", "sigma'(x).*dx", "entry by entry", "逐元素", ""},
	{"diagonal rule", "对角法则", "x, dx: n", "x", "diag(x)", "diag(dx)", "linear", "线性", ""},
	{"vec rule", "向量化法则", "X, dX: m×n", "X", "vec(X)", "vec(dX)", "linear", "线性", magnus},
	{"Kronecker rule", "Kronecker 积法则", "X, dX: m×n; A: p×q", "X", "kron(A,X)", "kron(A,dX)", "bilinear", "双线性", magnus},
	{"largest eigenvalue", "最大特征值", "A: n×n symmetric; dA: n×n", "A", "eigmax(A)", "eigvecmax(A)'*dA*eigvecmax(A)", "the eigenvector has length 1", "特征向量为单位长", magnus},
	{"largest singular value", "最大奇异值", "A, dA: m×n", "A", "sigmamax(A)", "usvmax(A)'*dA*vsvmax(A)", "the singular vectors have length 1", "奇异向量为单位长", magnus},
	{"elementwise power rule", "逐元素幂法则", "X, dX: m×n", "X", "X.^3", "3*X.^2.*dX", "entry by entry", "逐元素", ""},
	{"tangent", "正切函数", "X, dX: m×n", "X", "tan(X)", "dX./cos(X).^2", "entry by entry", "逐元素", ""},
	{"hyperbolic sine", "双曲正弦", "X, dX: m×n", "X", "sinh(X)", "cosh(X).*dX", "entry by entry", "逐元素", ""},
	{"hyperbolic cosine", "双曲余弦", "X, dX: m×n", "X", "cosh(X)", "sinh(X).*dX", "entry by entry", "逐元素", ""},
	{"inverse sine", "反正弦函数", "X: m×n small; dX: m×n", "X", "arcsin(X)", "dX./sqrt(ones(m,n)-X.^2)", "entry by entry", "逐元素", ""},
	{"inverse cosine", "反余弦函数", "X: m×n small; dX: m×n", "X", "arccos(X)", "-dX./sqrt(ones(m,n)-X.^2)", "entry by entry", "逐元素", ""},
	{"inverse tangent", "反正切函数", "X, dX: m×n", "X", "arctan(X)", "dX./(ones(m,n)+X.^2)", "entry by entry", "逐元素", ""},
	{"square root", "平方根", "X: m×n positive; dX: m×n", "X", "sqrt(X)", "0.5*dX./sqrt(X)", "entry by entry", "逐元素", ""},
	{"absolute value", "绝对值", "X: m×n nonzero; dX: m×n", "X", "abs(X)", "sign(X).*dX", "where no entry is 0", "各元素非零处", ""},
	{"sign of entries", "符号函数", "X: m×n nonzero; dX: m×n", "X", "sign(X)", "zeros(m,n)", "constant where no entry is 0", "各元素非零处为常数", ""},
	{"step", "阶跃函数", "X: m×n nonzero; dX: m×n", "X", "step(X)", "zeros(m,n)", "constant where no entry is 0", "各元素非零处为常数", ""},
	{"positive part", "正部函数", "X: m×n nonzero; dX: m×n", "X", "relu(X)", "step(X).*dX", "where no entry is 0", "各元素非零处", ""},
	{"softplus", "softplus 函数", "X, dX: m×n", "X", "softplus(X)", "sigmoid(X).*dX", "entry by entry", "逐元素", ""},
	{"row softmax", "逐行 softmax", "X, dX: m×n", "X", "softmax(X, rows)", "softmax(X, rows).*dX-diag((softmax(X, rows).*dX)*ones(n))*softmax(X, rows)", "the quotient rule in every row", "逐行商法则", ""},
	{"column softmax", "逐列 softmax", "X, dX: m×n", "X", "softmax(X, cols)", "softmax(X, cols).*dX-softmax(X, cols)*diag((softmax(X, cols).*dX)'*ones(m))", "the quotient rule in every column", "逐列商法则", ""},
	{"row logsumexp", "逐行 logsumexp", "X, dX: m×n", "X", "logsumexp(X, rows)", "(softmax(X, rows).*dX)*ones(n)", "the chain rule in every row", "逐行链式法则", ""},
	{"column logsumexp", "逐列 logsumexp", "X, dX: m×n", "X", "logsumexp(X, cols)", "ones(m)'*(softmax(X, cols).*dX)", "the chain rule in every column", "逐列链式法则", ""},
	{"diagonal of a matrix", "取对角线法则", "X, dX: n×n", "X", "diag(X)", "diag(dX)", "linear in the matrix", "关于矩阵线性", ""},
	{"blocks in a row", "分块行法则", "X, dX, A: m×n", "X", "[X, A]", "[dX, zeros(m,n)]", "block by block", "逐块", ""},
	{"blocks in a column", "分块列法则", "X, dX, A: m×n", "X", "[X; A]", "[dX; zeros(m,n)]", "block by block", "逐块", ""},
	{"adjugate rule", "伴随矩阵法则", "X: n×n invertible; dX: n×n", "X", "adj(X)", "tr(adj(X)*dX)*inv(X)-adj(X)*dX*inv(X)", "the product rule for det(X)*inv(X)", "对 det(X)*inv(X) 用乘法法则", magnus},
	{"pseudoinverse rule", "伪逆法则", "X: m×n tall; dX: m×n", "X", "pinv(X)", "inv(X'*X)*dX'*(eye(m)-X*pinv(X))-pinv(X)*dX*pinv(X)", "pinv(X) = inv(X'X)X' for full column rank", "列满秩时 pinv(X) = inv(X'X)X'", "Golub, Pereyra: SIAM J. Numer. Anal. 10 (1973)"},
	{"matrix exponential", "矩阵指数", "A: n×n; t, dt: scalar", "t", "expm(t*A)", "dt*A*expm(t*A)", "the direction commutes with the argument", "方向与自变量可交换", cookbook},
	{"1-norm", "1-范数", "X: m×n nonzero; dX: m×n", "X", "norm1(X)", "sum(sign(X).*dX)", "where no entry is 0", "各元素非零处", ""},
	{"nuclear norm", "核范数", "X, dX: m×n", "X", "nucnorm(X)", "tr(polar(X)'*dX)", "at full rank", "满秩处", ""},
}
