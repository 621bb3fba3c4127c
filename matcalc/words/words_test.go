package words

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// sample puts something plain where a text of the source varies.
func sample(text string) string {
	text = verb.ReplaceAllStringFunc(text, func(v string) string {
		switch v[len(v)-1] {
		case '%':
			return "%"
		case 'd':
			return "7"
		case 'q':
			return `"Q"`
		case 'g':
			return "0.5"
		}
		return "Q"
	})
	return strings.ReplaceAll(text, hole, "Q")
}

// english is a word of the language, not of a formula.
var english = regexp.MustCompile(`\pL{2,}`)

// identifier is one word of code.
var identifier = regexp.MustCompile(`^\w+$`)

// Every text of matcalc's errors and hints has a row.
func TestEveryTextHasARow(t *testing.T) {
	all := collect(t)
	if len(all) < 300 {
		t.Fatalf("only %d texts were found in the source", len(all))
	}
	lone := map[string]string{} // by expression, where
	for _, f := range all {
		switch {
		case strings.Trim(f.text, hole) == "" && f.text != "":
			lone[f.code] = f.place
			continue
		case !english.MatchString(verb.ReplaceAllString(f.text, "")) || identifier.MatchString(f.text):
			continue
		}
		zh, ok := chinese(sample(f.text))
		if !ok {
			t.Errorf("%s: no row for %q", f.place, f.text)
		} else if !hasHan(zh) {
			t.Errorf("%s: %q is %q", f.place, f.text, zh)
		}
	}
	for code, place := range lone {
		if elsewhere[code] == "" {
			t.Errorf("%s: where does the text %s come from?", place, code)
		}
	}
	for code := range elsewhere {
		if lone[code] == "" {
			t.Errorf("%s is listed and not in the source", code)
		}
	}
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// elsewhere are the expressions whose text is not seen where they stand, with
// the place where it is.
var elsewhere = map[string]string{
	"err.Error()":                  "an error that is wrapped",
	"fault.Error()":                "an error that is wrapped",
	"message":                      "a parameter: the callers' texts",
	"hint":                         "a parameter: the callers' texts",
	"why":                          "a parameter: the callers' texts",
	"fmt.Sprintf(format, args...)": "parameters: the callers' texts",
	"reason":                       "why a search ends: the text that its note returned",
	"note":                         "a note of the parser",
	"string(st)":                   "the name of a structure, as typed",

	"strings.ReplaceAll(out.Message, fresh, was)": "the error's own text with another name",
	"strings.ReplaceAll(out.Hint, fresh, was)":    "the error's own text with another name",
}

// arguments are the numbers of the arguments that a format uses, sorted.
func arguments(pattern *regexp.Regexp, format string) []int {
	var out []int
	next := 0
	for _, v := range pattern.FindAllString(format, -1) {
		if v == "%%" {
			continue
		}
		if k := strings.IndexByte(v, '['); k >= 0 {
			next = int(v[k+1]-'0') - 1
		}
		out = append(out, next)
		next++
	}
	slices.Sort(out)
	return out
}

// The Chinese of a row takes the arguments of the English, each once, and
// there is one row for a text.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range tables {
		for _, r := range table {
			if seen[r.en] {
				t.Errorf("two rows for %q", r.en)
			}
			seen[r.en] = true
			if en, zh := arguments(verb, r.en), arguments(place, r.zh); !slices.Equal(en, zh) && len(en) > 0 {
				t.Errorf("%q takes %v, %q takes %v", r.en, en, r.zh, zh)
			}
			if rest := place.ReplaceAllString(r.zh, ""); strings.Contains(r.en, "%") && strings.Contains(rest, "%") {
				t.Errorf("%q has a verb other than %%s and %%v", r.zh)
			}
			if english.MatchString(verb.ReplaceAllString(r.en, "")) && !hasHan(r.zh) {
				t.Errorf("%q is not in Chinese: %q", r.en, r.zh)
			}
		}
	}
}

// Every row is found by the texts it is for: none is hidden by another.
func TestNoRowIsHidden(t *testing.T) {
	for _, table := range tables {
		for _, r := range table {
			if !english.MatchString(verb.ReplaceAllString(r.en, "")) {
				continue
			}
			want := r.zh
			if args := arguments(verb, r.en); len(args) > 0 {
				m := compile(r).matches[0].FindStringSubmatch(sample(r.en))
				want, _ = fill(r.zh, m[1:], 0)
			}
			if zh, _ := chinese(sample(r.en)); zh != want {
				t.Errorf("%q is %q, its row says %q", sample(r.en), zh, want)
			}
		}
	}
}

// FuzzIn: any text is answered, English as it is.
func FuzzIn(f *testing.F) {
	for _, table := range tables {
		for _, r := range table {
			f.Add(sample(r.en))
		}
	}
	f.Add(strings.Repeat("x in y: a is a ", 250))
	f.Add("%s: %[9]s %!v(")
	f.Fuzz(func(t *testing.T, text string) {
		if In("en", text) != text {
			t.Errorf("%q is changed", text)
		}
		if zh := In("zh", text); zh == "" && text != "" {
			t.Errorf("nothing is left of %q", text)
		}
	})
}

// BenchmarkIn translates a message with two phrases in it.
func BenchmarkIn(b *testing.B) {
	for b.Loop() {
		In("zh", "cannot multiply a vector (m×1) by a matrix (m×n): 1 columns meet m rows")
	}
}

// BenchmarkInWorst translates a text in which phrases may begin anywhere.
func BenchmarkInWorst(b *testing.B) {
	text := strings.Repeat("x in y: a is a ", 250)
	for b.Loop() {
		In("zh", text)
	}
}
