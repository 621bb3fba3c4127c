package words

import (
	"iter"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// row is a text in both languages. en is a format of package fmt, or any text
// with verbs where it varies; zh takes the same arguments, numbered (%[2]s)
// where their order differs. Its verbs are %s, and %v for what is a phrase even
// when it is a single word, as the shape "scalar" is; elsewhere a single word is
// a name and stays.
type row struct{ en, zh string }

// tables are all rows, by area.
var tables = [][]row{classes, phrases, syntax, names, declarations, operands, derivatives, values, results, reviews, numbers, formulas}

// verb is a verb of package fmt with flags, width and precision.
var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*\d*(\.\d+)?([a-zA-Z%])`)

// captures are the patterns of what a verb may have written.
var captures = map[string]string{
	"d": `([-+]?\d+)`,
	"q": `("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`,
	"g": `([-+]?(?:[\d.]+(?:e[-+]?\d+)?|NaN|Inf))`,
	"c": `(.)`,
}

// pattern is a row ready to be matched.
type pattern struct {
	row
	matches []*regexp.Regexp // the arguments as short as can be, and as long
	piece   string           // the longest part between verbs, which every match has
	weight  int              // letters between verbs
}

func compile(r row) pattern {
	var b strings.Builder
	out, last, open := pattern{row: r}, 0, 0
	literal := func(s string) {
		b.WriteString(regexp.QuoteMeta(s))
		out.weight += letters(s)
		if len(s) > len(out.piece) {
			out.piece = s
		}
	}
	b.WriteString(`\A`)
	for _, m := range verb.FindAllStringSubmatchIndex(r.en, -1) {
		literal(r.en[last:m[0]])
		switch kind := r.en[m[6]:m[7]]; {
		case kind == "%":
			literal("%")
		case captures[kind] != "":
			b.WriteString(captures[kind])
		default:
			b.WriteString(`((?s:.*?))`)
			open++
		}
		last = m[1]
	}
	literal(r.en[last:])
	b.WriteString(`\z`)
	out.matches = append(out.matches, regexp.MustCompile(b.String()))
	if open > 1 { // a part between verbs may occur in an argument too
		out.matches = append(out.matches, regexp.MustCompile(strings.ReplaceAll(b.String(), `.*?`, `.*`)))
	}
	return out
}

func letters(s string) (n int) {
	for _, c := range s {
		if unicode.IsLetter(c) {
			n++
		}
	}
	return n
}

// patterns are the rows with verbs, exact those without, by their English.
var (
	patterns = sync.OnceValue(func() (out []pattern) {
		for r := range rows(true) {
			out = append(out, compile(r))
		}
		return out
	})
	exact = sync.OnceValue(func() map[string]string {
		out := map[string]string{}
		for r := range rows(false) {
			out[r.en] = r.zh
		}
		return out
	})
)

// rows are those of all tables with or without verbs.
func rows(verbs bool) iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, t := range tables {
			for _, r := range t {
				if strings.Contains(r.en, "%") == verbs && !yield(r) {
					return
				}
			}
		}
	}
}

// Say is an English text of matcalc in the language that is set.
func Say(en string) string { return In(Language(), en) }

// In is an English text of matcalc in a language; it stays English where there
// is no row for it.
func In(lang, en string) string {
	if lang != "zh" {
		return en
	}
	zh, _ := chinese(en)
	return zh
}

// Texts and phrases that are longer, and phrases within phrases that are deeper,
// are formulas and not looked up.
const (
	longest       = 4000
	longestPhrase = 400
	deepest       = 3
)

// chinese translates a text; ok tells whether there is a row.
func chinese(en string) (zh string, ok bool) {
	zh, weight := translate(en, 0)
	return zh, weight > 0
}

// translate translates a text by the row that accounts for most of it, most by
// its own words where two do the same; weight is how many of its letters rows
// account for, 0 when there is none.
func translate(en string, depth int) (zh string, weight int) {
	if zh, ok := exact()[en]; ok {
		return zh, letters(en)
	}
	if len(en) > longest || depth > 0 && len(en) > longestPhrase || depth > deepest {
		return en, 0
	}
	zh = en
	own := 0
	for _, p := range patterns() {
		if !strings.Contains(en, p.piece) {
			continue
		}
		for i, match := range p.matches {
			m := match.FindStringSubmatch(en)
			if m == nil {
				break
			}
			text, within := fill(p.zh, m[1:], depth)
			total := p.weight + within
			if total > weight || total > 0 && total == weight && (p.weight > own || i > 0 && p.weight == own) {
				zh, weight, own = text, total, p.weight
			}
		}
	}
	return zh, weight
}

// place is a verb of a Chinese format.
var place = regexp.MustCompile(`%(\[(\d)\])?([sv%])`)

// fill puts arguments into a Chinese format, translated where they are phrases;
// weight is how many of their letters rows account for. No space stands between
// two Chinese words.
func fill(format string, args []string, depth int) (out string, weight int) {
	var b strings.Builder
	last, next := 0, 0
	tight := false // the text so far ends in a Chinese word that was put in
	literal := func(s string) {
		if tight {
			s = strings.TrimLeft(s, " ")
		}
		b.WriteString(s)
		tight = false
	}
	for _, m := range place.FindAllStringSubmatchIndex(format, -1) {
		before := format[last:m[0]]
		last = m[1]
		if format[m[6]] == '%' {
			literal(before + "%")
			continue
		}
		if m[4] >= 0 {
			next = int(format[m[4]]-'0') - 1
		}
		said, found := args[next], 0
		if format[m[6]] == 'v' || strings.Contains(said, " ") { // else it is a name
			said, found = translate(said, depth+1)
		}
		if bare := strings.TrimRight(before, " "); found > 0 && beginsInHan(said) && endsInHan(bare) {
			before = bare
		}
		literal(before)
		b.WriteString(said)
		tight = found > 0 && endsInHan(said)
		weight += found
		next++
	}
	literal(format[last:])
	return b.String(), weight
}

func beginsInHan(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Han, r)
}

func endsInHan(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Han, r)
}
