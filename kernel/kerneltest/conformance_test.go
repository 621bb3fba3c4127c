package kerneltest

import (
	"bufio"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
)

// A row is one line of the checklist.
type row struct{ id, title string }

var rowForm = regexp.MustCompile(`^([A-L]\d\d) (.+)$`)

func checklist(t *testing.T, file string) (rows []row) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if m := rowForm.FindStringSubmatch(lines.Text()); m != nil {
			rows = append(rows, row{m[1], m[2]})
		}
	}
	return rows
}

// groups are the tests that are written in Go; conversations are beside them.
var groups = []map[string]func(*testing.T){
	startup, hostile, order, executing, printing, living, failing, asking, assisting, talking, crowding, tools,
}

// conversations are the tests of testdata/*.talk, by the line of the checklist.
func conversations(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".talk") {
			continue
		}
		data, err := os.ReadFile("testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(data), "\n#### ")[1:] {
			title, body, _ := strings.Cut(part, "\n")
			id, _, _ := strings.Cut(title, " ")
			out[id] = append(out[id], body)
		}
	}
	return out
}

// TestConformance walks the checklist. A line without a test fails. The lines
// of testdata/open.txt are known to fail: they are tried and reported.
func TestConformance(t *testing.T) {
	tests, talks := map[string]func(*testing.T){}, conversations(t)
	for _, g := range groups {
		maps.Copy(tests, g)
	}
	rows := checklist(t, "testdata/checklist.txt")
	if len(rows) != 204 {
		t.Fatalf("the checklist has %d lines, want 204", len(rows))
	}
	open := map[string]bool{}
	for _, r := range checklist(t, "testdata/open.txt") {
		open[r.id] = true
	}
	var passed atomic.Int64
	t.Run("lines", func(t *testing.T) {
		for _, r := range rows {
			run, talk := tests[r.id], talks[r.id]
			if open[r.id] {
				continue
			}
			if run == nil && talk == nil {
				t.Errorf("%s %s: no test", r.id, r.title)
				continue
			}
			delete(tests, r.id)
			delete(talks, r.id)
			t.Run(r.id, func(t *testing.T) {
				if !solitary[r.id] {
					t.Parallel()
				}
				t.Cleanup(func() { // after what runs in parallel
					if !t.Failed() && !t.Skipped() {
						passed.Add(1)
					}
				})
				for _, c := range talk {
					Play(t, c, session.Options{})
				}
				if run != nil {
					run(t)
				}
			})
		}
	})
	for _, id := range slices.Sorted(maps.Keys(tests)) {
		if !open[id] {
			t.Errorf("%s is a test of no line", id)
		}
	}
	t.Logf("%d of %d lines of the checklist pass; open: %v", passed.Load(), len(rows), slices.Sorted(maps.Keys(open)))
}

// solitary are tests that measure, or need the machine for themselves.
var solitary = map[string]bool{"A18": true, "F21": true, "G11": true, "G12": true, "K05": true, "K07": true, "K10": true, "L12": true}
