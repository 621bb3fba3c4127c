package dynamic

import (
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// A Method names a method of a type that is made.
type Method struct {
	Name    string // exported
	Pointer bool   // only pointers have it
}

// A Field is a field of a struct type that is made. Its type has the layout of
// the base's field.
type Field struct {
	Name, Tag          string
	Type               reflect.Type
	Embedded, Exported bool
}

// A Type is a type that is being made, with the type of pointers to it.
type Type struct {
	typ, ptr         *abiType
	methods          []Method // sorted by name
	own, ofPtr       []abiMethod
	code             map[string]*code
	params           []*abiType // of a function type: what it takes and gives
	reflect, pointer reflect.Type
}

// made keeps the descriptors: the collector does not follow the type words of
// interfaces.
var made struct {
	sync.Mutex
	all []any
}

// New makes a type with the layout of base. Name is as %T prints it; it is the
// text of a type literal when named is false. Elements, fields and methods of
// the type are those of the base and none until they are set.
func New(base reflect.Type, name, pkgPath string, named bool, methods []Method) *Type {
	t := &Type{code: map[string]*code{}, methods: slices.SortedFunc(slices.Values(methods), func(a, b Method) int { return strings.Compare(a.Name, b.Name) })}
	values := 0
	for _, m := range methods {
		if !m.Pointer {
			values++
		}
	}
	var u *abiUncommon
	t.typ, u, t.params, t.own = allocate(base, values)
	t.typ.name(name, named)
	u.pkgPath = addReflectOff(unsafe.Pointer(encode(pkgPath, "", false, false)))
	t.ptr, u, _, t.ofPtr = allocate(reflect.TypeFor[*int](), len(methods))
	t.ptr.name("*"+name, false)
	u.pkgPath = addReflectOff(unsafe.Pointer(encode(pkgPath, "", false, false)))
	(*abiElem)(unsafe.Pointer(t.ptr)).elem = t.typ
	t.typ.ptrToThis = addReflectOff(unsafe.Pointer(t.ptr))
	t.reflect, t.pointer = t.typ.reflect(), t.ptr.reflect()
	return t
}

// Reflect is the type.
func (t *Type) Reflect() reflect.Type { return t.reflect }

// Pointer is the type of pointers to it.
func (t *Type) Pointer() reflect.Type { return t.pointer }

// allocate copies the descriptor of base, with room for methods.
func allocate(base reflect.Type, methods int) (*abiType, *abiUncommon, []*abiType, []abiMethod) {
	params := 0
	if base.Kind() == reflect.Func {
		params = base.NumIn() + base.NumOut()
	}
	fields := []reflect.StructField{
		{Name: "Head", Type: head(base.Kind())},
		{Name: "Uncommon", Type: reflect.TypeFor[abiUncommon]()},
		{Name: "Params", Type: reflect.ArrayOf(params, reflect.TypeFor[*abiType]())},
		{Name: "Methods", Type: reflect.ArrayOf(methods, reflect.TypeFor[abiMethod]())},
	}
	layout := reflect.StructOf(fields)
	memory := reflect.New(layout)
	made.Lock()
	made.all = append(made.all, memory.Interface(), base)
	made.Unlock()
	start := memory.UnsafePointer()
	memory.Elem().Field(0).Set(reflect.NewAt(fields[0].Type, unsafe.Pointer(describe(base))).Elem())
	a := (*abiType)(start)
	a.flags = a.flags&^(flagExtraStar|flagNamed) | flagUncommon
	a.ptrToThis = 0
	u := (*abiUncommon)(unsafe.Add(start, layout.Field(1).Offset))
	u.moff = uint32(layout.Field(3).Offset - layout.Field(1).Offset)
	u.mcount, u.xcount = uint16(methods), uint16(methods)
	var in []*abiType
	if params > 0 {
		in = unsafe.Slice((**abiType)(unsafe.Add(start, layout.Field(2).Offset)), params)
		for i := range base.NumIn() {
			in[i] = describe(base.In(i))
		}
		for i := range base.NumOut() {
			in[base.NumIn()+i] = describe(base.Out(i))
		}
	}
	var table []abiMethod
	if methods > 0 {
		table = unsafe.Slice((*abiMethod)(unsafe.Add(start, layout.Field(3).Offset)), methods)
	}
	return a, u, in, table
}

var serial uint32

// name gives the descriptor its text and a hash of its own.
func (a *abiType) name(text string, named bool) {
	if named {
		a.flags |= flagNamed
	}
	a.str = addReflectOff(unsafe.Pointer(encode(text, "", true, false)))
	h := fnv.New32a()
	h.Write([]byte(text))
	made.Lock()
	serial++
	a.hash = h.Sum32() + serial*2654435761
	made.Unlock()
}

// SetElem sets the element of a pointer, slice, array, channel or map type.
func (t *Type) SetElem(elem reflect.Type) {
	p := unsafe.Pointer(t.typ)
	switch t.reflect.Kind() {
	case reflect.Pointer, reflect.Slice:
		(*abiElem)(p).elem = describe(elem)
	case reflect.Array:
		(*abiArray)(p).elem = describe(elem)
		(*abiArray)(p).slice = describe(reflect.SliceOf(elem))
	case reflect.Chan:
		(*abiChan)(p).elem = describe(elem)
	case reflect.Map:
		(*abiMap)(p).elem = describe(elem)
	}
}

// SetKey sets the key of a map type.
func (t *Type) SetKey(key reflect.Type) { (*abiMap)(unsafe.Pointer(t.typ)).key = describe(key) }

// SetSignature sets what a function type takes and gives.
func (t *Type) SetSignature(in, out []reflect.Type) {
	for i, p := range slices.Concat(in, out) {
		t.params[i] = describe(p)
	}
}

// SetFields sets the fields of a struct type, as many as the base has.
func (t *Type) SetFields(pkgPath string, fields []Field) {
	s := (*abiStruct)(unsafe.Pointer(t.typ))
	base := s.fields
	s.pkgPath = encode(pkgPath, "", false, false)
	s.fields = make([]abiField, len(base))
	blank := false
	for i, f := range fields {
		s.fields[i] = abiField{encode(f.Name, f.Tag, f.Exported, f.Embedded), describe(f.Type), base[i].offset}
		blank = blank || f.Name == "_"
	}
	if blank && s.equal != nil {
		s.equal = func(p, q unsafe.Pointer) bool {
			for i, f := range s.fields {
				if fields[i].Name != "_" && !f.typ.equal(unsafe.Add(p, f.offset), unsafe.Add(q, f.offset)) {
					return false
				}
			}
			return true
		}
	}
}

// SetMethod sets the code of a method: a function that takes a pointer to the
// receiver before the arguments, laid out as typ says, which is the method's
// type without receiver. Setting it again replaces the code.
func (t *Type) SetMethod(name string, typ reflect.Type, function any) error {
	i := slices.IndexFunc(t.methods, func(m Method) bool { return m.Name == name })
	if known := t.code[name]; known != nil {
		known.function = function
		known.entry.set(function)
		return nil
	}
	c := &code{function: function}
	var err error
	if c.entry, err = enter(function); err != nil {
		return err
	}
	t.code[name] = c
	out := abiMethod{
		name: addReflectOff(unsafe.Pointer(encode(name, "", true, false))),
		mtyp: addReflectOff(unsafe.Pointer(describe(typ))),
		ifn:  c.entry.offset(), tfn: c.entry.offset(),
	}
	t.ofPtr[i] = out
	if t.methods[i].Pointer {
		return nil
	}
	byValue, err := enter(t.byValue(typ, c))
	if err != nil {
		return err
	}
	out.tfn = byValue.offset()
	if t.typ.flags&flagDirect != 0 {
		out.ifn = out.tfn // the word of the interface is the value
	}
	at := 0
	for _, m := range t.methods[:i] {
		if !m.Pointer {
			at++
		}
	}
	t.own[at] = out
	return nil
}

// A code is the function of a method with its entry.
type code struct {
	function any
	entry    entry
}

// signature is the type of the method as a function of recv.
func signature(typ, recv reflect.Type) reflect.Type {
	in := []reflect.Type{recv}
	for i := range typ.NumIn() {
		in = append(in, typ.In(i))
	}
	var out []reflect.Type
	for i := range typ.NumOut() {
		out = append(out, typ.Out(i))
	}
	return reflect.FuncOf(in, out, typ.IsVariadic())
}

// byValue makes of the function of a method, which takes a pointer, one of the
// value.
func (t *Type) byValue(typ reflect.Type, c *code) any {
	ofPtr := signature(typ, t.pointer)
	return reflect.MakeFunc(signature(typ, t.reflect), func(args []reflect.Value) []reflect.Value {
		p := reflect.New(t.reflect)
		p.Elem().Set(args[0])
		args[0] = p
		f := reflect.ValueOf(As(c.function, ofPtr))
		if typ.IsVariadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	}).Interface()
}

// As is v with its type taken for t, which has the same layout.
func As(v any, t reflect.Type) any {
	(*eface)(unsafe.Pointer(&v)).typ = describe(t)
	return v
}

// Of identifies a type as TypeWord does.
func Of(t reflect.Type) unsafe.Pointer { return unsafe.Pointer(describe(t)) }

// TypeWord identifies the dynamic type of v.
func TypeWord(v any) unsafe.Pointer { return unsafe.Pointer((*eface)(unsafe.Pointer(&v)).typ) }

// Data is the address of the value in v: for a pointer and its like, which an
// interface holds itself, that of a copy.
func Data(v any) unsafe.Pointer {
	e := (*eface)(unsafe.Pointer(&v))
	if e.typ.flags&flagDirect != 0 {
		word := e.data
		return unsafe.Pointer(&word)
	}
	return e.data
}

// Word is the pointer that v holds, which is of pointer type.
func Word(v any) unsafe.Pointer { return (*eface)(unsafe.Pointer(&v)).data }
