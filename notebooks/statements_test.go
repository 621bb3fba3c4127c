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

// sections are the headings below which statements stand, by the beginning of
// their numbers; the longest beginning counts.
var sections = map[string]string{
	"000.1.1": "1.1", "000.1.2": "1.2", "000.2.1": "2.1", "000.2.2": "2.2", "000.3.1": "3.1", "000.3.2": "3.2", "000.3.3": "3.3", "000.3.4": "3.4", "000.3.5": "3.5",
	"001.1": "标量对向量求导", "001.1$": "求导布局", "001.2": "求导布局", "001.3": "求导布局", "001.4": "向量对向量求导", "001.5": "向量对向量求导",
	"001.6": "标量对向量求导", "001.7": "标量对向量求导", "001.8": "标量对向量求导", "001.9": "标量对向量求导",
	"001.13": "例：最小二乘法", "001.14": "例：最小二乘法", "001.15": "例：最小二乘法", "001.16": "例：最小二乘法", "001.17": "例：最小二乘法", "001.18": "例：最小二乘法",
	"002.0": "微分的法则", "002.1": "微分的法则", "002.2": "微分的法则", "002.3": "微分的法则", "002.4": "微分的法则", "002.5": "微分的法则", "002.t": "迹的技巧",
	"002.m": "求导的一般步骤", "002.c": "已知", "002.x1": "例 1", "002.x2": "例 2", "002.x3": "例 3", "002.r": "多元线性回归",
}

// section is the heading that a statement belongs below.
func section(id string) string {
	best := ""
	for begin := range sections {
		if strings.HasPrefix(id+"$", begin) && len(begin) > len(best) {
			best = begin
		}
	}
	return sections[best]
}

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
		for _, out := range printed(t, file) {
			text := out.text
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
				if want := section(id); want == "" || !strings.HasPrefix(out.heading, want) {
					t.Errorf("%s: statement %s stands below %q, not below %q", file, id, out.heading, want)
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

// output is the text of an output with the heading above its cell.
type output struct{ heading, text string }

// printed lists the outputs of the code cells.
func printed(t *testing.T, file string) (texts []output) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Type    string   `json:"cell_type"`
			Source  []string `json:"source"`
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
	heading := ""
	for _, c := range nb.Cells {
		for _, line := range c.Source {
			if h := strings.TrimLeft(line, "#"); c.Type == "markdown" && h != line {
				heading = strings.TrimSpace(h)
			}
		}
		for _, o := range c.Outputs {
			for _, raw := range []json.RawMessage{o.Data.Plain, o.Text} {
				var lines []string
				if json.Unmarshal(raw, &lines) == nil && c.Type == "code" {
					texts = append(texts, output{heading, strings.Join(lines, "")})
				}
			}
		}
	}
	return texts
}
