package eval

import (
	"go/types"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// hinted adds to the error of a cell that does not compile what may help: the
// one line that would work for mathematics typed as Go, else a hint below each
// fault.
func (r *run) hinted(code string, faults []cell.Error, e *engine.Error) *engine.Error {
	language := r.engine.language()
	if r.engine.mathematics != nil {
		line := r.engine.mathematics.Suggest(code, r.engine.mathKind)
		if lines := strings.Split(strings.TrimSpace(code), "\n"); line == "" && len(lines) > 1 { // the line at fault may be all that is no Go
			if all := strings.Split(code, "\n"); faults[0].Line <= len(all) {
				line = r.engine.mathematics.Suggest(all[faults[0].Line-1], r.engine.mathKind)
			}
		}
		if line != "" {
			e.Traceback = append(e.Traceback, r.say("hint: this is no Go but reads as mathematics; this line works:\n    ", "提示：这不是 Go，但像是数学式；下面这一行可以运行：\n    ")+line)
			return e
		}
	}
	around := r.engine.surroundings()
	said := map[string]bool{}
	for i, f := range faults {
		hint := cell.Hint(code, f, around, language)
		if hint == "" || said[hint] || i >= len(e.Traceback) {
			continue
		}
		said[hint] = true
		e.Traceback[i] += "\n" + r.say("  hint: ", "  提示：") + hint
	}
	return e
}

// surroundings are the names that a person may have meant.
func (e *Engine) surroundings() cell.Surroundings {
	objects := e.live.Objects()
	s := cell.Surroundings{
		IsPackage: func(name string) bool { return len(symbols.ByName(name)) > 0 },
		IsLive:    func(name string) bool { return objects[name] != nil },
		Members: func(pkg string) []string {
			imported, err := symbols.Importer().Import(symbols.Resolve(pkg, nil))
			if err != nil {
				return nil
			}
			return slices.DeleteFunc(imported.Scope().Names(), func(n string) bool { return !imported.Scope().Lookup(n).Exported() })
		},
	}
	s.Fields = func(typ string) (list []string) {
		tn, ok := objects[typ].(*types.TypeName)
		if !ok {
			return nil
		}
		if u, ok := tn.Type().Underlying().(*types.Struct); ok {
			for f := range u.Fields() {
				list = append(list, f.Name())
			}
		}
		for sel := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
			list = append(list, sel.Obj().Name())
		}
		return list
	}
	for name := range objects {
		s.Names = append(s.Names, name)
	}
	s.Names = append(s.Names, types.Universe.Names()...)
	return s
}

// mathKind says what a live variable is to mathematics: "scalar", "vector",
// "matrix", or "" for anything else.
func (e *Engine) mathKind(name string) string {
	v, ok := e.live.Objects()[name].(*types.Var)
	if !ok {
		return ""
	}
	switch text := strings.TrimPrefix(types.TypeString(v.Type(), func(p *types.Package) string { return p.Name() }), "*"); text {
	case "mat.VecDense", "mat.Vector", "[]float64":
		return "vector"
	case "mat.Dense", "mat.SymDense", "mat.TriDense", "mat.DiagDense", "mat.Matrix", "[][]float64":
		return "matrix"
	case "float64", "int":
		return "scalar"
	}
	return ""
}
