package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An edit replaces bytes of the assembled file.
type edit struct {
	at, end int
	text    string
}

// A lowering is one planned rewriting of an assembled cell.
type lowering struct {
	*assembly
	live    *Live
	edits   []edit
	names   map[types.Object]string // objects of this cell to internal names
	aliases map[string]string       // import path to alias, for this cell
	added   []Import
	count   int
}

func (w *lowering) offset(p token.Pos) int { return int(p) - w.base }

func (w *lowering) replace(from, to token.Pos, text string) {
	w.edits = append(w.edits, edit{w.offset(from), w.offset(to), text})
}

// alias is how the interpreter calls a package.
func (w *lowering) alias(pkg *types.Package) string {
	if a, ok := w.live.aliases[pkg.Path()]; ok {
		return a
	}
	if a, ok := w.aliases[pkg.Path()]; ok {
		return a
	}
	a := pkg.Name()
	for k := 2; w.live.taken[a] || w.usesAlias(a); k++ {
		a = fmt.Sprintf("%sˍ%d", pkg.Name(), k)
	}
	w.aliases[pkg.Path()] = a
	w.added = append(w.added, Import{a, pkg.Path()})
	return a
}

func (w *lowering) usesAlias(a string) bool {
	for _, other := range w.aliases {
		if other == a {
			return true
		}
	}
	for _, n := range w.names {
		if n == a {
			return true
		}
	}
	return false
}

// typeText writes a type in the names of the interpreter; ok is false when it
// has a part that cannot be named.
func (w *lowering) typeText(t types.Type) (text string, ok bool) {
	if !w.nameable(t, map[types.Type]bool{}) {
		return "", false
	}
	text = types.TypeString(t, func(p *types.Package) string {
		if p.Path() == path {
			return "\x00"
		}
		return w.alias(p)
	})
	for _, n := range w.ownTypes(t) {
		text = replaceWord(text, "\x00."+n.Obj().Name(), w.internal(n.Obj()))
	}
	return text, !strings.Contains(text, "\x00")
}

// replaceWord replaces old where no letter follows.
func replaceWord(s, old, replacement string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, old)
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		rest := s[i+len(old):]
		if rest != "" && (rest[0] == '_' || token.IsIdentifier("x"+rest[:1])) {
			b.WriteString(old)
		} else {
			b.WriteString(replacement)
		}
		s = rest
	}
}

// ownTypes lists the named types of cells in t, longest name first.
func (w *lowering) ownTypes(t types.Type) (out []*types.Named) {
	walkType(t, map[types.Type]bool{}, func(t types.Type) {
		if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path {
			out = append(out, n)
		}
	})
	slices.SortFunc(out, func(a, b *types.Named) int { return len(b.Obj().Name()) - len(a.Obj().Name()) })
	return out
}

func (w *lowering) nameable(t types.Type, _ map[types.Type]bool) bool {
	ok := true
	walkType(t, map[types.Type]bool{}, func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			if p := t.Obj().Pkg(); p != nil && p.Path() != path && !t.Obj().Exported() {
				ok = false
			}
		case *types.Tuple:
			ok = false
		case *types.Basic:
			if t.Kind() == types.UntypedNil || t.Kind() == types.Invalid {
				ok = false
			}
		}
	})
	return ok
}

func walkType(t types.Type, seen map[types.Type]bool, f func(types.Type)) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	f(t)
	switch t := t.(type) {
	case *types.Named:
		for i := range t.TypeArgs().Len() {
			walkType(t.TypeArgs().At(i), seen, f)
		}
	case *types.Pointer:
		walkType(t.Elem(), seen, f)
	case *types.Slice:
		walkType(t.Elem(), seen, f)
	case *types.Array:
		walkType(t.Elem(), seen, f)
	case *types.Chan:
		walkType(t.Elem(), seen, f)
	case *types.Map:
		walkType(t.Key(), seen, f)
		walkType(t.Elem(), seen, f)
	case *types.Signature:
		for v := range t.Params().Variables() {
			walkType(v.Type(), seen, f)
		}
		for v := range t.Results().Variables() {
			walkType(v.Type(), seen, f)
		}
	case *types.Struct:
		for v := range t.Fields() {
			walkType(v.Type(), seen, f)
		}
	}
}

// internal is the interpreter's name of an object.
func (w *lowering) internal(obj types.Object) string {
	if n, ok := w.names[obj]; ok {
		return n
	}
	if v, ok := w.live.names[obj.Name()]; ok && (v.object == obj || obj.Parent() == w.pkg.Scope()) {
		return v.internal
	}
	for _, v := range w.live.names {
		if v.object == obj {
			return v.internal
		}
	}
	return obj.Name()
}

// identifiers renames what lives under another internal name.
func (w *lowering) identifiers() {
	rename := func(id *ast.Ident, obj types.Object) {
		if obj == nil || id.Name == "_" {
			return
		}
		want := id.Name
		if p, ok := obj.(*types.PkgName); ok {
			want = w.alias(p.Imported())
		} else if obj.Parent() == w.pkg.Scope() {
			want = w.internal(obj)
		}
		if want != id.Name {
			w.replace(id.Pos(), id.End(), want)
		}
	}
	for id, obj := range w.info.Uses {
		rename(id, obj)
	}
	for id, obj := range w.info.Defs {
		if _, pkg := obj.(*types.PkgName); !pkg {
			rename(id, obj)
		}
	}
}

// rewrite applies the rows of the fault table.
func (w *lowering) rewrite() {
	ast.Inspect(w.file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		for _, f := range faults {
			if f.lower(w, n) {
				break
			}
		}
		return true
	})
}

// text gives the bytes [from, to) of the assembled file with the edits done.
func (w *lowering) textOf(from, to int) string {
	var b strings.Builder
	at := from
	for _, e := range w.edits {
		if e.at < at || e.end > to {
			continue
		}
		b.WriteString(w.text[at:e.at] + e.text)
		at = e.end
	}
	b.WriteString(w.text[at:to])
	return b.String()
}
