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
	{"norm rule", "范数法则", "x, dx: n", "x", "norm2(x)^2", "2*x'*dx", "norm2(x)^2 = x'*x", "norm2(x)^2 = x'*x", cookbook},
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
}
