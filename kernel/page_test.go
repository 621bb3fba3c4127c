package kernel

import (
	"strings"
	"testing"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// pages keeps what the pager is given.
type pages struct {
	mute
	text *strings.Builder
}

func (p pages) Payload(m map[string]any) {
	p.text.WriteString(m["data"].(map[string]any)[display.MIMEText].(string))
}

// TestPage asks for live names: a variable's page says what it holds.
func TestPage(t *testing.T) {
	e, err := newEngine(false)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	run := func(code string) string {
		out := pages{text: &strings.Builder{}}
		if r := e.Execute(engine.Request{Code: code, Count: 1}, out); r.Err != nil {
			t.Fatal(r.Err)
		}
		return out.text.String()
	}
	run("A := mat.NewDense(2, 3, nil)\nxs := []int{1, 2, 3}\nx := 4.5\n// half halves.\nfunc half(x float64) float64 { return x / 2 }")
	for _, c := range []struct{ code, want string }{
		{"A?", "var A *mat.Dense\n2×3 matrix"},
		{"?xs", "var xs []int\n3 entries: [1 2 3]"},
		{"x++\nx?", "var x float64\n5.5"},
		{"half??", "func half(x float64) float64 { return x / 2 }"},
		{"half?", "half halves."},
		{"type B int\ntype C struct{ b B }\nB??", "type B int\n\ntype B int"},
	} {
		if got := run(c.code); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
}
