package session

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// defaultLimit is how many bytes one cell may print (NABLA_OUTPUT_LIMIT).
	defaultLimit = 64 << 20
	// tailSize is how much of what is printed beyond the limit is kept, its end.
	tailSize = 64 << 10
)

// outputLimit is the number of bytes that a cell may print.
var outputLimit = sync.OnceValue(func() int {
	if n, err := strconv.Atoi(os.Getenv("NABLA_OUTPUT_LIMIT")); err == nil && n > 0 {
		return n
	}
	return defaultLimit
})

// A stretch is text printed to one stream.
type stretch struct{ stream, text string }

// A printer turns what a cell prints into text that can be sent: characters
// whole, bytes that are no UTF-8 replaced, and no more than the limit.
type printer struct {
	limit   int
	printed int
	carry   map[string]string // the start of a character, by stream
	tail    []stretch         // of what is beyond the limit
	kept    int               // bytes in tail
	cut     int               // bytes that are in neither
}

// take gives the text that may be sent now.
func (p *printer) take(stream, text string) string {
	text = p.whole(stream, text)
	switch room := p.limit - p.printed; {
	case len(text) <= room:
		p.printed += len(text)
		return text
	case room >= 0:
		p.printed = p.limit + 1
		at := boundary(text, room)
		p.keep(stream, text[at:])
		return text[:at] + fmt.Sprintf("\n[this cell has printed %d bytes: of the rest the end is shown when the cell ends; NABLA_OUTPUT_LIMIT sets the limit]\n", p.limit)
	}
	p.keep(stream, text)
	return ""
}

// whole completes characters that came in pieces and replaces what is no UTF-8.
func (p *printer) whole(stream, text string) string {
	if start := p.carry[stream]; start != "" {
		text = start + text
		delete(p.carry, stream)
	}
	if n := unfinished(text); n > 0 {
		if p.carry == nil {
			p.carry = map[string]string{}
		}
		p.carry[stream] = text[len(text)-n:]
		text = text[:len(text)-n]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// unfinished counts the bytes at the end that begin a character.
func unfinished(text string) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRuneInString(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// boundary is the start of the character at the position.
func boundary(text string, at int) int {
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func (p *printer) keep(stream, text string) {
	if over := len(text) - tailSize; over > 0 {
		at := boundary(text, over)
		p.cut += at
		text = text[at:]
	}
	p.tail = append(p.tail, stretch{stream, text})
	p.kept += len(text)
	for p.kept-len(p.tail[0].text) >= tailSize {
		p.kept -= len(p.tail[0].text)
		p.cut += len(p.tail[0].text)
		p.tail = p.tail[1:]
	}
}

// end gives what the end of the cell still owes: characters that were never
// finished, and the tail of what was beyond the limit.
func (p *printer) end() []stretch {
	var out []stretch
	for stream, start := range p.carry {
		if start != "" && p.printed <= p.limit {
			out = append(out, stretch{stream, "\uFFFD"})
		}
	}
	p.carry = nil
	if len(p.tail) > 0 {
		if p.cut > 0 {
			out = append(out, stretch{p.tail[0].stream, fmt.Sprintf("[%d bytes are left out]\n", p.cut)})
		}
		out = append(out, p.tail...)
	}
	p.tail, p.kept, p.cut = nil, 0, 0
	return out
}

// restart gives the cell its whole limit again: the front end has removed its
// output.
func (p *printer) restart() { p.printed, p.tail, p.kept, p.cut = 0, nil, 0, 0 }
