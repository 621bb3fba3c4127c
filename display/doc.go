// Package display shows values: in a notebook as mathematics, tables and
// pictures, in a terminal as Unicode text.
//
//	display.Show(matrix)                     // publishes now
//	h := display.Show("working")             // a handle: h.Update(v) replaces what is shown
//	display.LaTeX(`\nabla f = 2 A x`)        // one form; show it or make it a cell's result
//	for i := range display.Progress("fitting", 100).Each() { ... }
//
// Render turns any value into a Bundle, one value in several forms. A type says
// its own forms with one of the small interfaces in capability.go; matrices,
// plots, images, slices, maps, structs, numbers and times have forms here. Every
// bundle has text/plain: what %v prints, a string quoted, or the aligned form
// of a value that has one.
//
// A Bundle goes to the current Sink (sink.go). Without one, in an ordinary
// program, Show prints the text form to standard output.
package display
