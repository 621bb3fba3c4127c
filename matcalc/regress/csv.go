package regress

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// ReadCSV reads a table from a file of comma- or tab-separated values with a
// header line, plain or compressed with gzip. A column is numeric if every
// value reads as a number; empty fields, NA, NULL and null are missing; all
// else, dates too, is text. It panics with an *Error that names line and column.
func ReadCSV(path string) *Table {
	file, err := os.Open(path)
	if err != nil {
		panic(fail(BadInput, "cannot read the table: %v", err))
	}
	defer file.Close()
	t, err := readTable(file, path, blockSize)
	must(err)
	return t
}

// ParseCSV reads a table from text, as ReadCSV does from a file.
func ParseCSV(text string) *Table {
	t, err := readTable(strings.NewReader(text), "the text", blockSize)
	must(err)
	return t
}

func readTable(r io.Reader, name string, size int) (*Table, error) {
	source, err := openBlocks(r, name, size)
	if err != nil {
		return nil, err
	}
	var blocks []block
	for {
		b, err := source.next()
		if err == io.EOF {
			return source.table(blocks, nil)
		}
		if err != nil {
			return nil, err
		}
		if halt.Halted() {
			return nil, fail(BadInput, "stopped after %d lines", b.line)
		}
		blocks = append(blocks, b)
	}
}

// table reads blocks on all processors. Columns that have levels are text;
// another one is numeric if all its values are missing or numbers.
func (l layout) table(blocks []block, levels map[string][]string) (*Table, error) {
	need := make([]columnType, len(l.header))
	for j, h := range l.header {
		if _, ok := levels[h]; ok {
			need[j] = textual
		}
	}
	parts := make([]*part, len(blocks))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, b := range blocks {
		slots <- struct{}{}
		group.Add(1)
		go func() {
			defer func() { <-slots; group.Done() }()
			parts[i] = l.tryNumbers(b, need)
		}()
	}
	group.Wait()
	for _, p := range parts {
		if p.err != nil {
			return nil, p.err
		}
		for j, text := range p.text {
			if text {
				need[j] = textual
			}
		}
	}
	cells, lines, err := l.cells(blocks, need)
	if err != nil {
		return nil, err
	}
	t := NewTable()
	for j, h := range l.header {
		c := &Column{Name: h}
		if need[j] == textual {
			if c, err = textColumn(h, cells[j], levels[h]); err != nil {
				return nil, err
			}
			if c.stray > 0 {
				c.strayLine = lines[c.stray-1]
			}
		} else {
			c.join(parts, j)
		}
		if err := t.put(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// A columnType says how a column of a file is read.
type columnType int

const (
	numeric columnType = iota
	textual
	unneeded
)

// A part is what a block holds, as far as it is numbers.
type part struct {
	columns []*Column
	text    []bool // of columns with a value that is no number
	rows    int
	err     error
}

// tryNumbers reads the columns of a block that may be numeric.
func (l layout) tryNumbers(b block, need []columnType) *part {
	p := &part{columns: make([]*Column, len(need)), text: make([]bool, len(need))}
	size := strings.Count(b.text, "\n") + 1
	for j, kind := range need {
		if kind == numeric {
			p.columns[j] = &Column{Numbers: make([]float64, 0, size)}
		}
	}
	rows := l.rows(b)
	for {
		fields, _, err := rows()
		if err == io.EOF {
			return p
		}
		if err != nil {
			p.err = err
			return p
		}
		for j, c := range p.columns {
			if c != nil && !c.number(fields[j], l.comma, p.rows) {
				p.columns[j], p.text[j] = nil, true
			}
		}
		p.rows++
	}
}

// number appends a number or a missing value as row i; false if the field is
// neither.
func (c *Column) number(field string, comma rune, i int) bool {
	v, ok := dd.Parse(field)
	if !ok {
		cell := readCell(field, comma)
		if !cell.Missing {
			if v, ok = dd.Parse(cell.Text); !ok {
				return false
			}
		} else {
			if c.Missing == nil {
				c.Missing = make([]bool, i, cap(c.Numbers))
			}
			c.Numbers, c.Missing = append(c.Numbers, nan), append(c.Missing, true)
			if c.low != nil {
				c.low = append(c.low, 0)
			}
			return true
		}
	}
	c.Numbers = append(c.Numbers, v.Hi)
	if v.Lo != 0 && c.low == nil {
		c.low = make([]float64, i, cap(c.Numbers))
	}
	if c.low != nil {
		c.low = append(c.low, v.Lo)
	}
	if c.Missing != nil {
		c.Missing = append(c.Missing, false)
	}
	return true
}

// join appends column j of the parts.
func (c *Column) join(parts []*part, j int) {
	rows, low, missing := 0, false, false
	for _, p := range parts {
		rows += p.rows
		low = low || p.columns[j].low != nil
		missing = missing || p.columns[j].Missing != nil
	}
	c.Numbers = make([]float64, 0, rows)
	if low {
		c.low = make([]float64, rows)
	}
	if missing {
		c.Missing = make([]bool, rows)
	}
	for _, p := range parts {
		at := len(c.Numbers)
		c.Numbers = append(c.Numbers, p.columns[j].Numbers...)
		copy(c.low[min(at, len(c.low)):], p.columns[j].low)
		copy(c.Missing[min(at, len(c.Missing)):], p.columns[j].Missing)
		p.columns[j] = nil
	}
}

// cells reads the text columns of blocks, and the lines of their rows.
func (l layout) cells(blocks []block, need []columnType) (cells [][]Cell, lines []int, err error) {
	cells = make([][]Cell, len(need))
	if !slices.Contains(need, textual) {
		return cells, nil, nil
	}
	same := map[string]string{} // fields that occur often share their memory
	for _, b := range blocks {
		rows := l.rows(b)
		for {
			fields, line, err := rows()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, nil, err
			}
			lines = append(lines, line)
			for j, kind := range need {
				if kind == textual {
					cells[j] = append(cells[j], sharedCell(fields[j], l.comma, same))
				}
			}
		}
	}
	return cells, lines, nil
}

// mostShared bounds the texts that are kept to be shared.
const mostShared = 1 << 14

// sharedCell is readCell, with the memory of equal texts shared.
func sharedCell(field string, comma rune, same map[string]string) Cell {
	if text, ok := same[field]; ok {
		return Cell{Text: text}
	}
	c := readCell(field, comma)
	c.Text = strings.Clone(c.Text) // apart from the block
	if !c.Missing && len(same) < mostShared {
		same[strings.Clone(field)] = c.Text
	}
	return c
}

func columnNames(record []string, name string) ([]string, error) {
	seen := map[string]bool{}
	header := make([]string, len(record))
	for j, h := range record {
		header[j] = strings.Clone(strings.TrimSpace(h))
		if header[j] == "" {
			header[j] = fmt.Sprintf("column%d", j+1)
		}
		if seen[header[j]] {
			return nil, fail(BadInput, "%s, line 1: the name %s stands for two columns", name, header[j])
		}
		seen[header[j]] = true
	}
	return header, nil
}

// missingWords are the ways of writing that there is no value.
var missingWords = map[string]bool{"": true, "NA": true, "N/A": true, "NULL": true, "null": true, "None": true, ".": true,
	"n/a": true, "#N/A": true, "<NA>": true}

// readCell reads a field. Between semicolons a number may have a decimal comma.
func readCell(field string, separator rune) Cell {
	text := strings.TrimSpace(field)
	if missingWords[text] {
		return Cell{Missing: true}
	}
	if separator == ';' && strings.Count(text, ",") == 1 {
		point := strings.Replace(text, ",", ".", 1)
		if _, ok := dd.Parse(point); ok {
			return Cell{Text: point}
		}
	}
	return Cell{Text: text}
}
