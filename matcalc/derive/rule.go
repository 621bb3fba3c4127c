package derive

import "github.com/nabla-go/nabla/matcalc/expr"

// A Rule is why a line follows from the one before.
type Rule struct {
	ID     string
	Zh, En string
	// Statement is the rule as LaTeX.
	Statement string
}

// rules is the table of all rules, by ID.
var rules = map[string]Rule{}

func init() {
	for _, r := range []Rule{
		{"given", "已知", "given", ``},
		{"square", "范数的平方是内积", "a squared norm is an inner product", `\lVert u\rVert^2 = u^{\top}u`},
		{"d", "两边取微分", "take the differential of both sides", ``},
		{"sum", "和的微分", "differential of a sum", `\mathrm{d}(X+Y)=\mathrm{d}X+\mathrm{d}Y`},
		{"constant", "常数因子提出", "a constant factor stays", `\mathrm{d}(AXB)=A\,\mathrm{d}X\,B`},
		{"product", "乘积的微分（保持次序）", "product rule (order kept)", `\mathrm{d}(XY)=(\mathrm{d}X)Y+X\,\mathrm{d}Y`},
		{"transpose", "转置的微分", "differential of a transpose", `\mathrm{d}(X^{\top})=(\mathrm{d}X)^{\top}`},
		{"trace", "迹的微分", "differential of a trace", `\mathrm{d}\operatorname{tr}X=\operatorname{tr}\mathrm{d}X`},
		{"hadamard", "逐元素乘积的微分", "differential of an elementwise product", `\mathrm{d}(X\odot Y)=\mathrm{d}X\odot Y+X\odot\mathrm{d}Y`},
		{"elementwise", "逐元素函数的微分", "differential of an elementwise function", `\mathrm{d}\sigma(X)=\sigma'(X)\odot\mathrm{d}X`},
		{"inverse", "逆矩阵的微分", "differential of an inverse", `\mathrm{d}X^{-1}=-X^{-1}\,\mathrm{d}X\,X^{-1}`},
		{"determinant", "行列式的微分", "differential of a determinant", `\mathrm{d}|X|=|X|\operatorname{tr}(X^{-1}\mathrm{d}X)`},
		{"logdet", "对数行列式的微分", "differential of a log-determinant", `\mathrm{d}\ln|X|=\operatorname{tr}(X^{-1}\mathrm{d}X)`},
		{"power", "幂的微分", "differential of a power", `\mathrm{d}s^k=k s^{k-1}\,\mathrm{d}s`},
		{"norm", "范数的微分", "differential of a norm", `\mathrm{d}\lVert u\rVert=u^{\top}\mathrm{d}u/\lVert u\rVert`},
		{"function", "函数的微分", "differential of the function", ``},
		{"collect", "标量等于其转置，合并同类项", "a scalar equals its transpose; collect", `a^{\top}b=b^{\top}a`},
		{"rotate", "写成迹：tr(AB)=tr(BA)，tr(A⊤(B⊙C))=tr((A⊙B)⊤C)", "as a trace: tr(AB)=tr(BA), tr(A⊤(B⊙C))=tr((A⊙B)⊤C)", `\operatorname{tr}(AB)=\operatorname{tr}(BA)`},
		{"compare", "与 df = tr((∂f/∂X)⊤dX) 比较", "compare with df = tr((∂f/∂X)⊤dX)", `\mathrm{d}f=\operatorname{tr}\left(\left(\tfrac{\partial f}{\partial X}\right)^{\top}\mathrm{d}X\right)`},
		{"free of x", "不含自变量，导数为零", "it does not depend on the variable", ``},
		{"name", "引入中间变量", "name a part", ``},
		{"names", "用中间变量表示", "in terms of the names", ``},
		{"chain", "链式法则", "chain rule", `\frac{\partial f}{\partial x}=\sum_i\left(\frac{\partial u_i}{\partial x}\right)^{\top}\frac{\partial f}{\partial u_i}`},
		{"put back", "代回中间变量", "put the names back", ``},
		{"simplify", "化简", "simplify", ``},
		{"move", "自变量加增量", "give X an increment", `X\mapsto X+\mathrm{d}X`},
		{"first order", "逐层展开，略去高阶小量", "expand from the inside, drop what is of higher order", `\varphi(u+\mathrm{d}u)=\varphi(u)+\varphi'(u)\odot\mathrm{d}u+O(\lVert\mathrm{d}u\rVert^2)`},
		{"expand", "展开乘积", "multiply out", ``},
		{"drop", "略去二阶小量", "drop what is of second order", `O(\lVert\mathrm{d}X\rVert^2)`},
		{"subtract", "减去 f，得线性部分", "subtract f: the linear part", `\mathrm{d}f=f(X+\mathrm{d}X)-f(X)`},
		{"entries", "写成分量", "in components", `(AB)_{ij}=\sum_k a_{ik}b_{kj}`},
		{"entry rule", "对每个分量用乘积法则与链式法则", "product and chain rule for every entry", ``},
		{"delta", "Kronecker δ：∂x_i/∂x_k = δ_ik，求和坍缩", "Kronecker's delta: ∂x_i/∂x_k = δ_ik, sums collapse", `\sum_i\delta_{ik}a_i=a_k`},
		{"matrices", "写回矩阵形式", "back to matrices", ``},
		{"read", "读出导数", "read off the derivative", ``},
	} {
		rules[r.ID] = r
	}
}

// Name is the rule's name in a language, "zh" or "en".
func (r Rule) Name(lang string) string {
	if lang == "zh" {
		return r.Zh
	}
	return r.En
}

// Rules lists the table.
func Rules() []Rule {
	out := make([]Rule, 0, len(rules))
	for _, r := range rules {
		out = append(out, r)
	}
	return out
}

// byOp names the rule for the differential of an operator; elementwise
// functions have one in common.
var byOp = map[expr.Op]string{
	expr.OpTr:     "trace",
	expr.OpHad:    "hadamard",
	expr.OpInv:    "inverse",
	expr.OpDet:    "determinant",
	expr.OpLogDet: "logdet",
	expr.OpPow:    "power",
	expr.OpHPow:   "elementwise",
	expr.OpNorm2:  "norm",
}

func ruleOf(op expr.Op) string {
	if id, ok := byOp[op]; ok {
		return id
	}
	if op.IsElementwise() {
		return "elementwise"
	}
	return "function"
}
