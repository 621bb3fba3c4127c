// Package rt is what lowered cells call at run time. The interpreter knows a
// named type by its underlying type only, so a value of a person's type takes
// its real type when it enters an interface: Make relabels the value with a type
// of package dynamic, which has the same layout, and Open gives the interpreter
// its own view back. Compiled packages meet ordinary Go values. Frames hold
// deferred calls, since the interpreter's own defer and recover differ from
// Go's.
package rt
