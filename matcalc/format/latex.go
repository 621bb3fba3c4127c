package format

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
)

// LaTeXStyle says how names are set.
type LaTeXStyle struct {
	Bold bool // vectors and matrices upright bold
}

// bold is the style of LaTeX.
var bold atomic.Bool

// SetBold makes LaTeX set vectors and matrices in bold, or not.
func SetBold(on bool) { bold.Store(on) }

// LaTeX writes the expression as mathematics without delimiters, in the style
// that SetBold has chosen.
func LaTeX(n *expr.Node) string { return LaTeXStyle{Bold: bold.Load()}.Write(n) }

// Write is LaTeX in a style.
func (st LaTeXStyle) Write(n *expr.Node) string {
	w := &latexWriter{st: st, memo: map[*expr.Node]latexText{}}
	for _, m := range expr.PostOrder(n) {
		w.memo[m] = w.node(m)
	}
	return w.memo[n].text
}

type latexText struct {
	text string
	prec expr.Prec
	tall bool // wants brackets that grow
}

type latexWriter struct {
	st   LaTeXStyle
	memo map[*expr.Node]latexText
}

func brackets(t latexText) string {
	if t.tall {
		return `\left(` + t.text + `\right)`
	}
	return "(" + t.text + ")"
}

// at writes an operand that must bind at least as tightly as p.
func (w *latexWriter) at(n *expr.Node, p expr.Prec) string {
	t, ok := w.memo[n]
	if !ok {
		for _, m := range expr.PostOrder(n) {
			if _, ok := w.memo[m]; !ok {
				w.memo[m] = w.node(m)
			}
		}
		t = w.memo[n]
	}
	if t.prec < p {
		return brackets(t)
	}
	return t.text
}

// latexFunctions are set as named functions.
var latexFunctions = withElementwise(func(f function.Elementwise) string { return f.LaTeX }, map[expr.Op]string{
	expr.OpAdj:  `\operatorname{adj}`,
	expr.OpExpm: `\operatorname{expm}`, expr.OpPolar: `\operatorname{polar}`, expr.OpDiag: `\operatorname{diag}`,
	expr.OpDiagOf: `\operatorname{diag}`, expr.OpVec: `\operatorname{vec}`, expr.OpSoftmax: `\operatorname{softmax}`,
	expr.OpSoftmaxRows: `\operatorname{softmax}_{\text{rows}}`, expr.OpSoftmaxCols: `\operatorname{softmax}_{\text{cols}}`,
	expr.OpLSERows: `\operatorname{logsumexp}_{\text{rows}}`, expr.OpLSECols: `\operatorname{logsumexp}_{\text{cols}}`,
	expr.OpEigVecMax: `v_{\max}`, expr.OpUSVMax: `u_{1}`, expr.OpVSVMax: `v_{1}`, expr.OpDet: `\det`, expr.OpLogDet: `\log\det`,
	expr.OpTr: `\operatorname{tr}`, expr.OpSum: `\operatorname{sum}`, expr.OpLogSumExp: `\operatorname{logsumexp}`,
	expr.OpEigMax: `\lambda_{\max}`, expr.OpSigmaMax: `\sigma_{\max}`,
})

// withElementwise adds to a table what the rows of the elementwise functions
// say.
func withElementwise(of func(function.Elementwise) string, table map[expr.Op]string) map[expr.Op]string {
	for _, f := range function.All() {
		if text := of(f); text != "" {
			table[f.Op] = text
		}
	}
	return table
}

// latexFences set their operand between signs.
var latexFences = map[expr.Op][2]string{
	expr.OpAbs:     {`\left|`, `\right|`},
	expr.OpNorm1:   {`\left\lVert `, `\right\rVert_{1}`},
	expr.OpNorm2:   {`\left\lVert `, `\right\rVert`},
	expr.OpNucNorm: {`\left\lVert `, `\right\rVert_{*}`},
}

func (w *latexWriter) node(n *expr.Node) latexText {
	atom := func(s string) latexText { return latexText{s, expr.PrecAtom, false} }
	if f, ok := latexFunctions[n.Op()]; ok {
		if n.Op() == expr.OpSigmoid && named(n, "sigma") {
			f = `\operatorname{sigmoid}`
		}
		a := w.memo[n.Arg(0)]
		prec := expr.PrecAtom
		if n.Op() == expr.OpLogDet {
			prec = expr.PrecPost // a power would seem to be that of det
		}
		return latexText{f + brackets(a), prec, a.tall}
	}
	if n.Op() == expr.OpAbs && n.Shape().IsMatrix() {
		// Bars around a matrix are its determinant.
		return latexText{`\operatorname{abs}` + brackets(w.memo[n.Arg(0)]), expr.PrecAtom, w.memo[n.Arg(0)].tall}
	}
	if f, ok := latexFences[n.Op()]; ok {
		return latexText{f[0] + w.memo[n.Arg(0)].text + f[1], expr.PrecAtom, w.memo[n.Arg(0)].tall}
	}
	switch n.Op() {
	case expr.OpNum:
		return w.number(n)
	case expr.OpSym:
		return atom(w.name(n))
	case expr.OpDim:
		s := n.Sizes()[0].String()
		if strings.Contains(s, "+") {
			return latexText{strings.ReplaceAll(s, "*", " "), expr.PrecAdd, false}
		}
		return atom(strings.ReplaceAll(s, "*", " "))
	case expr.OpEye:
		return atom("I_{" + latexSize(n, 0) + "}")
	case expr.OpComm:
		return atom("K_{" + latexSize(n, 0) + "," + latexSize(n, 1) + "}")
	case expr.OpOnes, expr.OpZeros:
		s := `\mathbf{1}`
		if n.Op() == expr.OpZeros {
			s = `\mathbf{0}`
		}
		s += "_{" + latexSize(n, 0)
		if !n.Sizes()[1].IsOne() {
			s += `\times ` + latexSize(n, 1)
		}
		return atom(s + "}")
	case expr.OpAdd:
		return w.sum(n)
	case expr.OpMul:
		return w.product(n)
	case expr.OpHad:
		return w.entries(n)
	case expr.OpKron:
		return latexText{w.at(n.Arg(0), expr.PrecPow) + ` \otimes ` + w.at(n.Arg(1), expr.PrecPow), expr.PrecMul, false}
	case expr.OpSqrt:
		return latexText{`\sqrt{` + w.memo[n.Arg(0)].text + `}`, expr.PrecAtom, true}
	case expr.OpApply:
		a := w.memo[n.Arg(0)]
		return latexText{latexName(n.Name()) + strings.Repeat("'", n.Order()) + brackets(a), expr.PrecAtom, a.tall}
	case expr.OpHCat, expr.OpVCat:
		return w.blocks(n)
	}
	return w.raised(n)
}

// named reports a variable of that name in the node's context.
func named(n *expr.Node, name string) bool {
	return slices.ContainsFunc(n.Context().Symbols(), func(s *expr.Node) bool { return s.Name() == name })
}

// raised writes transposes, inverses and powers; a transposed inverse is one
// superscript.
func (w *latexWriter) raised(n *expr.Node) latexText {
	base, sup := n.Arg(0), ""
	switch n.Op() {
	case expr.OpT:
		sup = `\top`
		if base.Op() == expr.OpInv {
			base, sup = base.Arg(0), `-\top`
		}
	case expr.OpInv:
		sup = "-1"
	case expr.OpPinv:
		sup = "+"
	case expr.OpPow, expr.OpHPow:
		if n.Op() == expr.OpPow && n.Shape().IsScalar() && n.Arg(1).IsNum() && n.Arg(1).Rat().Sign() < 0 {
			return latexText{`\frac{1}{` + w.under(n) + `}`, expr.PrecMul, true}
		}
		sup = w.at(n.Arg(1), expr.PrecAdd)
		if n.Op() == expr.OpHPow {
			sup = `\odot ` + sup
			if n.Arg(1).IsNum() && n.Arg(1).Rat().Sign() < 0 {
				return w.entries(n)
			}
		}
	}
	t := w.memo[base]
	return latexText{w.at(base, expr.PrecAtom) + "^{" + sup + "}", expr.PrecPost, t.tall}
}

func latexSize(n *expr.Node, i int) string {
	return strings.ReplaceAll(n.Sizes()[i].String(), "*", "")
}

func (w *latexWriter) number(n *expr.Node) latexText {
	b := n.Rat().Big()
	sign, prec := "", expr.PrecAtom
	if b.Sign() < 0 {
		sign, prec = "-", expr.PrecAdd
	}
	num := strings.TrimPrefix(b.Num().String(), "-")
	if b.IsInt() {
		return latexText{sign + num, prec, false}
	}
	return latexText{sign + `\tfrac{` + num + "}{" + b.Denom().String() + "}", prec, false}
}

func (w *latexWriter) name(n *expr.Node) string {
	s := latexName(n.Name())
	if w.st.Bold && !n.Shape().IsScalar() {
		return `\boldsymbol{` + s + `}`
	}
	return s
}

// greek are names that are letters of their own in LaTeX.
var greek = func() map[string]bool {
	m := map[string]bool{}
	for _, g := range strings.Fields(`alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
		upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell`) {
		m[g] = true
	}
	return m
}()

// latexName writes x as x, x1 and x_1 as x_{1}, beta as \beta and longer names
// upright.
func latexName(s string) string {
	head, sub, cut := strings.Cut(s, "_")
	if !cut {
		k := len(s)
		for k > 0 && s[k-1] >= '0' && s[k-1] <= '9' {
			k--
		}
		head, sub = s[:k], s[k:]
	}
	switch {
	case greek[head]:
		head = `\` + head
	case len([]rune(head)) > 1:
		head = `\mathrm{` + strings.ReplaceAll(head, "_", `\_`) + `}`
	}
	if sub == "" {
		return head
	}
	return head + "_{" + strings.ReplaceAll(sub, "_", `\_`) + "}"
}

func (w *latexWriter) sum(n *expr.Node) latexText {
	var b strings.Builder
	tall := false
	for i, a := range leadPositive(n.Args()) {
		tall = tall || w.memo[a].tall
		switch {
		case i == 0:
			b.WriteString(w.at(a, expr.PrecAdd))
		case a.Negative():
			b.WriteString(" - " + w.at(expr.Neg(a), expr.PrecMul))
		default:
			b.WriteString(" + " + w.at(a, expr.PrecMul))
		}
	}
	return latexText{b.String(), expr.PrecAdd, tall}
}

// leadPositive moves the first term without a minus sign to the front.
func leadPositive(args []*expr.Node) []*expr.Node {
	for i, a := range args {
		if !a.Negative() {
			out := append([]*expr.Node{a}, args[:i]...)
			return append(out, args[i+1:]...)
		}
	}
	return args
}

// under writes the denominator that a negative power stands for.
func (w *latexWriter) under(f *expr.Node) string {
	return w.at(expr.Pow(f.Arg(0), expr.Neg(f.Arg(1))), expr.PrecAdd)
}

func (w *latexWriter) product(n *expr.Node) latexText {
	p := n.Product()
	sign := ""
	if p.Coef.Sign() < 0 {
		sign, p.Coef = "-", p.Coef.Neg()
	}
	var over, under []*expr.Node
	for _, f := range p.Scalars {
		if f.Op() == expr.OpPow && f.Arg(1).IsNum() && f.Arg(1).Rat().Sign() < 0 {
			under = append(under, expr.Pow(f.Arg(0), expr.Neg(f.Arg(1))))
		} else {
			over = append(over, f)
		}
	}
	lead := ""
	if !p.Coef.Equal(expr.RatOne) {
		lead = w.number(n.Context().Num(p.Coef)).text
	}
	prec := expr.PrecMul
	if sign != "" {
		prec = expr.PrecAdd
	}
	if len(under) == 0 {
		text := joinTight(append([]string{lead}, w.factors(append(over, p.Chain...))...))
		return latexText{sign + text, prec, false}
	}
	top := joinTight(append([]string{lead}, w.factors(over)...))
	if n.Shape().IsScalar() {
		top = joinTight([]string{top, joinTight(w.factors(p.Chain))})
		p.Chain = nil
	}
	if top == "" {
		top = "1"
	}
	down := w.factors(under)
	if len(under) == 1 {
		down = []string{w.at(under[0], expr.PrecAdd)}
	}
	text := joinTight(append([]string{`\frac{` + top + "}{" + joinTight(down) + "}"}, w.factors(p.Chain)...))
	return latexText{sign + text, prec, true}
}

// factors writes factors side by side. An elementwise product that only scalars
// stand before needs no brackets.
func (w *latexWriter) factors(args []*expr.Node) []string {
	out := make([]string, len(args))
	for i, a := range args {
		at := expr.PrecMul + 1
		if i == len(args)-1 && a.Op() == expr.OpHad && (i == 0 || args[i-1].Shape().IsScalar()) {
			at = expr.PrecMul
		}
		out[i] = w.at(a, at)
	}
	return out
}

// joinTight sets factors side by side, with a space so that commands end. Names
// of several letters are set apart, so that a speed does not read as aspeed.
func joinTight(parts []string) string {
	const word = `\mathrm{`
	text, last := "", ""
	for _, p := range parts {
		switch {
		case p == "":
			continue
		case text == "":
		case strings.HasPrefix(p, word) || strings.HasPrefix(last, word) && !strings.HasPrefix(p, "("):
			text += ` \, `
		default:
			text += " "
		}
		text, last = text+p, p
	}
	return text
}

// entries writes elementwise products and quotients.
func (w *latexWriter) entries(n *expr.Node) latexText {
	args := []*expr.Node{n}
	if n.Op() == expr.OpHad {
		args = n.Args()
	}
	text, tall := "", false
	var under []string
	for _, a := range args {
		tall = tall || w.memo[a].tall
		if a.Op() == expr.OpHPow && a.Arg(1).IsNum() && a.Arg(1).Rat().Sign() < 0 {
			under = append(under, w.at(expr.HPow(a.Arg(0), expr.Neg(a.Arg(1))), expr.PrecMul+1))
			continue
		}
		if text != "" {
			text += ` \odot `
		}
		text += w.at(a, expr.PrecMul+1)
	}
	if text == "" {
		text = "1"
	}
	for _, u := range under {
		text += ` \oslash ` + u
	}
	return latexText{text, expr.PrecMul, tall}
}

func (w *latexWriter) blocks(n *expr.Node) latexText {
	rows := []*expr.Node{n}
	if n.Op() == expr.OpVCat {
		rows = n.Args()
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		cells := []*expr.Node{r}
		if r.Op() == expr.OpHCat {
			cells = r.Args()
		}
		parts := make([]string, len(cells))
		for j, c := range cells {
			parts[j] = w.at(c, expr.PrecAdd)
		}
		lines[i] = strings.Join(parts, " & ")
	}
	return latexText{`\begin{bmatrix} ` + strings.Join(lines, ` \\ `) + ` \end{bmatrix}`, expr.PrecAtom, true}
}

// LaTeXName sets the name of a variable or function: beta as \beta, x1 as x_{1}.
func LaTeXName(name string) string { return latexName(name) }

// LaTeXFunction is the sign that an operator with one operand is set with.
func LaTeXFunction(op expr.Op) string {
	if f, ok := latexFunctions[op]; ok {
		return f
	}
	return `\operatorname{` + op.String() + `}`
}
