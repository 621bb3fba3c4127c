// Command laue evaluates the problems of laue.py for it: one request a line on
// standard input, one answer a line on standard output, both JSON.
//
//	{"vars": ..., "f": ..., "wrt": ..., "inputs": {name: {"file", "r", "c"}}}
//	    → {"compile_us": ...}     reads the inputs, derives and compiles
//	{"write": task, "file": ...}  → {}          writes the numbers of a task
//	{"time": task, "seconds": s}  → {"ns": ...} median time of a call
//
// Tasks are value, gradient, hessian, compressed (the Hessian kept by its
// structure), all (value, gradient and Hessian in one call) and minimize.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/blas"
)

type request struct {
	Vars, F, Wrt string
	Inputs       map[string]struct {
		File string
		R, C int
	}
	Write, Time, File, Method string
	Seconds                   float64
}

type answer struct {
	CompileUS  float64 `json:"compile_us,omitempty"`
	FirstUS    float64 `json:"first_us,omitempty"`
	NS         float64 `json:"ns,omitempty"`
	Iterations int     `json:"iterations,omitempty"`
	Value      float64 `json:"value,omitempty"`
	Error      string  `json:"error,omitempty"`
}

// problem is the one that was sent last.
type problem struct {
	f       *matcalc.Expr
	wrt     string
	program *matcalc.Function
	values  matcalc.Values
}

func main() {
	blas.Use()
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 1<<20)
	var p problem
	for in.Scan() {
		var q request
		var a answer
		err := json.Unmarshal(in.Bytes(), &q)
		if err == nil {
			a, err = p.serve(q)
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			fmt.Fprintln(os.Stderr, "laue:", err)
			os.Exit(1)
		}
	}
}

func (p *problem) serve(q request) (a answer, err error) {
	defer func() {
		if e, ok := recover().(*matcalc.Error); ok {
			err = e
		}
	}()
	switch {
	case q.F != "":
		return p.load(q)
	case q.Write != "":
		return a, os.WriteFile(q.File, p.bytes(q.Write), 0o644)
	case q.Time == "minimize":
		p.f.Minimize(p.wrt, p.values, matcalc.Minimizing{Method: q.Method})
		started := time.Now()
		m := p.f.Minimize(p.wrt, p.values, matcalc.Minimizing{Method: q.Method})
		return answer{NS: float64(time.Since(started)), Iterations: m.Iterations, Value: m.Value}, nil
	case q.Time != "":
		return answer{NS: median(q.Seconds, p.task(q.Time))}, nil
	}
	return a, fmt.Errorf("nothing is asked for")
}

// load reads the inputs, and derives and compiles f, which is timed from its
// text on; the first call, which makes the plan for the sizes, is timed apart.
func (p *problem) load(q request) (a answer, err error) {
	p.values, p.wrt = matcalc.Values{}, q.Wrt
	for name, in := range q.Inputs {
		text, err := os.ReadFile(in.File)
		if err != nil {
			return a, err
		}
		v := make([]float64, in.R*in.C)
		if err := binary.Read(bytes.NewReader(text), binary.LittleEndian, v); err != nil {
			return a, fmt.Errorf("%s: %w", name, err)
		}
		p.values[name] = mat.NewDense(in.R, in.C, v)
	}
	for range 2 { // the first time pays for the tables of the packages
		started := time.Now()
		p.f = matcalc.Vars(q.Vars).Expr(q.F)
		p.program = p.f.Compile(q.Wrt)
		p.program.Plan(p.values)
		a.CompileUS = float64(time.Since(started).Nanoseconds()) / 1e3
	}
	started := time.Now()
	p.program.All(p.values)
	a.FirstUS = float64(time.Since(started).Nanoseconds()) / 1e3
	return a, nil
}

func (p *problem) task(name string) func() {
	return map[string]func(){
		"value":      func() { p.program.Value(p.values) },
		"gradient":   func() { p.program.Gradient(p.values) },
		"hessian":    func() { p.program.Hessian(p.values) },
		"compressed": func() { p.program.CompressedHessian(p.values) },
		"all":        func() { p.program.All(p.values) },
	}[name]
}

// bytes are the numbers of a task, by rows.
func (p *problem) bytes(task string) []byte {
	var m *mat.Dense
	switch task {
	case "value":
		m = p.program.Value(p.values)
	case "gradient":
		m = p.program.Gradient(p.values)
	case "hessian":
		m = p.program.Hessian(p.values)
	case "compressed":
		m = p.program.CompressedHessian(p.values).Dense()
	}
	var out bytes.Buffer
	_ = binary.Write(&out, binary.LittleEndian, m.RawMatrix().Data)
	return out.Bytes()
}

// median is the median time of a call, in nanoseconds: of single calls, or of
// the mean of many where one is shorter than the clock can tell.
func median(seconds float64, run func()) float64 {
	run()
	started := time.Now()
	run()
	batch := max(1, int(20*time.Microsecond/max(time.Since(started), 1)))
	var all []float64
	for begin := time.Now(); len(all) < 5 || time.Since(begin).Seconds() < seconds; {
		started := time.Now()
		for range batch {
			run()
		}
		all = append(all, float64(time.Since(started).Nanoseconds())/float64(batch))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
