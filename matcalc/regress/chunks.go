package regress

import (
	"encoding/csv"
	"io"
	"math"
	"os"
	"sync/atomic"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// chunkRows is how many rows of a stream are held at a time.
const chunkRows = 1 << 14

// A chunker reads a file of separated values by chunks of rows. The first
// chunk decides which columns are numbers; later ones are read as such, and
// columns that are not needed are left out.
type chunker struct {
	o       *options
	name    string
	records *csv.Reader
	header  []string
	needed  []bool
	numeric []bool // nil before the first chunk
	rows    int    // read so far
}

// newChunker opens the text. types are those of an earlier pass, or nil.
func newChunker(r io.Reader, name string, o *options, types *chunker) (*chunker, error) {
	records, err := openRecords(r, name)
	if err != nil {
		return nil, err
	}
	c := &chunker{o: o, name: name, records: records}
	if c.header, err = readHeader(records, name); err != nil {
		return nil, err
	}
	if types != nil {
		c.needed, c.numeric = types.needed, types.numeric
	}
	return c, nil
}

// next returns the next rows, and whether there may be more.
func (c *chunker) next() (t *Table, more bool, err error) {
	if c.numeric == nil {
		return c.typed()
	}
	columns := make([]*Column, len(c.header))
	for j, h := range c.header {
		if c.needed[j] {
			columns[j] = &Column{Name: h, before: c.rows}
			if c.numeric[j] {
				columns[j].Numbers, columns[j].low = make([]float64, 0, chunkRows), make([]float64, 0, chunkRows)
			} else {
				columns[j].Text = make([]string, 0, chunkRows)
			}
		}
	}
	more = true
	for row := range chunkRows {
		record, err := c.records.Read()
		if err == io.EOF {
			more = false
			break
		}
		if err != nil {
			return nil, false, recordError(err, record, c.header, c.name)
		}
		for j, field := range record {
			if columns[j] == nil {
				continue
			}
			if err := c.put(columns[j], field, row, c.numeric[j]); err != nil {
				return nil, false, err
			}
		}
		c.rows++
	}
	t = NewTable()
	for _, column := range columns {
		if column == nil {
			continue
		}
		if column.Text != nil {
			if err := column.setLevels(c.o.levels[column.Name]); err != nil {
				return nil, false, err
			}
		}
		if err := t.put(column); err != nil {
			return nil, false, err
		}
	}
	return t, more, nil
}

func (c *chunker) put(column *Column, field string, row int, numeric bool) error {
	missing := false
	if numeric {
		v, ok := dd.Parse(field)
		if !ok {
			cell := readCell(field, c.records.Comma)
			if missing = cell.Missing; missing {
				v = dd.Of(math.NaN())
			} else if v, ok = dd.Parse(cell.Text); !ok {
				line, _ := c.records.FieldPos(0)
				return fail(BadInput, "%s, line %d: column %s is %q, while the rows before hold numbers", c.name, line, column.Name, cell.Text)
			}
		}
		column.Numbers, column.low = append(column.Numbers, v.Hi), append(column.low, v.Lo)
	} else {
		cell := readCell(field, c.records.Comma)
		missing = cell.Missing
		column.Text = append(column.Text, cell.Text)
	}
	if missing && column.Missing == nil {
		column.Missing = make([]bool, row, chunkRows)
	}
	if column.Missing != nil {
		column.Missing = append(column.Missing, missing)
	}
	return nil
}

// typed reads the first chunk with all its columns and finds their types.
func (c *chunker) typed() (t *Table, more bool, err error) {
	columns := make([][]Cell, len(c.header))
	more = true
	for range chunkRows {
		record, err := c.records.Read()
		if err == io.EOF {
			more = false
			break
		}
		if err != nil {
			return nil, false, recordError(err, record, c.header, c.name)
		}
		for j, field := range record {
			columns[j] = append(columns[j], readCell(field, c.records.Comma))
		}
		c.rows++
	}
	t = NewTable()
	for j, h := range c.header {
		levels, factor := c.o.levels[h]
		column, err := parseColumn(h, columns[j], levels, factor)
		if err != nil {
			return nil, false, err
		}
		if err := t.put(column); err != nil {
			return nil, false, err
		}
		c.numeric = append(c.numeric, !column.IsFactor())
		c.needed = append(c.needed, true)
	}
	return t, more, nil
}

// need keeps only the columns of these names from the next chunk on.
func (c *chunker) need(names map[string]bool) {
	for j, h := range c.header {
		c.needed[j] = names[h]
	}
}

// A source opens the text of a stream, again for each pass.
type source func() (r io.ReadCloser, share func() float64, err error)

// fileSource opens a file; share is the part of it that was read.
func fileSource(path string) source {
	return func() (io.ReadCloser, func() float64, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, fail(BadInput, "cannot read the table: %v", err)
		}
		size := 1.0
		if info, err := file.Stat(); err == nil && info.Size() > 0 {
			size = float64(info.Size())
		}
		counter := &countingReader{ReadCloser: file}
		return counter, func() float64 { return min(1, float64(counter.n.Load())/size) }, nil
	}
}

type countingReader struct {
	io.ReadCloser
	n atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}
