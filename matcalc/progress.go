package matcalc

import (
	"fmt"
	"io"
)

// PrintProgress gives a Minimizing.Progress that writes a line for each iterate:
// its number, the value, and the largest entry of the gradient.
func PrintProgress(w io.Writer) func(Iterate) bool {
	return func(it Iterate) bool {
		_, err := fmt.Fprintf(w, "%5d  f = %-18.12g  gradient %.3g\n", it.Iteration, it.Value, it.Gradient)
		return err == nil
	}
}
