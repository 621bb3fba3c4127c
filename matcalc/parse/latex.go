package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// latexReader walks LaTeX source.
type latexReader struct {
	*builder
	at    int
	depth int
	cells []bool // open environments: true for those whose & and \\ part blocks
}

// readLaTeX feeds LaTeX mathematics to the builder.
func readLaTeX(b *builder) {
	r := &latexReader{builder: b}
	r.until(len(b.src))
}

// latexOps are commands that are operators.
var latexOps = map[string]string{
	"cdot": "*", "times": "*", "ast": "*", "odot": ".*", "circ": ".*", "oslash": "./", "div": "/",
}

// latexSpace are commands without meaning here.
var latexSpace = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`, ; ! : quad qquad displaystyle textstyle left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr
		limits nolimits mathstrut middle`) {
		m[s] = true
	}
	m[" "], m["\n"] = true, true
	return m
}()

// latexFont are commands that change only how their operand looks.
var latexFont = map[string]bool{"mathbf": true, "boldsymbol": true, "bm": true, "mathrm": true, "mathsf": true, "mathit": true,
	"mathcal": true, "mathbb": true, "text": true, "operatorname": true, "mathop": true, "vec": true, "textbf": true, "textrm": true}

// latexNames are functions that are spelled otherwise here.
var latexNames = map[string]string{"Tr": "tr", "trace": "tr", "ln": "log", "lse": "logsumexp", "sgn": "sign", "sigm": "sigmoid", "ReLU": "relu", "inf": ""}

// latexLowered are functions that a lowered word makes.
var latexLowered = map[string]string{"lambda max": "eigmax", "sigma max": "sigmamax", "v max": "eigvecmax", "u 1": "usvmax", "v 1": "vsvmax"}

// until reads up to the byte end.
func (r *latexReader) until(end int) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > 500 {
		r.fail(r.at, r.at, "", "groups are nested deeper than 500")
	}
	for r.at < end && r.fault == nil {
		c, w := utf8.DecodeRuneInString(r.src[r.at:])
		pos := r.at
		switch {
		case c == '\\':
			r.command(pos, end)
		case unicode.IsSpace(c) || c == '~' || c == '$':
			r.at += w
		case c == '{':
			close := r.group(end)
			r.open("(", ")", pos, pos+1)
			r.at = pos + 1
			r.until(close)
			r.closeBracket(")", close, close+1)
			r.at = close + 1
		case c == '^':
			r.at++
			r.superscript(pos, end)
		case c == '_':
			r.at++
			r.subscript(pos, end)
		case c == '&':
			r.at++
			if k := len(r.cells); k > 0 && r.cells[k-1] {
				r.op(",", pos, pos+1)
			}
		case shape.IsNameRune(c, true):
			r.letters(end)
		case c >= '0' && c <= '9':
			j := scanNumber(r.src[:end], pos)
			r.operand(Num, r.src[pos:j], pos, j)
			r.at = j
		case raised[c] != 0 || strings.ContainsRune(raisedT, c):
			r.at = r.builder.superscript(pos)
		case lowered[c] != 0 || c == '𝟏' || c == '𝟎' || c == '𝟙':
			r.at = r.lower(c, pos, pos+w)
		default:
			r.at = r.sign(c, pos, pos+w)
		}
	}
}

// group is the place of the } that closes the { at r.at.
func (r *latexReader) group(end int) int {
	depth := 0
	for i := r.at; i < end; i++ {
		switch r.src[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	r.fail(r.at, r.at+1, "", "missing } for this {")
	return end
}

// argument is the range of what follows a command or ^: a group, a command or
// one sign.
func (r *latexReader) argument(end int) (from, to int) {
	for r.at < end && (r.src[r.at] == ' ' || r.src[r.at] == '\n' || r.src[r.at] == '\t') {
		r.at++
	}
	if r.at >= end {
		r.fail(r.at, r.at, "", "the expression ends where an operand is expected")
		return r.at, r.at
	}
	switch r.src[r.at] {
	case '{':
		close := r.group(end)
		from, to = r.at+1, close
		r.at = min(close+1, end)
		return from, to
	case '\\':
		from = r.at
		_, r.at = r.commandName(r.at, end)
		return from, r.at
	}
	_, w := utf8.DecodeRuneInString(r.src[r.at:])
	from, r.at = r.at, r.at+w
	return from, r.at
}

// commandName is the name after the \ at i and the place after it.
func (r *latexReader) commandName(i, end int) (string, int) {
	j := i + 1
	for j < end && (r.src[j] >= 'a' && r.src[j] <= 'z' || r.src[j] >= 'A' && r.src[j] <= 'Z') {
		j++
	}
	if j == i+1 && j < end {
		_, w := utf8.DecodeRuneInString(r.src[j:])
		j += w
	}
	return r.src[i+1 : j], min(j, end)
}

// within reads a range of the source in place.
func (r *latexReader) within(from, to int) {
	back := r.at
	r.at = from
	r.until(to)
	r.at = back
}

// bracketed reads a range as one operand.
func (r *latexReader) bracketed(from, to int) {
	r.open("(", ")", from, from)
	r.within(from, to)
	r.closeBracket(")", to, to)
}

func (r *latexReader) command(pos, end int) {
	name, after := r.commandName(pos, end)
	r.at = after
	switch {
	case latexSpace[name]:
	case latexOps[name] != "":
		r.op(latexOps[name], pos, after)
	case latexFont[name]:
		r.font(name, pos, end)
	case name == "otimes":
		r.kron(pos, after)
	case name == "langle":
		r.angle(pos, after)
	case name == "rangle":
		r.closeAngle(pos, after)
	case name == "top" || name == "intercal" || name == "prime":
		r.transpose(pos, after)
	case fenceCommands[name].sign != "":
		f := fenceCommands[name]
		r.fence(f.sign, r.direction(pos, f.dir), pos, after)
	case name == "{" || name == "lbrace" || name == "lbrack":
		r.open("(", ")", pos, after)
	case name == "}" || name == "rbrace" || name == "rbrack":
		r.closeBracket(")", pos, after)
	case strings.HasSuffix(name, "frac"):
		r.fraction(pos, end)
	case name == "sqrt":
		from, to := r.argument(end)
		r.function("sqrt", pos, after)
		r.bracketed(from, to)
	case name == "sum":
		r.sum(pos, end)
	case name == "begin" || name == "end":
		r.environment(name, pos, end)
	case name == `\`:
		if k := len(r.cells); k > 0 && r.cells[k-1] {
			r.op(";", pos, after)
		}
	default:
		r.namedCommand(name, pos, after, end)
	}
}

// fenceCommands are the commands for bars.
var fenceCommands = map[string]struct {
	sign string
	dir  int
}{"lvert": {bar, -1}, "rvert": {bar, 1}, "vert": {bar, 0}, "mid": {bar, 0}, "lVert": {doubleBar, -1}, "rVert": {doubleBar, 1},
	"Vert": {doubleBar, 0}, "|": {doubleBar, 0}}

// direction lets \left and \right before a fence decide.
func (r *latexReader) direction(pos, dir int) int {
	before := strings.TrimRight(r.src[:pos], " ")
	switch {
	case strings.HasSuffix(before, `\left`):
		return -1
	case strings.HasSuffix(before, `\right`):
		return 1
	}
	return dir
}

// namedCommand is a function or a letter with a name.
func (r *latexReader) namedCommand(name string, pos, after, end int) {
	if f := r.loweredFunction(name, end); f != "" {
		r.function(f, pos, r.at)
		return
	}
	if len(name) == 1 && r.known(name) {
		r.fail(pos, after, "write "+name+" for the variable, inv(A)*"+name+" for the solution of a linear system", "\\%s is no command", name)
		return
	}
	if r.known(name) || r.spelled(name) != "" && greekLetters[name] != "" {
		r.named(name, pos, after, end)
		return
	}
	if to, ok := latexNames[name]; ok && to != "" {
		name = to
	}
	if name == "sigma" {
		name = "sigmoid"
		r.note(`\sigma is read as the logistic function sigmoid; declare sigma to mean something else`)
	}
	if _, ok := expr.Lookup(name); ok {
		r.function(name, pos, after)
		if name == "log" && strings.HasPrefix(strings.TrimLeft(r.src[after:end], " "), `\det`) {
			return
		}
		r.axis(end)
		return
	}
	if greekLetters[name] != "" {
		r.named(name, pos, after, end)
		return
	}
	r.fail(pos, after, "", "the LaTeX command \\%s is not known here", name)
}

// loweredFunction reads \lambda_{\max} and the like; "" when it is none.
func (r *latexReader) loweredFunction(name string, end int) string {
	if r.at >= end || r.src[r.at] != '_' {
		return ""
	}
	back := r.at
	r.at++
	from, to := r.argument(end)
	f := latexLowered[name+" "+strings.TrimPrefix(strings.TrimSpace(r.src[from:to]), `\`)]
	if f == "" || !strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(r.src[r.at:end], " "), `\left`), " "), "(") {
		r.at = back
		return ""
	}
	return f
}

// axis reads the word that makes softmax and logsumexp work on rows or
// columns; it goes behind the operand.
func (r *latexReader) axis(end int) {
	if r.at >= end || r.src[r.at] != '_' {
		return
	}
	back := r.at
	r.at++
	from, to := r.argument(end)
	word := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(r.src[from:to], `\text{`), `\mathrm{`), "}")
	if word != "rows" && word != "cols" {
		r.at = back
		return
	}
	r.tail = word
}

// font reads \mathbf{x}, \operatorname{tr}, \mathbf{1}_n.
func (r *latexReader) font(name string, pos, end int) {
	from, to := r.argument(end)
	text := strings.TrimSpace(strings.ReplaceAll(r.src[from:to], `\_`, "_"))
	if text == "" {
		return
	}
	if text == "1" || text == "0" || (text == "I" || text == "K") && !r.known(text) {
		if r.at < end && r.src[r.at] == '_' {
			r.at++
			f, t := r.argument(end)
			if r.constant(text, r.src[f:t], pos, r.at) {
				return
			}
		}
		r.fail(pos, r.at, `write \mathbf{1}_{n} or I_{n}`, "the size of %s is not known", text)
		return
	}
	if strings.ContainsAny(text, `\^{ `) || !shape.IsName(text) {
		r.bracketed(from, to)
		return
	}
	if n, ok := latexNames[text]; ok && n != "" && !r.known(text) {
		text = n
	}
	if f := r.loweredFunction(text, end); f != "" {
		r.function(f, pos, r.at)
		return
	}
	if _, ok := expr.Lookup(text); ok && r.spelled(text) == "" {
		r.function(text, pos, r.at)
		r.axis(end)
		return
	}
	r.named(text, pos, r.at, end)
}

// named reads a name with what is lowered after it.
func (r *latexReader) named(base string, pos, after, end int) {
	r.at = after
	if r.at < end && r.src[r.at] == '_' {
		r.at++
		from, to := r.argument(end)
		sub := strings.NewReplacer(`\text{`, "", `\mathrm{`, "", "}", "", `\_`, "_", `\,`, "").Replace(r.src[from:to])
		if n := r.spelled(base + "_" + sub); n != "" {
			base = n
		} else if r.constant(base, sub, pos, r.at) || r.chosen(base, sub, pos, r.at) {
			return
		} else {
			base += "_" + sub
			if !shape.IsName(base) {
				r.fail(pos, r.at, "declare the name, as in w_1: n", "%s is not declared", base)
				return
			}
		}
	}
	r.word(base, pos, r.at)
}

// letters reads a run of letters: a declared name as it stands, else letter by
// letter.
func (r *latexReader) letters(end int) {
	pos := r.at
	j := pos
	for j < end {
		c, w := utf8.DecodeRuneInString(r.src[j:])
		if !shape.IsNameRune(c, j == pos) || c == '_' {
			break
		}
		j += w
	}
	w := r.src[pos:j]
	if n, ok := latexNames[w]; ok && n != "" && !r.known(w) && r.split(w) == nil {
		r.function(n, pos, j)
		r.at = j
		return
	}
	r.at = j
	if f := r.loweredFunction(w, end); f != "" && r.spelled(w) == "" {
		r.function(f, pos, r.at)
		return
	}
	if w == "e" && !r.known("e") && j < end && r.src[j] == '^' {
		r.at++
		from, to := r.argument(end)
		r.function("exp", pos, j)
		r.bracketed(from, to)
		return
	}
	if r.spelled(w) == "" {
		if cut := r.split(w); len(cut) > 1 {
			last := cut[len(cut)-1]
			for _, c := range cut[:len(cut)-1] {
				r.operand(Name, r.spelled(c), pos, pos+len(c))
				pos += len(c)
			}
			w = last
		}
	}
	r.named(w, pos, j, end)
}

// superscript reads what stands after ^.
func (r *latexReader) superscript(pos, end int) {
	from, to := r.argument(end)
	text := strings.ReplaceAll(strings.TrimSpace(r.src[from:to]), " ", "")
	bare := strings.TrimPrefix(text, "-")
	top := bare == "T" && !r.known("T")
	for _, wrap := range []string{`\mathsf{T}`, `\mathrm{T}`, `\text{T}`, `\top`, `\intercal`, `\mathsf{\top}`, `{\top}`, `\prime`, `\mathrm{t}`, `'`} {
		if bare == wrap {
			top = true
		}
	}
	switch {
	case top:
		if strings.HasPrefix(text, "-") {
			r.power(exponentTokens("-1", pos, r.at), pos, r.at)
		}
		r.transpose(pos, r.at)
	case text == "+" || text == `\dagger` || text == `\dag`:
		if !r.ended {
			r.fail(pos, r.at, "", "a raised + stands after a matrix")
			return
		}
		r.around("pinv", pos)
	default:
		r.exponent(from, to, pos)
	}
}

// exponent reads a power; \odot or \circ in front makes it elementwise.
func (r *latexReader) exponent(from, to, pos int) {
	sign := "^"
	for _, p := range []string{`\odot`, `\circ`} {
		if t := strings.TrimLeft(r.src[from:to], " "); strings.HasPrefix(t, p) {
			sign, from = ".^", to-len(t)+len(p)
		}
	}
	sub := &builder{src: r.src, scope: r.scope, beside: true, bound: r.bound}
	inner := &latexReader{builder: sub, at: from, depth: r.depth}
	sub.open("(", ")", from, from)
	inner.until(to)
	sub.closeBracket(")", to, to)
	if sub.fault != nil && r.fault == nil {
		r.fault = sub.fault
	}
	r.notes = append(r.notes, sub.notes...)
	r.power(append([]Token{{Punct, sign, pos, pos}}, sub.out...), pos, r.at)
}

// subscript reads what stands after _ where no name took it: the kind of a
// norm.
func (r *latexReader) subscript(pos, end int) {
	from, to := r.argument(end)
	sub := strings.NewReplacer(`\text{`, "", `\mathrm{`, "", "}", "", " ", "", `\ast`, "*").Replace(r.src[from:to])
	switch {
	case sub == "":
		r.fail(pos, r.at, "", "an index is missing after _")
	case !r.lowerFence(sub):
		r.fail(pos, r.at, "", "a lowered %s has no meaning here", sub)
	}
}

func (r *latexReader) fraction(pos, end int) {
	a, b := r.argument(end)
	c, d := r.argument(end)
	r.open("(", ")", pos, pos)
	r.bracketed(a, b)
	r.op("/", b, b)
	r.bracketed(c, d)
	r.closeBracket(")", d, r.at)
}

// sum reads \sum_{i=1}^{m}.
func (r *latexReader) sum(pos, end int) {
	index := ""
	for r.at < end && (r.src[r.at] == '_' || r.src[r.at] == '^') {
		low := r.src[r.at] == '_'
		r.at++
		from, to := r.argument(end)
		if low {
			index, _, _ = strings.Cut(strings.TrimSpace(r.src[from:to]), "=")
			index = strings.TrimSpace(index)
		}
	}
	if !shape.IsName(index) {
		r.fail(pos, r.at, `write \sum_i or \operatorname{sum}(X)`, "the index of this sum is missing")
		return
	}
	r.sumOver(index, pos, r.at)
}

// environment reads matrices, and passes over aligned.
func (r *latexReader) environment(which string, pos, end int) {
	from, to := r.argument(end)
	name := strings.TrimSuffix(r.src[from:to], "*")
	block := strings.HasSuffix(name, "matrix")
	if which == "begin" {
		r.cells = append(r.cells, block)
		if block {
			r.open("[", "]", pos, r.at)
		}
		return
	}
	if len(r.cells) == 0 {
		r.fail(pos, r.at, "", `\end without \begin`)
		return
	}
	block = r.cells[len(r.cells)-1]
	r.cells = r.cells[:len(r.cells)-1]
	if block {
		r.closeBracket("]", pos, r.at)
	}
}
