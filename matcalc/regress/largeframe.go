package regress

import (
	"math"
	"runtime"
	"sync"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// partRows is how many rows of a large design are evaluated at a time.
const partRows = 4096

// buildLarge evaluates the design in float64, part by part on all processors;
// false if the problem is not large, or a term needs all rows at once.
func (fr *frame) buildLarge() (done bool, err error) {
	n := len(fr.rows)
	if n < 4*partRows || !fr.plan() {
		return false, nil
	}
	first, err := fr.part(0, partRows)
	if err != nil || !isLarge(n, len(first.terms)) {
		return false, err
	}
	p := len(first.terms)
	x := lsq.Rows{N: n, P: p, Stride: p, Data: make([]float64, n*p)}
	workers := runtime.GOMAXPROCS(0)
	largest, faults := make([][]float64, workers), make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			largest[w] = make([]float64, p)
			for from := w * n / workers; from < (w+1)*n/workers && faults[w] == nil; from += partRows {
				var part *frame
				to := min(from+partRows, (w+1)*n/workers)
				if part, faults[w] = fr.part(from, to); faults[w] == nil {
					part.copyTo(x, from, largest[w])
				}
			}
		}()
	}
	group.Wait()
	for _, err := range faults {
		if err != nil {
			return false, err
		}
	}
	for j, name := range first.terms {
		most := 0.0
		for w := range workers {
			most = max(most, largest[w][j])
		}
		if err := rangeError(name, most); err != nil {
			return false, err
		}
	}
	fr.terms, fr.assign, fr.large = first.terms, first.assign, &x
	return true, fr.checkRange() // of the response
}

// plan finds the levels of the factors over all rows; false where a term needs
// all rows for more than that.
func (fr *frame) plan() bool {
	fr.variables = nil
	for _, n := range fr.formula.Variables {
		v := variable{label: formula.String(n)}
		switch n := n.(type) {
		case formula.Call:
			if n.Func == "poly" || n.Func == "factor" || n.Func == "as.factor" || n.Func == "C" {
				return false
			}
		case formula.Name:
			v.label = n.Ident
			if c := fr.table.Column(n.Ident); c != nil && c.IsFactor() {
				v.levels = presentLevels(c, fr.rows)
			}
		}
		if isLogical(n) {
			v.levels = []string{"FALSE", "TRUE"}
		}
		fr.variables = append(fr.variables, v)
	}
	return true
}

// part is the design of some of the rows, coded as that of all.
func (fr *frame) part(from, to int) (*frame, error) {
	part := &frame{formula: fr.formula, table: fr.table, rows: fr.rows[from:to], before: fr.before, fitted: true}
	if err := part.buildVariables(fr); err != nil {
		return nil, err
	}
	part.buildDesign()
	return part, nil
}

// copyTo copies the design to the rows from the given one on, and notes the
// largest magnitude of each column.
func (fr *frame) copyTo(x lsq.Rows, from int, largest []float64) {
	for j, column := range fr.x {
		for i, v := range column {
			x.Data[(from+i)*x.Stride+j] = v.Hi
			largest[j] = max(largest[j], math.Abs(v.Hi))
		}
	}
}

// expand makes the design in doubled precision where it is not there: from the
// columns of the table, or as a copy of a plain matrix.
func (fr *frame) expand() error {
	if fr.x != nil || fr.large == nil {
		return nil
	}
	if fr.table != nil {
		if err := fr.buildVariables(nil); err != nil {
			return err
		}
		fr.buildDesign()
		return nil
	}
	fr.x = lsq.NewMatrix(fr.large.N, fr.large.P)
	for i := range fr.large.N {
		for j, v := range fr.large.Row(i) {
			fr.x[j][i] = dd.Of(v)
		}
	}
	return nil
}
