package blas

import (
	"testing"

	"gonum.org/v1/gonum/blas/testblas"
)

// TestSuite runs gonum's own tests of BLAS.
func TestSuite(t *testing.T) {
	d := Implementation{}
	atEachLevel(t, func(t *testing.T) {
		for name, test := range map[string]func(*testing.T){
			"dgemm": func(t *testing.T) { testblas.TestDgemm(t, d) },
			"dgemv": func(t *testing.T) { testblas.DgemvTest(t, d) },
			"dger":  func(t *testing.T) { testblas.DgerTest(t, d) },
			"dsyrk": func(t *testing.T) { testblas.DsyrkTest(t, d) },
			"dsymm": func(t *testing.T) { testblas.DsymmTest(t, d) },
			"dtrmm": func(t *testing.T) { testblas.DtrmmTest(t, d) },
			"dtrsm": func(t *testing.T) { testblas.DtrsmTest(t, d) },
			"ddot":  func(t *testing.T) { testblas.DdotTest(t, d) },
			"daxpy": func(t *testing.T) { testblas.DaxpyTest(t, d) },
			"dscal": func(t *testing.T) { testblas.DscalTest(t, d) },
			"dnrm2": func(t *testing.T) { testblas.Dnrm2Test(t, d) },
			"dasum": func(t *testing.T) { testblas.DasumTest(t, d) },
		} {
			t.Run(name, test)
		}
	})
}
