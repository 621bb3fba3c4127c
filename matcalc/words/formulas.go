package words

// formulas has what cannot be read or computed in the formula of a model.
var formulas = []row{
	{"cannot read %q at position %d: %s", "不能读 %s，在第 %s 个字符处：%v"},
	{"it ends too early", "公式不完整"},
	{"unexpected %q", "此处不应出现 %s"},
	{"unexpected %q; is an operator missing before it, as in 2*x?", "此处不应出现 %s；其前是否缺少运算符，如 2*x？"},
	{"nested too deeply", "嵌套过深"},
	{"a closing parenthesis is missing", "缺少右括号"},
	{"expected a comma or a closing parenthesis in %s(...)", "%s(...) 中此处应为逗号或右括号"},
	{"%q is not a number", "%s 不是数"},
	{"the quote %c is not closed", "引号 %s 没有闭合"},
	{"an empty name", "名称为空"},
	{"not a number-valued expression", "不是取数值的表达式"},
	{"%s takes one argument", "%s 只取一个参数"},
	{"%s takes one argument, not %d", "%s 只取一个参数，不是 %s 个"},
	{"the operator %s has no meaning between numbers", "运算符 %s 在数之间没有意义"},
	{"a formula has a tilde, as in y ~ x", "公式中要有 ~，如 y ~ x"},
	{"%s in %s", "%s，见 %s"},
	{"only 0 and 1 may stand alone; write I(...) for arithmetic", "只有 0 与 1 能单独作为一项；算术运算请写 I(...)"},
	{"not a term", "不是项"},
	{"the operator %s has no meaning between terms; write I(...) for arithmetic", "运算符 %s 在项之间没有意义；算术运算请写 I(...)"},
	{"too many terms", "项太多"},
	{"the exponent must be a positive whole number; write I(...) for arithmetic", "指数必须是正整数；算术运算请写 I(...)"},

	{"the derivative by %s: %w", "对 %s 的导数：%s"},
	{"%s is not an expression in numbers", "%s 不是数的表达式"},
	{"the operator %s in %s has no derivative", "%[2]s 中的运算符 %[1]s 没有导数"},
	{"%s cannot be computed row by row", "%s 不能逐行计算"},
}
