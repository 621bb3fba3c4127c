package claim

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// A row of the table of repairs: what people get wrong, in words. The verbs
// (%s) of both sentences are filled with the same formulas, in order.
type row struct {
	ID     string
	En, Zh string
}

// The repairs. A test walks them: each is found in some wrong claim.
var (
	rowSign          = &row{"sign", "the sign is wrong: %s", "符号错误：应为 %s"}
	rowFactor        = &row{"factor", "off by factor %s: it should be %s", "相差因子 %s：应为 %s"}
	rowScalar        = &row{"scalar-factor", "a factor %s is missing: it should be %s", "缺少因子 %s：应为 %s"}
	rowLayout        = &row{"layout", "transposed: %s is the other layout (the %s layout); here it is %s", "转置了：%s 是另一种布局（%s）；此处应为 %s"}
	rowAssumption    = &row{"assumption", "only for %s; in general it is %s", "仅当 %s 时成立；一般应为 %s"}
	rowFirstOrder    = &row{"first-order", "equality holds only to first order in %s: the second-order term %s is dropped", "仅在 %s 的一阶意义下成立：略去了二阶项 %s"}
	rowSeries        = &row{"series", "equality holds only to first order in %s: the terms of second order and higher are dropped", "仅在 %s 的一阶意义下成立：略去了二阶及更高阶项"}
	rowNotAdditive   = &row{"not-additive", "%s of a sum is not the sum of its values", "和的 %s 不等于各项之和"}
	rowNotProduct    = &row{"not-multiplicative", "%s of a product is not the product of its values", "积的 %s 不等于各因子之积"}
	rowTranspose     = &row{"transpose", "a transpose is missing or too many at %s (transposes)", "%s 处多了或少了转置"}
	rowInverse       = &row{"inverse", "%s should be inverted", "%s 应取逆"}
	rowName          = &row{"name", "%s stands where %s must be", "此处写了 %s，应为 %s"}
	rowFunction      = &row{"function", "%s should be %s", "%s 应为 %s"}
	rowSquared       = &row{"squared", "the norm %s must be squared", "范数 %s 应平方"}
	rowNotSquared    = &row{"not-squared", "%s must not be squared", "%s 不应平方"}
	rowDiag          = &row{"diag", "no diag is needed in %s", "%s 中不需要 diag"}
	rowDiagMissing   = &row{"diag-missing", "diag is missing around %s", "%s 外缺少 diag"}
	rowDrop          = &row{"drop", "%s should stand without its function", "%s 应去掉该函数"}
	rowSum           = &row{"lost-sum", "a sum is lost: the entries of %s must be added up", "丢失求和：应对 %s 的元素求和"}
	rowTrace         = &row{"trace", "the trace of %s is missing", "缺少 %s 的迹"}
	rowTermSign      = &row{"term-sign", "the sign of the term %s is wrong", "项 %s 的符号错误"}
	rowTermFactor    = &row{"term-factor", "the term %s is off by a factor: it should be %s", "项 %s 的系数错误：应为 %s"}
	rowExtraTerm     = &row{"extra-term", "the term %s does not belong", "多了一项 %s"}
	rowMissingTerm   = &row{"missing-term", "the term %s is missing", "缺少一项 %s"}
	rowOrder         = &row{"order", "wrong order of factors: %s and %s are swapped, and matrices do not commute", "因子次序错误：%s 与 %s 颠倒，矩阵乘法不可交换"}
	rowReversed      = &row{"reversed", "reversed order: the factors of %s must stand in reverse, since matrices do not commute", "次序颠倒：%s 的因子应反序，矩阵乘法不可交换"}
	rowHadamard      = &row{"hadamard", "Hadamard product (elementwise, .*) needed, not the matrix product, between %s and %s", "%s 与 %s 之间应为逐元素（Hadamard）乘积 ⊙，而非矩阵乘积"}
	rowProduct       = &row{"product", "matrix product needed, not the elementwise one, between %s and %s", "%s 与 %s 之间应为矩阵乘积，而非逐元素乘积"}
	rowExtraFactor   = &row{"extra-factor", "the factor %s is too many", "多了因子 %s"}
	rowMissingFactor = &row{"missing-factor", "the factor %s is missing (chain rule)", "缺少因子 %s（链式法则）"}
	rowMissingHad    = &row{"missing-had", "the elementwise factor %s is missing (chain rule)", "缺少逐元素因子 %s（链式法则）"}
	rowJoin          = &row{"sum-product", "%s: a product stands where a sum must be, or the reverse", "%s：和与积混淆"}
	rowSizes         = &row{"sizes", "it holds only for %s; in general it is %s", "仅当 %s 时成立；一般应为 %s"}
	rowExponent      = &row{"exponent", "the exponent is wrong: %s should be %s", "指数错误：%s 应为 %s"}
	rowArgument      = &row{"argument", "the argument is off: %s should be %s", "自变量错误：%s 应为 %s"}
	rowPowerKind     = &row{"power-kind", "%s: the power of the matrix and that of its entries are confused", "%s：矩阵的幂与逐元素的幂混淆"}
	rowIdentity      = &row{"identity", "a scalar is not added to a matrix: %s should be %s", "标量不能与矩阵相加：%s 应为 %s"}
	rowOther         = &row{"other-function", "this is the derivative of %s, not of %s", "这是 %s 的导数，而非 %s 的导数"}
	rowUndefined     = &row{"undefined", "%s has no value where %s has one", "%s 无定义，而 %s 有定义"}
	rowTerms         = &row{"terms", "the right form is %s", "正确形式为 %s"}
)

// Repairs names all rows of the table.
func Repairs() []string {
	var out []string
	for _, r := range []*row{
		rowSign, rowFactor, rowScalar, rowLayout, rowAssumption, rowFirstOrder, rowSeries, rowNotAdditive, rowNotProduct, rowTranspose, rowInverse,
		rowName, rowFunction, rowSquared, rowNotSquared, rowDiag, rowDiagMissing, rowDrop, rowSum, rowTrace, rowTermSign, rowTermFactor,
		rowExtraTerm, rowMissingTerm, rowOrder, rowReversed, rowHadamard, rowProduct, rowExtraFactor, rowMissingFactor, rowMissingHad,
		rowJoin, rowSizes, rowExponent, rowArgument, rowPowerKind, rowIdentity, rowOther, rowUndefined, rowTerms,
	} {
		out = append(out, r.ID)
	}
	return out
}

// A Fault is what is wrong and how it is mended.
type Fault struct {
	row   *row
	about []string // what the sentence names
	zh    []string // the same in Chinese, where it has words in it
	// Right is the whole right-hand side as it should be.
	Right *expr.Node
	// text is the right-hand side where it was mended as a text.
	text string
	next *Fault // a second change that is needed as well
	// usual marks an assumption that people make without saying so.
	usual bool
}

// ID names the repair in the table.
func (f *Fault) ID() string { return f.row.ID }

// Text is the sentence in a language, "zh" or "en".
func (f *Fault) Text(lang string) string {
	form, about := f.row.En, f.about
	if lang == "zh" {
		form = f.row.Zh
		if f.zh != nil {
			about = f.zh
		}
	}
	args := make([]any, len(about))
	for i, a := range about {
		args[i] = a
	}
	text := fmt.Sprintf(form, args...)
	if f.next != nil {
		text += map[bool]string{true: "；并且", false: "; and "}[lang == "zh"] + f.next.Text(lang)
	}
	return text
}

func texts(nodes ...*expr.Node) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = format.ASCII(n)
	}
	return out
}

func newFault(r *row, right *expr.Node, about ...string) *Fault {
	return &Fault{row: r, about: about, Right: right}
}

func (e edit) fault() *Fault {
	about := texts(e.about...)
	return newFault(e.row, e.node, about[:min(len(about), strings.Count(e.row.En, "%s"))]...)
}

const (
	singleBudget = 3000
	pairBudget   = 12000
	partsLimit   = 14
	longest      = 1500 // size of claims in which a repair is looked for
	largest      = 4000 // size of expressions that are tried
)

// search looks for the change of the claimed node that makes it equal to the
// truth, simplest first.
func (ps points) search(claimed, truth *expr.Node) *Fault {
	for _, f := range []func(points, *expr.Node, *expr.Node) *Fault{points.numbered, points.scaled, points.flipped, points.first, points.multiplied, points.double} {
		if fault := f(ps, claimed, truth); fault != nil {
			return fault
		}
	}
	return nil
}

// numbered finds a number by which the claim is off.
func (ps points) numbered(claimed, truth *expr.Node) *Fault {
	if r, ok := ps.multiple(truth, claimed); ok {
		return factorFault(r, expr.Scale(r, claimed))
	}
	return nil
}

// scaled finds a scalar by which the claim is off.
func (ps points) scaled(claimed, truth *expr.Node) *Fault {
	if truth.Shape() != claimed.Shape() {
		return nil
	}
	for _, s := range scalarsOf(claimed, truth) {
		for _, f := range []*expr.Node{s, expr.Pow(s, s.Context().Int(-1)), expr.Pow(s, s.Context().Int(2)), expr.Pow(s, s.Context().Int(-2))} {
			with := expr.Mul(f, claimed)
			if r, ok := ps.multiple(truth, with); ok {
				f = expr.Scale(r, f)
				with = expr.Scale(r, with)
				if f.Op() == expr.OpPow && hasFactor(claimed, s) {
					return newFault(rowExtraFactor, with, texts(s)...)
				}
				return newFault(rowScalar, with, texts(f, with)...)
			}
		}
	}
	return nil
}

// hasFactor tells whether s is a factor of the node.
func hasFactor(n, s *expr.Node) bool { return slices.Contains(n.Product().Scalars, s) }

func factorFault(r expr.Rat, right *expr.Node) *Fault {
	if r.Equal(expr.RatNeg) {
		return newFault(rowSign, right, texts(right)...)
	}
	by := r
	if by.Sign() < 0 {
		by = by.Neg()
	}
	if by.Cmp(expr.RatOne) < 0 {
		by = by.Inv()
	}
	return newFault(rowFactor, right, by.String(), format.ASCII(right))
}

// scalarsOf lists scalar parts that may have been forgotten: dimensions,
// scalar variables and scalar parts of the two nodes.
func scalarsOf(claimed, truth *expr.Node) []*expr.Node {
	seen := map[*expr.Node]bool{}
	var out []*expr.Node
	add := func(n *expr.Node) {
		if !n.IsNum() && !seen[n] && len(out) < 40 {
			seen[n] = true
			out = append(out, n)
		}
	}
	for _, n := range expr.PostOrder(truth, claimed) {
		if n.Shape().IsScalar() {
			add(n)
		}
		add(n.Context().Dim(n.Shape().Rows))
		add(n.Context().Dim(n.Shape().Cols))
		switch n.Op() {
		case expr.OpInv:
			add(expr.Call(expr.OpDet, n.Arg(0)))
		case expr.OpSoftmax, expr.OpLogSumExp:
			add(expr.Call(expr.OpSum, expr.Call(expr.OpExp, n.Arg(0))))
		case expr.OpSym:
			if n.Shape().IsColumn() {
				add(expr.Call(expr.OpSum, n))
				add(expr.Call(expr.OpNorm2, n))
			}
		}
	}
	return out
}

// flipped finds a claim that is transposed as a whole.
func (ps points) flipped(claimed, truth *expr.Node) *Fault {
	t := expr.T(claimed)
	if claimed.Shape().IsScalar() || t.Shape() != truth.Shape() || !ps.agree(t, truth) {
		return nil
	}
	return newFault(rowTranspose, short(t), format.ASCII(claimed))
}

// short is a node simplified, where that does not lengthen it.
func short(n *expr.Node) *expr.Node {
	s := rewrite.New()
	if m := s.Polish(s.Simplify(n)); m.Size() <= n.Size() {
		return m
	}
	return n
}

// ranks orders the repairs by how telling they are; those not named come last.
var ranks = func() map[*row]int {
	m := map[*row]int{}
	for i, r := range []*row{rowTranspose, rowFunction, rowName, rowReversed, rowOrder, rowHadamard, rowProduct, rowInverse, rowSquared, rowNotSquared, rowExponent, rowPowerKind, rowArgument,
		rowTermSign, rowTermFactor, rowMissingTerm, rowJoin, rowMissingFactor, rowMissingHad, rowExtraFactor, rowDiag, rowDiagMissing, rowDrop, rowExtraTerm, rowTrace, rowSum} {
		m[r] = i - 100
	}
	return m
}()

// changes are the best of the single small changes that mend the claim: of at
// most two kinds.
func (ps points) changes(claimed, truth *expr.Node) []*Fault {
	if claimed.Size() > longest {
		return nil
	}
	var all []*Fault
	seen := map[*row]bool{}
	for _, e := range edits(claimed, variables(claimed, truth), partsOf(truth), singleBudget) {
		if seen[e.row] || e.node.Shape() != truth.Shape() || e.node.Size() > largest {
			continue
		}
		if !ps.agree(e.node, truth) {
			continue
		}
		seen[e.row] = true
		all = append(all, e.fault())
	}
	sort.SliceStable(all, func(i, j int) bool { return ranks[all[i].row] < ranks[all[j].row] })
	if len(all) > 1 && (second[all[1].row] || all[0].row == all[1].row) {
		all = all[:1]
	}
	return all[:min(len(all), 2)]
}

// second are changes that say nothing beside a better one.
var second = map[*row]bool{rowMissingFactor: true, rowMissingHad: true, rowExtraFactor: true, rowMissingTerm: true, rowExtraTerm: true, rowInverse: true}

// first is the best of the changes.
func (ps points) first(claimed, truth *expr.Node) *Fault {
	if all := ps.changes(claimed, truth); len(all) > 0 {
		return all[0]
	}
	return nil
}

// multiplied tries one small change with a number in front.
func (ps points) multiplied(claimed, truth *expr.Node) *Fault {
	if claimed.Size() > longest {
		return nil
	}
	for _, e := range edits(claimed, variables(claimed, truth), partsOf(truth), singleBudget) {
		if f := ps.mends(e, truth); f != nil {
			return f
		}
	}
	return nil
}

// mends tells whether an edit makes the claim right, up to a number.
func (ps points) mends(e edit, truth *expr.Node) *Fault {
	if e.node.Shape() != truth.Shape() || e.node.Size() > largest {
		return nil
	}
	if _, ok := ratio(ps[0], truth, e.node); !ok && !bothZero(ps[0], truth, e.node) {
		return nil
	}
	r, ok := ps.multiple(truth, e.node)
	if !ok {
		return nil
	}
	f := e.fault()
	if !r.Equal(expr.RatOne) {
		f.Right = expr.Scale(r, e.node)
		f.next = factorFault(r, f.Right)
	}
	return f
}

// chained are the changes that are tried two at a time.
var chained = map[*row]bool{rowTranspose: true, rowOrder: true, rowReversed: true, rowTermSign: true, rowTermFactor: true, rowHadamard: true, rowName: true, rowInverse: true,
	rowFunction: true, rowExponent: true, rowMissingFactor: true, rowExtraFactor: true}

// double tries two small changes.
func (ps points) double(claimed, truth *expr.Node) *Fault {
	if claimed.Size() > 120 {
		return nil
	}
	left := pairBudget
	parts := partsOf(truth)
	vars := variables(claimed, truth)
	for _, first := range edits(claimed, vars, nil, 300) {
		if !chained[first.row] || first.node.Shape().Len() != truth.Shape().Len() {
			continue
		}
		for _, second := range edits(first.node, vars, parts, 300) {
			if !chained[second.row] {
				continue
			}
			if left--; left < 0 {
				return nil
			}
			if f := ps.mends(second, truth); f != nil {
				g := first.fault()
				g.Right, g.next = f.Right, f
				return g
			}
		}
	}
	return nil
}

// partsOf lists parts of the right form that may have been forgotten as
// factors, the small ones.
func partsOf(truth *expr.Node) []*expr.Node {
	var out []*expr.Node
	for _, n := range expr.PostOrder(truth) {
		if n != truth && !n.Shape().IsScalar() && n.Size() < 12 && len(out) < partsLimit {
			out = append(out, n)
		}
	}
	return out
}
