package display

import (
	"fmt"
	"math/big"
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

type inner2 struct {
	A any
	b map[string]int
	C []temperature
}

type mixed struct {
	I   int8
	U   uintptr
	F   float32
	Z   complex64
	S   string
	B   []byte
	Arr [2]bool
	M   map[int]string
	K   map[[2]int8]float64
	P   *int
	E   error
	T   time.Duration
	N   *inner2
	V   inner2
	L   [][]string
}

// What %v prints is what the printer writes, for values of every kind.
func TestPrinterAgreesWithFmt(t *testing.T) {
	const seed = 20240607
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	for _, of := range []any{mixed{}, []any{}, map[bool][]mixed{}, [3]map[string]*mixed{}, map[float64]int{}} {
		typ := reflect.TypeOf(of)
		for range 200 {
			v, ok := quick.Value(typ, random)
			if !ok { // holds interfaces: filled by hand below
				break
			}
			agree(t, v.Interface())
		}
	}
	one := 1
	for _, v := range []any{
		mixed{P: &one, E: fmt.Errorf("e"), N: &inner2{A: 1}, V: inner2{A: []any{nil, "x", temperature(3)}, b: map[string]int{"q": 1}}},
		&mixed{M: map[int]string{3: "c", -1: "a"}}, []any{nil, 1, "a", []int(nil), map[string]any(nil), struct{}{}},
		map[any]int{"b": 1, "a": 2, nil: 3}, map[any]string{2: "x", 1: "y"}, &[]int{1}, &map[string]int{"a": 1}, [0]int{},
		map[*int]int{&one: 1}, []error{nil, fmt.Errorf("x")}, []*big.Int{big.NewInt(7), nil}, brokenText{}, []brokenText{{}},
		time.Second, []time.Duration{1, 2}, reflect.ValueOf, struct{ f func() }{}, []byte("abc"), []string{"a b", ""}, 'x', uintptr(7),
	} {
		agree(t, v)
	}
}

func agree(t *testing.T, v any) {
	t.Helper()
	want := strings.ToValidUTF8(fmt.Sprint(v), "\uFFFD")
	if s, ok := v.(string); ok {
		want = s
	}
	if got := sprint(v); got != want {
		t.Errorf("%T\n got %.300s\nwant %.300s", v, got, want)
	}
}

// Long and deep values end, and say how long they are.
func TestPrinterIsBounded(t *testing.T) {
	long := sprint(make([]int, 1_000_000))
	if len(long) > 2000 || !strings.Contains(long, "(1000000 values)") {
		t.Errorf("a million zeros are written with %d characters: %.80s", len(long), long)
	}
	var deep any = 1
	for range 10_000 {
		deep = []any{deep}
	}
	if got := sprint(deep); !strings.Contains(got, "…") {
		t.Errorf("no dots in a deep list of %d characters", len(got))
	}
	wide := make([][]int, 900)
	for i := range wide {
		wide[i] = make([]int, 900)
	}
	if got := sprint(wide); len(got) > 3*maxTotal {
		t.Errorf("%d characters", len(got))
	}
	if got := textOf(strings.Repeat("x", 3*maxString), Bundle{}); len(got) > maxString || !strings.Contains(got, "bytes)") {
		t.Errorf("a long string takes %d", len(got))
	}
	same := []int{1}
	if got := sprint([][]int{same, same}); got != "[[1] [1]]" {
		t.Errorf("a value that is there twice is no cycle: %s", got)
	}
}

// A value whose methods only an interpreter knows.
type undressed struct{ N int }

type dressedUp struct{ undressed }

func (d dressedUp) String() string { return fmt.Sprintf("number %d", d.N) }
func (d dressedUp) LaTeX() string  { return fmt.Sprintf("n_{%d}", d.N) }

func TestDresser(t *testing.T) {
	SetDresser(func(v any) any {
		if u, ok := v.(undressed); ok {
			return dressedUp{u}
		}
		return v
	})
	defer SetDresser(nil)
	b := Render(undressed{3})
	if b.Data[MIMEText] != "number 3" || b.Data[MIMELaTeX] != "$$n_{3}$$" {
		t.Error(b)
	}
	if got := sprint(map[string]any{"k": []undressed{{1}, {2}}}); got != "map[k:[number 1 number 2]]" {
		t.Error(got)
	}
	if got := Render([]undressed{{1}}).Data[MIMELaTeX]; got != `$$\left[ n_{1} \right]$$` {
		t.Error(got)
	}
}
