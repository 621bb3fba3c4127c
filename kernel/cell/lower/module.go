package lower

import (
	"go/ast"
	"go/types"
)

// Packages of modules are lowered from their source, as the cells are.

// Import gives the types of a package, those of a module from its source.
func (s *Session) Import(path string) (*types.Package, error) {
	if !s.packages.Module(path) {
		return s.packages.Import(path)
	}
	src := s.source(path)
	if src.err != nil {
		return nil, src.err
	}
	return src.pkg, nil
}

// ofModule tells a package of a module that is lowered from its source.
func (s *Session) ofModule(pkg *types.Package) bool {
	return pkg != nil && !isCell(pkg) && s.own(pkg) && s.packages.Module(pkg.Path())
}

// require makes a package of a module ready when it is first named: what it
// imports, its variables in the order of their initialization, its init
// functions.
func (s *Session) require(pkg *types.Package) {
	if s.required[pkg.Path()] {
		return
	}
	put(s, s.required, pkg.Path(), true)
	u := s.sources[pkg.Path()].unit
	for _, imported := range pkg.Imports() {
		if s.ofModule(imported) {
			s.require(imported)
		}
	}
	for _, name := range pkg.Scope().Names() {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		if _, known := s.globals[v]; !ok || known {
			continue
		}
		internal := s.fresh(name)
		put(s, s.globals, types.Object(v), internal)
		s.text = append(s.text, "var "+internal+" "+s.goType(v.Type())+"\n")
	}
	s.emitting = u
	f := s.loose(u)
	for _, init := range u.Info.InitOrder {
		f.initialize(init)
	}
	for _, file := range u.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Name.Name == "init" {
				i := s.function(u.Info.Defs[fd.Name].(*types.Func), nil)
				args := ""
				if i.token {
					args = "nil"
				}
				f.line("%s(%s)", i.name, args)
			}
		}
	}
	s.emitting = nil
	s.late = append(s.late, f.out.String())
}
