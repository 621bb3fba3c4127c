package symbols

import (
	"archive/zip"
	"io"
	"strings"
)

// An archive finds entries in the generated zip files. An entry is named
// <import path>/@<kind>, for source with /<file> after it.
type archive struct {
	entries map[string]*zip.File
}

// openArchives reads the directories of the files, which are part of the
// program: a broken one is a fault of the build.
func openArchives(files []string) *archive {
	a := &archive{entries: map[string]*zip.File{}}
	for _, data := range files {
		if data == "" {
			continue
		}
		r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
		if err != nil {
			panic("symbols: embedded archive: " + err.Error())
		}
		for _, f := range r.File {
			a.entries[f.Name] = f
		}
	}
	return a
}

// read gives the content of an entry; ok is false when there is none.
func (a *archive) read(name string) (content []byte, ok bool) {
	f := a.entries[name]
	if f == nil {
		return nil, false
	}
	r, err := f.Open()
	if err != nil {
		panic("symbols: embedded archive: " + err.Error())
	}
	defer r.Close()
	content = make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, content); err != nil {
		panic("symbols: embedded archive: " + name + ": " + err.Error())
	}
	return content, true
}
