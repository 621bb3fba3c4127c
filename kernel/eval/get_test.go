package eval

import (
	"archive/zip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// modules are what the proxy of TestGet has: a module with a package variable,
// an init function, generic code and a package below, and what it requires.
var modules = map[string]map[string]string{
	"example.com/shapes@v1.2.0": {
		"go.mod": "module example.com/shapes\n\ngo 1.22\n\nrequire example.com/base v0.1.0\n",
		"shapes.go": `// Package shapes has shapes.
package shapes

import (
	"fmt"
	"math"

	"example.com/base"
)

var Unit = Circle{R: base.One}

var made = 0

func init() { made = 10 }

type Shape interface{ Area() float64 }

type Circle struct{ R float64 }

func (c Circle) Area() float64 { return math.Pi * c.R * c.R }

func (c Circle) String() string { return fmt.Sprintf("circle of %g", c.R) }

func Made() int { made++; return made }

func Largest[S Shape](list ...S) S {
	best := list[0]
	for _, s := range list[1:] {
		if s.Area() > best.Area() {
			best = s
		}
	}
	return best
}
`,
		"names/names.go":    "package names\n\nconst Circle = \"circle\"\n",
		"embedded/embed.go": "package embedded\n\nimport _ \"embed\"\n\n//go:embed embed.go\nvar Text string\n",
	},
	"example.com/base@v0.1.0": {
		"go.mod":  "module example.com/base\n\ngo 1.22\n",
		"base.go": "package base\n\n// One is one.\nvar One = one()\n\nfunc one() float64 { return 1 }\n",
	},
}

// proxy writes the modules as files of a proxy.
func proxy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, files := range modules {
		path, version, _ := strings.Cut(name, "@")
		v := filepath.Join(dir, path, "@v")
		if err := os.MkdirAll(v, 0o777); err != nil {
			t.Fatal(err)
		}
		info, err := json.Marshal(map[string]string{"Version": version})
		if err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(v, "list"), []byte(version+"\n"))
		write(filepath.Join(v, version+".info"), info)
		write(filepath.Join(v, version+".mod"), []byte(files["go.mod"]))
		f, err := os.Create(filepath.Join(v, version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		for file, text := range files {
			w, err := z.Create(name + "/" + file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return "file://" + filepath.ToSlash(dir)
}

// TestGet brings modules from a proxy of files and, from the cache, without a
// toolchain.
func TestGet(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no Go toolchain: ", err)
	}
	t.Setenv("GOPROXY", proxy(t))
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOFLAGS", "-modcacherw")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GO111MODULE", "on")
	cells := []struct{ code, shows string }{
		{"%get example.com/shapes", "example.com/shapes v1.2.0\n    import \"example.com/shapes\""},
		{"import \"example.com/shapes\"\nshapes.Unit", "= circle of 1"},
		{"shapes.Largest(shapes.Unit, shapes.Circle{R: 3}).R", "= 3"},
		{"shapes.Made() + shapes.Made()", "= 23"},
		{"type Square struct{ A float64 }\nfunc (s Square) Area() float64 { return s.A * s.A }\nvar s shapes.Shape = Square{2}\ns.Area()", "= 4"},
		{"fmt.Printf(\"%T\", shapes.Unit)", "shapes.Circle"},
		{"import \"example.com/shapes/names\"\nnames.Circle", "= \"circle\""},
		{"import \"example.com/shapes/embedded\"", "embeds files"},
		{"import \"example.com/shapes/nothing\"", "could not import"},
		{"shapes.Nothing", "undefined: shapes.Nothing"},
		{"%get example.com/nothing@v1.0.0", "%get: "},
		{"%get", "say which module"},
		{"%reset", ""},
		{"import \"example.com/shapes\"\nshapes.Made()", "= 11"},
	}
	play2 := func(e *Engine) {
		for i, c := range cells {
			if got := play(e, c.code, i+1); !strings.Contains(got, c.shows) {
				t.Errorf("%s\nshows %swant %s", c.code, got, c.shows)
			}
		}
	}
	for _, path := range []string{os.Getenv("PATH"), t.TempDir()} {
		t.Setenv("PATH", path)
		e, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		play2(e)
		e.Close()
	}
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if got := play(e, "%get example.com/nothing", 1); !strings.Contains(got, "no Go toolchain") {
		t.Error(got)
	}
}
