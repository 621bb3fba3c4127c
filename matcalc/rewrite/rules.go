package rewrite

// Rule is one identity: a row of the reference and of the test. Left and Right
// are in the ASCII syntax over the variables of Vars, whose facts are the
// rule's conditions.
type Rule struct {
	Name   string // English
	NameZH string // Chinese
	Vars   string // declarations with the conditions
	Left   string
	Right  string
	Why    string
	WhyZH  string
	Source string
}

// Rules are the identities that simplification uses, Left to Right. To add
// one, add a row and the code in the reducer of Left's operator; the test walks
// all rows and says what is missing.
func Rules() []Rule { return append([]Rule(nil), rules...) }

const (
	cookbook = "Petersen, Pedersen: The Matrix Cookbook (2012)"
	magnus   = "Magnus, Neudecker: Matrix Differential Calculus (1988)"
)

var rules = []Rule{
	{"double transpose", "二次转置", "A: m×n", "(A')'", "A", "rows and columns change places twice", "行列互换两次", cookbook},
	{"transpose of a product", "乘积的转置", "A: m×n; B: p×n", "(A*B')'", "B*A'", "the order turns round", "次序反转", cookbook},
	{"transpose of a symmetric matrix", "对称矩阵的转置", "A: n×n symmetric", "A'", "A", "the definition of symmetry", "对称的定义", ""},
	{"transpose of a skew matrix", "反对称矩阵的转置", "A: n×n skew", "A'*A", "-A*A", "the definition of skew symmetry", "反对称的定义", ""},
	{"transpose of a sum of transposes", "转置之和", "A, B: m×n", "A'+B'", "(A+B)'", "transposition is linear", "转置是线性的", ""},
	{"like terms", "合并同类项", "A: m×n", "A+2*A", "3*A", "distributivity", "分配律", ""},
	{"equal quadratic terms", "对称二次项合并", "A: n×n symmetric; x: n", "A*x+A'*x", "2*A*x", "A is symmetric", "A 对称", cookbook},
	{"common left factor", "提取左公因子", "A: m×n; x, y: n", "A*x+A*y", "A*(x+y)", "distributivity", "分配律", ""},
	{"common right factor", "提取右公因子", "A, B: m×n; x: n", "A*x+B*x", "(A+B)*x", "distributivity", "分配律", ""},
	{"common scalar factor", "提取标量公因子", "c: scalar; x, y: n", "c*x+c*y", "c*(x+y)", "distributivity", "分配律", ""},
	{"common elementwise factor", "提取逐元素公因子", "x, y, z: n", "x.*y+x.*z", "x.*(y+z)", "distributivity in every entry", "逐元素分配律", ""},
	{"identity factor", "单位矩阵因子", "A: n×n", "eye(n)*A", "A", "the definition of the identity", "单位矩阵的定义", ""},
	{"inverse cancels", "逆相消", "A: n×n invertible; x: n", "inv(A)*A*x", "x", "the definition of the inverse", "逆的定义", ""},
	{"double inverse", "二次求逆", "A: n×n invertible", "inv(inv(A))", "A", "the definition of the inverse", "逆的定义", ""},
	{"inverse of a transpose", "转置的逆", "A: n×n invertible", "inv(A')*A'*A", "A", "inverse and transpose commute", "逆与转置可交换", cookbook},
	{"inverse of a multiple", "数乘的逆", "A: n×n invertible; c: scalar positive", "inv(c*A)*c", "inv(A)", "scalars pass through", "标量可提出", ""},
	{"inverse of an orthogonal matrix", "正交矩阵的逆", "Q: n×n orthogonal", "inv(Q)", "Q'", "Q'Q = I", "Q'Q = I", ""},
	{"orthogonal factors cancel", "正交因子相消", "Q: n×n orthogonal; x: n", "Q'*Q*x", "x", "Q'Q = I", "Q'Q = I", ""},
	{"norm under an orthogonal map", "正交变换保范", "Q: n×n orthogonal; x: n", "norm2(Q*x)", "norm2(x)", "lengths are kept", "长度不变", ""},
	{"projector is idempotent", "投影幂等", "P: n×n projector; x: n", "P*P*x", "P*x", "PP = P", "PP = P", ""},
	{"equal factors", "相同因子", "A: n×n", "A*A*A", "A^3", "the definition of a power", "幂的定义", ""},
	{"powers add", "幂相加", "c: scalar", "c*c^2", "c^3", "exponents of one base add", "同底数幂相加", ""},
	{"square of a root", "根的平方", "c: scalar positive", "sqrt(c)*sqrt(c)", "c", "the definition of the root", "平方根的定义", ""},
	{"elementwise powers add", "逐元素幂相加", "x: n", "x.*x.^2", "x.^3", "exponents add in every entry", "逐元素同底数幂相加", ""},
	{"ones in an elementwise product", "与全一相乘", "A: m×n", "ones(m,n).*A", "A", "1 is neutral", "1 是单位元", ""},
	{"diagonal matrix times a vector", "对角阵乘向量", "u, v: n", "diag(u)*v", "u.*v", "row i is scaled by u_i", "第 i 行乘以 u_i", ""},
	{"product of diagonal matrices", "对角阵之积", "u, v: n", "diag(u)*diag(v)", "diag(u.*v)", "only diagonals meet", "只有对角元相乘", ""},
	{"inverse of a diagonal matrix", "对角阵的逆", "u: n positive", "inv(diag(u))", "diag(ones(n)./u)", "each entry is inverted", "对角元各取倒数", ""},
	{"exponential of a diagonal matrix", "对角阵的指数", "u: n", "expm(diag(u))", "diag(exp(u))", "powers of diagonal matrices", "对角阵的幂仍为对角阵", ""},
	{"exponential of a transpose", "转置的矩阵指数", "A: n×n", "expm(A')'", "expm(A)", "the series, term by term", "级数逐项转置", ""},
	{"sum with a multiple of ones", "含全一倍数的和", "x: n; c: scalar", "sum(x-c*ones(n))", "sum(x)-n*c", "the sum is linear", "求和是线性的", ""},
	{"step of a positive part", "正部与阶跃", "x: n", "relu(x).*step(x)", "relu(x)", "the step is 1 where relu is not 0", "relu 非零处阶跃为 1", ""},
	{"powers of a step", "阶跃的幂", "x: n", "step(x).^2", "step(x)", "0 and 1 are their own squares", "0 与 1 的平方是自身", ""},
	{"sign and absolute value", "符号与绝对值", "x: n", "sign(x).*abs(x)", "x", "definition", "定义", ""},
	{"open powers add", "含变量指数的幂", "t: scalar positive", "t*t^(t-1)", "t^t", "exponents of one base add", "同底数幂指数相加", ""},
	{"diagonal of ones", "全一对角阵", "x: n", "diag(ones(n))*x", "x", "the identity", "单位矩阵", ""},
	{"diagonal of an outer product", "外积的对角线", "u, v: n", "diag(u*v')", "u.*v", "entry i is u_i v_i", "第 i 个元素为 u_i v_i", ""},
	{"diagonal of a diagonal matrix", "对角阵的对角线", "u: n", "diag(diag(u))", "u", "definition", "定义", ""},
	{"inner product with ones", "与全一内积", "x: n", "ones(n)'*x", "sum(x)", "the definition of the sum", "和的定义", ""},
	{"trace of an outer product", "外积的迹", "x, y: n", "tr(x*y')", "x'*y", "tr(AB) = tr(BA)", "tr(AB) = tr(BA)", cookbook},
	{"trace of a transpose", "转置的迹", "A: n×n", "tr(A')", "tr(A)", "the diagonal stays", "对角线不变", cookbook},
	{"trace of a multiple", "数乘的迹", "A: n×n; c: scalar", "tr(2*c*A)", "2*c*tr(A)", "the trace is linear", "迹是线性的", ""},
	{"trace of the identity", "单位矩阵的迹", "x: n", "tr(eye(n))", "n", "n ones", "n 个 1", ""},
	{"trace of a diagonal matrix", "对角阵的迹", "u: n", "tr(diag(u))", "sum(u)", "definition", "定义", ""},
	{"trace of a similar matrix", "相似矩阵的迹", "A: n×n invertible; B: n×n", "tr(inv(A)*B*A)", "tr(B)", "the trace is cyclic", "迹的循环性", cookbook},
	{"trace of a Kronecker product", "Kronecker 积的迹", "A: n×n; B: m×m", "tr(kron(A,B))", "tr(A)*tr(B)", "the diagonal blocks are a_ii B", "对角块为 a_ii B", magnus},
	{"sum of an outer product", "外积之和", "x: n; y: m", "sum(x*y')", "sum(x)*sum(y)", "the double sum factors", "二重和可分", ""},
	{"sum of a multiple", "数乘之和", "x: n", "sum(2*x)", "2*sum(x)", "the sum is linear", "求和是线性的", ""},
	{"sum of probabilities", "概率之和", "p: n simplex", "sum(p)", "1", "declared", "已声明", ""},
	{"determinant of a transpose", "转置的行列式", "A: n×n", "det(A')", "det(A)", "expansion by rows or columns", "按行或按列展开", cookbook},
	{"log-determinant of an inverse", "逆的对数行列式", "A: n×n posdet", "logdet(inv(A))", "-logdet(A)", "det(inv(A)) = 1/det(A)", "det(inv(A)) = 1/det(A)", cookbook},
	{"logarithm of a determinant", "行列式的对数", "A: n×n posdet", "log(det(A))", "logdet(A)", "definition", "定义", ""},
	{"logarithm of an exponential", "指数的对数", "x: n", "log(exp(x))", "x", "inverse functions", "互为反函数", ""},
	{"logarithm of a softmax", "softmax 的对数", "x: n", "sum(log(softmax(x)))", "sum(x-logsumexp(x)*ones(n))", "log(a/b) = log a - log b", "log(a/b) = log a - log b", ""},
	{"sine and cosine squared", "正弦余弦平方和", "x: n", "sin(x).^2+cos(x).^2", "ones(n)", "Pythagoras", "勾股定理", ""},
	{"quotient to tangent", "商为正切", "x: n", "sin(x)./cos(x)", "tan(x)", "definition", "定义", ""},
	{"quotient to hyperbolic tangent", "商为双曲正切", "x: n", "sinh(x)./cosh(x)", "tanh(x)", "definition", "定义", ""},
	{"quotient to sigmoid", "商为 sigmoid", "x: n", "exp(x)./(ones(n)+exp(x))", "sigmoid(x)", "definition", "定义", ""},
	{"odd functions", "奇函数", "x: n", "-sin(-x)", "sin(x)", "sin(-x) = -sin(x)", "sin(-x) = -sin(x)", ""},
	{"even functions", "偶函数", "x: n", "cos(-x)", "cos(x)", "cos(-x) = cos(x)", "cos(-x) = cos(x)", ""},
	{"function of a transpose", "转置的逐元素函数", "A: m×n", "exp(A')'", "exp(A)", "entries change places only", "仅元素换位", ""},
	{"product of Kronecker products", "混合积", "A: m×n; B: p×q; C: n×m; D: q×p", "kron(A,B)*kron(C,D)", "kron(A*C,B*D)", "the mixed product rule", "混合积法则", magnus},
	{"inverse of a Kronecker product", "Kronecker 积的逆", "A: n×n invertible; B: m×m invertible", "inv(kron(A,B))*kron(A,B)", "eye(n*m)", "the mixed product rule", "混合积法则", magnus},
	{"column times a matrix in a Kronecker product", "Kronecker 积中的列乘矩阵", "u: k; A: m×n", "kron(u,eye(m))*A", "kron(u,A)", "kron(u,I) kron(1,A) = kron(u,A)", "kron(u,I) kron(1,A) = kron(u,A)", magnus},
	{"matrix times a column in a Kronecker product", "Kronecker 积中的矩阵乘列", "u: k; A: m×n", "kron(eye(m),u)*A", "kron(A,u)", "kron(I,u) kron(A,1) = kron(A,u)", "kron(I,u) kron(A,1) = kron(A,u)", magnus},
	{"Kronecker product times vec", "Kronecker 积乘 vec", "A: m×n; B: p×q; X: q×n", "kron(A,B)*vec(X)", "vec(B*X*A')", "vec(BXA') = kron(A,B) vec X", "vec(BXA') = kron(A,B) vec X", magnus},
	{"inverse of a product meets a factor", "乘积的逆遇到因子", "A, B: n×n invertible", "inv(A*B)*A", "inv(B)", "inv(AB) = inv(B) inv(A)", "inv(AB) = inv(B) inv(A)", cookbook},
	{"projector onto a column space", "列空间投影", "X: m×n tall; y: m", "X*inv(X'*X)*X'*X*inv(X'*X)*X'*y", "X*inv(X'*X)*X'*y", "X'X meets its inverse", "X'X 与其逆相消", ""},
	{"blocks multiply out", "分块相乘", "A: m×n; B: m×p; x: n; z: p", "[A, B]*[x; zeros(p)]", "A*x", "block by block", "逐块相乘", ""},
	{"repeated columns", "重复列", "u: m; A: m×n", "(u*ones(n)').*A", "diag(u)*A", "row i is scaled by u_i", "第 i 行乘以 u_i", ""},
	{"sum of diagonal matrices", "对角阵之和", "u, v: n; A: n×n", "diag(u)*A+diag(v)*A", "diag(u+v)*A", "only diagonals add", "只有对角元相加", ""},
	{"least common power", "最低公共幂", "x: n positive", "sqrt(x)-x./sqrt(x)", "zeros(n)", "the least power is taken out", "提取最低次幂", ""},
	{"skew matrices have no diagonal", "反对称阵无对角元", "N: n×n skew; A: n×n", "tr(N)+tr(A)", "tr(A)", "n_ii = -n_ii", "n_ii = -n_ii", ""},
	{"rows of a stochastic matrix", "随机矩阵的行和", "S: m×n stochastic", "S*ones(n)", "ones(m)", "declared", "已声明", ""},
	{"even powers of an absolute value", "绝对值的偶次幂", "x: n", "abs(x).^2", "x.^2", "the sign drops out", "符号消失", ""},
	{"commutation matrix", "交换矩阵", "A: m×n", "K(m,n)*vec(A)", "vec(A')", "definition", "定义", magnus},
	{"commutation matrices cancel", "交换矩阵相消", "A: m×n", "K(n,m)*K(m,n)*vec(A)", "vec(A)", "K(n,m) is the inverse of K(m,n)", "K(n,m) 是 K(m,n) 的逆", magnus},
	{"pseudoinverse of an invertible matrix", "可逆矩阵的伪逆", "A: n×n invertible", "pinv(A)", "inv(A)", "definition", "定义", ""},
}
