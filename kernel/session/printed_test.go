package session

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// printed is all that a printer lets through of pieces, to its end.
func printed(limit int, pieces ...string) string {
	p := printer{limit: limit}
	var b strings.Builder
	for _, text := range pieces {
		b.WriteString(p.take("stdout", text))
	}
	for _, s := range p.end() {
		b.WriteString(s.text)
	}
	return b.String()
}

func TestPrinter(t *testing.T) {
	for _, row := range []struct {
		pieces []string
		want   string
	}{
		{[]string{"a", "b"}, "ab"},
		{[]string{"\xf0\x9f", "\x98\x80"}, "😀"},
		{[]string{"\xf0", "\x9f", "\x98", "\x80"}, "😀"},
		{[]string{"a\xffb"}, "a\ufffdb"},
		{[]string{"\xe2\x82"}, "\ufffd"},
		{[]string{"\xe2", "x"}, "\ufffdx"},
		{[]string{"10%\r20%\r\x1b[1m\x00"}, "10%\r20%\r\x1b[1m\x00"},
	} {
		if got := printed(100, row.pieces...); got != row.want {
			t.Errorf("%q: %q, want %q", row.pieces, got, row.want)
		}
	}
}

// TestLimit prints far more than the limit: the beginning and the end are
// there, and how much is missing is said.
func TestLimit(t *testing.T) {
	const limit, lines = 10_000, 100_000
	var pieces []string
	total := 0
	for i := range lines {
		pieces = append(pieces, fmt.Sprintf("line %d\n", i))
		total += len(pieces[i])
	}
	got := printed(limit, pieces...)
	head, rest, ok := strings.Cut(got, "\n[this cell has printed")
	if !ok || len(head) != limit || !strings.HasPrefix(head, "line 0\nline 1\n") {
		t.Errorf("the head has %d bytes: %.50q", len(head), head)
	}
	if !strings.HasSuffix(rest, fmt.Sprintf("line %d\n", lines-1)) {
		t.Errorf("the tail is %q", rest[len(rest)-50:])
	}
	var cut int
	notice := rest[strings.Index(rest, "\n[")+1:]
	if _, err := fmt.Sscanf(notice, "[%d bytes are left out]", &cut); err != nil {
		t.Fatal(err, notice[:100])
	}
	_, tail, _ := strings.Cut(notice, "\n")
	if len(head)+cut+len(tail) != total || len(tail) < tailSize/2 || len(tail) > 2*tailSize {
		t.Errorf("%d bytes, %d left out, %d bytes make not %d", len(head), cut, len(tail), total)
	}
}

func TestGlob(t *testing.T) {
	for _, row := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"", "x", false}, {"a*c", "abbc", true}, {"a*c", "abb", false}, {"?", "é", true}, {"??", "x", false},
		{"*x*", "a\nx/b", true}, {"a**", "a", true}, {strings.Repeat("*a", 30), strings.Repeat("b", 3000), false},
	} {
		if got := glob(row.pattern, row.text); got != row.want {
			t.Errorf("glob(%q, %q) is %v", row.pattern, row.text, got)
		}
	}
}

// FuzzPrinter cuts text into pieces: what comes out does not depend on where.
func FuzzPrinter(f *testing.F) {
	f.Add("é𝐚😀\xff\xfe|", uint8(1), uint16(100))
	f.Add("abc", uint8(2), uint16(2))
	f.Fuzz(func(t *testing.T, text string, size uint8, limit uint16) {
		var pieces []string
		for rest := text; rest != ""; {
			n := min(int(size)+1, len(rest))
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		got := printed(int(limit), pieces...)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is no UTF-8", got)
		}
		if whole := strings.ToValidUTF8(text, "\ufffd"); 3*len(text) <= int(limit) && strings.ReplaceAll(got, "\ufffd\ufffd", "\ufffd") != strings.ReplaceAll(whole, "\ufffd\ufffd", "\ufffd") && !strings.Contains(got, "\ufffd") {
			t.Fatalf("%q, want %q", got, whole)
		}
	})
}

func BenchmarkLines(b *testing.B) {
	p := printer{limit: 1 << 40}
	for i := range b.N {
		p.take("stdout", "line "+string(rune('0'+i%10))+" of many\n")
	}
}

// TestHistoryBounds wants long results shortened and old cells left to the file.
func TestHistoryBounds(t *testing.T) {
	h := NewHistory("")
	long := strings.Repeat("é", longestOutput)
	h.Add(Entry{Line: 1, Input: "a", Output: &long})
	if got := *h.Present()[0].Output; len(got) > longestOutput+len("…") || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-5:])
	}
	for i := range 10 {
		h.Add(Entry{Line: 2 + i, Input: strings.Repeat("x", mostPresent/4)})
	}
	if n := len(h.Present()); n != 4 {
		t.Errorf("%d cells are kept", n)
	}
}
