package display

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/gonum/mat"
)

// A maker builds values out of the bytes of a fuzzer.
type maker struct{ data []byte }

func (m *maker) next() byte {
	if len(m.data) == 0 {
		return 0
	}
	b := m.data[0]
	m.data = m.data[1:]
	return b
}

func (m *maker) float() float64 {
	special := []float64{0, 1, -1, 0.5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0 / 3, -1e15, 123456.789}
	b := m.next()
	if int(b) < len(special) {
		return special[b]
	}
	return (float64(b) - 128) * math.Pow(10, float64(int8(m.next()))/2)
}

// value makes a value of up to depth levels.
func (m *maker) value(depth int) any {
	kind := m.next() % 16
	if depth == 0 {
		kind %= 6
	}
	n := int(m.next() % 20)
	switch kind {
	case 0:
		return m.float()
	case 1:
		return int(int8(m.next()))
	case 2:
		s := string(m.data[:min(n, len(m.data))])
		m.data = m.data[len(s):]
		return s
	case 3:
		return complex(m.float(), m.float())
	case 4:
		return []any{nil, true, struct{}{}, everything{}, broken{}, brokenText{}, (*int)(nil), func() {}}[n%8]
	case 5:
		return temperature(m.float())
	case 6, 7:
		data := make([]float64, (n+1)*(n%7+1))
		for i := range data {
			data[i] = m.float()
		}
		return mat.NewDense(n+1, n%7+1, data)
	case 8:
		data := make([]complex128, n+1)
		for i := range data {
			data[i] = complex(m.float(), m.float())
		}
		return mat.NewCDense(1, n+1, data)
	case 9, 10:
		return m.list(depth, n)
	case 11:
		out := map[string]any{}
		for range n {
			out[string(rune('a'+m.next()%26))] = m.value(depth - 1)
		}
		return out
	}
	return m.typed(depth, n)
}

// list makes a list, sometimes one that contains itself.
func (m *maker) list(depth, n int) any {
	out := make([]any, n)
	for i := range out {
		out[i] = m.value(depth - 1)
	}
	if n > 0 && m.next()%4 == 0 {
		out[0] = out
	}
	return out
}

// typed makes slices, maps, structs and pointers of types made on the way.
func (m *maker) typed(depth, n int) any {
	v := reflect.ValueOf(m.value(depth - 1))
	if !v.IsValid() {
		return nil
	}
	switch m.next() % 4 {
	case 0:
		s := reflect.MakeSlice(reflect.SliceOf(v.Type()), n, n)
		for i := range n {
			s.Index(i).Set(v)
		}
		return s.Interface()
	case 1:
		t := reflect.StructOf([]reflect.StructField{{Name: "X", Type: v.Type()}, {Name: "Y", Type: reflect.TypeFor[any]()}})
		s := reflect.MakeSlice(reflect.SliceOf(t), n, n)
		for i := range n {
			s.Index(i).Field(0).Set(v)
		}
		return s.Interface()
	case 2:
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		return p.Interface()
	}
	table := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[int](), v.Type()))
	for i := range n {
		table.SetMapIndex(reflect.ValueOf(i), v)
	}
	return table.Interface()
}

// FuzzRender: whatever the value, there is a text form of valid UTF-8, no form
// is empty, and a terminal can show it.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{"", "\x06\x05aaaaaaaaaaaa", "\x09\x13\x06\x02xxxxxxxxxxxxxxxxxxxxxxxx", "\x0c\x03\x00\x01\x02\x01", "\x0b\x10abcdefghijkl",
		"\x0d\x05\x0d\x04\x0d\x03\x00\x07\x01\x02", "\x08\x05\x04\x05\x06\x07\x08\x09\x0a", "\x09\x02\x04\x04\x04\x05\x00", "\x02\x05\xff\xfe$x$"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &maker{data: data[:min(len(data), 4096)]}
		v := m.value(4)
		b := Render(v)
		text, ok := b.Data[MIMEText].(string)
		if !ok || !utf8.ValidString(text) {
			t.Fatalf("%T: text/plain is %q", v, b.Data[MIMEText])
		}
		for mime, form := range b.Data {
			if s, ok := form.(string); !ok && mime != MIMEJSON || s == "" && mime != MIMEText && mime != MIMEJSON {
				t.Fatalf("%T: %s is %q", v, mime, form)
			}
		}
		if tex, _ := b.Data[MIMELaTeX].(string); strings.Count(tex, "{") != strings.Count(tex, "}") {
			t.Fatalf("not balanced: %s", tex)
		}
		Terminal(b, 80, true)
	})
}

// FuzzTerminal: any Markdown and any TeX can be read.
func FuzzTerminal(f *testing.F) {
	for _, seed := range []string{"# a\n$x_{1}$ **b** `c` [d](e)", `\begin{array}{cc} a & b \\ \frac{1}{2} \end{array}`, `\begin{`, `\`, `^`, `{{{{`, "```\n$", `\frac`,
		`\sqrt{\hat x}^{\top}_{ij}`, strings.Repeat(`\begin{a}`, 50), strings.Repeat("{", 300), strings.Repeat("^", 300), "$$\n$$", `\left( \right.`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 10_000 {
			return
		}
		plainMath(source)
		Terminal(Bundle{Data: map[string]any{MIMEMarkdown: source}}, 40, true)
		textOfHTML(source)
		delimited(source)
	})
}
