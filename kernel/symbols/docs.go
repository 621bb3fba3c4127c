package symbols

import (
	"strings"
	"sync"
)

// Doc gives the documentation comment of an exported name: Name of a
// declaration, Type.Name of a method or field, "" for the package itself. It is
// the text of the comment (see go/doc/comment), "" where there is none.
func Doc(path, name string) string { return docsOf(path)[name] }

// Synopsis gives the first sentence of the package's documentation.
func Synopsis(path string) string {
	if p := find(path); p != nil {
		return p.Synopsis
	}
	return ""
}

var docs struct {
	sync.Mutex
	packages map[string]map[string]string
}

// docsOf gives the comments of a package by name.
func docsOf(path string) map[string]string {
	docs.Lock()
	defer docs.Unlock()
	if d, ok := docs.packages[path]; ok {
		return d
	}
	d := map[string]string{}
	if data, ok := archives().read(path + "/@doc"); ok {
		for record := range strings.SplitSeq(string(data), "\x1e") {
			if name, text, ok := strings.Cut(record, "\x1f"); ok {
				d[name] = text
			}
		}
	}
	if docs.packages == nil {
		docs.packages = map[string]map[string]string{}
	}
	docs.packages[path] = d
	return d
}

// Source gives the source of the package's generic functions and types with
// what they need, file name to text; nil for a package without any.
func Source(path string) map[string]string {
	var files map[string]string
	prefix := path + "/@source/"
	a := archives()
	for name := range a.entries {
		if file, ok := strings.CutPrefix(name, prefix); ok {
			text, _ := a.read(name)
			if files == nil {
				files = map[string]string{}
			}
			files[file] = string(text)
		}
	}
	return files
}
