package regress

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

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
	t, err := readTable(file, path)
	must(err)
	return t
}

// ParseCSV reads a table from text, as ReadCSV does from a file.
func ParseCSV(text string) *Table {
	t, err := readTable(strings.NewReader(text), "the text")
	must(err)
	return t
}

// openRecords returns a reader of records over plain or compressed text, the
// separator found in the first line.
func openRecords(r io.Reader, name string) (*csv.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fail(BadInput, "%s: %v", name, err)
		}
		b = bufio.NewReaderSize(z, 1<<16)
	}
	switch mark, _ := b.Peek(3); {
	case string(mark) == "\xef\xbb\xbf":
		_, _ = b.Discard(3)
	case len(mark) > 1 && (string(mark[:2]) == "\xff\xfe" || string(mark[:2]) == "\xfe\xff"):
		return nil, fail(BadInput, "%s is in UTF-16; save it as UTF-8", name)
	}
	head, _ := b.Peek(1 << 12)
	line, _, _ := strings.Cut(string(head), "\n")
	records := csv.NewReader(b)
	records.TrimLeadingSpace = true
	if tabs := strings.Count(line, "\t"); tabs > strings.Count(line, ",") {
		records.Comma = '\t'
		records.TrimLeadingSpace = false // it would swallow empty fields
	} else if strings.Count(line, ";") > strings.Count(line, ",") {
		records.Comma = ';'
	}
	records.ReuseRecord = true
	return records, nil
}

func readTable(r io.Reader, name string) (*Table, error) {
	records, err := openRecords(r, name)
	if err != nil {
		return nil, err
	}
	header, err := readHeader(records, name)
	if err != nil {
		return nil, err
	}
	columns := make([][]Cell, len(header))
	for {
		record, err := records.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, recordError(err, record, header, name)
		}
		for j, field := range record {
			columns[j] = append(columns[j], readCell(field, records.Comma))
		}
	}
	t := NewTable()
	for j, h := range header {
		c, err := parseColumn(h, columns[j], nil, false)
		if err != nil {
			return nil, err
		}
		if err := t.put(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func readHeader(records *csv.Reader, name string) ([]string, error) {
	record, err := records.Read()
	if err == io.EOF {
		return nil, fail(Empty, "%s is empty; its first line should name the columns", name)
	}
	if err != nil {
		return nil, recordError(err, record, nil, name)
	}
	seen := map[string]bool{}
	header := make([]string, len(record))
	for j, h := range record {
		header[j] = strings.TrimSpace(h)
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
var missingWords = map[string]bool{"": true, "NA": true, "N/A": true, "NULL": true, "null": true, "None": true, ".": true}

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
	return Cell{Text: strings.Clone(text)}
}

func recordError(err error, record, header []string, name string) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fail(BadInput, "%s: %v", name, err)
	}
	if errors.Is(e.Err, csv.ErrFieldCount) {
		return fail(Ragged, "%s, line %d has %d fields; the header names %d (%s)", name, e.Line, len(record), len(header), listNames(header))
	}
	return fail(BadInput, "%s, line %d, column %d: %v", name, e.Line, e.Column, e.Err)
}
