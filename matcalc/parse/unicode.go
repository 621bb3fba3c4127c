package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// sameSign are signs that mean an operator of the ASCII syntax.
var sameSign = map[rune]string{
	'·': "*", '⋅': "*", '×': "*", '∗': "*", '＊': "*", '∙': "*", '−': "-", '–': "-", '－': "-", '﹣': "-", '＋': "+", '÷': "/", '∕': "/", '／': "/",
	'⊙': ".*", '∘': ".*", '○': ".*", '⊘': "./", '＾': "^", '，': ",", '、': ",", '；': ";", '：': ":",
}

// sameBracket are brackets that mean ( ) [ ].
var sameBracket = map[rune]string{'（': "(", '）': ")", '［': "[", '］': "]", '【': "[", '】': "]", '｛': "(", '｝': ")", '{': "(", '}': ")"}

// raisedT are signs that transpose.
const raisedT = "ᵀ⊤′’ʹ＇ᵗ"

// readUnicode feeds text with mathematical signs to the builder.
func readUnicode(b *builder) {
	src := b.src
	for i := 0; i < len(src) && b.fault == nil; {
		r, w := utf8.DecodeRuneInString(src[i:])
		if c := r - 0xFEE0; r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'ｚ' && unicode.IsLetter(c) {
			b.wide(c, i, i+w)
			i += w
			continue
		}
		switch {
		case unicode.IsSpace(r), r == '\u200b', r == '\u2062', r == '\ufeff':
			i += w
		case r >= '0' && r <= '9':
			j := scanNumber(src, i)
			b.operand(Num, src[i:j], i, j)
			i = j
		case raised[r] != 0 || strings.ContainsRune(raisedT, r):
			i = b.superscript(i)
		case r == '𝟏' || r == '𝟎' || r == '𝟙' || r == 'ᵢ' || r == 'ⱼ' || lowered[r] != 0:
			i = b.lower(r, i, i+w)
		case vulgar[r] != "":
			b.fraction(vulgar[r], i, i+w)
			i += w
		case r == 'Σ' && b.sumLetter(i, i+w):
			i = b.sumSign(i, i+w)
		case shape.IsNameRune(r, true):
			i = b.identifier(i)
		default:
			i = b.sign(r, i, i+w)
		}
	}
}

// vulgar are fractions that are one sign.
var vulgar = map[rune]string{'½': "1/2", '⅓': "1/3", '⅔': "2/3", '¼': "1/4", '¾': "3/4", '⅕': "1/5", '⅙': "1/6", '⅛': "1/8"}

func (b *builder) fraction(text string, pos, end int) {
	over, under, _ := strings.Cut(text, "/")
	b.open("(", ")", pos, pos)
	b.put(Num, over, pos, end)
	b.put(Punct, "/", pos, end)
	b.put(Num, under, pos, end)
	b.closeBracket(")", end, end)
}

// sumLetter reports that the letter Σ, which names nothing here, has a lowered
// index and so is the sign of a sum.
func (b *builder) sumLetter(pos, end int) bool {
	if b.spelled("Σ") != "" || b.spelled(b.src[pos:scanName(b.src, pos)]) != "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(b.src[end:])
	return r == '_' || lowered[r] != 0
}

// wide reads one full-width letter or digit.
func (b *builder) wide(c rune, pos, end int) {
	if c >= '0' && c <= '9' {
		b.operand(Num, string(c), pos, end)
		return
	}
	b.word(string(c), pos, end)
}

func (b *builder) identifier(i int) int {
	j := scanName(b.src, i)
	w := b.src[i:j]
	if b.known(w) || b.spelled(w) == "" {
		// A lowered index of a sum chooses an entry: y_i, X_ij.
		if head, sub, cut := strings.Cut(w, "_"); cut && b.chosen(head, sub, i, j) {
			return j
		}
	}
	if (strings.HasSuffix(w, "_") || w == "∑") && j < len(b.src) && (b.src[j] == '{' || b.src[j] == '(') {
		close := map[byte]string{'{': "}", '(': ")"}[b.src[j]]
		if k := strings.Index(near(b.src[j:]), close); k > 0 && b.constant(strings.TrimSuffix(w, "_"), b.src[j+1:j+k], i, j+k+1) {
			return j + k + 1
		}
	}
	b.word(w, i, j)
	return j
}

// near is the beginning of a text, as far as the sizes of a constant reach.
func near(s string) string { return s[:min(len(s), 64)] }

// chosen writes the entry of a variable that lowered summation indices choose.
func (b *builder) chosen(head, sub string, pos, end int) bool {
	name := b.spelled(head)
	if name == "" || sub == "" {
		return false
	}
	var idx []string
	for _, r := range strings.Trim(sub, "{}") {
		switch s := string(r); {
		case s == "," || s == " ":
		case s == ":" || b.bound[s]:
			idx = append(idx, s)
		default:
			return false
		}
	}
	b.begin(pos)
	at := len(b.out)
	b.put(Name, name, pos, end)
	b.put(Punct, "[", end, end)
	for i, s := range idx {
		if i > 0 {
			b.put(Punct, ",", end, end)
		}
		if s == ":" {
			b.put(Punct, ":", end, end)
		} else {
			b.put(Name, s, end, end)
		}
	}
	b.put(Punct, "]", end, end)
	b.finish(at)
	return true
}

// lower reads a lowered sign: sizes of 𝟏ₙ, the kind of a norm, an index.
func (b *builder) lower(r rune, pos, end int) int {
	j := end
	for j < len(b.src) {
		s, w := utf8.DecodeRuneInString(b.src[j:])
		if lowered[s] == 0 {
			break
		}
		j += w
	}
	if lowered[r] == 0 { // 𝟏, 𝟎
		sub := plainLow(b.src[end:j])
		if rest := b.src[j:]; sub == "" && strings.HasPrefix(rest, "_") {
			k := scanName(b.src, j)
			sub, j = b.src[j+1:k], k
			if sub == "" && k < len(b.src) && b.src[k] == '{' {
				if c := strings.IndexByte(near(b.src[k:]), '}'); c > 0 {
					sub, j = b.src[k+1:k+c], k+c+1
				}
			}
		}
		if !b.constant(string(r), sub, pos, j) {
			b.fail(pos, j, "write 𝟏_n or ones(n)", "the size of %s is not known", string(r))
		}
		return j
	}
	sub := plainLow(b.src[pos:j])
	if b.lowerFence(sub) {
		return j
	}
	if k := len(b.out); b.ended && k > 0 && b.out[k-1].Kind == Name {
		last := b.out[k-1]
		b.out, b.ended = b.out[:k-1], false
		if b.chosen(last.Text, sub, last.Pos, j) {
			return j
		}
	}
	b.fail(pos, j, "", "a lowered %s has no meaning here", sub)
	return j
}

// superscript reads a run of raised signs after an operand: A⁻¹, xᵀ, A⁻ᵀ, t².
func (b *builder) superscript(i int) int {
	pos, digits := i, ""
	flush := func(end int) {
		if digits != "" && digits != "-" {
			b.power(exponentTokens(strings.TrimPrefix(digits, "+"), pos, end), pos, end)
			digits = ""
		}
	}
	for i < len(b.src) {
		r, w := utf8.DecodeRuneInString(b.src[i:])
		d, up := raised[r]
		if !up && !strings.ContainsRune(raisedT, r) {
			break
		}
		switch {
		case up && (d == '-' || d == '+') && digits != "":
			flush(i)
			fallthrough
		case up:
			digits += string(d)
		case digits == "-": // A⁻ᵀ
			b.power(exponentTokens("-1", pos, i+w), pos, i+w)
			b.transpose(i, i+w)
			digits = ""
		default:
			flush(i)
			b.transpose(i, i+w)
		}
		i += w
	}
	if digits == "+" {
		b.around("pinv", i)
		return i
	}
	if digits == "-" {
		b.fail(pos, i, "an inverse is written A⁻¹", "a raised - without a number")
	}
	flush(i)
	return i
}

// exponentTokens are ^ and the exponent.
func exponentTokens(text string, pos, end int) []Token {
	out := []Token{{Punct, "^", pos, pos}}
	if strings.HasPrefix(text, "-") {
		out = append(out, Token{Punct, "-", pos, pos})
		text = text[1:]
	}
	kind := Num
	if text != "" && !(text[0] >= '0' && text[0] <= '9') {
		kind = Name
	}
	return append(out, Token{kind, text, pos, end})
}

// sign reads anything else than letters, digits and raised signs.
func (b *builder) sign(r rune, pos, end int) int {
	if s, ok := sameSign[r]; ok && s != "," {
		b.op(s, pos, end)
		return end
	}
	text := string(r)
	if s, ok := sameBracket[r]; ok {
		text = s
	}
	switch text {
	case "(":
		b.open("(", ")", pos, end)
		return end
	case "[":
		b.open("[", "]", pos, end)
		return end
	case ")", "]":
		b.closeBracket(text, pos, end)
		return end
	case langle, "〈":
		b.angle(pos, end)
		return end
	case rangle, "〉":
		b.closeAngle(pos, end)
		return end
	case ",", "，":
		if b.angleComma(pos, end) {
			return end
		}
	case "⊗":
		b.kron(pos, end)
		return end
	case "|", "∣":
		if strings.HasPrefix(b.src[pos:], "||") {
			b.fence(doubleBar, 0, pos, pos+2)
			return b.afterFence(pos + 2)
		}
		b.fence(bar, 0, pos, end)
		return end
	case "‖", "∥":
		b.fence(doubleBar, 0, pos, end)
		return b.afterFence(end)
	case "√":
		b.function("sqrt", pos, end)
		return end
	case "∑", "Σ":
		return b.sumSign(pos, end)
	case "'":
		b.postQuote(pos, end)
		return end
	}
	if s, ok := sameSign[r]; ok {
		b.op(s, pos, end)
		return end
	}
	p := punctAt(b.src, pos)
	if p == "" {
		b.fault = strange(b.src, pos, r, end-pos)
		return end
	}
	if p == "^" || p == ".^" {
		return b.caret(p, pos, pos+len(p))
	}
	b.op(p, pos, pos+len(p))
	return pos + len(p)
}

// postQuote is ' after an operand, or the prime of a declared function.
func (b *builder) postQuote(pos, end int) {
	if b.fn {
		b.put(Punct, "'", pos, end)
		return
	}
	if b.ended && b.powered() {
		b.transpose(pos, end)
		return
	}
	b.put(Punct, "'", pos, end)
}

// afterFence reads ‖x‖_F and ‖x‖_1.
func (b *builder) afterFence(i int) int {
	if !b.ended || i+1 >= len(b.src) || b.src[i] != '_' {
		return i
	}
	for _, sub := range []string{"{Fro}", "Fro", "{F}", "F", "1", "2", "*", "{1}", "{2}", "{*}"} {
		if strings.HasPrefix(b.src[i+1:], sub) && b.lowerFence(strings.Trim(sub, "{}")) {
			return i + 1 + len(sub)
		}
	}
	return i
}

// caret reads ^ in plain text: ^T transposes unless T is declared.
func (b *builder) caret(sign string, pos, end int) int {
	rest := b.src[end:]
	inner := strings.TrimLeft(rest, " {(")
	cut := len(rest) - len(inner)
	close := strings.TrimSpace(rest[:cut])
	neg := strings.HasPrefix(inner, "-")
	t := strings.TrimPrefix(inner, "-")
	if sign == "^" && strings.HasPrefix(t, "T") && !b.known("T") && (len(t) == 1 || !isWordByte(t[1]) || b.reads(t)) {
		stop := len(b.src) - len(t) + 1
		for _, c := range close {
			want := map[rune]byte{'{': '}', '(': ')'}[c]
			if stop >= len(b.src) || b.src[stop] != want {
				b.op(sign, pos, end)
				return end
			}
			stop++
		}
		if neg {
			b.power(exponentTokens("-1", pos, stop), pos, stop)
		}
		b.transpose(pos, stop)
		return stop
	}
	b.rawPower(sign, pos, end)
	return end
}

// reads reports that the word behind T is made of declared names, and that with
// T it names nothing: in x^TAx the T transposes.
func (b *builder) reads(t string) bool {
	word := t[:scanName(t, 0)]
	return b.beside && b.spelled(word) == "" && (b.spelled(word[1:]) != "" || b.split(word[1:]) != nil)
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// rawPower writes ^ as it stands; the exponent that follows belongs to the
// operand.
func (b *builder) rawPower(sign string, pos, end int) {
	start, ended := b.start, b.ended
	b.put(Punct, sign, pos, end)
	b.ended = false
	if ended {
		b.frames = append(b.frames, frame{start: start, implicit: afterOperand, close: ")"})
		// The exponent is bracketed, so that it ends with one operand.
		b.put(Punct, "(", end, end)
	}
}

// sumSign reads ∑_i and ∑ᵢ: the sum runs to the end of the term.
func (b *builder) sumSign(pos, end int) int {
	i := end
	if i < len(b.src) && b.src[i] == '_' {
		i++
	}
	r, w := utf8.DecodeRuneInString(b.src[i:])
	if low, ok := lowered[r]; ok {
		r = low
	}
	if !unicode.IsLetter(r) {
		b.function("sum", pos, end)
		return end
	}
	b.sumOver(string(r), pos, i+w)
	return i + w
}

// sumOver opens a sum over an index that closes with the term.
func (b *builder) sumOver(index string, pos, end int) {
	b.begin(pos)
	at := len(b.out)
	b.put(Name, "sum", pos, end)
	b.put(Punct, "(", end, end)
	b.put(Name, index, end, end)
	b.put(Punct, ",", end, end)
	b.bound[index] = true
	b.frames = append(b.frames, frame{start: at, close: ")", implicit: afterTerm})
	b.ended = false
}
