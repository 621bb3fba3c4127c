package matcalc

import (
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// faults are calls that fail, through what a cell calls.
var faults = []struct {
	name string
	call func(v *Variables)
}{
	{"A*B", func(v *Variables) { v.Expr("A*B") }},
	{"A+c", func(v *Variables) { v.Expr("A+c") }},
	{"S+s", func(v *Variables) { v.Expr("1+S*x") }},
	{"A.*B", func(v *Variables) { v.Expr("A.*B'") }},
	{"A^2", func(v *Variables) { v.Expr("A^2") }},
	{"x^2", func(v *Variables) { v.Expr("x^2") }},
	{"2^x", func(v *Variables) { v.Expr("2^x") }},
	{"det(A)", func(v *Variables) { v.Expr("c*det(A)") }},
	{"x/y", func(v *Variables) { v.Expr("A/S") }},
	{"[A B]", func(v *Variables) { v.Expr("[A, x]") }},
	{"kron", func(v *Variables) { v.Expr("kron(A, c)") }},
	{"y", func(v *Variables) { v.Expr("A*y") }},
	{"expo", func(v *Variables) { v.Expr("expo(x)") }},
	{"trace", func(v *Variables) { v.Expr("trace(S)") }},
	{"np.dot", func(v *Variables) { v.Expr("np.dot(x, x)") }},
	{"open", func(v *Variables) { v.Expr("(A+(B*x)") }},
	{"crossed", func(v *Variables) { v.Expr("(A+[B)") }},
	{"end", func(v *Variables) { v.Expr("A*") }},
	{"start", func(v *Variables) { v.Expr("*A") }},
	{"equation", func(v *Variables) { v.Expr("S*x = x") }},
	{"beside", func(v *Variables) { v.Expr("S x 2") }},
	{"@", func(v *Variables) { v.Expr("A # B") }},
	{"arity", func(v *Variables) { v.Expr("exp(x, x)") }},
	{"sum", func(v *Variables) { v.Expr("sum(i, x[k])") }},
	{"latex", func(v *Variables) { v.Expr(`\foo{x}`) }},
	{"unicode", func(v *Variables) { v.Expr("⊗ A") }},
	{"colon", func(*Variables) { Vars("A n×n") }},
	{"fact", func(*Variables) { Vars("A: n×n symetric") }},
	{"square", func(*Variables) { Vars("A: m×n symmetric") }},
	{"twice", func(*Variables) { Vars("x: n; x: m") }},
	{"both", func(*Variables) { Vars("n: n") }},
	{"size", func(*Variables) { Vars("A: 0×n") }},
	{"vector", func(v *Variables) { v.Expr("S*x").Gradient("x") }},
	{"matrix", func(v *Variables) { v.Expr("S").Hessian("x") }},
	{"by what", func(v *Variables) { v.Expr("S*x").Jacobian("q") }},
	{"components", func(v *Variables) { v.Expr("logdet(S)").Derive("S", ByComponents) }},
	{"option", func(v *Variables) { v.Expr("x'*x").Derive("x", 7) }},
	{"direction", func(v *Variables) { v.Expr("x'*x").Differential("x", "c") }},
	{"no value", func(v *Variables) { v.Expr("S*x").Eval(Values{"S": 1.0}) }},
	{"no number", func(v *Variables) { v.Expr("S*x").Eval(Values{"S": "one", "x": 1.0}) }},
	{"ragged", func(v *Variables) { v.Expr("S").Eval(Values{"S": [][]float64{{1}, {1, 2}}}) }},
	{"sizes", func(v *Variables) {
		v.Expr("S*x").Eval(Values{"S": [][]float64{{1, 2}, {2, 1}}, "x": []float64{1, 2, 3}})
	}},
	{"singular", func(v *Variables) {
		v.Expr("inv(S)*x").Compile("x").Value(Values{"S": [][]float64{{1, 1}, {1, 1}}, "x": []float64{1, 2}})
	}},
	{"minimum", func(v *Variables) { v.Expr("S*x").Minimize("x", Values{}) }},
	{"start value", func(v *Variables) { v.Expr("x'*x").Minimize("x", Values{}) }},
	{"stationary", func(v *Variables) { v.Expr("S*x").Stationary("x") }},
	{"constraint", func(v *Variables) { v.Expr("x'*x").Stationary("x", "S*x") }},
	{"review", func(v *Variables) { v.Check("f = x'*S*x\n= x'*\ndf = 2*x'*S*dx") }},
	{"colon in a line", func(v *Variables) { v.Check("f = x'*S*x\ndf : dS = dx") }},
	{"tensor", func(v *Variables) { v.Expr("x'*x").Tensor() }},
}

// fault is the error that a call panics with.
func fault(call func(*Variables)) (e *Error) {
	defer func() { e, _ = recover().(*Error) }()
	call(Vars("A: m×n; B: m×n; S: n×n; x: n; c: scalar"))
	return nil
}

// TestErrorsInBothLanguages holds what errors say in testdata/errors.golden.
func TestErrorsInBothLanguages(t *testing.T) {
	var b strings.Builder
	for _, f := range faults {
		e := fault(f.call)
		if e == nil {
			t.Errorf("%s: no error", f.name)
			continue
		}
		for _, lang := range []string{"en", "zh"} {
			SetLanguage(lang)
			fmt.Fprintln(&b, e.Error())
		}
		SetLanguage("")
		fmt.Fprintln(&b)
		leftover(t, e, e.Expr)
	}
	file := filepath.Join("testdata", "errors.golden")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, old := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(old)) {
		if i >= len(got) || i >= len(old) || got[i] != old[i] {
			t.Fatalf("line %d differs: %q, want %q (go test ./matcalc -update writes the file)", i+1, got[min(i, len(got)-1)], old[min(i, len(old)-1)])
		}
	}
}

// prose is English that is no code: two words side by side.
var prose = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

// leftover reports English in the Chinese text of an error that was not typed.
func leftover(t *testing.T, e *Error, typed string) {
	t.Helper()
	for part := range strings.SplitSeq(e.Text("zh"), "\n") {
		if p := prose.FindString(part); p != "" && !strings.Contains(typed, p) {
			t.Errorf("%q is %q in Chinese: %q stays", e.Message+"; "+e.Hint, part, p)
		}
	}
}

// TestNoEnglishIsLeft reads random expressions, declarations and derivations,
// most of them wrong, and looks for English in the Chinese of their errors.
func TestNoEnglishIsLeft(t *testing.T) {
	seed := int64(20240711)
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewSource(seed))
	words := strings.Fields(`A B S x c u 2 0 k n m + - * / .* ./ ^ .^ ' ( ) ( ) [ ] , ; : sum exp log det inv tr norm2 diag kron
		eye ones zeros K softmax rows cols i x[ A[i,: sum(i, ᵀ ⁻¹ ² ₁ Σ ∂ ⊗ ⊙ ⟨ ⟩ \frac { } \mathbf \top \log \sum_ _ = < | @ " . ∥ trace np e 𝟏 𝟏ᵀ`)
	decls := strings.Fields(`A : : : ; , m n 3 0 × x * symmetric pd positive scalar vector function sym foo A: x: n×n`)
	lines := strings.Fields(`f = = = x' S x x dx df dS ∂f / ∂x ∂²f + * 2 q \n \n constant : ( ) tr sum(i, [i] x[i] S[i,j]`)
	v := Vars("A: m×n; B: m×n; S: n×n; x: n; c: scalar; u: function")
	seen := 0
	for k := range 5000 {
		from := [][]string{words, words, words, decls, lines}[k%5]
		var b strings.Builder
		for range 1 + r.Intn(7+k%5) {
			b.WriteString(from[r.Intn(len(from))])
			if k%5 > 2 || r.Intn(3) == 0 {
				b.WriteByte(' ')
			}
		}
		text := strings.ReplaceAll(b.String(), `\n`, "\n")
		var err error
		switch k % 5 {
		case 3:
			_, err = ParseVars(text)
		case 4:
			var review *Review
			if review, err = v.CheckLines("f = x'*S*x\n" + text); err == nil {
				if p := prose.FindString(review.In("zh")); p != "" && !strings.Contains(text, p) {
					t.Errorf("%q is judged %q in Chinese: %q stays", text, review.In("zh"), p)
				}
			}
		default:
			_, err = v.Parse(text)
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: %v is no *Error", text, err)
			}
			seen++
			leftover(t, e, text)
		}
	}
	t.Logf("%d errors", seen)
	if seen < 1000 {
		t.Errorf("only %d errors", seen)
	}
}

// TestResultsSpeakTheLanguage: how a text was read, how a derivative was
// checked and how a search ended.
func TestResultsSpeakTheLanguage(t *testing.T) {
	v := Vars("x: n; y: n")
	f := v.Expr("x'*x-2*x'*y")
	from := Values{"x": []float64{1, 2}, "y": []float64{0, 1}}
	for _, c := range []struct {
		say    func() string
		en, zh string // … stands for numbers
	}{
		{func() string { return v.Expr(`\sigma(x^\top y)`).Understood() },
			`read as sigmoid(x'*y); \sigma is read as the logistic function sigmoid; declare sigma to mean something else`,
			`读作 sigmoid(x'*y)；\sigma 读作 logistic 函数 sigmoid；如另有所指，请声明 sigma`},
		{func() string { return f.Gradient("x").Verify().String() },
			"checked against dual numbers, worst relative error …", "已与对偶数核对，最大相对误差 "},
		{func() string { return f.Minimize("x", from).String() },
			"minimum: f = -1, largest entry of the gradient …, after 1 iterations (newton, 2 evaluations): the gradient vanishes",
			"极小值：f = -1，梯度最大分量 …，迭代 1 次（newton，求值 2 次）：梯度为零"},
		{func() string { return v.Expr("sum(x)").Minimize("x", from).String() }, "no minimum: ", "未求得极小值："},
		{func() string {
			return CheckGradient(func(x []float64) float64 { return x[0] }, func([]float64) []float64 { return []float64{2} }, []float64{1}).String()
		}, "entry 0 is off: given 2, by differences ", "第 0 个元素有误：所给为 2，差分为 "},
	} {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			SetLanguage(lang)
			head, tail, _ := strings.Cut(want, "…")
			if got := c.say(); !strings.HasPrefix(got, head) || !strings.HasSuffix(got, tail) {
				t.Errorf("in %s: %q, want %q", lang, got, want)
			}
		}
		SetLanguage("")
	}
}
