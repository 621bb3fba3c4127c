package eval

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/kernel/bench/loops"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// rounds is the number of times that each loop runs in each way, in turn.
const rounds = 7

// BenchmarkLoops measures cells beside the bare interpreter and compiled Go, and
// prints the table of medians. NABLA_LOOPS, a regular expression, chooses loops.
func BenchmarkLoops(b *testing.B) {
	only := regexp.MustCompile(os.Getenv("NABLA_LOOPS"))
	for range b.N {
		var table strings.Builder
		fmt.Fprintf(&table, "\n%-20s %10s %10s %10s %12s\n", "ms, medians", "compiled", "bare", "cells", "cells/bare")
		mean, count := 0.0, 0
		for _, l := range loops.All {
			if only.MatchString(l.Name) {
				mean += math.Log(measureLoop(b, &table, l))
				count++
			}
		}
		mean = math.Exp(mean / float64(max(count, 1)))
		fmt.Fprintf(&table, "%-20s %44.2f: %.2f times as fast\n", "geometric mean", mean, 1/mean)
		for _, l := range loops.Apart {
			if only.MatchString(l.Name) {
				measureLoop(b, &table, l)
			}
		}
		fmt.Println(table.String())
		b.ReportMetric(1/mean, "times-bare")
	}
}

// measureLoop writes the row of a loop and gives the ratio of its times.
func measureLoop(b *testing.B, table *strings.Builder, l loops.Loop) float64 {
	b.Helper()
	data, err := loops.Sources.ReadFile(l.File)
	if err != nil {
		b.Fatal(err)
	}
	bare, cells := bareLoop(b, string(data), l), cellLoop(b, string(data), l)
	var times [3][]float64
	for range rounds {
		for i, run := range []func() float64{l.Run, bare, cells} {
			start, _ := cpuTime()
			got := run()
			end, _ := cpuTime()
			times[i] = append(times[i], float64((end-start).Microseconds())/1000)
			if want := l.Run(); got != want {
				b.Fatalf("%s: way %d gives %v, want %v", l.Name, i, got, want)
			}
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	ratio := times[2][rounds/2] / times[1][rounds/2]
	fmt.Fprintf(table, "%-20s %10.2f %10.1f %10.1f %12.2f\n", l.Name, times[0][rounds/2], times[1][rounds/2], times[2][rounds/2], ratio)
	return ratio
}

// bareLoop runs a loop in the interpreter without Nabla.
func bareLoop(b *testing.B, source string, l loops.Loop) func() float64 {
	b.Helper()
	i := interp.New(interp.Options{})
	for _, path := range []string{"math", "strings", "strconv"} {
		if err := i.Use(interp.Exports{path + "/" + path: symbols.Values(path)}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := i.Eval(source); err != nil {
		b.Fatal(err)
	}
	return func() float64 {
		v, err := i.Eval("loops." + l.Call)
		if err != nil {
			b.Fatal(err)
		}
		return v.Float()
	}
}

// cellLoop runs a loop as cells: one that declares it, one for each call.
func cellLoop(b *testing.B, source string, l loops.Loop) func() float64 {
	b.Helper()
	e, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	execute := func(code string) {
		if r := e.Execute(engine.Request{Code: code, Count: 1}, &recorder{}); r.Err != nil {
			b.Fatal(r.Err.Value)
		}
	}
	execute(strings.Replace(source, "package loops", "", 1))
	return func() float64 {
		execute("loopResult := " + l.Call)
		v, ok := e.Value("loopResult")
		if !ok {
			b.Fatal("there is no result")
		}
		return reflect.ValueOf(v).Float()
	}
}
