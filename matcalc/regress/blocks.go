package regress

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// A layout is how a text of separated values is written.
type layout struct {
	name   string // of the file, for messages
	comma  rune
	header []string
}

// A block is a run of whole lines of a text.
type block struct {
	text string
	line int // number of its first line
}

// Sizes of blocks in bytes. The first one decides the types of a stream, and is
// larger by this factor.
const (
	blockSize   = 512 << 10
	firstFactor = 8
	// longestRecord is where the search for the end of a quoted field gives up.
	longestRecord = 64 << 20
)

// A blockReader cuts a text at the ends of lines, but not within quotes, so that
// blocks can be read by several goroutines.
type blockReader struct {
	layout
	r     io.Reader
	rest  []byte // read, and not yet given away
	line  int    // of rest
	size  int    // of blocks but the first
	ended bool
}

// openBlocks finds the separator of a plain or compressed text and reads its
// header. Blocks are of about the given size.
func openBlocks(r io.Reader, name string, size int) (*blockReader, error) {
	plain, err := decompressed(r, name)
	if err != nil {
		return nil, err
	}
	b := &blockReader{layout: layout{name: name, comma: separator(plain)}, r: plain, line: 1, size: size}
	for {
		first, err := b.cut(firstFactor * size)
		if err == io.EOF {
			return nil, fail(Empty, "%s is empty; its first line should name the columns", name)
		}
		if err != nil {
			return nil, err
		}
		if found, err := b.takeHeader(first); found || err != nil {
			return b, err
		}
	}
}

// decompressed returns the text behind a compression and a byte order mark.
func decompressed(r io.Reader, name string) (*bufio.Reader, error) {
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
	return b, nil
}

// separator is what the first line has most of: tabs, semicolons or commas.
func separator(b *bufio.Reader) rune {
	head, _ := b.Peek(1 << 12)
	line, _, _ := strings.Cut(string(head), "\n")
	commas := strings.Count(line, ",")
	switch {
	case strings.Count(line, "\t") > commas:
		return '\t'
	case strings.Count(line, ";") > commas:
		return ';'
	}
	return ','
}

// takeHeader reads the names of the columns, and gives the rest of the first
// block back; false if the block is blank.
func (b *blockReader) takeHeader(first block) (found bool, err error) {
	records := b.records(strings.NewReader(first.text))
	record, err := records.Read()
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, b.recordError(err, record, first.line)
	}
	if b.header, err = columnNames(record, b.name); err != nil {
		return false, err
	}
	end := int(records.InputOffset())
	b.rest = append([]byte(first.text[end:]), b.rest...)
	b.line = first.line + strings.Count(first.text[:end], "\n")
	return true, nil
}

// next returns the next block, or io.EOF after the last.
func (b *blockReader) next() (block, error) {
	if len(b.rest) > b.size { // of the first block
		return b.cut(len(b.rest))
	}
	return b.cut(b.size)
}

// cut returns the whole lines of the next bytes, or of more where these hold no
// end of a line.
func (b *blockReader) cut(size int) (block, error) {
	for {
		for !b.ended && len(b.rest) < size {
			had := len(b.rest)
			b.rest = append(b.rest, make([]byte, size-had)...)
			n, err := io.ReadFull(b.r, b.rest[had:])
			b.rest = b.rest[:had+n]
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				b.ended = true
			} else if err != nil {
				return block{}, fail(BadInput, "%s: %v", b.name, err)
			}
		}
		end := len(b.rest)
		if !b.ended {
			end = lastLineEnd(b.rest)
		}
		switch {
		case end == 0 && b.ended:
			return block{}, io.EOF
		case end == 0 && size < longestRecord:
			size *= 2
			continue
		case end == 0: // a quote that is never closed: let the reader of records say so
			end = len(b.rest)
		}
		out := block{text: string(b.rest[:end]), line: b.line}
		b.rest = append(b.rest[:0], b.rest[end:]...)
		b.line += strings.Count(out.text, "\n")
		return out, nil
	}
}

// lastLineEnd is the length of the whole lines of a text, 0 if there is none. A
// line does not end within quotes.
func lastLineEnd(text []byte) int {
	if bytes.IndexByte(text, '"') < 0 {
		return bytes.LastIndexByte(text, '\n') + 1
	}
	end, quoted := 0, false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			end = i + 1
		}
	}
	return end
}

// A rowReader returns the fields of the next row, which the next call
// overwrites, and the line that it begins in; io.EOF after the last.
type rowReader func() (fields []string, line int, err error)

// rows reads a block, which without quotes takes no more than cutting it.
func (l layout) rows(b block) rowReader {
	if strings.IndexByte(b.text, '"') >= 0 {
		return l.quotedRows(b)
	}
	rest, line := b.text, b.line-1
	record := make([]string, 0, len(l.header)+1)
	comma := byte(l.comma)
	return func() ([]string, int, error) {
		for rest != "" {
			row, after, _ := strings.Cut(rest, "\n")
			rest = after
			line++
			row = strings.TrimSuffix(row, "\r")
			if row == "" {
				continue
			}
			record = record[:0]
			for {
				k := strings.IndexByte(row, comma)
				if k < 0 {
					break
				}
				record, row = append(record, row[:k]), row[k+1:]
			}
			if record = append(record, row); len(record) != len(l.header) {
				return nil, line, l.ragged(line, len(record))
			}
			return record, line, nil
		}
		return nil, line, io.EOF
	}
}

func (l layout) quotedRows(b block) rowReader {
	records := l.records(strings.NewReader(b.text))
	records.FieldsPerRecord = len(l.header)
	return func() ([]string, int, error) {
		record, err := records.Read()
		if err == io.EOF {
			return nil, 0, err
		}
		if err != nil {
			return nil, 0, l.recordError(err, record, b.line)
		}
		line, _ := records.FieldPos(0)
		return record, b.line + line - 1, nil
	}
}

// records is a reader of quoted fields.
func (l layout) records(r io.Reader) *csv.Reader {
	records := csv.NewReader(r)
	records.Comma = l.comma
	records.TrimLeadingSpace = l.comma != '\t' // it would swallow empty fields
	records.ReuseRecord = true
	return records
}

func (l layout) ragged(line, fields int) error {
	return fail(Ragged, "%s, line %d has %d fields; the header names %d (%s)", l.name, line, fields, len(l.header), listNames(l.header))
}

// recordError words an error of a reader of records whose first line is the
// given one.
func (l layout) recordError(err error, record []string, first int) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fail(BadInput, "%s: %v", l.name, err)
	}
	if errors.Is(e.Err, csv.ErrFieldCount) {
		return l.ragged(first+e.Line-1, len(record))
	}
	return fail(BadInput, "%s, line %d, column %d: %v", l.name, first+e.Line-1, e.Column, e.Err)
}
