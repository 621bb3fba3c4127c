package main

import (
	"slices"
	"strings"
)

// A group is a set of packages whose generated files live in one folder, so
// that a change of our own packages does not make the compiler read all of the
// standard library's tables again.
type group struct {
	name      string
	patterns  []string   // what go list is asked for
	skip      []string   // paths, or path prefixes that end in a slash, left out
	platforms []platform // more than one where exported names depend on it
}

// A platform is what the files of a group are written for.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

// all are the platforms that Nabla is built for; the first one's packages are
// compared with the others'.
var all = []platform{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
}

// The modules that are not part of the standard library are written in portable
// Go as far as their exported names go: one platform speaks for all.
var portable = all[:1]

var groups = []*group{
	{
		name:     "std",
		patterns: []string{"std"},
		skip: []string{
			"builtin", "unsafe", // the type checker's own
			"plugin", "runtime/cgo", "runtime/race", "runtime/coverage", // need cgo or a special build
			"expvar", "net/http/pprof", // importing them publishes the process over HTTP
			"crypto/mlkem/mlkemtest", "testing/cryptotest", "simd/",
		},
		platforms: all,
	},
	{
		name:     "gonum",
		patterns: []string{"gonum.org/v1/gonum/...", "gonum.org/v1/plot", "gonum.org/v1/plot/..."},
		skip: []string{
			"gonum.org/v1/gonum/blas/testblas", "gonum.org/v1/gonum/blas/testblas/",
			"gonum.org/v1/gonum/dsp/window/cmd/", "gonum.org/v1/gonum/graph/testgraph",
			"gonum.org/v1/gonum/integrate/testquad", "gonum.org/v1/gonum/lapack/testlapack",
			"gonum.org/v1/plot/cmpimg",
		},
		platforms: portable,
	},
	{
		name: "nabla",
		patterns: []string{
			"github.com/nabla-go/nabla/display",
			"github.com/nabla-go/nabla/matcalc",
			"github.com/nabla-go/nabla/matcalc/regress",
		},
		platforms: portable,
	},
}

func groupNamed(name string) *group {
	i := slices.IndexFunc(groups, func(g *group) bool { return g.name == name })
	if i < 0 {
		return nil
	}
	return groups[i]
}

// wants reports whether the package belongs to the group.
func (g *group) wants(path, name string) bool {
	if name == "main" {
		return false
	}
	for elem := range strings.SplitSeq(path, "/") {
		if elem == "internal" || elem == "vendor" {
			return false
		}
	}
	return !slices.ContainsFunc(g.skip, func(s string) bool {
		return path == s || strings.HasSuffix(s, "/") && strings.HasPrefix(path, s)
	})
}
