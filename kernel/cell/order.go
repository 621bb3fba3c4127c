package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
)

// Declarations of variables that follow one another may use one another in any
// order, as those of a package: the initial values are computed in the order in
// which they need one another.

// anyOrder hoists such declarations of which one uses a later one.
func (a *assembly) anyOrder() {
	bodies := map[string][]string{} // names in the functions of the cell
	for _, c := range a.chunks {
		if c.kind == funcDecl {
			if tokens := lex(c.text); len(tokens) > 1 {
				bodies[tokens[1].lit] = identifiers(c.text)
			}
		}
	}
	for first := 0; first < len(a.chunks); first++ {
		if a.chunks[first].kind != varDecl {
			continue
		}
		last := first
		for i := first + 1; i < len(a.chunks) && a.chunks[i].kind != statement && a.chunks[i].kind != define; i++ {
			if a.chunks[i].kind == varDecl {
				last = i
			}
		}
		if forward(a.chunks[first:last+1], bodies) {
			for i := first; i <= last; i++ {
				if a.chunks[i].kind == varDecl {
					a.hoisted[i], a.unordered[i] = true, true
				}
			}
		}
		first = last
	}
	if len(a.unordered) > 0 {
		a.hoist()
	}
}

func identifiers(text string) (names []string) {
	for _, l := range lex(text) {
		if l.tok == token.IDENT {
			names = append(names, l.lit)
		}
	}
	return names
}

// forward tells that a declaration of variables uses one that comes after it, in
// its values or in a function that they call.
func forward(run []chunk, bodies map[string][]string) bool {
	var specs []*ast.ValueSpec
	var values []string // the text of each
	for _, c := range run {
		if c.kind != varDecl {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", "package p\n"+c.text, parser.SkipObjectResolution)
		if err != nil {
			return false // told later
		}
		for _, s := range file.Decls[0].(*ast.GenDecl).Specs {
			s, text := s.(*ast.ValueSpec), ""
			for _, v := range s.Values {
				text += ("package p\n" + c.text)[fset.Position(v.Pos()).Offset:fset.Position(v.End()).Offset] + "\n"
			}
			specs, values = append(specs, s), append(values, text)
		}
	}
	place := map[string]int{} // of the last declaration of a name
	for i, spec := range specs {
		for _, n := range spec.Names {
			place[n.Name] = i
		}
	}
	reach := reaches(place, bodies)
	for i, text := range values {
		for _, n := range identifiers(text) {
			if at, ok := place[n]; ok && at > i {
				return true
			}
			if at, ok := reach[n]; ok && at > i {
				return true
			}
		}
	}
	return false
}

// reaches gives for each function the last of the places that it names, by itself
// or in functions that it names.
func reaches(place map[string]int, bodies map[string][]string) map[string]int {
	out := map[string]int{}
	users := map[string][]string{} // the functions that name a function
	naming := make([][]string, len(place)+1)
	for f, names := range bodies {
		for _, n := range names {
			if at, ok := place[n]; ok {
				for at >= len(naming) {
					naming = append(naming, nil)
				}
				naming[at] = append(naming[at], f)
			}
			if bodies[n] != nil {
				users[n] = append(users[n], f)
			}
		}
	}
	for at := len(naming) - 1; at >= 0; at-- {
		for next := naming[at]; len(next) > 0; {
			f := next[len(next)-1]
			next = next[:len(next)-1]
			if _, done := out[f]; !done {
				out[f] = at
				next = append(next, users[f]...)
			}
		}
	}
	return out
}

// ordered splits declarations of variables into one for each initial value, in
// the order in which they are computed.
func (a *assembly) ordered(run []ast.Node) []ast.Node {
	var out []ast.Node
	single := func(s *ast.ValueSpec, names []*ast.Ident, values []ast.Expr) {
		out = append(out, &ast.GenDecl{TokPos: s.Pos(), Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: names, Type: s.Type, Values: values}}})
	}
	of := map[types.Object]*ast.ValueSpec{}
	for _, d := range run {
		for _, s := range d.(*ast.GenDecl).Specs {
			s := s.(*ast.ValueSpec)
			if len(s.Values) == 0 {
				single(s, s.Names, nil)
			}
			for _, n := range s.Names {
				of[a.info.Defs[n]] = s
			}
		}
	}
	for _, init := range a.info.InitOrder {
		s := of[init.Lhs[0]]
		if s == nil {
			continue
		}
		if len(init.Lhs) > 1 {
			single(s, s.Names, s.Values)
			continue
		}
		i := slices.IndexFunc(s.Names, func(n *ast.Ident) bool { return a.info.Defs[n] == types.Object(init.Lhs[0]) })
		single(s, s.Names[i:i+1], []ast.Expr{init.Rhs})
	}
	return out
}
