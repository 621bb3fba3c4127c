package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// A candidate is one possible completion with how well it fits: lower is better.
type candidate struct {
	text, kind, signature string
	rank                  int
}

// The ranks of candidates.
const (
	rankExpected = iota // has the type that the place expects
	rankField           // key of the struct literal around the cursor
	rankNear            // local, or a member itself
	rankLive            // declared by a cell
	rankPromoted        // member of an embedded field
	rankLanguage        // keyword, predeclared
	rankPackage         // bundled package that is not imported
)

// Complete gives what may replace the name under the cursor, the best first.
// The cursor is in code points and may lie anywhere.
func (a *Assistant) Complete(code string, cursor int) (result engine.Completion) {
	p := locate(code, byteOffset(code, cursor))
	result = engine.Completion{Matches: []engine.Match{}, Start: runeOffset(code, p.cursor), End: runeOffset(code, p.cursor)}
	defer func() {
		if recover() != nil { // broken code may surprise the checker; the person only wants to type on
			result.Matches = []engine.Match{}
		}
	}()
	if start, match, ok := latexName(code, p.cursor); ok {
		result.Start = runeOffset(code, start)
		result.Matches = append(result.Matches, match...)
		return result
	}
	list, start, end, done := a.onCommand(p)
	if !done {
		if goCode := a.goOnly(code, p.cursor); goCode != code {
			p = locate(goCode, p.cursor)
		}
		list, start, end = a.candidates(p)
	}
	result.Start, result.End = runeOffset(code, start), runeOffset(code, end)
	result.Matches = matches(list, code[start:p.cursor])
	return result
}

// candidates gives all that could stand at the place, and what it replaces.
func (a *Assistant) candidates(p place) (list []candidate, start, end int) {
	switch p.kind {
	case magic:
		list = a.magicNames()
	case importPath:
		for _, path := range symbols.Paths() {
			list = append(list, candidate{path, "module", symbols.Synopsis(path), rankNear})
		}
		return list, p.start, max(p.cursor, p.end)
	case inString:
		return a.inString(p)
	case member:
		list = a.members(a.checkAt(p))
	case name:
		list = a.names(a.checkAt(p), p)
	}
	return list, p.start, p.end
}

// matches keeps what begins with typed (or, if nothing does, what does so when
// case is ignored), sorted by fit and name.
func matches(list []candidate, typed string) []engine.Match {
	kept := slices.DeleteFunc(slices.Clone(list), func(c candidate) bool { return !strings.HasPrefix(c.text, typed) })
	if len(kept) == 0 {
		lower := strings.ToLower(typed)
		kept = slices.DeleteFunc(list, func(c candidate) bool { return !strings.HasPrefix(strings.ToLower(c.text), lower) })
	}
	slices.SortFunc(kept, func(x, y candidate) int {
		if x.rank != y.rank {
			return x.rank - y.rank
		}
		return strings.Compare(x.text, y.text)
	})
	kept = slices.CompactFunc(kept, func(x, y candidate) bool { return x.text == y.text })
	out := []engine.Match{}
	seen := map[string]bool{}
	for _, c := range kept {
		if !seen[c.text] {
			seen[c.text] = true
			out = append(out, engine.Match{Text: c.text, Type: c.kind, Signature: c.signature})
		}
	}
	return out
}

// members gives what can follow the dot before the marker.
func (a *Assistant) members(c checked) []candidate {
	if len(c.path) < 2 {
		return nil
	}
	sel, ok := c.path[len(c.path)-2].(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	expected := c.expected()
	if id, ok := sel.X.(*ast.Ident); ok {
		if pkg, ok := c.info.Uses[id].(*types.PkgName); ok {
			return c.packageMembers(pkg.Imported(), expected)
		}
	}
	tv, ok := c.info.Types[sel.X]
	if !ok || tv.Type == nil {
		return nil
	}
	return c.typeMembers(tv, expected)
}

// packageMembers gives the exported names of a package.
func (c checked) packageMembers(pkg *types.Package, expected types.Type) (list []candidate) {
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			list = append(list, c.object(obj, name, rankNear, expected, firstSentence(symbols.Doc(pkg.Path(), name))))
		}
	}
	return list
}

// object describes one object as a candidate.
func (c checked) object(obj types.Object, name string, rank int, expected types.Type, doc string) candidate {
	if expected != nil && fits(obj, expected) {
		rank = rankExpected
	}
	signature := c.describe(obj)
	if doc != "" {
		signature += "  // " + doc
	}
	return candidate{name, kindOf(obj), signature, rank}
}

// fits reports whether the object, or the one result of the function it is, can
// be used where expected is.
func fits(obj types.Object, expected types.Type) bool {
	switch obj := obj.(type) {
	case *types.Var, *types.Const:
		return types.AssignableTo(obj.Type(), expected)
	case *types.Func:
		r := obj.Signature().Results()
		return types.AssignableTo(obj.Type(), expected) || r.Len() == 1 && obj.Signature().TypeParams().Len() == 0 && types.AssignableTo(r.At(0).Type(), expected)
	}
	return false
}

// names gives the bare names that are visible at the marker.
func (a *Assistant) names(c checked, p place) (list []candidate) {
	expected := c.expected()
	list = append(list, c.literalFields()...)
	if len(c.path) > 0 {
		at := c.path[len(c.path)-1].Pos()
		for scope := c.innermost(); scope != nil && scope != types.Universe; scope = scope.Parent() {
			rank := rankNear
			if scope == c.pkg.Scope() {
				rank = rankLive
			}
			for _, name := range scope.Names() {
				obj := scope.Lookup(name)
				if strings.HasPrefix(name, own) || name == "_" || rank == rankNear && obj.Pos() > at {
					continue
				}
				if _, ok := obj.(*types.PkgName); !ok {
					list = append(list, c.object(obj, name, rank, expected, ""))
				}
			}
		}
	}
	for name, obj := range a.live.Objects() {
		doc, _ := a.live.Declaration(name)
		list = append(list, c.object(obj, name, rankLive, expected, firstSentence(doc)))
	}
	for _, name := range types.Universe.Names() {
		w := predeclared[name]
		list = append(list, candidate{name, kindOf(types.Universe.Lookup(name)), w.form + "  // " + w.text.In(a.live.Language()), rankLanguage})
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		list = append(list, candidate{k.String(), "keyword", keywords[k.String()].text.In(a.live.Language()), rankLanguage})
	}
	if p.start < p.cursor {
		for _, path := range symbols.Paths() {
			list = append(list, candidate{symbols.Name(path), "module", symbols.Synopsis(path), rankPackage})
		}
	}
	return list
}
