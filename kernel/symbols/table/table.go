// Package table holds the form of the generated symbol tables. A table is plain
// data that the linker lays out: a package that no cell uses costs nothing at
// start, and one that is used becomes reflect values on first use.
package table

import (
	"go/constant"
	"go/token"
	"reflect"
)

// A Package is one compiled package that cells may use.
type Package struct {
	Path     string // import path
	Name     string // name in the package clause
	Synopsis string // first sentence of its documentation
	Symbols  func() []Symbol
}

// A Symbol is an exported name of a package.
//
// Value is the function, the value of a typed constant, a nil pointer to the
// type, a pointer to the variable (Kind Var), or the exact text of an untyped
// numeric or string constant (the other kinds).
type Symbol struct {
	Name  string
	Kind  Kind
	Value any
}

// Kind says how the value of a symbol is to be read.
type Kind uint8

// The kinds of symbols.
const (
	Plain  Kind = iota // function, type or typed constant
	Var                // pointer to a package variable
	Int                // untyped integer or rune constant, as text
	Float              // untyped floating-point constant, as text
	String             // untyped string constant
)

// Values gives the symbols in the form that yaegi's Exports have.
func (p *Package) Values() map[string]reflect.Value {
	if p.Symbols == nil {
		return map[string]reflect.Value{}
	}
	symbols := p.Symbols()
	values := make(map[string]reflect.Value, len(symbols))
	for _, s := range symbols {
		values[s.Name] = s.value()
	}
	return values
}

func (s Symbol) value() reflect.Value {
	switch s.Kind {
	case Var:
		return reflect.ValueOf(s.Value).Elem()
	case Int:
		return reflect.ValueOf(constant.MakeFromLiteral(s.Value.(string), token.INT, 0))
	case Float:
		return reflect.ValueOf(constant.MakeFromLiteral(s.Value.(string), token.FLOAT, 0))
	case String:
		return reflect.ValueOf(constant.MakeString(s.Value.(string)))
	default:
		return reflect.ValueOf(s.Value)
	}
}
