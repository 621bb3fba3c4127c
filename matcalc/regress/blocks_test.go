package regress

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// texts are tables with what makes cutting them hard: quotes, lines within
// quotes, blank lines, carriage returns, no end of line, other separators.
var texts = []string{
	"a,b\n1,2\n3,4\n",
	"a,b\r\n1,x\r\n\r\n3,y\r\n5,NA",
	"a,b\n1,\"p\nq\"\n2,\"r\"\"s,\"\n\n3,t\n4,\"u\nv\nw\"\n5,z\n",
	"\xef\xbb\xbfa;b\n1,5;x\n2,5;\n,;z\n",
	"a\tb\n 1\t\n2\t 3\n",
	"a,b\n1,2\n3\n",
	"a,b\n1,2\n3,\"4\n",
	"a,b\n1,2\n3,4\"5\n6,7\n",
	"a\n1\n\n2\n",
	"\"a\nb\",c\n1,2\nx,0.1\n",
	"a,b\n",
	"a,b",
	"\n\na,b\n1,2\n",
}

// However small the blocks, a text gives the same table or the same error.
func TestBlocks(t *testing.T) {
	for _, text := range texts {
		want, wrong := readTable(strings.NewReader(text), "text", blockSize)
		for _, size := range []int{1, 2, 5, 16} {
			got, err := readTable(strings.NewReader(text), "text", size)
			if fmt.Sprint(err) != fmt.Sprint(wrong) {
				t.Errorf("%q in blocks of %d: %v, want %v", text, size, err, wrong)
			} else if err == nil && got.String() != want.String() {
				t.Errorf("%q in blocks of %d:\n%v, want\n%v", text, size, got, want)
			}
		}
	}
}

// Errors name the line in the file, wherever its block begins.
func TestBlockLines(t *testing.T) {
	rows := strings.Repeat("1,2\n\"3\",4\n", 100)
	for text, line := range map[string]int{
		"a,b\n" + rows + "5\n" + rows:           202,
		"a,b\n" + rows + "\n\n5,6,7\n" + rows:   204,
		"a,b\n" + rows + "5,\"6\" 7\n" + rows:   202,
		"\"a\n\",b\n" + rows + "5,6\"\n" + rows: 203,
	} {
		for _, size := range []int{8, 100, blockSize} {
			_, err := readTable(strings.NewReader(text), "text", size)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Message, fmt.Sprintf("line %d", line)) {
				t.Errorf("blocks of %d: %v, want line %d", size, err, line)
			}
		}
	}
}

// Text among numbers is noted with its line: by the table, by a fit, and where it
// makes a fit impossible.
func TestStrayText(t *testing.T) {
	const note = `line 5 is "abc"`
	rows := "x,y\n\n1,2\n\"3\",4\nabc,5\n6,7\n"
	table := ParseCSV(rows)
	if kind := table.Column("x").kind(); !strings.Contains(kind, note) {
		t.Error(kind)
	}
	if _, err := fitText(table, "y ~ x + I(y^2)"); err == nil || !strings.Contains(err.Error(), note) {
		t.Error(err)
	}
	if _, err := fitText(table, "y ~ log(x)"); err == nil || !strings.Contains(err.Error(), note) {
		t.Error(err)
	}
	many := ParseCSV(rows + strings.Repeat("3,1\n6,2\n", 10))
	m, err := fitText(many, "y ~ x")
	if err != nil || len(m.Warnings) != 1 || m.Warnings[0].Class != StrayText || !strings.Contains(m.Warnings[0].Message, note) {
		t.Error(m, err)
	}
	if m, err := fitText(many, "y ~ factor(x)"); err != nil || len(m.Warnings) != 0 {
		t.Error(m, err)
	}
}

func fitText(t *Table, model string) (*Model, error) {
	fr, err := buildFrame(model, t, frameSpec{})
	if err != nil {
		return nil, err
	}
	return fitLinear(fr, KindOLS, 0)
}
