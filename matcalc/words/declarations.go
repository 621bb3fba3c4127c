package words

// declarations has what is wrong with declarations of variables.
var declarations = []row{
	{"%q declares nothing: the colon is missing", "%s 没有声明任何东西：缺少冒号"},
	{"a declaration is NAME: SHAPE FACTS, as in A: n×n symmetric; x: n; c: scalar positive", "声明写作 名称: 形状 性质，如 A: n×n 对称; x: n; c: 标量 正"},
	{"a name is missing before the colon", "冒号之前缺少名称"},
	{"a shape is missing after the colon", "冒号之后缺少形状"},
	{"a shape is missing before %s", "%s 之前缺少形状"},
	{"%q is not a size: a size is a name, a positive whole number or a product such as m*n", "%s 不是尺寸：尺寸是名称、正整数或 m*n 这样的乘积"},
	{"a variable has at most two sizes", "变量至多有两个尺寸"},
	{"%s has more than two sizes", "%s 的尺寸多于两个"},
	{"a variable is a scalar, a vector or a matrix", "变量是标量、向量或矩阵"},
	{"a stack of matrices is one variable each, or one matrix with the others below it: A: m×n", "一组矩阵请各声明为一个变量，或上下叠成一个矩阵：A: m×n"},
	{"%s is no known fact", "%s 不是已知的性质"},
	{"known facts: %s", "已知的性质：%s"},
	{"%s is declared %s but is %s: that needs a square matrix", "%s 声明为 %s，形状却是 %v：这一性质需要方阵"},
	{"declare equal sizes, as in %s: n×n %s", "请声明相等的行数与列数，如 %s: n×n %s"},
	{"%s is both a variable and a dimension", "%s 既是变量又是维数"},
	{"rename one of them", "请给其中一个改名"},
	{"%q is not a name", "%s 不是名称"},
	{"%q is no name", "%s 不是名称"},
	{"a name is a letter followed by letters, digits and _", "名称以字母开头，后接字母、数字与 _"},
	{"%s is declared twice", "%s 声明了两次"},
	{"%s is the name of a function", "%s 是函数的名称"},
	{"choose another name for the variable", "请给变量另取名称"},
}
