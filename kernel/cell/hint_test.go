package cell

import (
	"slices"
	"strings"
	"testing"
)

// TestHintTexts: no row lacks a text, no name is there twice, and no text names
// a group that its patterns do not have.
func TestHintTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range slices.Concat(hints, panicHints) {
		if h.text.En == "" || h.text.Zh == "" || h.message == nil && h.line == nil {
			t.Errorf("%s lacks a text or a pattern", h.name)
		}
		if seen[h.name] {
			t.Errorf("%s is there twice", h.name)
		}
		seen[h.name] = true
		groups := map[string]string{"near": "", "go": "", "owner": ""}
		for _, p := range []pattern{h.message, h.line} {
			if p == nil {
				continue
			}
			for _, name := range p().SubexpNames() {
				groups[name] = ""
			}
		}
		for _, text := range []string{h.text.En, h.text.Zh} {
			for _, part := range strings.Split(text, "{")[1:] {
				name, _, closed := strings.Cut(part, "}")
				if _, known := groups[name]; closed && !known && name != "" && !strings.ContainsAny(name, " .\"0123456789") {
					t.Errorf("%s: {%s} is no group", h.name, name)
				}
			}
		}
	}
}

func TestHint(t *testing.T) {
	around := Surroundings{
		Names:     []string{"area", "count", "Sqrt"},
		IsPackage: func(n string) bool { return n == "strings" },
		IsLive:    func(n string) bool { return n == "strings" },
	}
	for _, c := range []struct{ code, message, want string }{
		{"x+1\nx", "x + 1 (value of type int) is not used", "display.Show"},
		{"append(xs, 1)", "append(xs, 1) (value of type []int) is not used", "xs = append(xs, 1)"},
		{"y := 2", "no new variables on left side of :=", "y = 2"},
		{"}", "missing return", "return on every path"},
		{"f(T{})", "main.T does not implement fmt.Stringer (method String has pointer receiver)", "use &x"},
		{"strings.ToUpper(s)", "strings.ToUpper undefined (type int has no field or method ToUpper)", "hides the package strings"},
		{"print(x)", "undefined: x", "fmt.Println(x)"},
		{"x**2", "invalid operation: cannot indirect 2 (untyped int constant)", "math.Pow"},
		{"True", "undefined: True", "in Go: true"},
		{"s := 'hello'", "syntax error: illegal rune literal", "double quotes"},
		{"def f(x):", "syntax error: expected ';', found f", "func f("},
		{"if x > 3:", "syntax error: illegal label declaration", "braces"},
		{"for i in range(10):", "syntax error: expected '{', found in", "for i := range 10"},
		{"aera(1)", "undefined: aera", "did you mean area?"},
		{"zz = 3", "undefined: zz", "zz := 3"},
		{"zz + 3", "undefined: zz", "nothing is called zz"},
		{"A*B", "invalid operation: operator * not defined on A (variable of type *mat.Dense)", "C.Mul(A, B)"},
		{"x + f", "invalid operation: x + f (mismatched types int and float64)", "float64(x)"},
		{"y := two()", "multiple-value two() (value of type (int, error)) in single-value context", "y, err := two()"},
		{"math.sqrt(2)", "undefined: math.sqrt (but have Sqrt)", "math.Sqrt"},
		{"x := 1", "something else", ""},
	} {
		got := Hint(c.code, Error{Line: 1, Column: 1, Message: c.message}, around, "en")
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%q, %q: hint %q, want %q", c.code, c.message, got, c.want)
		}
		if zh := Hint(c.code, Error{Line: 1, Column: 1, Message: c.message}, around, "zh"); (zh == "") != (got == "") {
			t.Errorf("%q has a hint in one language only", c.code)
		}
	}
}

// TestPatterns compiles what is compiled only when it is used.
func TestPatterns(t *testing.T) {
	for _, w := range wordings {
		w.pattern()
	}
	follows()
}
