package cell

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what testdata expects")

// faulty gives the cells of testdata/syntax.txt, each with what is said of it.
func faulty(t *testing.T) [][2]string {
	t.Helper()
	data, err := os.ReadFile("testdata/syntax.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for _, part := range strings.Split(string(data), "---- cell\n")[1:] {
		code, want, _ := strings.Cut(part, "---- says\n")
		out = append(out, [2]string{strings.TrimSuffix(code, "\n"), want})
	}
	return out
}

// TestSyntax holds what is said of cells that do not parse.
func TestSyntax(t *testing.T) {
	var again bytes.Buffer
	for _, c := range faulty(t) {
		var got strings.Builder
		for _, e := range told(c[0]) {
			fmt.Fprintf(&got, "%d:%d: %s\n", e.Line, e.Column, e.Message)
		}
		if got.String() != c[1] && !*update {
			t.Errorf("%s\nsays\n%swant\n%s", c[0], got.String(), c[1])
		}
		fmt.Fprintf(&again, "---- cell\n%s\n---- says\n%s", c[0], got.String())
	}
	if *update {
		if err := os.WriteFile("testdata/syntax.txt", again.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// told are the syntax errors of a cell.
func told(code string) []Error {
	if at := openComment(code); at >= 0 {
		line, column := place(lineStarts(code), at)
		return []Error{{line, column, "comment not terminated"}}
	}
	return syntaxErrors(code, newAssembly(code).chunks)
}

// TestCompilerWords compares the first error of each of these cells with what
// the Go compiler says of the same text.
func TestCompilerWords(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the Go compiler")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		if os.Getenv("NABLA_REQUIRE") != "" {
			t.Fatal(err)
		}
		t.Skip("no Go toolchain: ", err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "cell.go")
	declares := regexp.MustCompile(`^(func \w+\b|type\b|import\b|const\b|var\b|\})`)
	message := regexp.MustCompile(`(?m)^cell:(.*)$`)
	for _, c := range faulty(t) {
		first, _, _ := strings.Cut(c[1], "\n")
		head, tail := "package p\nfunc _() {\n", "\n}\n"
		if declares.MatchString(c[0]) {
			head, tail = "package p\n", "\n"
		}
		if strings.Contains(first, "EOF") {
			tail = ""
		}
		if err := os.WriteFile(file, []byte(head+"//line cell:1:1\n"+c[0]+tail), 0o666); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.Command(goTool, "tool", "compile", "-p", "p", "-o", filepath.Join(dir, "cell.o"), file).CombinedOutput()
		said := message.FindAllStringSubmatch(string(out), -1)
		agrees := false
		for _, m := range said {
			agrees = agrees || m[1] == first
			if strings.Contains(m[1], "syntax error") {
				break
			}
		}
		if !agrees {
			t.Errorf("%s\nNabla:    %s\ncompiler: %s", c[0], first, out)
		}
	}
}

// FuzzSyntax: any text is cut, parsed and told without a panic, and every place
// lies in the cell.
func FuzzSyntax(f *testing.F) {
	for _, s := range []string{"x := := 3", "for {", "'ab", "a[1,2]", "func f()\n{", "if x = 3 {", "var (\na = \nb = 3)", "x := 1; y := ;", "\"\\q", "“x”", "a\r\n)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		lines := strings.Split(code, "\n")
		for _, e := range told(code) {
			if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > len(lines[e.Line-1])+1 {
				t.Errorf("%q: %d:%d: %s", code, e.Line, e.Column, e.Message)
			}
			e.Report(code, 1)
		}
		if d, s := Parts(code); len(d) != len(code) || len(s) != len(code) {
			t.Errorf("%q: parts of %d and %d bytes", code, len(d), len(s))
		}
		File(code)
	})
}
