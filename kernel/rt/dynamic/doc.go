// Package dynamic makes declared types at run time: types with a name, with
// unexported and embedded fields, and with methods, which package reflect cannot
// make. A value of such a type is an ordinary value to compiled code: fmt finds
// its String method, errors.As its Error, encoding/json its fields and their
// tags, and == compares its dynamic type.
//
// A type is made from a base, a type with the same layout in memory: the base's
// descriptor is copied, named, and given fields and methods. Descriptors have
// the layout of internal/abi in the Go release that builds this program, which
// Check verifies; names, types and code are reached through offsets that
// reflect.addReflectOff hands out, one of the few names of package reflect that
// programs may link to.
//
// A method is called with nothing but its receiver and arguments. Its code is
// therefore one of a fixed number of entries in assembly, each of which loads
// the closure that belongs to it and jumps there.
package dynamic
