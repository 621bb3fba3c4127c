package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// Unicode writes the expression for a terminal: xᵀAx, A⁻¹, ⊙, ⊗, ‖x‖². It
// parses back.
func Unicode(n *expr.Node) string {
	text := newUnicodeWriter(n, beside).of(n).text
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return text
		}
	}
	// Without any sign that is not ASCII, factors side by side would not be
	// read as a product.
	return strings.ReplaceAll(ASCII(n), "*", "·")
}

// Shown writes the expression as Unicode does, but as a page would print it:
// 2Ax, Xᵀ(Xw − y). It need not parse back.
func Shown(n *expr.Node) string { return newUnicodeWriter(n, tight).of(n).text }

type unicodeText struct {
	text string
	prec expr.Prec
}

type unicodeWriter struct {
	memo  map[*expr.Node]unicodeText
	names map[string]bool          // declared names
	join  func(a, b string) string // sets two factors side by side
}

func newUnicodeWriter(n *expr.Node, join func(a, b string) string) *unicodeWriter {
	w := &unicodeWriter{memo: map[*expr.Node]unicodeText{}, names: map[string]bool{}, join: join}
	for _, s := range n.Context().Symbols() {
		w.names[s.Name()] = true
	}
	return w
}

// of is the text of a node, that of its operands first.
func (w *unicodeWriter) of(n *expr.Node) unicodeText {
	for _, m := range expr.PostOrder(n) {
		if _, ok := w.memo[m]; !ok {
			w.memo[m] = w.node(m)
		}
	}
	return w.memo[n]
}

func (w *unicodeWriter) at(n *expr.Node, p expr.Prec) string {
	t, ok := w.memo[n]
	if !ok {
		t = w.of(n)
	}
	if t.prec < p {
		return "(" + t.text + ")"
	}
	return t.text
}

// unicodeFences are written around their operand.
var unicodeFences = map[expr.Op]string{expr.OpNorm1: "₁", expr.OpNorm2: "", expr.OpNucNorm: "_*"}

// unicodeConstants are letters with sizes lowered.
var unicodeConstants = map[expr.Op]string{expr.OpEye: "I", expr.OpComm: "K", expr.OpOnes: "𝟏", expr.OpZeros: "𝟎"}

func (w *unicodeWriter) node(n *expr.Node) unicodeText {
	if tail, ok := unicodeFences[n.Op()]; ok {
		return unicodeText{"‖" + w.memo[n.Arg(0)].text + "‖" + tail, expr.PrecAtom}
	}
	if letter, ok := unicodeConstants[n.Op()]; ok {
		return w.constant(n, letter)
	}
	switch n.Op() {
	case expr.OpSym:
		return unicodeText{w.name(n.Name()), expr.PrecAtom}
	case expr.OpNum, expr.OpDim:
		text, prec := ASCII(n), asciiPrec(n)
		return unicodeText{strings.ReplaceAll(strings.ReplaceAll(text, "*", "·"), "-", "−"), prec}
	case expr.OpAdd:
		return w.sum(n)
	case expr.OpMul:
		return w.product(n)
	case expr.OpHad:
		return w.entries(n.Args())
	case expr.OpKron:
		return unicodeText{w.at(n.Arg(0), expr.PrecPost) + " ⊗ " + w.at(n.Arg(1), expr.PrecPost), expr.PrecMul}
	case expr.OpT, expr.OpInv, expr.OpPinv, expr.OpPow, expr.OpHPow:
		return w.raised(n)
	case expr.OpHCat, expr.OpVCat:
		return unicodeText{"[" + w.blocks(n) + "]", expr.PrecAtom}
	case expr.OpApply:
		return unicodeText{n.Name() + strings.Repeat("'", n.Order()) + "(" + w.list(n, ", ") + ")", expr.PrecAtom}
	}
	name, tail := callName(n.Op())
	return unicodeText{name + "(" + w.list(n, ", ") + tail + ")", expr.PrecAtom}
}

func (w *unicodeWriter) list(n *expr.Node, sep string) string {
	parts := make([]string, len(n.Args()))
	for i, a := range n.Args() {
		parts[i] = w.memo[a].text
	}
	return strings.Join(parts, sep)
}

// blocks writes blocks; a row of blocks stands without brackets of its own.
func (w *unicodeWriter) blocks(n *expr.Node) string {
	if n.Op() == expr.OpHCat {
		return w.list(n, ", ")
	}
	rows := make([]string, len(n.Args()))
	for i, a := range n.Args() {
		rows[i] = w.memo[a].text
		if a.Op() == expr.OpHCat {
			rows[i] = w.list(a, ", ")
		}
	}
	return strings.Join(rows, "; ")
}

// name writes beta as β where that is no other name.
func (w *unicodeWriter) name(name string) string {
	if letter, ok := greekLetters[name]; ok && !w.names[letter] {
		return letter
	}
	return name
}

// greekLetters are the names that parsing reads a letter as.
var greekLetters = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ",
	"mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}

// constant writes I_n, 𝟏_{m×n}; where the letter is a declared name, or a size
// is a sum, the ASCII form.
func (w *unicodeWriter) constant(n *expr.Node, letter string) unicodeText {
	text, prec := ASCII(n), asciiPrec(n)
	sizes := text[strings.Index(text, "(")+1 : len(text)-1]
	if w.names[letter] || strings.ContainsAny(sizes, "+*") || w.names[letter+"_"+sizes] {
		return unicodeText{text, prec}
	}
	sizes = strings.ReplaceAll(sizes, ",", "×")
	if strings.Contains(sizes, "×") {
		sizes = "{" + sizes + "}"
	}
	return unicodeText{letter + "_" + sizes, expr.PrecAtom}
}

// superscripts are the raised digits and the minus sign.
var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻")

func (w *unicodeWriter) raised(n *expr.Node) unicodeText {
	base, sup := n.Arg(0), ""
	switch n.Op() {
	case expr.OpT:
		sup = "ᵀ"
		if base.Op() == expr.OpInv {
			base, sup = base.Arg(0), "⁻ᵀ"
		}
	case expr.OpInv:
		sup = "⁻¹"
	case expr.OpPinv:
		sup = "⁺"
	default:
		e := n.Arg(1)
		_, whole := e.Rat().Int64()
		whole = whole && e.IsNum()
		switch {
		case whole && e.Rat().Sign() < 0 && n.Op() == expr.OpHPow:
			return w.entries([]*expr.Node{n})
		case whole && e.Rat().Sign() < 0 && n.Shape().IsScalar():
			return unicodeText{"1/" + w.at(expr.Pow(base, expr.Neg(e)), expr.PrecPow), expr.PrecMul}
		case whole && n.Op() == expr.OpPow:
			sup = superscripts.Replace(e.Rat().String())
		case n.Op() == expr.OpPow:
			sup = "^" + w.at(e, expr.PrecAtom)
		default:
			sup = ".^" + w.at(e, expr.PrecAtom)
		}
	}
	return unicodeText{w.at(base, expr.PrecAtom) + sup, expr.PrecPost}
}

func (w *unicodeWriter) sum(n *expr.Node) unicodeText {
	var b strings.Builder
	for i, a := range leadPositive(n.Args()) {
		switch {
		case i == 0:
			b.WriteString(w.at(a, expr.PrecAdd))
		case a.Negative():
			b.WriteString(" − " + w.at(expr.Neg(a), expr.PrecMul))
		default:
			b.WriteString(" + " + w.at(a, expr.PrecMul))
		}
	}
	return unicodeText{b.String(), expr.PrecAdd}
}

func (w *unicodeWriter) product(n *expr.Node) unicodeText {
	p := n.Product()
	sign, prec := "", expr.PrecMul
	if p.Coef.Sign() < 0 {
		sign, prec, p.Coef = "−", expr.PrecAdd, p.Coef.Neg()
	}
	var over, under []string
	if !p.Coef.Equal(expr.RatOne) {
		over = append(over, w.at(n.Context().Num(p.Coef), expr.PrecAtom))
	}
	for _, f := range p.Scalars {
		if f.Op() == expr.OpPow && f.Arg(1).IsNum() && f.Arg(1).Rat().Sign() < 0 {
			under = append(under, w.at(expr.Pow(f.Arg(0), expr.Neg(f.Arg(1))), expr.PrecPow))
			continue
		}
		over = append(over, w.at(f, expr.PrecMul+1))
	}
	for _, f := range p.Chain {
		over = append(over, w.at(f, expr.PrecMul+1))
	}
	if len(over) == 0 {
		over = []string{"1"}
	}
	text := over[0]
	for _, f := range over[1:] {
		text = w.join(text, f)
	}
	for _, u := range under {
		text += "/" + u
	}
	return unicodeText{sign + text, prec}
}

// beside sets two factors side by side: letters and numbers tight, words apart.
func beside(a, b string) string {
	if word(a[strings.LastIndexAny(a, " ")+1:]) && word(strings.SplitN(b, " ", 2)[0]) {
		return a + b
	}
	return a + " " + b
}

// tight sets them as a page does: nothing between a number and what it
// multiplies, unless that is a word, nor between a raised sign and brackets.
func tight(a, b string) string {
	head, size := utf8.DecodeRuneInString(b)
	next, _ := utf8.DecodeRuneInString(b[size:])
	tail, _ := utf8.DecodeLastRuneInString(a)
	last := strings.TrimLeft(a[strings.LastIndexAny(a, " ")+1:], "0123456789.")
	function := unicode.IsLetter(head) && unicode.IsLetter(next) && next < utf8.RuneSelf
	raised := strings.ContainsRune("ᵀ¹²³⁺", tail)
	switch {
	case last == "" && unicode.IsDigit(head):
		return a + "·" + b
	case last == "" && !function, raised && head == '(':
		return a + b
	case last == "":
		return a + " " + b
	}
	return a[:len(a)-len(last)] + beside(last, b)
}

// word reports a text in which letters stand alone, so that more letters may
// follow.
func word(s string) bool {
	run := 0
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'α' && r <= 'ω':
			if run++; run > 1 {
				return false
			}
		case strings.ContainsRune("_0123456789(.^₀₁₂₃₄₅₆₇₈₉⊗", r):
			return false
		default:
			run = 0
		}
	}
	return true
}

func (w *unicodeWriter) entries(args []*expr.Node) unicodeText {
	text := ""
	var under []string
	for _, a := range args {
		if a.Op() == expr.OpHPow && a.Arg(1).IsNum() && a.Arg(1).Rat().Sign() < 0 {
			under = append(under, w.at(expr.HPow(a.Arg(0), expr.Neg(a.Arg(1))), expr.PrecPow))
			continue
		}
		if text != "" {
			text += " ⊙ "
		}
		text += w.at(a, expr.PrecMul+1)
	}
	if text == "" {
		text = "1"
	}
	for _, u := range under {
		text += " ⊘ " + u
	}
	return unicodeText{text, expr.PrecMul}
}
