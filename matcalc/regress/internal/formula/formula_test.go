package formula

import (
	"math"
	"strings"
	"testing"
)

// Terms as R's terms() orders and names them.
func TestTerms(t *testing.T) {
	columns := []string{"y", "a", "b", "c"}
	for _, c := range []struct{ formula, want string }{
		{"y ~ a", "1 a"},
		{"y ~ a - 1", "a"},
		{"y ~ 0 + a", "a"},
		{"y ~ -1 + a + 1", "1 a"},
		{"y ~ 1", "1"},
		{"y ~ a*b", "1 a b a:b"},
		{"y ~ a:b + a", "1 a a:b"},
		{"y ~ b:a + a", "1 a b:a"},
		{"y ~ a*b*c", "1 a b c a:b a:c b:c a:b:c"},
		{"y ~ (a + b + c)^2", "1 a b c a:b a:c b:c"},
		{"y ~ a*b*c - a:b:c", "1 a b c a:b a:c b:c"},
		{"y ~ a/b", "1 a a:b"},
		{"y ~ (a + b)/c", "1 a b a:b:c"},
		{"y ~ a %in% b", "1 a:b"},
		{"y ~ b %in% (a + c)", "1 b:a:c"},
		{"y ~ (a + 0):b", "a:b"},
		{"y ~ a - (b - 1)", "1 a"},
		{"y ~ a*(b - 1)", "a b a:b"},
		{"y ~ offset(b):a + c", "1 c"},
		{"y ~ a*offset(b)", "1 a"},
		{"y ~ a/(b/c)", "1 a a:b a:b:c"},
		{"y ~ a + (b > 2)", "1 a b > 2"},
		{"y ~ !(a > 1)", "1 !(a > 1)"},
		{"y ~ 1 - 1", ""},
		{"y ~ a*b*c - (a + b + c)^2", "1 a:b:c"},
		{"y ~ .", "1 a b c"},
		{"y ~ . - b", "1 a c"},
		{"y ~ .^2", "1 a b c a:b a:c b:c"},
		{"log(y) ~ I(a^2) + log( b )", "1 I(a^2) log(b)"},
		{"y ~ poly(a,3)", "1 poly(a, 3)"},
		{"y ~ offset(log(c)) + a", "1 a"},
		{"y ~ a + a + b:b", "1 a b"},
		{"y ~ I(a*b) + I(a-b) + I(a/b) + sqrt(a+b)", "1 I(a * b) I(a - b) I(a/b) sqrt(a + b)"},
		{"y ~ `a b` + x.1_z", "1 `a b` x.1_z"},
	} {
		f, err := Parse(c.formula, columns)
		if err != nil {
			t.Errorf("%s: %v", c.formula, err)
			continue
		}
		var got []string
		if f.Intercept {
			got = append(got, "1")
		}
		for _, term := range f.Terms {
			got = append(got, f.Label(term))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.formula, s, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, src := range []string{"", "y", "y ~", "y ~ a +", "y ~ 2*a", "y ~ a^b", "y ~ a^0", "y ~ (a", "y ~ a)", "y ~ a b", "y ~ `a", "y ~ a $ b", "y ~ offset(a, b)", "y ~ f(a,", "~"} {
		if _, err := Parse(src, nil); err == nil {
			t.Errorf("%q is no formula", src)
		} else if !strings.Contains(err.Error(), "cannot read") {
			t.Error(err)
		}
	}
}

// Arithmetic follows R's precedence: ^ above unary minus, right to left.
func TestValues(t *testing.T) {
	for src, want := range map[string]float64{
		"-x^2": -9, "2^3^2": 512, "2^-1": 0.5, "-2*x": -6, "x - 1 - 1": 1, "x/3/2": 0.5, "7 %% 4": 3, "-7 %% 4": 1,
		"pi": math.Pi, "exp(log(x))": 3, "log(8, 2)": 3, "x > 2": 1, "x**2": 9, "(1+x)*2": 8, "1e-3*1000": 1, "abs(-x)": 3, "tanh(0)": 0,
	} {
		n, err := ParseExpr(src)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(n, []string{"x"})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Float64([]float64{3}); math.Abs(got-want) > 1e-14*math.Abs(want) {
			t.Errorf("%s is %v, want %v", src, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"y ~ a*b - 1", "log(y) ~ I(a^2)", "((((", "y~.^3", "`", "a %in% b ~ -(-x)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		n, err := ParseExpr(src)
		if err != nil {
			return
		}
		if again, err := ParseExpr(String(n)); err == nil && String(again) != String(n) {
			t.Errorf("%q is written %q, which is read as %q", src, String(n), String(again))
		}
		_, _ = Parse(src, []string{"a", "b"})
	})
}
