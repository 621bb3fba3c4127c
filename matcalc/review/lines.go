package review

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/words"
)

// Class says how a statement was settled. Its name is the same in both languages.
type Class string

// The classes: derived where the engine worked the statement out itself (a
// derivative, a differential, a solution), checked where both sides were
// evaluated, declared for definitions and what is agreed on, wording for words.
const (
	Derived  Class = "derived"
	Checked  Class = "checked"
	Declared Class = "declared"
	Wording  Class = "wording"
)

// A Line is one judged line.
type Line struct {
	Label   string // what stood in brackets in front
	Text    string // as written, without the label
	Class   Class
	Verdict claim.Verdict
	Sense   Sense  // in which sense it holds
	Reason  Words  // what is wrong; or a remark
	Right   string // the correct form of a wrong line, in the syntax of the input
	Follows bool   // wrong only because the line before it is
}

// Words are a text in English and Chinese.
type Words struct{ En, Zh string }

// inBoth is the message of an error in both languages.
func inBoth(message string) Words { return Words{message, words.In("zh", message)} }

// In is the text in a language, "zh" or "en".
func (w Words) In(lang string) string {
	if lang == "zh" {
		return w.Zh
	}
	return w.En
}

func (w Words) empty() bool { return w.En == "" }

// joined puts two texts one after the other.
func (w Words) joined(v Words) Words {
	switch {
	case w.empty():
		return v
	case v.empty():
		return w
	}
	return Words{w.En + "; " + v.En, w.Zh + "；" + v.Zh}
}

// Sense says how an equation holds.
type Sense uint8

// The senses.
const (
	Exactly         Sense = iota // the two sides are equal
	AsDifferentials              // equal with d as the differential
	FirstOrder                   // equal up to terms of second order in the increments
	AsDefined                    // a definition
	Solved                       // the solution of the equation before
	Unequal                      // the sides differ, as was said
	Recorded                     // words
)

var senseWords = map[Sense]Words{
	Exactly:         {"holds", "成立"},
	AsDifferentials: {"holds for differentials", "微分相等"},
	FirstOrder:      {"holds to first order", "在一阶意义下成立"},
	AsDefined:       {"definition", "定义"},
	Solved:          {"is the solution", "是方程的解"},
	Unequal:         {"the sides differ in general, as stated", "两边一般不相等，如所述"},
	Recorded:        {"recorded", "记录"},
}

var labelPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\[(\d[\w.]*)\]\s*`) })

// raw is a line before it is judged.
type raw struct {
	label, text string
}

// splitLines takes labels off and drops empty lines and comments (# ...).
func splitLines(text string) []raw {
	var out []raw
	for _, line := range strings.Split(text, "\n") {
		if k := strings.Index(line, "#"); k >= 0 && !strings.Contains(line[:k], `"`) {
			line = line[:k]
		}
		line = strings.TrimSpace(line)
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(line, `\\`), "&"))
		if line == "" || strings.HasPrefix(line, `\begin`) || strings.HasPrefix(line, `\end`) || line == "$$" {
			continue
		}
		r := raw{text: line}
		if m := labelPattern().FindStringSubmatch(line); m != nil {
			r.label, r.text = m[1], line[len(m[0]):]
		}
		out = append(out, r)
	}
	return out
}

// equations splits a line at ; into equations, each at => into steps, each at =
// into sides. A side may be empty when the line goes on from the one before.
func equations(text string) [][][]string {
	var out [][][]string
	for _, part := range outside(text, []string{";", "；"}) {
		var steps [][]string
		for _, step := range outside(part, []string{"=>", "⇒", `\Rightarrow`, `\implies`}) {
			steps = append(steps, outside(strings.ReplaceAll(step, "&=", "="), []string{"="}))
		}
		out = append(out, steps)
	}
	return out
}

// outside splits at the separators that stand outside brackets and are no part
// of a longer sign.
func outside(text string, seps []string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth != 0 {
			continue
		}
		for _, s := range seps {
			if !strings.HasPrefix(text[i:], s) || s == "=" && (strings.HasPrefix(text[i:], "=>") || i > 0 && strings.ContainsRune("!<>", rune(text[i-1]))) {
				continue
			}
			out = append(out, strings.TrimSpace(text[start:i]))
			i += len(s) - 1
			start = i + 1
			break
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}
