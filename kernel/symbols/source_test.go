package symbols

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// The cut sources are whole: each type-checks by itself.
func TestSourcesTypeCheck(t *testing.T) {
	found := 0
	for _, path := range Paths() {
		files := Source(path)
		if files == nil {
			continue
		}
		found++
		fset := token.NewFileSet()
		var parsed []*ast.File
		for name, text := range files {
			f, err := parser.ParseFile(fset, path+"/"+name, text, parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				continue
			}
			parsed = append(parsed, f)
		}
		config := types.Config{Importer: Importer(), Error: func(err error) { t.Error(err) }}
		pkg, _ := config.Check(path, fset, parsed, nil)
		for _, name := range pkg.Scope().Names() {
			if f, ok := pkg.Scope().Lookup(name).(*types.Func); ok && f.Signature().TypeParams().Len() == 0 && f.Exported() {
				t.Errorf("%s.%s: not generic, yet copied", path, name)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d packages have source", found)
	}
	if _, ok := Source("slices")["sort.go"]; !ok || Source("fmt") != nil {
		t.Error("slices has no sort.go, or fmt has source")
	}
}
