package regress

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept):\n%s\nwant:\n%s", name, got, want)
	}
}

func cars(t *testing.T) *Table { t.Helper(); return ReadCSV("testdata/cars.csv") }

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if e := math.Abs(got - want); !(e <= 1e-11*max(math.Abs(want), 1e-3)) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

func TestSummaries(t *testing.T) {
	defer SetLanguage("en")
	table := cars(t)
	m := Fit("dist ~ poly(speed, 2)", table)
	table.Add("far", slicesMap(table.Column("dist").Numbers, func(v float64) float64 {
		if v > 40 {
			return 1
		}
		return 0
	}))
	l := Logistic("far ~ speed", table)
	r := Ridge("dist ~ speed", table, 10)
	n := NLS("dist", "a*speed^b", table, Param("a", 1), Param("b", 1))
	for _, lang := range []string{"en", "zh"} {
		SetLanguage(lang)
		text := m.String() + "\n" + l.String() + "\n" + r.String() + "\n" + n.String() + "\n" + Anova(Fit("dist ~ speed", table), m).String()
		golden(t, "summary."+lang+".txt", text)
		golden(t, "summary."+lang+".html", m.HTML()+"\n")
		golden(t, "summary."+lang+".tex", l.LaTeX())
	}
	golden(t, "table.txt", table.String()+table.HTML()+"\n")
}

func slicesMap(v []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = f(v[i])
	}
	return out
}

// The intervals of predict(lm(dist ~ speed), ..., interval) of R at speed 4.
func TestPredict(t *testing.T) {
	table := cars(t)
	p := Fit("dist ~ speed", table).Predict(NewTable().Add("speed", []float64{4}), 0.95)
	near(t, "fit", p.Fit[0], -1.8494598540146008)
	near(t, "lower confidence", p.ConfLower[0], -12.329543328544499)
	near(t, "upper confidence", p.ConfUpper[0], 8.6306236205152977)
	near(t, "lower prediction", p.PredLower[0], -34.499842453331283)
	near(t, "upper prediction", p.PredUpper[0], 30.800922745302085)
}

// A prediction at the rows of the fit gives the fitted values, whatever the
// terms: bases and levels are those of the fit.
func TestPredictAtFit(t *testing.T) {
	table := cars(t)
	group := make([]string, table.Rows())
	for i := range group {
		group[i] = string(rune('a' + i%3))
	}
	table.AddFactor("g", group)
	for _, f := range []string{"dist ~ poly(speed, 3)", "dist ~ g*speed", "dist ~ log(speed) + g - 1", "dist ~ .", "log(dist) ~ I(speed^2) + offset(speed/10)"} {
		m := Fit(f, table)
		p := m.Predict(table, 0.9)
		for i := range p.Fit {
			near(t, fmt.Sprint(f, " row ", i), p.Fit[i], m.Fitted[i])
		}
	}
}

func TestPlainMatrix(t *testing.T) {
	x := mat.NewDense(5, 2, []float64{1, 1, 1, 2, 1, 3, 1, 4, 1, 6})
	y := mat.NewVecDense(5, []float64{3, 5, 7, 9, 13.5})
	m := OLS(x, y, Names("one", "slope"))
	if m.Terms[0] != "one" || m.Terms[1] != "slope" {
		t.Error(m.Terms)
	}
	plain := OLS(x, y)
	if plain.Terms[0] != "(Intercept)" || plain.Terms[1] != "x2" {
		t.Error(plain.Terms)
	}
	for j := range m.Coef {
		near(t, "coefficient", m.Coef[j], plain.Coef[j])
	}
	if !strings.Contains(plain.String(), "R-squared") {
		t.Error(plain)
	}
}

func TestMisusePanicsWithError(t *testing.T) {
	table := cars(t)
	for name, f := range map[string]func(){
		"unknown":  func() { Fit("dist ~ sped", table) },
		"shape":    func() { OLS(mat.NewDense(2, 1, nil), mat.NewDense(3, 1, nil)) },
		"ragged":   func() { NewTable().Add("a", []float64{1}).Add("b", nil) },
		"language": func() { SetLanguage("fr") },
		"csv":      func() { ParseCSV("a,b\n1,2\n3\n") },
		"anova":    func() { Anova(Fit("dist ~ speed", table)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				e, ok := recover().(*Error)
				if !ok {
					t.Fatal("it did not panic with an *Error")
				}
				t.Log(e)
			}()
			f()
		})
	}
}

func TestReadCSV(t *testing.T) {
	table := ParseCSV("\xef\xbb\xbfday;x;y\n2024-01-02;0.1;NA\n2024-01-03; 2 ;\"a;b\"\n")
	if got := table.Column("x").Numbers[1]; got != 2 {
		t.Error(got)
	}
	if c := table.Column("day"); !c.IsFactor() || c.Text[0] != "2024-01-02" {
		t.Error(c)
	}
	if c := table.Column("y"); !c.missing(0) || c.Text[1] != "a;b" {
		t.Error(c)
	}
	tabs := ParseCSV("a\tb\n1\t\n2\t3\n")
	if !tabs.Column("b").missing(0) || tabs.Column("b").Numbers[1] != 3 {
		t.Error(tabs)
	}
}

func TestFromStructs(t *testing.T) {
	table := FromStructs([]struct {
		Age  int
		Name string `regress:"name"`
		X    float64
		Tags []string
	}{{1, "a", 0.5, nil}, {2, "b", math.NaN(), nil}})
	if got := strings.Join(table.Names(), " "); got != "Age name X" {
		t.Error(got)
	}
	if !table.Column("X").missing(1) {
		t.Error("NaN is missing")
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("a,b\n1,2\n")
	f.Add("a\tb\n\"x\t2\n")
	f.Add("\x1f\x8b")
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := readTable(strings.NewReader(text), "fuzz", blockSize)
		if err == nil {
			_ = table.HTML()
		}
		if len(text) > 1000 {
			return // a table for each line of many columns
		}
		small, wrong := readTable(strings.NewReader(text), "fuzz", 3)
		if (err == nil) != (wrong == nil) || err == nil && table.String() != small.String() {
			t.Errorf("in one block %v, %v; in small ones %v, %v", table, err, small, wrong)
		}
	})
}

// A row without a value keeps its place in the covariance of AR(1) errors: the
// fit is that of the whole matrix rho^|i-j|.
func TestGapsOfAR1(t *testing.T) {
	const rho = 0.6
	table := ParseCSV("x,y\n1,2.1\n2,2.9\n3,NA\n4,5.2\n5,NA\n6,NA\n7,7.7\n8,9.1\n9,9.4\n")
	m := GLS("y ~ x", table, rho)
	at := []int{0, 1, 3, 6, 7, 8}
	v := mat.NewDense(6, 6, nil)
	x, y := mat.NewDense(6, 2, nil), mat.NewVecDense(6, nil)
	for i, a := range at {
		for j, b := range at {
			v.Set(i, j, math.Pow(rho, math.Abs(float64(a-b))))
		}
		x.SetRow(i, []float64{1, table.Column("x").Numbers[a]})
		y.SetVec(i, table.Column("y").Numbers[a])
	}
	own := MaxLik("-n/2*log(2*pi*s) - logdet(V)/2 - (y-X*b)'*inv(V)*(y-X*b)/(2*s)", map[string]any{"X": x, "y": y, "V": v}, Param("b", 0, 1), Param("s", 1))
	near(t, "intercept", own.Coef[0], m.Coef[0])
	near(t, "slope", own.Coef[1], m.Coef[1])
	near(t, "log-likelihood", own.LogLik, m.LogLik)
	near(t, "standard error", own.SE[1]*math.Sqrt(6.0/4), m.SE[1])
}
