package eval

import (
	"fmt"
	"go/types"

	"github.com/nabla-go/nabla/kernel/symbols"
)

// importer gives the checker the types of bundled packages.
type importer struct {
	packages
	types.Importer
}

// Import refuses what is not bundled by name.
func (i importer) Import(path string) (*types.Package, error) {
	if i.Module(path) { // its source cannot be had
		_, err := i.modules.Files(path)
		return nil, err
	}
	if path != "unsafe" && !symbols.Has(path) {
		return nil, fmt.Errorf("the package %q is not bundled with Nabla: the standard library, gonum, gonum/plot, display and matcalc are", path)
	}
	return i.Importer.Import(path)
}
