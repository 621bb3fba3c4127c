// Package notebooks_test looks into the committed notebooks.
package notebooks_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

var documents = map[string]string{"000": "000_matrix_derivative.ipynb", "001": "001_layouts.ipynb", "002": "002_differentials_and_trace.ipynb"}

// verdictLine is a line that a check printed: number, class and verdict.
var verdictLine = regexp.MustCompile(`(?m)^\[(\d[\w.]*)\] (derived|checked|declared|wording) ([✓✗])`)

// TestStatements counts the statements of the three documents in the outputs
// of the code cells: each has a verdict, and the faulty ones, and only they,
// are found wrong, with the correct form.
func TestStatements(t *testing.T) {
	raw, err := os.ReadFile("testdata/statements.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []struct {
		ID     string
		Faulty bool
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	type found struct{ class, mark, text string }
	got := map[string]found{}
	for doc, file := range documents {
		for _, text := range printed(t, file) {
			marks := verdictLine.FindAllStringSubmatchIndex(text, -1)
			for i, m := range marks {
				end := len(text)
				if i+1 < len(marks) {
					end = marks[i+1][0]
				}
				id := text[m[2]:m[3]]
				if !strings.HasPrefix(id, doc+".") {
					t.Errorf("%s: statement %s is of another document", file, id)
				}
				if _, twice := got[id]; twice {
					t.Errorf("%s: statement %s appears twice", file, id)
				}
				got[id] = found{text[m[4]:m[5]], text[m[6]:m[7]], text[m[0]:end]}
			}
		}
	}
	classes := map[string]int{}
	faults, mathematical := 0, 0
	for _, w := range want {
		g, ok := got[w.ID]
		if !ok {
			t.Errorf("statement %s does not appear", w.ID)
			continue
		}
		classes[g.class]++
		if (g.mark == "✗") != w.Faulty {
			t.Errorf("statement %s has the verdict %s", w.ID, g.mark)
		}
		if w.Faulty {
			faults++
			if g.class != "wording" {
				mathematical++
			}
			for _, word := range []string{"原因", "应为"} {
				if !strings.Contains(g.text, word) {
					t.Errorf("statement %s lacks %s:\n%s", w.ID, word, g.text)
				}
			}
		}
		delete(got, w.ID)
	}
	for id := range got {
		t.Errorf("statement %s is none of the documents'", id)
	}
	t.Logf("%d statements: %v; %d faulty, %d of them found by checking", len(want), classes, faults, mathematical)
}

// printed lists the text of the outputs of the code cells.
func printed(t *testing.T, file string) (texts []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Type    string `json:"cell_type"`
			Outputs []struct {
				Data struct {
					Plain json.RawMessage `json:"text/plain"`
				} `json:"data"`
				Text json.RawMessage `json:"text"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(data, &nb); err != nil {
		t.Fatal(file, err)
	}
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			for _, raw := range []json.RawMessage{o.Data.Plain, o.Text} {
				var lines []string
				if json.Unmarshal(raw, &lines) == nil && c.Type == "code" {
					texts = append(texts, strings.Join(lines, ""))
				}
			}
		}
	}
	return texts
}
