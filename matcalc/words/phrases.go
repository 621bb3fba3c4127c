package words

// classes are the kinds of fault, which stand before a message.
var classes = []row{
	{"syntax", "语法"},
	{"name", "名称"},
	{"shape", "形状"},
	{"domain", "定义域"},
	{"unverified", "未通过检验"},
	{"internal", "内部错误"},
	{"values", "取值"},
}

// phrases stand within other texts: shapes and what carries a name.
var phrases = []row{
	{"scalar", "标量"},
	{"a scalar", "标量"},
	{"%s (scalar)", "%s（标量）"},
	{"the scalar %s", "标量 %s"},
	{"vector (%s)", "向量 (%s)"},
	{"a vector (%s)", "向量 (%s)"},
	{"row (%s)", "行向量 (%s)"},
	{"a row (%s)", "行向量 (%s)"},
	{"matrix (%s)", "矩阵 (%s)"},
	{"a matrix (%s)", "矩阵 (%s)"},
	{"an operand", "其中一个运算对象"},
	{"a gradient", "梯度"},
	{"a Hessian", "黑塞矩阵"},
	{"a scalar function", "标量函数"},
	{"a scalar function; ask for a jacobian", "标量函数（请改求 jacobian）"},
	{"a scalar function; a vector has a matrix of second derivatives for each entry, in index form",
		"标量函数（向量的每个分量各有一个二阶导数矩阵，用指标形式表示）"},
	{"a scalar variable", "标量变量"},
	{"a square variable", "方阵变量"},

	// A name or a line before the message about it.
	{"%s: %s", "%s：%s"},
	{"in the line %s: %s", "在这一行 %s 中：%s"},
	{"shapes do not fit inside the engine: %s", "求导过程内部形状不合：%s"},
	{"please report the expression", "请报告这个表达式"},
	{"the expression", "该表达式"},
}
