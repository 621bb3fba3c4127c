package main

import (
	"bytes"
	"fmt"
	"go/doc"
	"go/format"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// The kinds of entries in an archive; an entry is named <import path>/<kind>.
const (
	entryTypes  = "@types"  // export data
	entryDoc    = "@doc"    // documentation records
	entrySource = "@source" // what follows is the name of a file
)

// generate gives the generated files of the group: name to content.
func (g *group) generate(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	tables := variants{}
	data := variants{}
	index := map[platform][]row{}
	for i, p := range g.platforms {
		loaded, err := g.load(root, p)
		if err != nil {
			return nil, err
		}
		for _, pkg := range loaded {
			if err := g.add(pkg, p, i == 0, root, tables, data); err != nil {
				return nil, err
			}
			index[p] = append(index[p], row{pkg.PkgPath, pkg.Name, synopsis(pkg)})
		}
	}
	for name, byPlatform := range tables {
		g.place(byPlatform, func(suffix string, content []byte) {
			files[prefix+name+suffix+".go"] = content
		})
	}
	if err := g.archives(data, files); err != nil {
		return nil, err
	}
	for _, p := range g.platforms {
		src, err := g.indexSource(index[p], p)
		if err != nil {
			return nil, err
		}
		files[prefix+"packages"+g.suffix(p)+".go"] = src
	}
	record, err := g.inputs(root)
	if err != nil {
		return nil, err
	}
	files[prefix+"inputs.txt"] = record
	return files, nil
}

// add computes what one package contributes on one platform. Documentation and
// source come from the first platform.
func (g *group) add(pkg *packages.Package, p platform, first bool, root string, tables, data variants) error {
	src, err := tableSource(pkg.Types, g.name)
	if err != nil {
		return err
	}
	tables.set(ident(pkg.PkgPath), p, src)
	var b bytes.Buffer
	// An empty file set leaves positions out: they would differ between platforms.
	if err := gcexportdata.Write(&b, token.NewFileSet(), pkg.Types); err != nil {
		return fmt.Errorf("%s: %w", pkg.PkgPath, err)
	}
	data.set(pkg.PkgPath+"/"+entryTypes, p, b.Bytes())
	if !first {
		return nil
	}
	files, err := sources(pkg, root)
	if err != nil {
		return err
	}
	for _, q := range g.platforms {
		data.set(pkg.PkgPath+"/"+entryDoc, q, docRecords(pkg))
		for name, text := range files {
			data.set(pkg.PkgPath+"/"+entrySource+"/"+name, q, text)
		}
	}
	return nil
}

// variants are contents by name and platform.
type variants map[string]map[platform][]byte

func (v variants) set(name string, p platform, content []byte) {
	if v[name] == nil {
		v[name] = map[platform][]byte{}
	}
	v[name][p] = content
}

// place calls put once with no suffix when the content is the same on all
// platforms of the group, else once for each platform that has it.
func (g *group) place(byPlatform map[platform][]byte, put func(suffix string, content []byte)) {
	shared := len(byPlatform) == len(g.platforms)
	first := byPlatform[g.platforms[0]]
	for _, content := range byPlatform {
		shared = shared && bytes.Equal(content, first)
	}
	if shared {
		put("", first)
		return
	}
	for p, content := range byPlatform {
		put("_"+p.String(), content)
	}
}

// suffix is what the files of the group that exist for each platform end in.
func (g *group) suffix(p platform) string {
	if len(g.platforms) == 1 {
		return ""
	}
	return "_" + p.String()
}

// archives writes the shared archive and, for a group with several platforms,
// one for each.
func (g *group) archives(data variants, files map[string][]byte) error {
	contents := map[string]map[string][]byte{"": {}} // suffix to entries
	for _, p := range g.platforms {
		contents[g.suffix(p)] = map[string][]byte{}
	}
	for name, byPlatform := range data {
		g.place(byPlatform, func(suffix string, content []byte) { contents[suffix][name] = content })
	}
	for suffix, entries := range contents {
		packed, err := pack(entries)
		if err != nil {
			return err
		}
		files[prefix+g.name+suffix+".zip"] = packed
	}
	return nil
}

// row is one package in the index.
type row struct{ path, name, synopsis string }

// indexSource gives the file with the sorted list of packages and the embedded
// archives of a platform.
func (g *group) indexSource(rows []row, p platform) ([]byte, error) {
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.path, b.path) })
	var b bytes.Buffer
	fmt.Fprintf(&b, "%spackage %s\n\nimport (\n\t_ \"embed\"\n\n\t%q\n)\n\n", header, g.name, modulePath+"/kernel/symbols/table")
	fmt.Fprintf(&b, "//go:embed %s\nvar archive string\n\n", prefix+g.name+".zip")
	if suffix := g.suffix(p); suffix != "" {
		fmt.Fprintf(&b, "//go:embed %s\nvar platformArchive string\n\n", prefix+g.name+suffix+".zip")
	} else {
		fmt.Fprintf(&b, "const platformArchive = \"\"\n\n")
	}
	fmt.Fprintf(&b, "var packages = [...]table.Package{\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "\t{Path: %q, Name: %q, Synopsis: %q, Symbols: symbols_%s},\n", r.path, r.name, r.synopsis, ident(r.path))
	}
	fmt.Fprintf(&b, "}\n")
	return format.Source(b.Bytes())
}

// synopsis is the first sentence of the package documentation.
func synopsis(pkg *packages.Package) string {
	for _, f := range pkg.Syntax {
		if f.Doc != nil {
			if s := new(doc.Package).Synopsis(f.Doc.Text()); s != "" {
				return s
			}
		}
	}
	return ""
}
