package cell

import (
	"strings"
	"testing"
)

// show writes pieces in one line each.
func show(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch {
		case p.Magic == nil:
			b.WriteString("go " + strings.TrimSpace(p.Go))
		case p.Magic.Cell:
			b.WriteString("%%" + p.Magic.Name + " [" + p.Magic.Args + "] " + p.Magic.Body)
		default:
			b.WriteString(p.Magic.Name + " [" + p.Magic.Args + "]")
		}
		b.WriteString("|")
	}
	return strings.ReplaceAll(b.String(), "\n", "⏎")
}

func TestPieces(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"x := 1", "go x := 1|"},
		{"x := 1\n%time x\ny := 2", "go x := 1|time [x]|go y := 2|"},
		{"%derive x'*A*x wrt x\nf(1)", "derive [x'*A*x wrt x]|go f(1)|"},
		{"%derive `x (\n%who", "derive [`x (]|who []|"},
		{"x := `\n%time\n`", "go x := `⏎%time⏎`|"},
		{"f(1,\n%time\n)", "go f(1,⏎%time⏎)|"},
		{"/* a\n%time\n*/ x", "go /* a⏎%time⏎*/ x|"},
		{"x := 7\n  % 3", "go x := 7⏎  % 3|"},
		{"!ls -l", "! [ls -l]|"},
		{"!= 3", "go != 3|"},
		{"%%bash\necho a\n\necho b", "%%bash [] echo a⏎⏎echo b|"},
		{"\n\n%%writefile a b.txt\nx", "%%writefile [a b.txt] x|"},
		{"strings.Cut?", "? [strings.Cut]|"},
		{"??x", "?? [x]|"},
		{"x??", "?? [x]|"},
		{"%time?", "? [%time]|"},
		{"x\ny", "go x⏎y|"},
		{"", ""},
	} {
		if got := show(Pieces(c.code)); got != c.want {
			t.Errorf("%q\n gives %s\n want  %s", c.code, got, c.want)
		}
	}
}

// TestPiecesKeepPlaces: Go of a piece stands where it stood in the cell.
func TestPiecesKeepPlaces(t *testing.T) {
	const code = "a := 1\n%time 三\n  b := 2\n!ls\nc"
	for _, p := range Pieces(code) {
		if p.Magic != nil {
			continue
		}
		text := strings.TrimSpace(p.Go)
		line := strings.Count(code[:strings.Index(code, text)], "\n")
		if got := strings.Split(p.Go, "\n")[line]; !strings.Contains(got, text) {
			t.Errorf("%q is not on line %d of %q", text, line+1, p.Go)
		}
	}
	if m := Pieces("  %time  x+1")[0].Magic; m.Column != 10 {
		t.Errorf("the argument begins at %d", m.Column)
	}
}

func FuzzPieces(f *testing.F) {
	for _, s := range []string{"x\n%time y\n", "%%bash\n", "a?", "`\n%x", "f(\n!ls"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, p := range Pieces(code) {
			if p.Magic == nil && strings.Count(p.Go, "\n") > strings.Count(code, "\n") {
				t.Errorf("%q has more lines than %q", p.Go, code)
			}
		}
	})
}
