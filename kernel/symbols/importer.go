package symbols

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// Importer gives the types of the packages, each read on first use. There is one
// for the whole program: all that it imports share their types' identity.
func Importer() types.Importer { return &shared }

var shared = importer{fset: token.NewFileSet(), known: map[string]*types.Package{}}

type importer struct {
	mu    sync.Mutex
	fset  *token.FileSet            // stays empty: the data holds no positions
	known map[string]*types.Package // also internal packages, incomplete
}

// Import gives the package with the import path, or an error that says what may
// be imported.
func (imp *importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if !Has(path) {
		return nil, fmt.Errorf("package %s is not bundled with Nabla; %%get MODULE brings in a module's source", path)
	}
	imp.mu.Lock()
	defer imp.mu.Unlock()
	if pkg := imp.known[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	data, ok := archives().read(path + "/@types")
	if !ok {
		return nil, fmt.Errorf("package %s has no types for this platform", path)
	}
	pkg, err := gcexportdata.Read(bytes.NewReader(data), imp.fset, imp.known, path)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", path, err)
	}
	return pkg, nil
}
