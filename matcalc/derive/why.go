package derive

// reasons say why a rule holds, in English and Chinese, by the rule's ID.
var reasons = map[string][2]string{
	"given":       {"what is to be differentiated", "要求导的表达式"},
	"square":      {"the length of a vector is the root of the sum of its squares", "向量长度的平方等于各元素平方之和"},
	"d":           {"d is linear and takes equal sides to equal sides", "微分是线性运算，等式两边同时取微分仍相等"},
	"sum":         {"increments of terms add up", "各项的增量相加"},
	"constant":    {"a factor that does not depend on X has no increment", "与 X 无关的因子没有增量"},
	"product":     {"(X+dX)(Y+dY) - XY, without the term of second order; the order of factors is kept", "(X+dX)(Y+dY) − XY 略去二阶项；因子次序保持不变"},
	"transpose":   {"transposing only moves entries", "转置只改变元素的位置"},
	"trace":       {"the trace is a sum of entries", "迹是若干元素之和"},
	"hadamard":    {"the product rule in every entry", "对每个元素用乘积法则"},
	"elementwise": {"the chain rule in every entry", "对每个元素用链式法则"},
	"inverse":     {"differentiate X X⁻¹ = I", "对 X X⁻¹ = I 两边取微分"},
	"determinant": {"Jacobi's formula: the cofactors are the derivatives", "Jacobi 公式：代数余子式就是导数"},
	"logdet":      {"d ln|X| = d|X|/|X|", "d ln|X| = d|X|/|X|"},
	"power":       {"the rule of calculus", "一元微积分的幂法则"},
	"norm":        {"differentiate the root of u'u", "对 u⊤u 的平方根求微分"},
	"collect":     {"a 1×1 matrix is its own transpose", "1×1 矩阵等于其转置"},
	"rotate":      {"the trace of a product does not change when its factors rotate", "乘积的因子轮换时迹不变"},
	"read":        {"the linear map that takes dX to df is the derivative; its layout is a convention", "把 dX 映为 df 的线性映射就是导数；排列方式是约定"},
	"name":        {"a part of the expression gets a name", "给表达式的一部分起名"},
	"names":       {"the same function, written with the names", "用这些名字写出的同一函数"},
	"chain":       {"a change of u changes f through every part that u enters; the changes add up", "u 的变化经由它进入的每个部分影响 f，这些影响相加"},
	"put back":    {"the names stand for their definitions", "名字代表其定义"},
	"move":        {"the definition of a derivative looks at f(X+dX) - f(X)", "导数的定义考察 f(X+dX) − f(X)"},
	"first order": {"Taylor's formula for each function; what is dropped vanishes faster than dX", "对每个函数用 Taylor 公式；略去的部分比 dX 更快趋于零"},
	"expand":      {"distributivity", "分配律"},
	"drop":        {"products of two increments vanish faster than dX", "两个增量之积比 dX 更快趋于零"},
	"subtract":    {"what is left after f(X) is linear in dX", "减去 f(X) 后剩下对 dX 线性的部分"},
	"entries":     {"the definition of products, traces and norms by entries", "按元素写出乘积、迹、范数的定义"},
	"entry rule":  {"ordinary calculus for numbers", "对数用普通微积分"},
	"delta":       {"an entry changes with itself only", "每个元素只随自身变化"},
	"matrices":    {"each sum over an inner index is a product of matrices", "对内部指标求和就是矩阵乘积"},
	"simplify":    {"the rules of matrix algebra", "矩阵代数的运算规则"},
}

// Why says why the rule holds, "zh" or "en".
func (r Rule) Why(lang string) string {
	if lang == "zh" {
		return reasons[r.ID][1]
	}
	return reasons[r.ID][0]
}
