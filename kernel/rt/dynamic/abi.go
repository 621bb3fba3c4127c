package dynamic

//lint:file-ignore U1000 the layouts are given, whether a field is read or not

import (
	"errors"
	"reflect"
	"unsafe"
)

// The structures below mirror internal/abi.

type abiType struct {
	size, ptrBytes                 uintptr
	hash                           uint32
	flags, align, fieldAlign, kind uint8
	equal                          func(unsafe.Pointer, unsafe.Pointer) bool
	gcData                         *byte
	str, ptrToThis                 int32
}

const (
	flagUncommon  = 1 << 0
	flagExtraStar = 1 << 1
	flagNamed     = 1 << 2
	flagDirect    = 1 << 5
)

type abiUncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff           uint32
	_              uint32
}

type abiMethod struct{ name, mtyp, ifn, tfn int32 }

// An abiElem describes pointers and slices.
type abiElem struct {
	abiType
	elem *abiType
}

type abiArray struct {
	abiType
	elem, slice *abiType
	length      uintptr
}

type abiChan struct {
	abiType
	elem *abiType
	dir  int
}

type abiFunc struct {
	abiType
	in, out uint16
}

type abiMap struct {
	abiType
	key, elem, group             *abiType
	hasher                       func(unsafe.Pointer, uintptr) uintptr
	groupSize, slotSize, elemOff uintptr
	flags                        uint32
}

type abiInterface struct {
	abiType
	pkgPath *byte
	methods []struct{ name, typ int32 }
}

type abiField struct {
	name   *byte
	typ    *abiType
	offset uintptr
}

type abiStruct struct {
	abiType
	pkgPath *byte
	fields  []abiField
}

// heads are the descriptors by kind; other kinds have an abiType.
var heads = map[reflect.Kind]reflect.Type{
	reflect.Pointer: reflect.TypeFor[abiElem](), reflect.Slice: reflect.TypeFor[abiElem](), reflect.Array: reflect.TypeFor[abiArray](),
	reflect.Chan: reflect.TypeFor[abiChan](), reflect.Func: reflect.TypeFor[abiFunc](), reflect.Map: reflect.TypeFor[abiMap](),
	reflect.Interface: reflect.TypeFor[abiInterface](), reflect.Struct: reflect.TypeFor[abiStruct](),
}

func head(k reflect.Kind) reflect.Type {
	if t, ok := heads[k]; ok {
		return t
	}
	return reflect.TypeFor[abiType]()
}

// An eface is an interface{} in memory.
type eface struct {
	typ  *abiType
	data unsafe.Pointer
}

func describe(t reflect.Type) *abiType {
	type iface struct {
		itab unsafe.Pointer
		data unsafe.Pointer
	}
	return (*abiType)((*iface)(unsafe.Pointer(&t)).data)
}

func (a *abiType) reflect() reflect.Type {
	e := eface{typ: a}
	return reflect.TypeOf(*(*any)(unsafe.Pointer(&e)))
}

//go:linkname addReflectOff reflect.addReflectOff
//go:noescape
func addReflectOff(ptr unsafe.Pointer) int32

// encode writes a name as descriptors have it.
func encode(name, tag string, exported, embedded bool) *byte {
	var b []byte
	var flags byte
	if exported {
		flags |= 1 << 0
	}
	if tag != "" {
		flags |= 1 << 1
	}
	if embedded {
		flags |= 1 << 3
	}
	b = append(b, flags)
	b = appendText(b, name)
	if tag != "" {
		b = appendText(b, tag)
	}
	return &b[0]
}

// appendText writes the length in groups of seven bits, then the text.
func appendText(b []byte, s string) []byte {
	n := len(s)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(append(b, byte(n)), s...)
}

type probe struct{ n int }

// Exported and hidden give the probe a method table.
func (p *probe) Exported() int { return p.hidden() }
func (p *probe) hidden() int   { return p.n }

// Check tells whether the descriptors of this program are laid out as the
// package expects.
func Check() error {
	p := describe(reflect.TypeFor[*probe]())
	u := (*struct {
		abiElem
		u abiUncommon
	})(unsafe.Pointer(p))
	s := (*abiStruct)(unsafe.Pointer(describe(reflect.TypeFor[probe]())))
	switch {
	case p.size != unsafe.Sizeof(uintptr(0)), p.kind != uint8(reflect.Pointer), p.flags&flagDirect == 0, p.flags&flagUncommon == 0,
		describe(reflect.TypeFor[int]()).flags&(flagDirect|flagNamed) != flagNamed,
		u.u.mcount != 2, u.u.xcount != 1, u.elem != &s.abiType, s.kind != uint8(reflect.Struct), s.flags&flagNamed == 0, len(s.fields) != 1,
		s.fields[0].typ != describe(reflect.TypeFor[int]()), (*abiMap)(unsafe.Pointer(describe(reflect.TypeFor[map[string]int]()))).hasher == nil:
		return errors.New("the layout of type descriptors is not that of the Go releases that Nabla knows: build it with Go 1.26")
	}
	(&probe{}).Exported()
	return nil
}
