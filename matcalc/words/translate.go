package words

import (
	"regexp"
	"sort"
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
var tables = [][]row{classes, phrases, syntax, names, declarations, operands, derivatives, values, reviews, numbers, formulas}

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
	match   *regexp.Regexp
	literal int // letters of its own
}

func compile(r row) pattern {
	var b strings.Builder
	literal, last := 0, 0
	text := func(s string) {
		b.WriteString(regexp.QuoteMeta(s))
		for _, c := range s {
			if unicode.IsLetter(c) {
				literal++
			}
		}
	}
	b.WriteString(`\A`)
	for _, m := range verb.FindAllStringSubmatchIndex(r.en, -1) {
		text(r.en[last:m[0]])
		switch kind := r.en[m[6]:m[7]]; {
		case kind == "%":
			text("%")
		case captures[kind] != "":
			b.WriteString(captures[kind])
		default:
			b.WriteString(`((?s:.+?))`)
		}
		last = m[1]
	}
	text(r.en[last:])
	b.WriteString(`\z`)
	return pattern{row: r, match: regexp.MustCompile(b.String()), literal: literal}
}

// patterns are the rows with verbs, the most literal first; exact are the ones
// without.
var patterns, exact = sync.OnceValue(func() (out []pattern) {
	for _, t := range tables {
		for _, r := range t {
			if strings.Contains(r.en, "%") {
				out = append(out, compile(r))
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].literal > out[j].literal })
	return out
}), sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, t := range tables {
		for _, r := range t {
			if !strings.Contains(r.en, "%") {
				out[r.en] = r.zh
			}
		}
	}
	return out
})

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

// longest is how long a text may be that is looked up; beyond are formulas.
const longest = 4000

// chinese translates a text; ok tells whether there is a row.
func chinese(en string) (zh string, ok bool) {
	if zh, ok = exact()[en]; ok {
		return zh, true
	}
	if len(en) > longest {
		return en, false
	}
	for _, p := range patterns() {
		m := p.match.FindStringSubmatch(en)
		if m == nil {
			continue
		}
		zh, found := fill(p.zh, m[1:])
		// A row without words of its own joins texts: it tells nothing of
		// formulas that are written alike.
		if p.literal > 0 || found {
			return zh, true
		}
	}
	return en, false
}

// place is a verb of a Chinese format.
var place = regexp.MustCompile(`%(\[(\d)\])?([sv%])`)

// fill puts arguments into a Chinese format; found tells whether one of them is
// a phrase that has a row. No space stands between two Chinese words.
func fill(format string, args []string) (out string, found bool) {
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
		said, ok := args[next], false
		if format[m[6]] == 'v' || strings.Contains(said, " ") { // else it is a name
			said, ok = chinese(said)
		}
		found = found || ok
		if first, _ := utf8.DecodeRuneInString(said); ok && unicode.Is(unicode.Han, first) && endsInHan(strings.TrimRight(before, " ")) {
			before = strings.TrimRight(before, " ")
		}
		literal(before)
		b.WriteString(said)
		tight = ok && endsInHan(said)
		next++
	}
	literal(format[last:])
	return b.String(), found
}

func endsInHan(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Han, r)
}
