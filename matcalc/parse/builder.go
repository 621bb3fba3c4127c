package parse

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// builder turns what a front end reads into tokens of the ASCII syntax. It
// knows where the last operand began, so that a sign written after an operand
// (a raised T, a dagger) can be put around it, and it makes the product of
// operands that stand side by side.
type builder struct {
	src    string
	scope  *Scope
	beside bool // operands side by side are a product
	out    []Token
	ended  bool // an operand has just ended
	start  int  // where in out the last operand began
	fn     bool // the last token is a function that waits for its operand
	bare   bool // a function was applied without brackets
	raise  []Token
	tail   string // rows or cols, for the function that waits
	frames []frame
	bound  map[string]bool // summation indices
	notes  []string
	work   int // tokens looked at again, bounded so that no text takes long
	fault  *shape.Error
}

// frame is an open bracket.
type frame struct {
	start    int     // where the operand that the bracket belongs to begins
	close    string  // the sign that closes it
	implicit closing // when it closes by itself
	fence    string  // the fence that opened it, or ""
	raise    []Token // powers written between a function and its operand
	function bool    // the operand of a function is written without brackets
	tail     string  // the word that goes before the closing bracket
}

// closing says after what an unwritten bracket ends.
type closing uint8

const (
	written      closing = iota // by its own sign
	afterOperand                // one operand with its raised signs
	afterTerm                   // the term, as after a sum sign
)

func (b *builder) fail(pos, end int, hint, format string, args ...any) {
	if b.fault == nil {
		b.fault = &shape.Error{Class: shape.Syntax, Message: fmt.Sprintf(format, args...), Hint: hint, Expr: b.src, Pos: pos, End: end}
	}
}

func (b *builder) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	for _, old := range b.notes {
		if old == n {
			return
		}
	}
	b.notes = append(b.notes, n)
}

func (b *builder) put(kind Kind, text string, pos, end int) {
	b.out = append(b.out, Token{kind, text, pos, end})
}

// begin prepares for an operand that starts here: it closes what one operand
// ended, multiplies by the operand before, and brackets the operand of a
// function that is written without brackets.
func (b *builder) begin(pos int) {
	if b.fn {
		b.fn, b.bare = false, true
		b.frames = append(b.frames, frame{start: len(b.out) - 1, close: ")", implicit: afterOperand, function: true, raise: b.raise, tail: b.tail})
		b.raise, b.tail = nil, ""
		b.put(Punct, "(", pos, pos)
		return
	}
	if !b.ended {
		return
	}
	last := b.out[len(b.out)-1]
	clear := last.Text == ")" && last.End > last.Pos // a written bracket ends it
	function := false
	for k := len(b.frames); k > 0 && b.frames[k-1].implicit == afterOperand; k = len(b.frames) {
		function = function || b.frames[k-1].function
		b.pop(pos)
	}
	if function && !clear && b.beside {
		b.fail(pos, pos, "write brackets, as in \\log(x) y or \\log(x y)", "it is not clear where the function's operand ends")
	}
	if b.beside {
		b.put(Punct, "*", pos, pos)
	}
	b.ended = false
}

func (b *builder) finish(start int) { b.ended, b.start = true, start }

func (b *builder) operand(kind Kind, text string, pos, end int) {
	b.begin(pos)
	at := len(b.out)
	b.put(kind, text, pos, end)
	b.finish(at)
}

// function starts the application of a named function.
func (b *builder) function(name string, pos, end int) {
	b.begin(pos)
	b.put(Name, name, pos, end)
	b.fn, b.ended = true, false
}

func (b *builder) open(sign, close string, pos, end int) {
	if b.fn && sign == "(" {
		b.fn = false
		b.frames = append(b.frames, frame{start: len(b.out) - 1, close: close, raise: b.raise, tail: b.tail})
		b.raise, b.tail = nil, ""
	} else {
		b.begin(pos)
		b.frames = append(b.frames, frame{start: len(b.out), close: close})
	}
	b.put(Punct, sign, pos, end)
	b.ended = false
}

// pop closes the innermost frame with an unwritten bracket.
func (b *builder) pop(pos int) {
	f := b.frames[len(b.frames)-1]
	b.frames = b.frames[:len(b.frames)-1]
	b.along(f, pos)
	b.put(Punct, f.close, pos, pos)
	b.finish(f.start)
	b.raised(f.raise)
}

// popImplicit closes the unwritten brackets that end before an operator, or
// before a bracket that closes.
func (b *builder) popImplicit(pos int, terms bool) {
	for k := len(b.frames); k > 0; k = len(b.frames) {
		f := b.frames[k-1]
		if f.implicit == written || f.implicit == afterTerm && !terms || !b.ended {
			return
		}
		b.pop(pos)
	}
}

// along adds the word rows or cols to a call that closes.
func (b *builder) along(f frame, pos int) {
	if f.tail != "" {
		b.put(Punct, ",", pos, pos)
		b.put(Name, f.tail, pos, pos)
	}
}

func (b *builder) closeBracket(sign string, pos, end int) {
	b.popImplicit(pos, true)
	if k := len(b.frames); k > 0 {
		b.along(b.frames[k-1], pos)
	}
	b.put(Punct, sign, pos, end)
	if k := len(b.frames); k > 0 {
		f := b.frames[k-1]
		b.frames = b.frames[:k-1]
		b.finish(f.start)
		b.raised(f.raise)
		return
	}
	b.finish(len(b.out) - 1)
}

// op is an operator between operands, a sign, or a separator.
func (b *builder) op(sign string, pos, end int) {
	b.fn = false
	term := sign == "+" || sign == "-" || sign == "," || sign == ";"
	b.popImplicit(pos, term && b.ended)
	b.put(Punct, sign, pos, end)
	b.ended = false
}

// maxWork bounds how many tokens signs after operands may look at again.
const maxWork = 1 << 25

// spend accounts for a second look at n tokens; false when it is too much.
func (b *builder) spend(n, pos int) bool {
	b.work += n
	if b.work > maxWork {
		b.fail(pos, pos, "write brackets around the parts", "the signs after operands are nested too deep")
	}
	return b.fault == nil
}

// around puts the last operand into a call.
func (b *builder) around(name string, pos int) {
	if !b.spend(len(b.out)-b.start, pos) {
		return
	}
	first := b.out[b.start]
	head := []Token{{Punct, "(", first.Pos, first.Pos}}
	if name != "" {
		head = []Token{{Name, name, first.Pos, first.Pos}, head[0]}
	}
	tail := append([]Token(nil), b.out[b.start:]...)
	b.out = append(append(b.out[:b.start], head...), tail...)
	b.put(Punct, ")", pos, pos)
}

// transpose marks the last operand; one that ends with a power is bracketed
// first, since ' would bind to the exponent.
func (b *builder) transpose(pos, end int) {
	if !b.ended {
		b.fail(pos, end, "", "a transpose stands after what it transposes")
		return
	}
	if last := b.out[b.start]; b.start == len(b.out)-1 && last.Kind == Num {
		b.fail(last.Pos, end, `write ones(n), 𝟏_n or \mathbf{1}_{n}`, "the number %s has no transpose; the size of a vector of ones is not known", last.Text)
		return
	}
	if b.powered() {
		b.around("", pos)
	}
	b.put(Punct, "'", pos, end)
}

// powered reports that the last operand holds ^ outside brackets.
func (b *builder) powered() bool {
	if !b.spend(len(b.out)-b.start, b.out[b.start].Pos) {
		return false
	}
	depth := 0
	for _, t := range b.out[b.start:] {
		switch {
		case t.Kind != Punct:
		case t.Text == "(" || t.Text == "[":
			depth++
		case t.Text == ")" || t.Text == "]":
			depth--
		case depth == 0 && (t.Text == "^" || t.Text == ".^"):
			return true
		}
	}
	return false
}

// power raises the last operand, or the function that waits for its operand.
func (b *builder) power(exponent []Token, pos, end int) {
	switch {
	case b.fn:
		b.raise = exponent
	case !b.ended:
		b.fail(pos, end, "", "a power stands after what it raises")
	default:
		b.raised(exponent)
	}
}

func (b *builder) raised(exponent []Token) { b.out = append(b.out, exponent...) }

// kron opens a Kronecker product whose first operand has just ended.
func (b *builder) kron(pos, end int) {
	if !b.ended {
		b.fail(pos, end, "", "a Kronecker product needs an operand on the left")
		return
	}
	b.popImplicit(pos, false)
	if k := b.start; k > 0 && b.out[k-1].Kind == Punct && b.out[k-1].Text == "*" && !(k > 1 && b.out[k-2].Kind == Num) {
		b.fail(pos, end, "write (A B) ⊗ C or A (B ⊗ C)", "brackets are needed around a product beside ⊗")
		return
	}
	if !b.spend(len(b.out)-b.start, pos) {
		return
	}
	first := b.out[b.start]
	head := []Token{{Name, "kron", first.Pos, first.Pos}, {Punct, "(", first.Pos, first.Pos}}
	tail := append([]Token(nil), b.out[b.start:]...)
	b.out = append(append(b.out[:b.start], head...), tail...)
	b.frames = append(b.frames, frame{start: b.start, close: ")", implicit: afterOperand})
	b.put(Punct, ",", pos, end)
	b.ended = false
}

// angle opens ⟨A, B⟩, the inner product tr(A'*B).
func (b *builder) angle(pos, end int) {
	b.function("tr", pos, end)
	b.open("(", ")", pos, end)
	b.open("(", ")", pos, end)
	b.frames[len(b.frames)-1].fence = langle
}

// angleComma parts the two sides of an inner product; false elsewhere.
func (b *builder) angleComma(pos, end int) bool {
	b.popImplicit(pos, true)
	k := len(b.frames) - 1
	if k < 0 || b.frames[k].fence != langle || !b.ended {
		return false
	}
	b.closeBracket(")", pos, end)
	b.put(Punct, "'", pos, end)
	b.op("*", pos, end)
	b.open("(", ")", pos, end)
	b.frames[len(b.frames)-1].fence = rangle
	return true
}

// closeAngle ends an inner product.
func (b *builder) closeAngle(pos, end int) {
	b.popImplicit(pos, true)
	k := len(b.frames) - 1
	if k < 1 || b.frames[k].fence != rangle {
		b.fail(pos, end, "an inner product is written ⟨x, y⟩", "unexpected ⟩")
		return
	}
	b.closeBracket(")", pos, end)
	b.closeBracket(")", pos, end)
}

// fences are functions written around their operand.
const (
	langle    = "⟨"
	rangle    = "⟩"
	bar       = "|"
	doubleBar = "‖"
)

// fence opens or closes |...| and ‖...‖; dir is -1, +1, or 0 when the sign
// does not tell.
func (b *builder) fence(sign string, dir, pos, end int) {
	inner := -1
	for k := len(b.frames) - 1; k >= 0 && inner < 0; k-- {
		if b.frames[k].implicit == written {
			inner = k
		}
	}
	closes := inner >= 0 && b.frames[inner].fence == sign && b.ended
	if dir > 0 || dir == 0 && closes {
		b.closeBracket(")", pos, end)
		return
	}
	name := "norm2"
	if sign == bar {
		name = bar
	}
	b.function(name, pos, end)
	b.open("(", ")", pos, end)
	b.frames[len(b.frames)-1].fence = sign
}

// fenceNorms are the norms that a lowered sign after ‖...‖ names.
var fenceNorms = map[string]string{"1": "norm1", "2": "norm2", "F": "norm2", "*": "nucnorm", "Fro": "norm2", "∗": "nucnorm"}

// lowerFence renames a norm that has just closed; false when the last operand
// is none.
func (b *builder) lowerFence(sub string) bool {
	if !b.ended || b.out[b.start].Kind != Name || b.out[b.start].Text != "norm2" {
		return false
	}
	name, ok := fenceNorms[sub]
	if ok {
		if name == "norm2" && sub == "2" {
			b.note("‖·‖₂ is read as the Euclidean (Frobenius) norm; the spectral norm is sigmamax")
		}
		b.out[b.start].Text = name
	}
	return ok
}

// tokens ends the text.
func (b *builder) tokens() ([]Token, *shape.Error) {
	b.popImplicit(len(b.src), true)
	b.put(End, "", len(b.src), len(b.src))
	return b.out, b.fault
}

// bars reads |A| after its name has been taken: the determinant of a square
// matrix, else the absolute value of each entry.
func (p *parser) bars(t Token) (piece, *shape.Error) {
	args, _, err := p.args(t)
	if err != nil {
		return piece{}, err
	}
	op := expr.OpAbs
	if s := args[0].n.Shape(); s.IsMatrix() && s.IsSquare() {
		op = expr.OpDet
	}
	v, err := p.build(op, args[0])
	v.pos, v.end = t.Pos, p.toks[p.at-1].End
	return v, err
}
