package regress

import (
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
)

// A chunker reads a file of separated values as tables of some rows, its blocks
// on all processors. The first one decides which columns are numbers; later ones
// are read as such, and columns that are not needed are left out.
type chunker struct {
	*blockReader
	o     *options
	types []columnType // nil before the first table
}

// newChunker opens the text. types are those of an earlier pass, or nil.
func newChunker(r io.Reader, name string, o *options, types []columnType) (*chunker, error) {
	size := blockSize
	if o.blockSize > 0 {
		size = o.blockSize
	}
	blocks, err := openBlocks(r, name, size)
	if err != nil {
		return nil, err
	}
	return &chunker{blockReader: blocks, o: o, types: types}, nil
}

// A chunk is a table of the next rows, or why there is none.
type chunk struct {
	table *Table
	err   error
}

// first returns the first rows with all columns, and finds their types.
func (c *chunker) first() (*Table, error) {
	b, err := c.next()
	if err == io.EOF {
		b, err = block{line: c.line}, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := c.layout.table([]block{b}, c.o.levels)
	if err != nil {
		return nil, err
	}
	for _, h := range c.header {
		kind := numeric
		if t.Column(h).IsFactor() {
			kind = textual
		}
		c.types = append(c.types, kind)
	}
	return t, nil
}

// need keeps only the columns of these names from the next table on.
func (c *chunker) need(names map[string]bool) {
	for j, h := range c.header {
		if !names[h] {
			c.types[j] = unneeded
		}
	}
}

// ahead reads the remaining tables, in order, some of them at the same time and
// before they are asked for. It ends with the text, an error, or done.
func (c *chunker) ahead(done <-chan struct{}) <-chan chunk {
	queue := make(chan chan chunk, runtime.GOMAXPROCS(0))
	out := make(chan chunk)
	go func() {
		defer close(queue)
		for {
			b, err := c.next()
			if err == io.EOF {
				return
			}
			place := make(chan chunk, 1)
			select {
			case queue <- place:
			case <-done:
				return
			}
			if err != nil {
				place <- chunk{err: err}
				return
			}
			go func() {
				t, err := c.read(b)
				place <- chunk{t, err}
			}()
		}
	}()
	go func() {
		defer close(out)
		for place := range queue {
			select {
			case out <- <-place:
			case <-done:
				return
			}
		}
	}()
	return out
}

// read reads a block with the types of the first one.
func (c *chunker) read(b block) (*Table, error) {
	columns := make([]*Column, len(c.header))
	size := strings.Count(b.text, "\n") + 1
	for j, kind := range c.types {
		switch kind {
		case numeric:
			columns[j] = &Column{Name: c.header[j], Numbers: make([]float64, 0, size), low: make([]float64, 0, size)}
		case textual:
			columns[j] = &Column{Name: c.header[j], Text: make([]string, 0, size)}
		}
	}
	rows, same := c.rows(b), map[string]string{}
	var lines []int
	for i := 0; ; i++ {
		fields, line, err := rows()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
		for j, column := range columns {
			switch c.types[j] {
			case numeric:
				if !column.number(fields[j], c.comma, i) {
					return nil, fail(BadInput, "%s, line %d: column %s is %q, while the rows before hold numbers; mend it, leave it empty if it is missing, or name the levels with Levels(%q, ...)", c.name, line, column.Name, readCell(fields[j], c.comma).Text, column.Name)
				}
			case textual:
				column.text(sharedCell(fields[j], c.comma, same), i)
			}
		}
	}
	t := NewTable()
	for _, column := range columns {
		if column == nil {
			continue
		}
		if column.Text != nil {
			if err := column.setLevels(c.o.levels[column.Name], lines); err != nil {
				return nil, err
			}
		}
		if err := t.put(column); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// text appends a cell as row i.
func (c *Column) text(cell Cell, i int) {
	c.Text = append(c.Text, cell.Text)
	if cell.Missing && c.Missing == nil {
		c.Missing = make([]bool, i, cap(c.Text))
	}
	if c.Missing != nil {
		c.Missing = append(c.Missing, cell.Missing)
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
