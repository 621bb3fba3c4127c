package assist

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/calculus"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// session is what two cells have declared.
type session struct{ objects map[string]types.Object }

const declared = `package cell
import "gonum.org/v1/gonum/mat"
type Point struct { X, Y float64; tag string }
func (p *Point) Norm() float64 { return 0 }
type Circle struct { Point; R float64 }
func area(c Circle, scale float64) float64 { return 0 }
var count int
var 长度 float64
var circle Circle
var m *mat.Dense
const limit = 10
`

func newSession(t testing.TB) *Assistant {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell", declared, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: symbols.Importer()}
	pkg, err := config.Check("cell", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := session{map[string]types.Object{}}
	for _, name := range pkg.Scope().Names() {
		s.objects[name] = pkg.Scope().Lookup(name)
	}
	return New(s)
}

func (session) Path() string                       { return "cell" }
func (s session) Objects() map[string]types.Object { return s.objects }
func (session) Value(name string) string {
	if name == "m" {
		return "2×3 matrix"
	}
	return ""
}
func (session) Declaration(name string) (string, string) {
	if name == "area" {
		return "area is the scaled area of c.", "func area(c Circle, scale float64) float64 { return 0 }"
	}
	return "", ""
}
func (session) Magics() []cell.Command {
	return []cell.Command{
		{Name: "time", Usage: "%time", Takes: cell.GoCode, Help: cell.Text{En: "time a cell"}},
		{Name: "timeit", Usage: "%timeit", Takes: cell.GoCode, Help: cell.Text{En: "time it"}},
		{Name: "who", Usage: "%who", Takes: cell.Values, Words: []string{"var", "func"}, Help: cell.Text{En: "names"}},
		{Name: "vars", Usage: "%vars", Takes: cell.Expression, Help: cell.Text{En: "declare"}},
		{Name: "derive", Usage: "%derive", Takes: cell.Expression, Help: cell.Text{En: "derive"}},
		{Name: "help", Usage: "%help", Takes: cell.MagicName, Help: cell.Text{En: "help"}},
		{Name: "load", Usage: "%load", Takes: cell.Files, Help: cell.Text{En: "load"}},
		{Name: "!", Usage: "!", Takes: cell.Files, Help: cell.Text{En: "shell"}},
	}
}
func (session) Language() string            { return "en" }
func (session) IsMathematics(f string) bool { return calculus.Holds(f) }
func (session) Words(s Spot) (out []Word) {
	for _, p := range calculus.NewNotebook().Complete(calculus.Place(s)) {
		out = append(out, Word(p))
	}
	return out
}
func (session) About(s Spot, name string) string {
	return calculus.NewNotebook().About(calculus.Place(s), name)
}

// The bar is the cursor. A wanted name with ! must not be there; first is the
// best match.
func TestComplete(t *testing.T) {
	a := newSession(t)
	for _, c := range []struct{ code, first, want string }{
		{"strings.Con|", "Contains", "ContainsAny ContainsFunc !Cut"},
		{"x := strings.Con| + 1", "Contains", ""},
		{"circle.|", "", "R X Y Norm tag Point"},
		{"circle.N|", "Norm", "!R"},
		{"mat.NewDense(2, 2, nil).M|", "", "Mul MulElem !Add"},
		{"m.T().|", "", "Dims At T"},
		{"var p Point\np.|", "", "X Y Norm"},
		{"Point{|}", "", "X Y"},
		{"Point{X: 1, |}", "", "Y !X"},
		{"ar|", "area", ""},
		{"area(|", "circle", ""},
		{"area(circle, |", "", "count circle"},
		{"var local = 1\nfor i := range 10 { lo|", "local", ""},
		{"if x := circle.| ", "", "Norm R"},
		{"func f(q Point) { q.|", "", "Norm X"},
		{"import \"net/ht|", "net/http", "net/http/httptest"},
		{"import (\n\t\"fmt\"\n\t\"strc|", "strconv", ""},
		{"f|", "", "for func float64 fmt fallthrough"},
		{"%ti|", "time", "timeit !who"},
		{"// str|", "", "!strings"},
		{"\"str|\"", "", "!strings"},
		{`\beta|`, "β", ""},
		{`\alp|`, "α", ""},
		{`\al|`, `\aleph`, `\alpha`},
		{`x := \beta|`, "β", ""},
		{`v.Expr("\beta|`, "β", ""},
		{`x\_1|`, "₁", ""},
		{"%derive |", "", "tr norm2"},
		{"%derive x'*x wrt |where x: n", "x", "!tr"},
		{"%derive x'*x --b|", "--by", ""},
		{"%derive x'*x --by ch|", "chain", ""},
		{"%derive x'*x --by 链|", "链式", ""},
		{"%%derive\nwhere Abc: n×n\ntr(A|", "Abc", ""},
		{"%time strings.Con|", "Contains", "ContainsAny"},
		{"x := 1\n%timeit circle.N|", "Norm", "!R"},
		{"%%time\nstrings.Con|", "Contains", ""},
		{"%who f|", "func", "!for"},
		{"%help ti|", "time", "timeit"},
		{"%load assist_t|", "assist_test.go", ""},
		{"!cat ./assist_t|", "assist_test.go", ""},
		{"os.ReadFile(\"|\")", "", "assist_test.go"},
		{"v := matcalc.Vars(\"Xy: m×n; w: n; y: m\")\nv.Expr(\"norm2(X|", "Xy", ""},
		{"v := matcalc.Vars(\"Xy: m×n; w: n; y: m\")\nv.Expr(\"Xy*w\").Gradient(\"|\")", "Xy", "w y !tr"},
		{"v.Expr(\"log|\")", "log", "logdet logsumexp"},
		{"matcalc.Vars(\"A: n×n sy|", "symmetric", ""},
		{"time.Parse(\"lo|\", s)", "", "!logdet"},
		{"table := map[string]int{}\ntable[|", "", "count"},
		{"http.Server{Ad|", "Addr", ""},
		{"&Point{|", "X", "Y"},
		{"😀; fmt.Printl|", "Println", ""},
		{"长|", "长度", ""},
		{"func broken( {\nstrings.Has|", "HasPrefix", "HasSuffix"},
		{"switch { case circle.N|", "Norm", ""},
		{"func (p *Point) Area() float64 { return p.|}", "", "X Norm tag"},
		{"func (Point) Zero() bool { cou|}", "count", ""},
		{"Point{ta|", "tag", ""},
		{"var k int = |", "count", "!nabla_cursor"},
		{"func h() int { return |}", "count", ""},
		{"[]int{|", "count", ""},
		{"t := map[int]string{}\nt[|", "count", ""},
		{"rand.Int|", "Int", "IntN"},
		{"circle.Point.|", "", "X Norm"},
		{"os.Stdin.Re|", "Read", "ReadAt"},
		{"time.Now().|", "", "Add Format Unix"},
		{"3.|", "", "!Norm"},
		{"|", "", "count area"},
		{"strings.|\nfmt.Println(1)", "", "Builder Contains"},
	} {
		before, after, _ := strings.Cut(c.code, "|")
		got := a.Complete(before+after, utf8.RuneCountInString(before))
		var texts []string
		for _, m := range got.Matches {
			texts = append(texts, m.Text)
		}
		if c.first != "" && (len(texts) == 0 || texts[0] != c.first) {
			t.Errorf("%q: first of %.10q is not %q", c.code, texts, c.first)
		}
		for w := range strings.FieldsSeq(c.want) {
			name, not := strings.CutPrefix(w, "!")
			if slices.Contains(texts, name) == not {
				t.Errorf("%q: %q wanted %v, in %.40q", c.code, name, !not, texts)
			}
		}
	}
	got := a.Complete("x := strings.Con + 1", 16)
	if got.Start != 13 || got.End != 16 {
		t.Errorf("strings.Con replaces %d to %d", got.Start, got.End)
	}
}

func TestInspect(t *testing.T) {
	a := newSession(t)
	for _, c := range []struct{ code, want string }{
		{"strings.Con|tains", "func Contains(s string, substr string) bool|Contains reports"},
		{"strings.Contains(|", "»s string«"},
		{"strings.Contains(\"a\", |", "»substr string«"},
		{"fmt.Println(1, 2, |3)", "»a ...any«"},
		{"circle.Norm|", "Norm() float64"},
		{"mat.NewDense(2, 2, nil).Mul|", "Mul takes the matrix product"},
		{"area|", "func area(c Circle, scale float64) float64|area is the scaled"},
		{"m|", "var m *mat.Dense|2×3 matrix"},
		{"strings|", "package strings|implements"},
		{"len|", "len"},
		{"limit|", "= 10"},
		{"append(count, |", "»elems ...T«|gives the slice"},
		{"for|", "range 10|only loop"},
		{"var x fl|oat64", "16 digits"},
		{"Point|", "X float64|func (*Point) Norm() float64"},
		{"%timei|t", "time it"},
		{"%time strings.Con|tains", "Contains reports"},
		{"v.Expr(\"tr|(A)\")", "trace"},
		{"nosuchname|", ""},
		{"|", ""},
	} {
		before, after, _ := strings.Cut(c.code, "|")
		got := a.Inspect(before+after, utf8.RuneCountInString(before), 0)
		if got.Found != (c.want != "") {
			t.Errorf("%q: found %v", c.code, got.Found)
			continue
		}
		for w := range strings.SplitSeq(c.want, "|") {
			if w != "" && !strings.Contains(got.Bundle.Data["text/plain"].(string), w) {
				t.Errorf("%q: no %q in\n%s", c.code, w, got.Bundle.Data["text/plain"])
			}
		}
	}
	if got := a.Inspect("area", 2, 1); !strings.Contains(got.Bundle.Data["text/plain"].(string), "{ return 0 }") {
		t.Error("detail 1 has no source")
	}
}

// TestLanguage: every word of the language is explained in both languages.
func TestLanguage(t *testing.T) {
	for k := token.BREAK; k <= token.VAR; k++ {
		if w := keywords[k.String()]; w.form == "" || w.text.En == "" || w.text.Zh == "" {
			t.Errorf("the keyword %s lacks a text", k)
		}
	}
	for _, name := range types.Universe.Names() {
		if w := predeclared[name]; w.form == "" || w.text.En == "" || w.text.Zh == "" {
			t.Errorf("the name %s lacks a text", name)
		}
	}
}

func TestIsComplete(t *testing.T) {
	a := newSession(t)
	for _, c := range []struct{ code, status string }{
		{"1", "complete"}, {"", "complete"}, {"x := 1\nx", "complete"}, {"func f() {", "incomplete"},
		{"func f() {\n\treturn 1\n}", "complete"}, {")", "invalid"}, {"`raw", "incomplete"}, {"/* c", "incomplete"},
		{"x +", "incomplete"}, {"f(1,", "incomplete"}, {"x := := 2", "invalid"}, {"\"open", "invalid"},
		{"%time 1+1", "complete"}, {"!ls", "complete"}, {"%%bash\nls", "incomplete"}, {"%%bash\nls\n\n", "complete"},
		{"for i := range 3 {\n\tif i > 1 {", "incomplete"}, {"type T struct {", "incomplete"}, {"a.", "incomplete"},
		{"i++", "complete"}, {"fmt.Println?", "complete"}, {"import \"fmt\"\nfmt.Println()", "complete"},
		{"package main\nfunc main() {}", "complete"}, {"func (p *T) M() {}", "complete"}, {"func() { print(1) }()", "complete"},
	} {
		if got := a.IsComplete(c.code); got.Status != c.status {
			t.Errorf("%q is %s, want %s", c.code, got.Status, c.status)
		}
	}
	if got := a.IsComplete("func f() {\n\tif true {").Indent; got != "\t\t" {
		t.Errorf("indent %q", got)
	}
}

func TestAnyCursor(t *testing.T) {
	a := newSession(t)
	for _, code := range []string{"", "import", "😀.x", "m.\xff", "func ("} {
		for _, cursor := range []int{-1 << 40, -1, 0, 1, 10, 1 << 40} {
			got := a.Complete(code, cursor)
			n := utf8.RuneCountInString(code)
			if got.Start < 0 || got.Start > got.End || got.End > n || got.Matches == nil {
				t.Errorf("%q at %d: %+v", code, cursor, got)
			}
		}
	}
}

func FuzzAssist(f *testing.F) {
	for _, s := range []string{"x := strings.Con", "func f(", "`a", "%%bash\n", "Point{X: ", "a.b.c(", "import (\"", "switch x := y.(type) { case", "\\be", "[]*(", "go func() {"} {
		f.Add(s, len(s))
	}
	a := newSession(f)
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		got := a.Complete(code, cursor)
		if got.Start > got.End || got.End > utf8.RuneCountInString(code) {
			t.Errorf("range %d-%d", got.Start, got.End)
		}
		a.IsComplete(code)
		a.Inspect(code, cursor, cursor&1)
	})
}

// The median time is logged, not judged: the machine may be busy.
func TestLatency(t *testing.T) {
	a := newSession(t)
	var times []time.Duration
	for _, code := range []string{"strings.Con", "circle.", "m.T().", "ar", "area(", "http.Get"} {
		a.Complete(code, len(code))
		for range 20 {
			start := time.Now()
			a.Complete(code, len(code))
			times = append(times, time.Since(start))
		}
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	t.Logf("median of %d completions: %v, longest %v", len(times), times[len(times)/2], times[len(times)-1])
}
