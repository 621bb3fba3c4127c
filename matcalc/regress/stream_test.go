package regress

import (
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manyRows are more than the first block of a stream holds.
const manyRows = 12_000

func smallBlocks(o *options) { o.blockSize = 1 << 12 }

// streamFile writes a table of n rows with a factor, weights and missing
// values, compressed if the name ends in gz.
func streamFile(t *testing.T, name string, n int) string {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 5))
	var b strings.Builder
	b.WriteString("y,x,g,w\n")
	for i := range n {
		x, g := r.NormFloat64(), i%3
		y := fmt.Sprintf("%.6f", 2+3*x+float64(g)+r.NormFloat64())
		if i%97 == 0 {
			y = "NA"
		}
		fmt.Fprintf(&b, "%s,%.6f,%c,%.3f\n", y, x, 'a'+rune(g), 0.5+r.Float64())
	}
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if strings.HasSuffix(name, "gz") {
		z := gzip.NewWriter(file)
		defer z.Close()
		_, err = z.Write([]byte(b.String()))
	} else {
		_, err = file.WriteString(b.String())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// One pass over a file agrees with the fit of the table in memory.
func TestStreamAgrees(t *testing.T) {
	path := streamFile(t, "data.csv.gz", manyRows)
	table := ReadCSV(path)
	calls := 0
	streamed := FitStream("y ~ x*g + I(x^2)", path, smallBlocks, Levels("g", "a", "b", "c"), Progress(func(rows int, share float64) bool { calls++; return true }))
	compareFits(t, streamed, Fit("y ~ x*g + I(x^2)", table))
	if calls < 2 || streamed.Dropped == 0 {
		t.Error(calls, streamed.Dropped)
	}
	compareFits(t, FitStream("y ~ x", path, smallBlocks, WeightColumn("w")), Fit("y ~ x", table, Weights(table.Column("w").Numbers)))
	ridge, want := FitStream("y ~ x", path, smallBlocks, Penalty(50)), Ridge("y ~ x", table, 50)
	near(t, "ridge", ridge.Coef[1], want.Coef[1])
	near(t, "degrees of freedom", ridge.DFEffective, want.DFEffective)
	near(t, "RSS", ridge.RSS, want.RSS)
	whole := Fit("y ~ x", table)
	for j, v := range Fit("y ~ x*g + I(x^2)", table).VIF() {
		if j > 0 {
			near(t, "VIF", streamed.VIF()[j], v)
		}
	}
	near(t, "AIC", FitStream("y ~ x", path, smallBlocks).AIC, whole.AIC)
	near(t, "R squared", FitStream("y ~ x", path, smallBlocks).RSquared, whole.RSquared)
	_ = streamed.String()
}

func TestStreamRefuses(t *testing.T) {
	path := streamFile(t, "data.csv", 50)
	for name, f := range map[string]func(){
		"levels": func() { FitStream("y ~ g", path, smallBlocks) },
		"poly":   func() { FitStream("y ~ poly(x, 2)", path, smallBlocks) },
		"stopped": func() {
			FitStream("y ~ x", streamFile(t, "long.csv", manyRows), smallBlocks, Progress(func(int, float64) bool { return false }))
		},
		"no file":       func() { FitStream("y ~ x", path+"x") },
		"unknown":       func() { FitStream("y ~ z", path, smallBlocks) },
		"weights":       func() { FitStream("y ~ x", path, smallBlocks, WeightColumn("v")) },
		"unknown level": func() { FitStream("y ~ g", path, smallBlocks, Levels("g", "a", "b")) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if e, ok := recover().(*Error); !ok {
					t.Error("no *Error")
				} else {
					t.Log(e)
				}
			}()
			f()
		})
	}
}

// Several passes over a file agree with the fit of the table in memory.
func TestStreamedFamilies(t *testing.T) {
	path := streamFile(t, "data.csv", manyRows)
	table := ReadCSV(path)
	logit := "I(y > 3) ~ x*g"
	passes, last := 1, 0
	streamed := LogisticStream(logit, path, smallBlocks, Levels("g", "a", "b", "c"), Progress(func(rows int, _ float64) bool {
		if rows < last {
			passes++
		}
		last = rows
		return true
	}))
	compareFamilies(t, streamed, Logistic(logit, table))
	if passes != streamed.Iterations {
		t.Error(passes, streamed.Iterations)
	}
	compareFamilies(t, PoissonStream("I(floor(w*10)) ~ x + offset(log(w))", path, smallBlocks), Poisson("I(floor(w*10)) ~ x + offset(log(w))", table))
}

func compareFamilies(t *testing.T, got, want *Model) {
	t.Helper()
	compareFits(t, got, want)
	near(t, "deviance", got.Deviance, want.Deviance)
	near(t, "null deviance", got.NullDeviance, want.NullDeviance)
}

// A stream without a finite estimate says so; an interrupted one ends.
func TestStreamEnds(t *testing.T) {
	path := streamFile(t, "data.csv", 500)
	m := LogisticStream("I(x > 0) ~ x", path, smallBlocks)
	if len(m.Warnings) != 1 || m.Warnings[0].Class != Separation {
		t.Error(m.Warnings)
	}
	defer func() {
		if e, ok := recover().(*Error); !ok || !strings.Contains(e.Message, "stopped") {
			t.Error(e)
		}
	}()
	PoissonStream("I(floor(w*10)) ~ x", streamFile(t, "more.csv", manyRows), smallBlocks, Progress(func(rows int, _ float64) bool { return false }))
}
