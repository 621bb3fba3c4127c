package eval

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/cell"
)

// Text that is written to os.Stdout and os.Stderr as files goes through pipes,
// and only a system call for each print tells whether there is some that has to
// be delivered first. It is spared as long as no cell could have written any: all
// packages in use are discreet, and none has named a file to print to.

// discreet are packages that never write to a file which they were not given. A
// path that ends in a slash stands for all below it.
var discreet = func() map[string]bool {
	out := map[string]bool{}
	for _, path := range strings.Fields(`
		bufio bytes cmp context container/ encoding/ errors fmt hash/ html image/ io iter maps math math/ os path path/ regexp
		slices sort strconv strings sync sync/ text/tabwriter text/template time unicode unicode/ unique
		gonum.org/v1/gonum/blas/ gonum.org/v1/gonum/floats gonum.org/v1/gonum/floats/ gonum.org/v1/gonum/mat gonum.org/v1/gonum/stat
		gonum.org/v1/gonum/stat/ gonum.org/v1/gonum/integrate gonum.org/v1/gonum/integrate/ gonum.org/v1/gonum/interp gonum.org/v1/gonum/mathext
		gonum.org/v1/gonum/diff/ gonum.org/v1/gonum/dsp/ gonum.org/v1/gonum/graph gonum.org/v1/gonum/graph/ gonum.org/v1/gonum/num/
		github.com/nabla-go/nabla/display github.com/nabla-go/nabla/matcalc github.com/nabla-go/nabla/matcalc/`) {
		out[path] = true
	}
	return out
}()

// isDiscreet looks a path up in the table.
func isDiscreet(path string) bool {
	if discreet[path] {
		return true
	}
	for at := range path {
		if path[at] == '/' && discreet[path[:at+1]] {
			return true
		}
	}
	return false
}

// files are the names by which package os gives a file to print to.
var files = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(Stdout|Stderr|NewFile|StartProcess)\b`) })

// loud tells whether code may write to the standard streams as files.
func loud(code string, plan *cell.Plan) bool {
	for _, imp := range plan.Imports {
		if !isDiscreet(imp.Path) {
			return true
		}
	}
	return files().MatchString(code)
}
