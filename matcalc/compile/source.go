package compile

import (
	"fmt"
	"go/format"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/compressed"
)

// Source is a Go file of printed plans, which needs gonum only. The zero value
// is empty.
type Source struct {
	functions []string
	used      map[string]bool // helpers, by name
}

// A source is a plan while it is printed.
type source struct {
	lines  []string
	names  map[*memory]string
	used   map[string]bool
	buffer []*memory // in the order of their names
}

// line adds a statement. Arrays among the arguments stand for their slices,
// scalars for their expressions.
func (s *source) line(format string, args ...any) {
	for i, a := range args {
		args[i] = s.text(a)
	}
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

// text is an argument as Go.
func (s *source) text(a any) any {
	switch a := a.(type) {
	case *array:
		return s.name(a)
	case *scalar:
		return s.scalar(a)
	}
	return a
}

// name is the slice of an array.
func (s *source) name(a *array) string {
	name := s.names[a.mem]
	if name == "" {
		name = fmt.Sprintf("t%d", len(s.buffer)+1)
		s.names[a.mem] = name
		s.buffer = append(s.buffer, a.mem)
	}
	return name
}

func (s *source) scalar(k *scalar) string {
	if k == nil {
		return "1"
	}
	var parts []string
	if k.k != 1 || len(k.factors) == 0 {
		parts = append(parts, number(k.k))
	}
	for _, f := range k.factors {
		parts = append(parts, s.name(f)+"[0]")
	}
	return strings.Join(parts, "*")
}

// number writes a number so that it reads back the same.
func number(x float64) string {
	if x < 0 {
		return fmt.Sprintf("(%v)", x)
	}
	return fmt.Sprint(x)
}

// call adds a call of a helper.
func (s *source) call(name string, args ...any) {
	s.used[name] = true
	var list []string
	for _, a := range args {
		list = append(list, fmt.Sprint(s.text(a)))
	}
	s.line("%s(%s)", name, strings.Join(list, ", "))
}

// fail adds a return with an error where a condition holds.
func (s *source) fail(condition string, err error, args ...any) {
	s.line("if "+condition+" {", args...)
	s.line("err = errors.New(%q)\nreturn\n}", err.Error())
}

// matrix is an array as an argument of blas64.
func (s *source) matrix(a *array) string {
	s.used["matrix"] = true
	return fmt.Sprintf("matrix(%d, %d, %s)", a.r, a.c, s.name(a))
}

// vector is an array as an argument of blas64.
func (s *source) vector(a *array) string {
	s.used["vector"] = true
	return fmt.Sprintf("vector(%s)", s.name(a))
}

// entry is entry (i,j) of a form.
func (s *source) entry(f compressed.Form) string {
	s.used["when"] = true
	return compressed.Expression(f, "i", "j", func(a any) string { return fmt.Sprint(s.text(a)) })
}

func transpose(trans bool) string {
	if trans {
		return "blas.Trans"
	}
	return "blas.NoTrans"
}

// Add prints a plan as a function: it makes the buffers once and gives the
// function of the variables, each by rows, which evaluates the roots named. A
// step that only Nabla can do is an error that names it; then nothing is added.
func (f *Source) Add(p *Plan, name string, roots ...string) error {
	if f.used == nil {
		f.used = map[string]bool{}
	}
	s := &source{names: map[*memory]string{}, used: f.used}
	taken := map[string]bool{}
	var params, results []string
	for _, sym := range p.Inputs() {
		a := p.inputs[sym]
		id := identifier(sym.Name(), taken)
		s.names[a.mem] = id
		params = append(params, id)
		s.line("if len(%s) != %d {\nerr = errors.New(%q)\nreturn\n}", id, a.size(), fmt.Sprintf("%s is not %d×%d", sym.Name(), a.r, a.c))
	}
	for i, st := range p.singly() {
		if st.code == nil {
			return fmt.Errorf("%s has no form in plain Go", st.name)
		}
		s.line("// %d: %s, %d×%d", i+1, st.name, st.out.r, st.out.c)
		st.code(s)
	}
	for i, a := range p.results {
		if a == nil {
			return fmt.Errorf("%s is kept compressed, which has no form in plain Go", roots[i])
		}
		results = append(results, identifier(roots[i], taken))
		s.line("%s = %v", results[i], a)
	}
	signature := fmt.Sprintf("func(%s) (%s, err error)", typed(params), typed(results))
	var b strings.Builder
	fmt.Fprintf(&b, "// %s makes the buffers and gives the function, whose matrices are by rows; a call\n// overwrites what the last one returned.\nfunc %s() %s {\n", name, name, signature)
	for _, m := range s.buffer {
		if m.constant {
			fmt.Fprintf(&b, "%s := []float64{%s}\n", s.names[m], spelled(m.data))
			continue
		}
		fmt.Fprintf(&b, "%s := make([]float64, %d)\n", s.names[m], m.size)
	}
	fmt.Fprintf(&b, "return %s {\n%s\nreturn\n}\n}\n", signature, strings.Join(s.lines, "\n"))
	f.functions = append(f.functions, b.String())
	return nil
}

// Text is the file. It panics if what was printed is no Go, a fault of this
// package.
func (f *Source) Text(pkg string) string {
	var b strings.Builder
	for _, text := range f.functions {
		b.WriteString("\n" + text)
	}
	for _, h := range helpers {
		if f.used[h.name] {
			b.WriteString("\n" + h.text)
		}
	}
	for _, text := range routinesUsed(f.used) {
		b.WriteString("\n" + text)
	}
	text, err := format.Source([]byte("package " + pkg + "\n\n" + imports(b.String()) + b.String()))
	if err != nil {
		panic(fmt.Sprintf("compile: a plan was printed as what is no Go: %v", err))
	}
	return string(text)
}

func spelled(v []float64) string {
	var out []string
	for _, x := range v {
		out = append(out, number(x))
	}
	return strings.Join(out, ", ")
}

// typed declares slices.
func typed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + " []float64"
}

// identifier is a name that Go allows and that is not taken.
func identifier(name string, taken map[string]bool) string {
	reserved := []string{"math", "errors", "blas", "blas64", "lapack64", "mat", "err", "i", "j", "k", "len", "copy", "clear", "range", "min", "max"}
	for _, h := range helpers {
		reserved = append(reserved, h.name)
	}
	for _, t := range routineTexts() {
		reserved = append(reserved, t.name)
	}
	id := name
	for !token.IsIdentifier(id) || slices.Contains(reserved, id) || taken[id] || temporary(id) {
		id += "_"
		if len(id) > 2*len(name)+8 { // not a letter in it
			id = fmt.Sprintf("v%d_", len(taken))
		}
	}
	taken[id] = true
	return id
}

// temporary reports a name that the printer gives itself: t1, r2, p3.
func temporary(id string) bool {
	return len(id) > 1 && strings.ContainsRune("trp", rune(id[0])) && strings.Trim(id[1:], "0123456789") == ""
}

// imports declares the packages that occur in the text.
func imports(text string) string {
	var out string
	for _, path := range []string{"errors", "math", "gonum.org/v1/gonum/blas", "gonum.org/v1/gonum/blas/blas64", "gonum.org/v1/gonum/lapack/lapack64", "gonum.org/v1/gonum/mat"} {
		if path == "gonum.org/v1/gonum/blas" {
			out += "\n"
		}
		if regexp.MustCompile(`\b` + path[strings.LastIndex(path, "/")+1:] + `\.\pL`).MatchString(text) {
			out += fmt.Sprintf("%q\n", path)
		}
	}
	return "import (\n" + out + ")\n"
}

// singly are the steps one after the other, those of sweeps too.
func (p *Plan) singly() (out []step) {
	for _, s := range p.steps {
		if s.members != nil {
			out = append(out, s.members...)
		} else {
			out = append(out, s)
		}
	}
	return out
}
