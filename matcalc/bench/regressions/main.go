// Command regressions times one fit for bench/regress.py: it reads raw float64
// data (X by rows, then y) or a CSV file, fits repeatedly, and prints seconds,
// peak memory and the first coefficients as JSON.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nabla-go/nabla/matcalc/regress"
	"gonum.org/v1/gonum/mat"
)

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: regressions ols|logistic|stream|stream-logistic FILE ROWS COLUMNS ROUNDS")
		os.Exit(2)
	}
	n, p, rounds := number(os.Args[3]), number(os.Args[4]), number(os.Args[5])
	fit := prepare(os.Args[1], os.Args[2], n, p)
	var out struct {
		Seconds []float64
		Peak    float64 // bytes
		Coef    []float64
	}
	for range rounds {
		start := time.Now()
		m := fit()
		_ = m.String()
		out.Seconds = append(out.Seconds, time.Since(start).Seconds())
		out.Coef = m.Coef[:3]
	}
	out.Peak = highWater()
	_ = json.NewEncoder(os.Stdout).Encode(out)
}

// highWater is the peak memory in bytes, 0 where the system does not say.
func highWater() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseFloat(fields[0], 64)
	return kilobytes * 1024
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// prepare loads what a task needs and returns the fit to time.
func prepare(task, path string, n, p int) func() *regress.Model {
	switch task {
	case "ols", "logistic":
		x, y := load(path, n, p)
		if task == "ols" {
			return func() *regress.Model { return regress.OLS(x, y) }
		}
		return func() *regress.Model { return regress.LogisticXY(x, y) }
	}
	var names []string
	for j := range p {
		names = append(names, "x"+strconv.Itoa(j+1))
	}
	terms := strings.Join(names, " + ")
	if task == "stream" {
		return func() *regress.Model { return regress.FitStream("y ~ "+terms, path) }
	}
	return func() *regress.Model { return regress.LogisticStream("z ~ "+terms, path) }
}

func load(path string, n, p int) (*mat.Dense, *mat.VecDense) {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	data := make([]float64, n*(p+1))
	buffer := make([]byte, 1<<16)
	for at := 0; at < len(data); {
		count, err := file.Read(buffer[:min(len(buffer), 8*(len(data)-at))])
		if err != nil {
			panic(err)
		}
		for k := 0; k < count; k += 8 {
			data[at] = math.Float64frombits(binary.LittleEndian.Uint64(buffer[k:]))
			at++
		}
	}
	return mat.NewDense(n, p, data[:n*p]), mat.NewVecDense(n, data[n*p:])
}
