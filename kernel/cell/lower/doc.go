// Package lower writes checked Go in the small part of Go that the interpreter
// gets right: no methods, no named types but structs, no interfaces but
// interface{} and compiled ones, no generics, no constant expressions, no defer
// and no recover. Functions stand for methods, rt boxes for values of a
// person's types in interfaces, a copy of a function for each instance.
//
// It also writes what the interpreter is quick about: slots.go (variables of
// loops), count.go (loops that count), number.go (conversions of numbers),
// inline.go and lift.go (calls), bare.go (deferred calls), mark.go (lines).
//
// A Session lives as long as an interpreter. Each cell is a Unit; Session.Lower
// gives its Output, which the caller evaluates and then either keeps or rolls
// back.
package lower
