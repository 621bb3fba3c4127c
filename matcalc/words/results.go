package words

// results has what is said of a result: how a text was read, how a derivative
// was checked, how a search ended.
var results = []row{
	{"read as %s", "读作 %s"},
	{"%s is read as the product %s", "%s 读作乘积 %s"},
	{"\\sigma is read as the logistic function sigmoid; declare sigma to mean something else", "\\sigma 读作 logistic 函数 sigmoid；如另有所指，请声明 sigma"},
	{"‖·‖₂ is read as the Euclidean (Frobenius) norm; the spectral norm is sigmamax", "‖·‖₂ 读作欧几里得（Frobenius）范数；谱范数是 sigmamax"},

	{"checked against %s, worst relative error %.2g", "已与 %v 核对，最大相对误差 %s"},
	{"dual numbers", "对偶数"},
	{"dual numbers, entry by entry", "逐元素的对偶数"},
	{"central differences", "中心差分"},
	{"sizes %s, seed %d", "尺寸 %s，种子 %s"},
	{"rules: %s", "法则：%s"},
	{"the gradient agrees with differences; worst relative error %.2g", "梯度与差分一致；最大相对误差 %s"},
	{"entry %d is off: given %.8g, by differences %.8g (relative error %.2g)", "第 %s 个元素有误：所给为 %s，差分为 %s（相对误差 %s）"},

	{"minimum: f = %.10g, largest entry of the gradient %.2g, after %d iterations (%s, %d evaluations): %s",
		"极小值：f = %s，梯度最大分量 %s，迭代 %s 次（%s，求值 %s 次）：%v"},
	{"no minimum: f = %.10g, largest entry of the gradient %.2g, after %d iterations (%s, %d evaluations): %s",
		"未求得极小值：f = %s，梯度最大分量 %s，迭代 %s 次（%s，求值 %s 次）：%v"},
	{"the gradient vanishes", "梯度为零"},
	{"the function falls without bound", "函数无下界"},
	{"the function no longer falls", "函数不再下降"},
	{"stopped", "已中止"},
	{"no minimum after %d iterations", "迭代 %s 次后仍未求得极小值"},
}
