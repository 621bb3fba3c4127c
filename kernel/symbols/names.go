package symbols

import (
	"go/types"
	"slices"
	"strings"
	"sync"
)

// preferred says which packages a bare name means, best first, when several have
// it and neither the order of the modules nor the length of the path gives what a
// Go programmer expects.
var preferred = map[string][]string{
	"rand":     {"math/rand/v2", "math/rand", "crypto/rand"}, // Resolve still finds rand.Reader
	"template": {"text/template", "html/template"},           // same API: a page says which it wants
	"scanner":  {"text/scanner", "go/scanner"},
	"draw":     {"image/draw"},
	"pprof":    {"runtime/pprof"},
	"constant": {"go/constant"},
	"dot":      {"gonum.org/v1/gonum/graph/encoding/dot"},
	"gonum":    {"gonum.org/v1/gonum/blas/gonum"},
	"text":     {"gonum.org/v1/plot/text"},
}

var byName = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{"unsafe": {"unsafe"}}
	for _, g := range groups() {
		for _, p := range g {
			names[p.Name] = append(names[p.Name], p.Path)
		}
	}
	for name, paths := range names {
		slices.SortStableFunc(paths, func(a, b string) int { return rank(name, a) - rank(name, b) })
	}
	return names
})

// rank orders packages of the same name: the preferred one, our own, the
// standard library's with few path elements, gonum's.
func rank(name, path string) int {
	if i := slices.Index(preferred[name], path); i >= 0 {
		return i
	}
	depth := 1 + strings.Count(path, "/")
	switch {
	case strings.HasPrefix(path, "github.com/nabla-go/"):
		return 100 + depth
	case strings.HasPrefix(path, "gonum.org/"):
		return 300 + depth
	default:
		return 200 + depth
	}
}

// ByName gives the import paths that a bare package name may mean, best first;
// nil when no package has the name.
func ByName(name string) []string { return slices.Clone(byName()[name]) }

// Resolve gives the import path that name means in code which selects members
// from it: the first of ByName that has most of them. So rand.N means
// math/rand/v2, rand.Intn math/rand and rand.Reader crypto/rand. It gives "" when
// no package has the name.
func Resolve(name string, members []string) string {
	candidates := byName()[name]
	if len(candidates) < 2 || len(members) == 0 {
		if len(candidates) == 0 {
			return ""
		}
		return candidates[0]
	}
	best, most := candidates[0], -1
	for _, path := range candidates {
		pkg, err := shared.Import(path)
		if err != nil {
			continue
		}
		if n := have(pkg.Scope(), members); n > most {
			best, most = path, n
		}
	}
	return best
}

func have(scope *types.Scope, members []string) (n int) {
	for _, m := range members {
		if obj := scope.Lookup(m); obj != nil && obj.Exported() {
			n++
		}
	}
	return n
}
