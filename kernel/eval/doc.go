// Package eval runs the plans of package cell in the yaegi interpreter: it
// loads packages when a cell first uses them, captures what is printed, ends a
// cell that is interrupted, and renders results and errors.
package eval
