package display

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type person struct {
	Name  string
	Age   int
	Score float64
}

type temperature float64

func (t temperature) String() string { return fmt.Sprintf("%.1f °C", float64(t)) }

type formulaOnly struct{}

func (formulaOnly) LaTeX() string { return `\frac{a}{b}` }

type everything struct{}

func (everything) HTML() string   { return "<b>all</b>" }
func (everything) LaTeX() string  { return "$a$" }
func (everything) PNG() []byte    { return nil }
func (everything) JSON() any      { return map[string]int{"n": 1} }
func (everything) String() string { return "all" }

type broken struct{}

func (broken) LaTeX() string { panic("no formula today") }

type brokenText struct{}

func (brokenText) String() string { panic("no words") }

func ones(r, c int, f func(i, j int) float64) *mat.Dense {
	m := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			m.Set(i, j, f(i, j))
		}
	}
	return m
}

// shownValues are the values of testdata/render.golden.
func shownValues() []struct {
	name  string
	value any
} {
	type rows = []struct {
		name  string
		value any
	}
	cycle := []any{1, nil}
	cycle[1] = cycle
	loop := map[string]any{"a": 1}
	loop["self"] = loop
	buffered := make(chan int, 3)
	buffered <- 1
	five := 5
	square := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	people := []person{{"Ann", 3, 1.5}, {"Bob", 44, 11.25}}
	var many []person
	for i := range 100 {
		many = append(many, person{fmt.Sprint("p", i), i, float64(i) / 4})
	}
	return rows{
		{"nil", nil},
		{"string", "a\n\"b\""},
		{"ints", []int{1, 4, 9}},
		{"NaN", math.NaN()},
		{"infinity", math.Inf(-1)},
		{"complex", 1 + 2i},
		{"stringer", temperature(21.25)},
		{"stringers", []temperature{1, 2.5}},
		{"error", errors.New("it broke")},
		{"time", time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)},
		{"duration", 90 * time.Second},
		{"big integer", new(big.Int).Exp(big.NewInt(2), big.NewInt(100), nil)},
		{"fraction", big.NewRat(-1, 3)},
		{"whole fraction", big.NewRat(4, 2)},
		{"big float", big.NewFloat(1.5)},
		{"channel", buffered},
		{"nil channel", (chan string)(nil)},
		{"function", strings.ToUpper},
		{"pointer", &five},
		{"nil matrix", (*mat.Dense)(nil)},
		{"empty matrix", &mat.Dense{}},
		{"matrix", square},
		{"fractions", mat.NewDense(2, 2, []float64{1, -2.5, 1.0 / 3, 4})},
		{"small", mat.NewDense(2, 2, []float64{1e-5, -2.5e-5, 1.0 / 3e5, 4e-6})},
		{"large", mat.NewDense(2, 2, []float64{1e12, 2.5e12, 3e11, 0})},
		{"far apart", mat.NewDense(2, 2, []float64{1e-20, 1, 1e20, 3})},
		{"one large", mat.NewDense(2, 2, []float64{1e-8, 1, 1e7, 3})},
		{"rounding errors", mat.NewDense(2, 2, []float64{1, 1e-17, 2e-16, 1.0000000000000002})},
		{"not finite", mat.NewDense(2, 2, []float64{0.5, 1, math.NaN(), math.Inf(-1)})},
		{"vector", mat.NewVecDense(3, []float64{1.5, 22.25, 333})},
		{"row", mat.NewVecDense(3, []float64{1, 2, 3}).T()},
		{"symmetric", mat.NewSymDense(2, []float64{1, 2, 2, 3})},
		{"triangular", mat.NewTriDense(3, mat.Lower, []float64{1, 0, 0, 2, 3, 0, 4, 5, 6})},
		{"diagonal", mat.NewDiagDense(3, []float64{1, 0.5, 2})},
		{"banded", mat.NewBandDense(3, 3, 1, 0, []float64{-1, 1, 2, 3, 4, 5})},
		{"symmetric banded", mat.NewSymBandDense(3, 1, []float64{1, 2, 3, 4, 5, -1})},
		{"tridiagonal", mat.NewTridiag(3, []float64{-1, -1}, []float64{2, 2, 2}, []float64{-1, -1})},
		{"view", ones(5, 5, func(i, j int) float64 { return float64(5*i + j) }).Slice(1, 3, 2, 5)},
		{"complex matrix", mat.NewCDense(2, 2, []complex128{1, 2i, 1.5 - 2i, complex(1.0/3, -1)})},
		{"conjugate transpose", mat.NewCDense(1, 2, []complex128{1i, 2}).H()},
		{"100×50", ones(100, 50, func(i, j int) float64 { return float64(i*j%7) / 2 })},
		{"20×2", ones(20, 2, func(i, j int) float64 { return math.Sqrt(float64(i + j)) })},
		{"wide numbers", ones(2, 30, func(i, j int) float64 { return 1e4 * math.Sin(float64(i+j+1)) })},
		{"slices of floats", [][]float64{{1, 2.5}, {3, 4}}},
		{"slices of integers", [][]int64{{1, math.MaxInt64}, {-3, 4}}},
		{"arrays", [2][2]float32{{0.1, 2}, {3, 4}}},
		{"ragged", [][]int{{1}, {2, 3}}},
		{"slices of strings", [][]string{{"a", "bb"}, {"c", "d"}}},
		{"list of matrices", []*mat.Dense{square, mat.NewDense(1, 2, []float64{5, 6})}},
		{"map", map[string]int{"b": 22, "a": 1}},
		{"map of matrices", map[string]mat.Matrix{"A": square}},
		{"struct", person{"Ann", 3, 1.5}},
		{"pointer to struct", &person{"<Ann> $1 $2", 3, 1.5}},
		{"structs", people},
		{"pointers to structs", []*person{&people[0]}},
		{"many structs", many},
		{"maps", []map[string]any{{"x": 1, "y": 2.5}, {"x": 3, "z": "w"}}},
		{"any", []any{1, "a", nil, 2.5}},
		{"slice in itself", cycle},
		{"map in itself", loop},
		{"formula", formulaOnly{}},
		{"formulas", []formulaOnly{{}, {}}},
		{"everything", everything{}},
		{"broken formula", broken{}},
		{"broken words", brokenText{}},
		{"image", image.NewGray(image.Rect(0, 0, 3, 4))},
		{"empty image", image.NewGray(image.Rect(0, 0, 0, 0))},
		{"LaTeX", LaTeX(`\nabla f = 2 A^{\top} x_{ij} + \frac{1}{2}\lVert Xw - y\rVert^2, \hat x \in \mathbb{R}^{n \times n}`)},
		{"LaTeX environment", LaTeX(`\begin{aligned} a &= b \\ &= \sin c \end{aligned}`)},
		{"HTML", HTML("<style>b{}</style><p>one <b>two</b></p><table><tr><td>3</td><td>&lt;4</td></tr></table>")},
		{"Markdown", Markdown("# Title")},
		{"Text", Text("as it is")},
		{"JSON", JSON(map[string]any{"a": []int{1, 2}})},
		{"SVG", SVG(`<svg width="30" height="20"></svg>`)},
	}
}

// TestRender compares every form of the values above with a file that a reader
// can judge; pictures are only named there.
func TestRender(t *testing.T) {
	var got strings.Builder
	for _, row := range shownValues() {
		b := Render(row.value)
		fmt.Fprintf(&got, "== %s\n%s\n", row.name, b.Data[MIMEText])
		for _, mime := range []string{MIMEHTML, MIMEMarkdown, MIMELaTeX, MIMESVG, MIMEJSON} {
			if form, ok := b.Data[mime]; ok {
				fmt.Fprintf(&got, "-- %s\n%v\n", mime, form)
			}
		}
		if _, ok := b.Data[MIMEPNG]; ok {
			fmt.Fprintf(&got, "-- %s\n", MIMEPNG)
		}
	}
	golden(t, "render.golden", got.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			t.Fatalf("%s differs from line %d on; go test -update rewrites it.\ngot  %q\nwant %q",
				path, i+1, g[min(i, len(g)):min(i+3, len(g))], w[min(i, len(w)):min(i+3, len(w))])
		}
	}
}

// Every formula that Render makes has its braces and environments closed.
func TestFormulasAreBalanced(t *testing.T) {
	for _, row := range shownValues() {
		tex, ok := Render(row.value).Data[MIMELaTeX].(string)
		if !ok {
			continue
		}
		if strings.Count(tex, "{") != strings.Count(tex, "}") ||
			strings.Count(tex, `\begin{`) != strings.Count(tex, `\end{`) ||
			strings.Count(tex, `\left`) != strings.Count(tex, `\right`) {
			t.Errorf("%s: not balanced: %s", row.name, tex)
		}
	}
}

// Matrices are read back from their text with the digits that tell.
func TestMatrixTextKeepsDigits(t *testing.T) {
	m := ones(6, 5, func(i, j int) float64 { return math.Pow(-3, float64(i-2)) * math.Sqrt(float64(j+2)) })
	for i, line := range strings.Split(Render(m).Data[MIMEText].(string), "\n") {
		for j, word := range strings.Fields(strings.Trim(line, "⎡⎢⎣⎤⎥⎦ ")) {
			var x float64
			if _, err := fmt.Sscan(word, &x); err != nil || math.Abs(x-m.At(i, j)) > 0.005*math.Abs(m.At(i, j)) {
				t.Errorf("entry %d,%d: %v is written %q", i, j, m.At(i, j), word)
			}
		}
	}
}

func TestBadForms(t *testing.T) {
	for want, call := range map[string]func(){
		"display.PNG: these 3 bytes are no PNG file": func() { PNG([]byte("abc")) },
		"display.JPEG: these 0 bytes":                func() { JPEG(nil) },
		"display.SVG: there is no <svg> element":     func() { SVG("<html>") },
		"display.JSON: a chan int cannot be written": func() { JSON(make(chan int)) },
		"display.Password: there is no notebook":     func() { Password("? ") },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}()
			call()
		}()
	}
}

func TestDelimited(t *testing.T) {
	for in, want := range map[string]string{
		"x":                           "$$x$$",
		" x ":                         "$$x$$",
		"$x$":                         "$x$",
		"a $x$ b":                     "a $x$ b",
		`\[x\]`:                       `\[x\]`,
		`\(x\)`:                       `\(x\)`,
		`5 \$`:                        `$$5 \$$$`,
		`\begin{align}x\end{align}`:   `\begin{align}x\end{align}`,
		`\begin{align*}x\end{align*}`: `\begin{align*}x\end{align*}`,
		`\begin{aligned}x &= \text{$y$}\end{aligned}`: `$$\begin{aligned}x &= \text{$y$}\end{aligned}$$`,
		"":        "",
		`a \\(b)`: `$$a \\(b)$$`,
	} {
		if got := delimited(in); got != want {
			t.Errorf("delimited(%q) = %q, want %q", in, got, want)
		}
	}
}
