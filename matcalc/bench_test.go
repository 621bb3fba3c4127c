package matcalc

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// BenchmarkCases answers every case of the tables (parse, differentiate,
// simplify, check) and reports the median and the 99th percentile of the time
// for one.
//
//	go test ./matcalc -run '^$' -bench Cases -cpu 1
func BenchmarkCases(b *testing.B) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil {
		b.Fatal(err)
	}
	var cases []tableCase
	for _, f := range append(files, "testdata/derivatives.json") {
		cases = append(cases, loadCases(b, f)...)
	}
	var times []time.Duration
	for b.Loop() {
		for _, c := range cases {
			start := time.Now()
			f, err := c.variables(b).Parse(c.Expr)
			if err != nil {
				b.Fatal(c.ID, err)
			}
			if _, err := f.Ask(c.Wrt, c.request()); err != nil {
				b.Fatal(c.ID, err)
			}
			times = append(times, time.Since(start))
		}
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1e6, "median-ms")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1e6, "p99-ms")
	b.ReportMetric(float64(len(cases)), "cases")
}

// network is sum(tanh(W1*tanh(W2*...x))) of n layers.
func network(n int) *Expr {
	var decl strings.Builder
	decl.WriteString("x: n")
	text := "x"
	for i := n; i > 0; i-- {
		fmt.Fprintf(&decl, "; W%d: n×n", i)
		text = fmt.Sprintf("tanh(W%d*%s)", i, text)
	}
	return Vars(decl.String()).Expr("sum(" + text + ")")
}

// BenchmarkNetwork differentiates networks of up to 200 layers by their
// innermost weights: time and distinct nodes grow with the number of layers.
func BenchmarkNetwork(b *testing.B) {
	for _, n := range []int{25, 50, 100, 200} {
		b.Run(fmt.Sprint(n, " layers"), func(b *testing.B) {
			f := network(n)
			nodes := 0
			for b.Loop() {
				g, err := diff.Derive(f.node, f.vars.scope.Vars[fmt.Sprint("W", n)], Request{Kind: diff.Gradient}, rewrite.New())
				if err != nil {
					b.Fatal(err)
				}
				nodes = len(exprNodes(g))
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}
