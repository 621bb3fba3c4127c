package lower

import (
	"go/types"
)

// typ replaces type parameters by the arguments of the instance that is being
// lowered, and gives types of generic compiled packages as their source has
// them.
func (f *fn) typ(t types.Type) types.Type { return f.s.substitute(t, f.subst) }

func (s *Session) substitute(t types.Type, m map[*types.TypeParam]types.Type) types.Type {
	switch t := t.(type) {
	case nil:
		return nil
	case *types.Alias:
		return s.substitute(types.Unalias(t), m)
	case *types.Basic:
		return t
	case *types.TypeParam:
		if a, ok := m[t]; ok {
			return a
		}
		return t
	case *types.Named:
		return s.substituteNamed(t, m)
	case *types.Pointer:
		if e := s.substitute(t.Elem(), m); e != t.Elem() {
			return types.NewPointer(e)
		}
	case *types.Slice:
		if e := s.substitute(t.Elem(), m); e != t.Elem() {
			return types.NewSlice(e)
		}
	case *types.Array:
		if e := s.substitute(t.Elem(), m); e != t.Elem() {
			return types.NewArray(e, t.Len())
		}
	case *types.Chan:
		if e := s.substitute(t.Elem(), m); e != t.Elem() {
			return types.NewChan(t.Dir(), e)
		}
	case *types.Map:
		k, e := s.substitute(t.Key(), m), s.substitute(t.Elem(), m)
		if k != t.Key() || e != t.Elem() {
			return types.NewMap(k, e)
		}
	case *types.Signature:
		return s.substituteSignature(t, m)
	case *types.Tuple:
		if vars, changed := s.substituteTuple(t, m); changed {
			return vars
		}
	case *types.Struct:
		return s.substituteStruct(t, m)
	case *types.Interface:
		return s.substituteInterface(t, m)
	}
	return t
}

func (s *Session) substituteNamed(t *types.Named, m map[*types.TypeParam]types.Type) types.Type {
	if instance := m[localKey]; instance != nil {
		if c, ok := s.localCopies[copyKey{t, instance}]; ok {
			return c
		}
	}
	if t.TypeArgs().Len() == 0 {
		return s.localType(t, m)
	}
	args := make([]types.Type, 0, t.TypeArgs().Len())
	changed := false
	for a := range t.TypeArgs().Types() {
		b := s.substitute(a, m)
		changed = changed || a != b
		args = append(args, b)
	}
	if changed {
		if inst, err := types.Instantiate(s.context, t.Origin(), args, false); err == nil {
			t = inst.(*types.Named)
		}
	}
	return s.canonical(t)
}

// localKey holds, in the arguments of an instance, what tells the instance.
var localKey = types.NewTypeParam(types.NewTypeName(0, nil, "instance", nil), types.NewInterfaceType(nil, nil))

type copyKey struct{ of, instance types.Type }

// localType gives a fresh copy, for each instance, of a type that is declared
// inside a generic function.
func (s *Session) localType(t *types.Named, m map[*types.TypeParam]types.Type) types.Type {
	instance := m[localKey]
	if instance == nil || t.Obj().Pkg() == nil || !s.own(t.Obj().Pkg()) || t.Obj().Parent() == nil || t.Obj().Parent() == t.Obj().Pkg().Scope() {
		return t
	}
	key := copyKey{t, instance}
	if !s.mentions(t.Underlying(), m, map[types.Type]bool{}) && !s.insideInstance(t, m) {
		return t
	}
	c := types.NewNamed(types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), t.Obj().Name(), nil), nil, nil)
	s.localCopies[key] = c
	c.SetUnderlying(s.substitute(t.Underlying(), m))
	return c
}

// insideInstance tells that a local type stands in the generic function itself.
func (s *Session) insideInstance(t *types.Named, m map[*types.TypeParam]types.Type) bool {
	for p := range m {
		if p != localKey && p.Obj().Parent() != nil {
			for scope := t.Obj().Parent(); scope != nil; scope = scope.Parent() {
				if scope == p.Obj().Parent() {
					return true
				}
			}
		}
	}
	return false
}

func (s *Session) mentions(t types.Type, m map[*types.TypeParam]types.Type, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return m[t] != nil
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if s.mentions(a, m, seen) {
				return true
			}
		}
		return t.Obj().Parent() != nil && t.Obj().Pkg() != nil && t.Obj().Parent() != t.Obj().Pkg().Scope() && s.mentions(t.Underlying(), m, seen)
	case *types.Pointer:
		return s.mentions(t.Elem(), m, seen)
	case *types.Slice:
		return s.mentions(t.Elem(), m, seen)
	case *types.Array:
		return s.mentions(t.Elem(), m, seen)
	case *types.Chan:
		return s.mentions(t.Elem(), m, seen)
	case *types.Map:
		return s.mentions(t.Key(), m, seen) || s.mentions(t.Elem(), m, seen)
	case *types.Struct:
		for v := range t.Fields() {
			if s.mentions(v.Type(), m, seen) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if s.mentions(v.Type(), m, seen) {
				return true
			}
		}
	case *types.Signature:
		return s.mentions(t.Params(), m, seen) || s.mentions(t.Results(), m, seen)
	case *types.Interface:
		for f := range t.Methods() {
			if s.mentions(f.Type(), m, seen) {
				return true
			}
		}
	}
	return false
}

func (s *Session) substituteTuple(t *types.Tuple, m map[*types.TypeParam]types.Type) (*types.Tuple, bool) {
	changed := false
	var vars []*types.Var
	for v := range t.Variables() {
		n := s.substitute(v.Type(), m)
		if n != v.Type() {
			changed = true
			v = types.NewParam(v.Pos(), v.Pkg(), v.Name(), n)
		}
		vars = append(vars, v)
	}
	if !changed {
		return t, false
	}
	return types.NewTuple(vars...), true
}

func (s *Session) substituteSignature(t *types.Signature, m map[*types.TypeParam]types.Type) types.Type {
	params, a := s.substituteTuple(t.Params(), m)
	results, b := s.substituteTuple(t.Results(), m)
	if !a && !b {
		return t
	}
	variadic := t.Variadic()
	return types.NewSignatureType(nil, nil, nil, params, results, variadic)
}

func (s *Session) substituteStruct(t *types.Struct, m map[*types.TypeParam]types.Type) types.Type {
	changed := false
	var fields []*types.Var
	var tags []string
	for i := range t.NumFields() {
		v := t.Field(i)
		n := s.substitute(v.Type(), m)
		if n != v.Type() {
			changed = true
			v = types.NewField(v.Pos(), v.Pkg(), v.Name(), n, v.Embedded())
		}
		fields = append(fields, v)
		tags = append(tags, t.Tag(i))
	}
	if !changed {
		return t
	}
	return types.NewStruct(fields, tags)
}

func (s *Session) substituteInterface(t *types.Interface, m map[*types.TypeParam]types.Type) types.Type {
	changed := false
	var methods []*types.Func
	for f := range t.Methods() {
		sig := s.substituteSignature(f.Signature(), m).(*types.Signature)
		if sig != f.Signature() {
			changed = true
			f = types.NewFunc(f.Pos(), f.Pkg(), f.Name(), sig)
		}
		methods = append(methods, f)
	}
	if !changed {
		return t
	}
	return types.NewInterfaceType(methods, nil).Complete()
}
