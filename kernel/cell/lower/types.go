package lower

import (
	"go/types"
	"strconv"
	"strings"
)

// A namedType is a struct type as the interpreter declares it.
type namedType struct {
	typ  *types.Named
	name string
}

// inst gives what a Named is an instance of, in the source that is lowered, and
// its type arguments.
func (s *Session) canonical(t *types.Named) *types.Named {
	origin := t.Origin()
	if t.TypeArgs().Len() == 0 || s.own(origin.Obj().Pkg()) {
		return t
	}
	obj, ok := s.sourced(origin.Obj()).(*types.TypeName)
	if !ok || obj == nil {
		return t
	}
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, a)
	}
	if inst, err := types.Instantiate(s.context, obj.Type(), args, false); err == nil {
		return inst.(*types.Named)
	}
	return t
}

// isOwn tells a named type that is lowered.
func (s *Session) isOwn(t types.Type) (*types.Named, bool) {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !s.own(n.Obj().Pkg()) {
		return nil, false
	}
	return n, true
}

func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}

// compiledInterface tells an interface type that the interpreter knows by name:
// error and those of compiled packages.
func (s *Session) compiledInterface(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !isInterface(n) {
		return false
	}
	if n.Obj().Pkg() == nil {
		return n.Obj().Name() == "error"
	}
	return !s.own(n.Obj().Pkg()) && n.TypeArgs().Len() == 0 && n.Obj().Exported() && n.Underlying().(*types.Interface).NumMethods() > 0
}

// anyKind tells an interface type that is interface{} in lowered code.
func (s *Session) anyKind(t types.Type) bool { return isInterface(t) && !s.compiledInterface(t) }

// isPlain tells a type that the interpreter and package reflect know exactly.
func (s *Session) isPlain(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Named:
		if t.Obj().Pkg() == nil {
			return t.Obj().Name() == "error"
		}
		return !s.own(t.Obj().Pkg()) && t.TypeArgs().Len() == 0
	case *types.Pointer:
		return s.isPlain(t.Elem())
	case *types.Slice:
		return s.isPlain(t.Elem())
	case *types.Array:
		return s.isPlain(t.Elem())
	case *types.Chan:
		return s.isPlain(t.Elem())
	case *types.Map:
		return s.isPlain(t.Key()) && s.isPlain(t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			if !s.isPlain(v.Type()) {
				return false
			}
		}
		for v := range t.Results().Variables() {
			if !s.isPlain(v.Type()) {
				return false
			}
		}
		return true
	case *types.Struct:
		for v := range t.Fields() {
			if !v.Exported() || v.Embedded() || !s.isPlain(v.Type()) {
				return false
			}
		}
		return true
	case *types.Interface:
		return t.NumMethods() == 0
	}
	return false
}

// isOpaque tells a type that refers to itself other than through a struct: the
// interpreter cannot build it, so its values are kept in an interface{}.
func (s *Session) isOpaque(t types.Type) bool {
	n, ok := s.isOwn(t)
	if !ok {
		return false
	}
	if known, ok := s.opaque[n]; ok {
		return known
	}
	switch n.Underlying().(type) {
	case *types.Struct, *types.Interface, *types.Basic:
		s.opaque[n] = false
		return false
	}
	found := s.reaches(n.Underlying(), n, map[types.Type]bool{})
	s.opaque[n] = found
	return found
}

func (s *Session) reaches(t types.Type, goal *types.Named, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if types.Identical(t, goal) {
			return true
		}
		if _, own := s.isOwn(t); !own || isInterface(t) {
			return false
		}
		if _, ok := t.Underlying().(*types.Struct); ok {
			return false
		}
		return s.reaches(t.Underlying(), goal, seen)
	case *types.Pointer:
		return s.reaches(t.Elem(), goal, seen)
	case *types.Slice:
		return s.reaches(t.Elem(), goal, seen)
	case *types.Array:
		return s.reaches(t.Elem(), goal, seen)
	case *types.Chan:
		return s.reaches(t.Elem(), goal, seen)
	case *types.Map:
		return s.reaches(t.Key(), goal, seen) || s.reaches(t.Elem(), goal, seen)
	case *types.Struct:
		for v := range t.Fields() {
			if s.reaches(v.Type(), goal, seen) {
				return true
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			if s.reaches(v.Type(), goal, seen) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if s.reaches(v.Type(), goal, seen) {
				return true
			}
		}
	}
	return false
}

// goType is the type in lowered code.
func (s *Session) goType(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return s.basic(t)
	case *types.Named:
		return s.namedText(t)
	case *types.Pointer:
		return "*" + s.goType(t.Elem())
	case *types.Slice:
		return "[]" + s.goType(t.Elem())
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + s.goType(t.Elem())
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + s.goType(t.Elem())
		case types.RecvOnly:
			return "<-chan " + s.goType(t.Elem())
		}
		if c, ok := t.Elem().(*types.Chan); ok && c.Dir() == types.RecvOnly {
			return "chan (" + s.goType(c) + ")"
		}
		return "chan " + s.goType(t.Elem())
	case *types.Map:
		return "map[" + s.goType(t.Key()) + "]" + s.goType(t.Elem())
	case *types.Signature:
		return "func" + s.signature(t)
	case *types.Struct:
		return s.structText(t)
	case *types.Interface:
		return "interface{}"
	case *types.Tuple:
		if t.Len() == 1 {
			return s.goType(t.At(0).Type())
		}
	case *types.TypeParam:
		fail(0, "type parameter %s is left", t)
	}
	fail(0, "type %s cannot be lowered", t)
	return ""
}

func (s *Session) basic(t *types.Basic) string {
	switch t.Kind() {
	case types.UnsafePointer:
		return s.alias(types.Unsafe) + ".Pointer"
	case types.UntypedNil:
		return "interface{}"
	}
	return types.Default(t).(*types.Basic).Name()
}

// visible is the package and name under which cells can say a compiled type:
// its own, or those of an alias in the nearest package above that can be
// imported. It is nil where there is none.
func (s *Session) visible(obj *types.TypeName) (*types.Package, string) {
	if _, err := s.packages.Import(obj.Pkg().Path()); err == nil {
		return obj.Pkg(), obj.Name()
	}
	for path := obj.Pkg().Path(); strings.Contains(path, "/"); {
		path = path[:strings.LastIndex(path, "/")]
		above, err := s.packages.Import(path)
		if err != nil {
			continue
		}
		for _, name := range above.Scope().Names() {
			alias, ok := above.Scope().Lookup(name).(*types.TypeName)
			if !ok || !alias.IsAlias() {
				continue
			}
			if n, ok := types.Unalias(alias.Type()).(*types.Named); ok && n.Obj().Name() == obj.Name() && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == obj.Pkg().Path() {
				return above, name
			}
		}
	}
	return nil, ""
}

func (s *Session) namedText(t *types.Named) string {
	t = s.canonical(t)
	pkg := t.Obj().Pkg()
	if pkg == nil {
		if t.Obj().Name() == "error" {
			return "error"
		}
		return "interface{}"
	}
	if !s.own(pkg) {
		if !t.Obj().Exported() || t.TypeArgs().Len() > 0 {
			return s.goType(t.Underlying())
		}
		if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() == 0 {
			return "interface{}"
		}
		if from, name := s.visible(t.Obj()); from != nil {
			return s.alias(from) + "." + name
		}
		return s.goType(t.Underlying())
	}
	if isInterface(t) || s.isOpaque(t) {
		return "interface{}"
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return s.structName(t)
	}
	return s.goType(t.Underlying())
}

// structName declares a struct type when it is first named.
func (s *Session) structName(t *types.Named) string {
	key := t.Obj().Name()
	for _, n := range s.named[key] {
		if types.Identical(n.typ, t) {
			return n.name
		}
	}
	name := s.fresh(key)
	put(s, s.named, key, append(s.named[key][:len(s.named[key]):len(s.named[key])], &namedType{t, name}))
	text := "type " + name + " " + s.structText(t.Underlying().(*types.Struct)) + "\n"
	s.structs = append(s.structs, text)
	if s.refers(t.Underlying(), t, map[types.Type]bool{}) {
		s.out.Recursive = append(s.out.Recursive, name)
	}
	return name
}

// refers tells that values of type t, as the interpreter has them, may lead to one
// of type goal.
func (s *Session) refers(t types.Type, goal *types.Named, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if _, own := s.isOwn(t); !own || isInterface(t) || s.isOpaque(t) {
			return false
		}
		return types.Identical(t, goal) || s.refers(t.Underlying(), goal, seen)
	case *types.Map:
		return s.refers(t.Key(), goal, seen) || s.refers(t.Elem(), goal, seen)
	case interface{ Elem() types.Type }:
		return s.refers(t.Elem(), goal, seen)
	case *types.Struct:
		for v := range t.Fields() {
			if s.refers(v.Type(), goal, seen) {
				return true
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			if s.refers(v.Type(), goal, seen) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if s.refers(v.Type(), goal, seen) {
				return true
			}
		}
	}
	return false
}

func (s *Session) structText(t *types.Struct) string {
	if t.NumFields() == 0 {
		return "struct{}"
	}
	var b strings.Builder
	b.WriteString("struct { ")
	for i := range t.NumFields() {
		b.WriteString(fieldName(t, i) + " " + s.goType(t.Field(i).Type()))
		if tag := t.Tag(i); tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
		b.WriteString("; ")
	}
	b.WriteString("}")
	return b.String()
}

// fieldName is the name of a field in lowered code: blank fields get one.
func fieldName(t *types.Struct, i int) string {
	if n := t.Field(i).Name(); n != "_" {
		return n
	}
	return "blankˍ" + strconv.Itoa(i)
}

func (s *Session) signature(t *types.Signature) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range t.Params().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s.param(t, i))
	}
	b.WriteByte(')')
	b.WriteString(s.resultTypes(t))
	return b.String()
}

func (s *Session) param(t *types.Signature, i int) string {
	p := t.Params().At(i).Type()
	if t.Variadic() && i == t.Params().Len()-1 {
		if sl, ok := p.Underlying().(*types.Slice); ok {
			return "..." + s.goType(sl.Elem())
		}
		return "...byte" // append([]byte, string...)
	}
	return s.goType(p)
}

func (s *Session) resultTypes(t *types.Signature) string {
	switch n := t.Results().Len(); n {
	case 0:
		return ""
	case 1:
		return " " + s.goType(t.Results().At(0).Type())
	}
	var all []string
	for v := range t.Results().Variables() {
		all = append(all, s.goType(v.Type()))
	}
	return " (" + strings.Join(all, ", ") + ")"
}
