package display

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A recorder is a sink that writes down what it gets.
type recorder struct {
	mu  sync.Mutex
	log []string
	ids map[string]int
	err error
}

func (r *recorder) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, fmt.Sprintf(format, args...))
}

func (r *recorder) Display(b Bundle, id string, update bool) {
	r.mu.Lock()
	if _, ok := r.ids[id]; !ok {
		r.ids[id] = len(r.ids)
	}
	n := r.ids[id]
	r.mu.Unlock()
	r.note("display %d %v %v", n, update, b.Data[MIMEText])
}

func (r *recorder) Clear(wait bool) { r.note("clear %v", wait) }

func (r *recorder) Input(prompt string, password bool) (string, error) {
	r.note("input %s %v", prompt, password)
	return "answer", r.err
}

func (r *recorder) Payload(p map[string]any) { r.note("payload %v", p["source"]) }
func (r *recorder) Comm(m CommMessage)       { r.note("comm %s", m.Type) }

// recording runs f with a sink of its own.
func recording(t *testing.T, f func(r *recorder)) string {
	t.Helper()
	r := &recorder{ids: map[string]int{}}
	SetSink(r)
	defer SetSink(nil)
	f(r)
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.log, "\n")
}

func TestShow(t *testing.T) {
	got := recording(t, func(*recorder) {
		h := Show(1, "two")
		h.Update(3)
		h.Update(4, 5, 6)
		h.Update(7, 8, 9)
		Clear(true)
		Clear(false)
		Page(10)
		if Input("name? ") != "answer" || Password("word? ") != "answer" {
			t.Error("the answer is lost")
		}
		Show().Update("late")
	})
	want := `display 0 false 1
display 1 false "two"
display 0 true 3
display 0 true 4
display 1 true 5
display 2 false 6
display 0 true 7
display 1 true 8
display 2 true 9
clear true
clear false
payload page
input name?  false
input word?  true
display 3 false "late"`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNoInput(t *testing.T) {
	recording(t, func(r *recorder) {
		r.err = errors.New("the front end allows no input")
		defer func() {
			err, ok := recover().(error)
			if !ok || err.Error() != "display.Input: the front end allows no input" || !errors.Is(err, r.err) {
				t.Errorf("panic %v", err)
			}
		}()
		Input("? ")
	})
}

func TestReadLine(t *testing.T) {
	r := strings.NewReader("one\r\n\nlast")
	for _, want := range []string{"one", "", "last"} {
		if got, err := readLine(r); got != want || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if _, err := readLine(r); err == nil {
		t.Error("no error at the end")
	}
}

func TestProgress(t *testing.T) {
	got := recording(t, func(*recorder) {
		steps := 0
		for range Progress("fit", 2000).Each() {
			steps++
		}
		if steps != 2000 {
			t.Error(steps)
		}
	})
	lines := strings.Split(got, "\n")
	if first := "display 0 false fit ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0 % 0/2000"; lines[0] != first {
		t.Error(lines[0])
	}
	if last := "display 0 true fit ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 100 % 2000/2000"; lines[len(lines)-1] != last {
		t.Error(lines[len(lines)-1])
	}
	if len(lines) > 1000 {
		t.Errorf("drawn %d times", len(lines))
	}
	if got := recording(t, func(*recorder) { b := Progress("read", 0); b.Set(7); b.Draw() }); !strings.HasSuffix(got, "display 0 true read 7") {
		t.Error(got)
	}
}

func TestConcurrentUse(t *testing.T) {
	recording(t, func(*recorder) {
		h, bar := Show("start"), Progress("", 400)
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for range 100 {
					h.Update(i, i)
					bar.Add(1)
				}
			})
		}
		wg.Wait()
	})
}

// A matrix that is no pointer is a matrix all the same.
func TestAddressed(t *testing.T) {
	var c mat.Dense
	c.Mul(mat.NewDense(1, 1, []float64{2}), mat.NewDense(1, 1, []float64{3}))
	if got, want := Render(c).Data[MIMEText], Render(&c).Data[MIMEText]; got != want {
		t.Errorf("a mat.Dense shows %v, its pointer %v", got, want)
	}
}
