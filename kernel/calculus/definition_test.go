package calculus

import "testing"

// TestDefinitions puts the expressions of the lines above for their names.
func TestDefinitions(t *testing.T) {
	var d definitions
	for _, c := range []struct {
		line string
		kept bool
		in   string
	}{
		{"r = X*w - y", true, ""},
		{"q(w) = r'*r", true, ""},
		{"q + c*r'*w", false, "((X*w - y)'*(X*w - y)) + c*(X*w - y)'*w"},
		{"f = q wrt w", false, "f = ((X*w - y)'*(X*w - y)) wrt w"},
		{"rate", false, "rate"},
		{"a == b", false, "a == b"},
	} {
		if kept := d.add(c.line); kept != c.kept {
			t.Errorf("%q kept: %v", c.line, kept)
		}
		if !c.kept {
			if got := d.in(c.line); got != c.in {
				t.Errorf("%q becomes %q, want %q", c.line, got, c.in)
			}
		}
	}
}

// TestGathered finds options before and behind the variable.
func TestGathered(t *testing.T) {
	for text, want := range map[string][2]string{
		"x'*A*x wrt x --by chain":                          {"x'*A*x wrt x ", "--by chain"},
		"x'*A*x --by chain wrt x where A: n×n; x: n":       {"x'*A*x wrt x where A: n×n; x: n", "--by chain"},
		"x'*x --by 定义 对 x --lang zh":                       {"x'*x 对 x ", "--by 定义  --lang zh"},
		"x'*x wrt x --layout numerator where x: n --short": {"x'*x wrt x where x: n ", "--layout numerator  --short"},
		"a - -b wrt a": {"a - -b wrt a", ""},
	} {
		if body, options := gathered(text); body != want[0] || options != want[1] {
			t.Errorf("%q: %q, %q; want %q", text, body, options, want)
		}
	}
}
