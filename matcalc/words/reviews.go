package words

// reviews has what cannot be read in a derivation of several lines.
var reviews = []row{
	{"write equations such as df = 2*x'*A*dx, one on a line", "请写等式，如 df = 2*x'*A*dx，每行一个"},
	{"this is no equation", "这不是等式"},
	{"write left = right", "请写 左边 = 右边"},
	{"a line that begins with = goes on from a line before", "以 = 开头的行须承接上一行"},
	{"write the left side", "请写出左边"},
	{"a side of the equation is missing", "等式缺少一边"},
	{"define it in matrix form first, as in f = x'*A*x", "请先用矩阵形式定义它，如 f = x'*A*x"},
	{"%s is a %s, the right side a %s", "%s 是 %v，右边是 %v"},
	{"%s is a %s, but it must be a %s", "%s 是 %v，应为 %v"},
	{"%s is a %s and has %d indices here", "%s 是 %v，此处却有 %s 个指标"},
	{"the index %s runs to %s in %s and to %s before", "指标 %s 在 %[3]s 中取到 %[2]s，此前取到 %[4]s"},
	{"nothing moves: no increment of a variable of %s occurs", "没有变动的量：式中没有 %s 的变量的微分"},
	{"write the increments, as in dx; what is constant is declared by a line such as: constant A", "请写出微分，如 dx；常量用这样一行声明：constant A"},
	{"a second derivative is written as in ∂²f/∂x²", "二阶导数写作 ∂²f/∂x²"},
	{"∂ stands in a quotient, as in %s", "∂ 应写在商中，如 %s"},
	{"a partial derivative is by an entry of a variable, as in ∂Y/∂x[k]", "偏导数是对变量的元素求的，如 ∂Y/∂x[k]"},
	{"entries are written x[i], A[i,j], sums sum(i, ...), partial derivatives ∂Y/∂x[k]", "元素写作 x[i]、A[i,j]，求和写作 sum(i, ...)，偏导数写作 ∂Y/∂x[k]"},
	{"a sum is written sum(i, ...)", "求和写作 sum(i, ...)"},
	{"missing ) after a sum", "求和之后缺少 )"},
	{"the index of a sum is missing", "求和缺少指标"},
	{"%s is no function of a number", "%s 不是数的函数"},
	{"%q is no index", "%s 不是指标"},
}
