package lower

import (
	"go/types"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// A desc is a type with its run-time Type.
type desc struct {
	typ types.Type
	rt  *rt.Type
	ref string // expression of the lowered code
	// own and ofPtr are the numbers of methods of the type and of the pointer to
	// it.
	own, ofPtr int
}

// desc is the run-time Type of a type.
func (s *Session) desc(t types.Type) *desc {
	t = s.canonType(t)
	key := shape(t)
	for _, d := range s.descByKey[key] {
		if types.Identical(d.typ, t) {
			return s.refer(d)
		}
	}
	d := &desc{typ: t, rt: &rt.Type{Name: typeName(t)}}
	s.count++
	d.ref = "T" + strconv.Itoa(s.count)
	put(s, s.descByKey, key, append(s.descByKey[key][:len(s.descByKey[key]):len(s.descByKey[key])], d))
	old := s.descs
	s.undo = append(s.undo, func() { s.descs = old })
	s.descs = append(s.descs, d)
	s.describe(d)
	return s.refer(d)
}

// refer makes the Type a symbol of the cell that names it.
func (s *Session) refer(d *desc) *desc {
	s.out.Symbols[d.ref] = reflect.ValueOf(&d.rt).Elem()
	return d
}

func (d *desc) expr() string { return Runtime + "." + d.ref }

func (s *Session) canonType(t types.Type) types.Type {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		return s.canonical(n)
	}
	return t
}

// shape is a text that identical types share.
func shape(t types.Type) string {
	switch t := t.(type) {
	case *types.Named:
		return t.Obj().Name()
	case *types.Pointer:
		return "*" + shape(types.Unalias(t.Elem()))
	}
	return reflect.TypeOf(t).String()
}

// typeName is what %T prints.
func typeName(t types.Type) string { return qualified(t, (*types.Package).Name) }

// qualified is the text of a type; among the arguments of an instance packages
// have their import paths, and no spaces follow the commas.
func qualified(t types.Type, qualify types.Qualifier) string {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return "*" + qualified(t.Elem(), qualify)
	case *types.Slice:
		return "[]" + qualified(t.Elem(), qualify)
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + qualified(t.Elem(), qualify)
	case *types.Map:
		return "map[" + qualified(t.Key(), qualify) + "]" + qualified(t.Elem(), qualify)
	case *types.Struct:
		var fields []string
		for i := range t.NumFields() {
			field := qualified(t.Field(i).Type(), qualify)
			if f := t.Field(i); !f.Embedded() {
				field = f.Name() + " " + field
			}
			if t.Tag(i) != "" {
				field += " " + strconv.Quote(t.Tag(i))
			}
			fields = append(fields, field)
		}
		if fields == nil {
			return "struct {}"
		}
		return "struct { " + strings.Join(fields, "; ") + " }"
	case *types.Named:
		if t.TypeArgs().Len() == 0 {
			break
		}
		var args []string
		for a := range t.TypeArgs().Types() {
			args = append(args, qualified(a, (*types.Package).Path))
		}
		name := t.Obj().Name() + "[" + strings.Join(args, ",") + "]"
		if p := t.Obj().Pkg(); p != nil {
			name = qualify(p) + "." + name
		}
		return name
	}
	return strings.ReplaceAll(types.TypeString(t, qualify), "interface{}", "interface {}")
}

// signatureText identifies the type of a method.
func signatureText(t *types.Signature) string {
	plain := types.NewSignatureType(nil, nil, nil, unnamed(t.Params()), unnamed(t.Results()), t.Variadic())
	text := types.TypeString(plain, nil)
	for _, a := range aliases {
		text = a.word.ReplaceAllString(text, a.means)
	}
	return text
}

// aliases gives one text to types that are the same.
var aliases = []struct {
	word  *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`interface *\{\}`), "any"},
	{regexp.MustCompile(`\bbyte\b`), "uint8"},
	{regexp.MustCompile(`\brune\b`), "int32"},
}

func unnamed(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range t.Variables() {
		vars = append(vars, types.NewParam(0, nil, "", v.Type()))
	}
	return types.NewTuple(vars...)
}

var kinds = map[types.BasicKind]reflect.Kind{
	types.Bool: reflect.Bool, types.Int: reflect.Int, types.Int8: reflect.Int8, types.Int16: reflect.Int16, types.Int32: reflect.Int32,
	types.Int64: reflect.Int64, types.Uint: reflect.Uint, types.Uint8: reflect.Uint8, types.Uint16: reflect.Uint16, types.Uint32: reflect.Uint32,
	types.Uint64: reflect.Uint64, types.Uintptr: reflect.Uintptr, types.Float32: reflect.Float32, types.Float64: reflect.Float64,
	types.Complex64: reflect.Complex64, types.Complex128: reflect.Complex128, types.String: reflect.String, types.UnsafePointer: reflect.UnsafePointer,
}

// describe fills in the Type.
func (s *Session) describe(d *desc) {
	r := d.rt
	if n, ok := d.typ.(*types.Named); ok {
		r.Named = true
		if n.Obj().Pkg() != nil {
			r.Pkg = n.Obj().Pkg().Path()
		}
	}
	r.Exact, r.Opaque = s.isPlain(d.typ), s.isOpaque(d.typ)
	switch u := d.typ.Underlying().(type) {
	case *types.Basic:
		r.Kind = kinds[u.Kind()]
	case *types.Pointer:
		r.Kind = reflect.Pointer
	case *types.Slice:
		r.Kind = reflect.Slice
	case *types.Array:
		r.Kind = reflect.Array
	case *types.Chan:
		r.Kind = reflect.Chan
	case *types.Map:
		r.Kind = reflect.Map
	case *types.Signature:
		r.Kind = reflect.Func
	case *types.Struct:
		r.Kind = reflect.Struct
	case *types.Interface:
		r.Kind = reflect.Interface
		s.describeInterface(d, u)
		return
	}
	if !r.Exact {
		s.describeParts(r, d.typ.Underlying())
		s.describeMethods(d)
	}
}

// describeParts notes what a type is made of.
func (s *Session) describeParts(r *rt.Type, t types.Type) {
	switch u := t.(type) {
	case *types.Pointer:
		r.Elem = s.desc(u.Elem()).rt
	case *types.Slice:
		r.Elem = s.desc(u.Elem()).rt
	case *types.Array:
		r.Elem = s.desc(u.Elem()).rt
	case *types.Chan:
		r.Elem = s.desc(u.Elem()).rt
	case *types.Map:
		r.Key, r.Elem = s.desc(u.Key()).rt, s.desc(u.Elem()).rt
	case *types.Signature:
		for v := range u.Params().Variables() {
			r.In = append(r.In, s.desc(v.Type()).rt)
		}
		for v := range u.Results().Variables() {
			r.Out = append(r.Out, s.desc(v.Type()).rt)
		}
		r.Variadic = u.Variadic()
	case *types.Struct:
		for i := range u.NumFields() {
			f := u.Field(i)
			r.Fields = append(r.Fields, rt.Field{Name: f.Name(), Tag: u.Tag(i), Type: s.desc(f.Type()).rt, Embedded: f.Embedded(), Exported: f.Exported()})
		}
		if r.Pkg == "" {
			r.Pkg = Path
		}
	}
}

func (s *Session) describeInterface(d *desc, u *types.Interface) {
	methods := map[string]string{}
	for m := range u.Methods() {
		methods[m.Name()] = signatureText(m.Signature())
	}
	d.rt.SetMethods(methods, nil, nil)
	n, ok := d.typ.(*types.Named)
	if !ok || !s.compiledInterface(n) {
		return
	}
	if n.Obj().Pkg() == nil {
		d.rt.Iface = reflect.TypeFor[error]()
		return
	}
	path := n.Obj().Pkg().Path()
	if v := s.packages.Symbol(path, n.Obj().Name()); v.IsValid() {
		d.rt.Iface = v.Type().Elem()
	}
}
