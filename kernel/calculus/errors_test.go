package calculus

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/derive"
)

// TestErrorsSpeakTheLanguage asks magics what cannot be answered, by %lang.
func TestErrorsSpeakTheLanguage(t *testing.T) {
	english(t)
	n := NewNotebook()
	for _, c := range []struct{ line, en, zh string }{
		{"%derive A*B wrt A where A: m×n; B: m×n",
			"cannot multiply A (m×n) by B (m×n): n columns meet m rows\n    A*B\n    ^^^\nhint: did you mean A'*B, A*B', A.*B?",
			"A (m×n) 不能乘以 B (m×n)：前者有 n 列，后者有 m 行\n    A*B\n    ^^^\n提示：是否指 A'*B, A*B', A.*B？"},
		{"%grad S*x wrt x where S: n×n; x: n",
			"a gradient needs a scalar function; ask for a jacobian, not a vector (n×1)",
			"梯度需要标量函数（请改求 jacobian），而不是向量 (n×1)"},
		{"%grad det(A) wrt A where A: m×n",
			"det: a square matrix is needed, not A (m×n)\n    det(A)\n        ^\nhint: did you mean det(A'*A)?",
			"det：此处需要方阵，而不是 A (m×n)\n    det(A)\n        ^\n提示：是否指 det(A'*A)？"},
		{"%grad sum(A+c) wrt c where A: m×n; c: scalar",
			"the scalar c cannot be added to A (m×n)\n    sum(A+c)\n        ^^^\nhint: there is no implicit broadcasting: write sum(A+c*ones(m,n))",
			"标量 c 不能与 A (m×n) 相加\n    sum(A+c)\n        ^^^\n提示：没有隐式广播：请写 sum(A+c*ones(m,n))"},
		{"%hessian (x'*S*x wrt x where S: n×n; x: n",
			"missing ) for this (\n    (x'*S*x\n    ^\nhint: close it with )",
			"这个 ( 缺少 )\n    (x'*S*x\n    ^\n提示：请用 ) 闭合"},
		{"%derive logdet(X) wrt X --by components where X: n×n",
			"by components: the entries of logdet of an unknown matrix are no sums and products of its entries",
			"按分量推导：未知矩阵的 logdet 的元素不能写成其元素的和与积"},
		{"%solve S*x wrt x where S: n×n; x: n",
			"a stationary point is one of a scalar function, not of a vector (n×1)\nhint: take a norm, a trace or a sum",
			"驻点只对标量函数而言，而这里是向量 (n×1)\n提示：请取范数、迹或求和"},
		{"%vars Q: m×n symmetric",
			"Q is declared symmetric but is m×n: that needs a square matrix\n    Q: m×n symmetric\n    ^^^^^^^^^^^^^^^^\nhint: declare equal sizes, as in Q: n×n symmetric",
			"Q 声明为 symmetric，形状却是 m×n：这一性质需要方阵\n    Q: m×n symmetric\n    ^^^^^^^^^^^^^^^^\n提示：请声明相等的行数与列数，如 Q: n×n symmetric"},
	} {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			derive.SetLanguage(lang)
			if got := answer(n, c.line); got != "error: "+want {
				t.Errorf("%s in %s:\n%s\nwant\n%s", c.line, lang, got, want)
			}
		}
	}
}
