package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sort"
	"strings"
	"time"

	"github.com/nabla-go/nabla/matcalc"
)

// variable is one entry of a line's vars.
type variable struct {
	Shape []string `json:"shape"`
	Props []string `json:"props"`
}

// question is one line of a batch.
type question struct {
	ID        json.RawMessage     `json:"id"`
	Task      string              `json:"task"`
	Vars      map[string]variable `json:"vars"`
	Expr      string              `json:"expr"`
	Wrt       string              `json:"wrt"`
	Kind      string              `json:"kind"`
	Layout    string              `json:"layout"`
	Structure string              `json:"wrt_structure"`
}

// derived is one line of the output.
type derived struct {
	ID      json.RawMessage `json:"id"`
	ASCII   string          `json:"ascii,omitempty"`
	LaTeX   string          `json:"latex,omitempty"`
	NumPy   string          `json:"numpy,omitempty"`
	Go      string          `json:"go,omitempty"`
	Size    int             `json:"size,omitempty"`
	NS      int64           `json:"ns,omitempty"`
	Checked bool            `json:"checked,omitempty"`
	Error   *failure        `json:"error,omitempty"`
}

type failure struct {
	Class   string `json:"class"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// task answers one line of a kind other than a plain derivative.
type task func(line []byte) any

// tasks holds the kinds of line by their "task".
var tasks = map[string]task{}

// batch answers JSON lines in order, several at a time; a bad line gets an
// reply with an error. Only a failure to read or write is an error.
func batch(in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<20)
	w := bufio.NewWriterSize(out, 1<<16)
	pending := make(chan chan []byte, 4*runtime.GOMAXPROCS(0))
	done := make(chan error, 1)
	go func() {
		var failed error
		for c := range pending {
			if line := <-c; failed == nil {
				_, failed = w.Write(line)
			}
			if len(pending) == 0 && failed == nil {
				failed = w.Flush()
			}
		}
		done <- failed
	}()
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var readErr error
	for {
		line, err := r.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			c := make(chan []byte, 1)
			pending <- c
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				c <- respond(line)
			}()
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				readErr = err
			}
			break
		}
	}
	close(pending)
	if err := <-done; err != nil {
		return err
	}
	return readErr
}

// respond is the output line for an input line; it never panics.
func respond(line []byte) (out []byte) {
	var head struct {
		ID   json.RawMessage `json:"id"`
		Task string          `json:"task"`
	}
	var result any
	func() {
		defer func() {
			if r := recover(); r != nil {
				result = derived{Error: failureOf(recovered(r))}
			}
		}()
		if err := json.Unmarshal(line, &head); err != nil {
			result = derived{Error: &failure{"syntax", "the line is no JSON object: " + err.Error(), "one object a line"}}
			return
		}
		switch t, ok := tasks[head.Task]; {
		case ok:
			result = t(line)
		case head.Task == "" || head.Task == "derive":
			result = derivative(line)
		default:
			result = derived{Error: &failure{"syntax", "unknown task " + head.Task, ""}}
		}
	}()
	if a, ok := result.(derived); ok {
		a.ID = head.ID
		if len(a.ID) == 0 {
			a.ID = json.RawMessage("null")
		}
		result = a
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(result); err != nil {
		return []byte(`{"id":null,"error":{"class":"internal","message":"the reply cannot be written"}}` + "\n")
	}
	return b.Bytes()
}

func recovered(r any) error {
	if err, ok := r.(error); ok {
		var e *matcalc.Error
		if errors.As(err, &e) {
			return e
		}
	}
	return &matcalc.Error{Class: "internal", Message: fmt.Sprint(r), Hint: "please report the expression", Pos: -1, End: -1}
}

func failureOf(err error) *failure {
	var e *matcalc.Error
	if errors.As(err, &e) {
		return &failure{string(e.Class), e.Message, e.Hint}
	}
	return &failure{"internal", err.Error(), ""}
}

// declare makes the variables of a line, in the order of their names.
func declare(vars map[string]variable) (*matcalc.Variables, error) {
	v := matcalc.NewVariables()
	names := make([]string, 0, len(vars))
	for n := range vars {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := v.Declare(n, vars[n].Shape, vars[n].Props); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// derivative answers a plain line: parse, differentiate, simplify, check.
func derivative(line []byte) derived {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return derived{Error: &failure{"syntax", "a field has the wrong type: " + err.Error(), ""}}
	}
	start := time.Now()
	v, err := declare(q.Vars)
	if err != nil {
		return derived{Error: failureOf(err)}
	}
	f, err := v.Parse(q.Expr)
	if err != nil {
		return derived{Error: failureOf(err)}
	}
	checked := false
	if strings.Contains(q.Wrt, ",") {
		t, err := f.AskTensor(names(q.Wrt)...)
		if err != nil {
			return derived{Error: failureOf(err)}
		}
		return derived{ASCII: t.ASCII(), LaTeX: t.LaTeX(), NumPy: t.NumPy(), NS: time.Since(start).Nanoseconds(), Checked: true}
	}
	if q.Wrt != "" {
		f, err = f.Ask(q.Wrt, matcalc.Request{Kind: matcalc.Kind(q.Kind), Layout: matcalc.Layout(q.Layout), Structure: matcalc.Structure(q.Structure)})
		if err != nil {
			return derived{Error: failureOf(err)}
		}
		checked = true
	}
	ns := time.Since(start).Nanoseconds()
	return derived{ASCII: f.ASCII(), LaTeX: f.LaTeX(), NumPy: f.NumPy(), Go: f.Go("derivative"), Size: f.Size(), NS: ns, Checked: checked}
}
