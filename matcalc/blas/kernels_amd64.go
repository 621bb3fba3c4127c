//go:build amd64 && !purego

package blas

import "golang.org/x/sys/cpu"

var kernelsAVX2 = &kernels{
	level: AVX2, lanes: 4, rows: 4, width: 12,
	dot: dotAVX2, sum: sumAVX2, asum: asumAVX2, maximum: maximumAVX2, axpy: axpyAVX2, scale: scaleAVX2,
	add: addAVX2, sub: subAVX2, mul: mulAVX2, div: divAVX2,
	exp: expAVX2, log: logAVX2, tanh: tanhAVX2, sigmoid: sigmoidAVX2, softplus: softplusAVX2, expSum: expSumAVX2,
	gemvRows: gemvRowsAVX2, gemvColumns: gemvColumnsAVX2,
	thin: [...]func(m, k int, alpha float64, a *float64, lda int, b *float64, ldb int, c *float64, ldc int){thin2AVX2, thin3AVX2, thin4AVX2, thin5AVX2},
	gemm: gemmAVX2, packRows: packRowsAVX2, packTranspose: packTransposeAVX2,
}

var kernelsAVX512 = &kernels{
	level: AVX512, lanes: 8, rows: 8, width: 24,
	dot: dotAVX512, sum: sumAVX512, asum: asumAVX512, maximum: maximumAVX512, axpy: axpyAVX512, scale: scaleAVX512,
	add: addAVX512, sub: subAVX512, mul: mulAVX512, div: divAVX512,
	exp: expAVX512, log: logAVX512, tanh: tanhAVX512, sigmoid: sigmoidAVX512, softplus: softplusAVX512, expSum: expSumAVX512,
	gemvRows: gemvRowsAVX512, gemvColumns: gemvColumnsAVX512,
	thin: [...]func(m, k int, alpha float64, a *float64, lda int, b *float64, ldb int, c *float64, ldc int){thin2AVX512, thin3AVX512, thin4AVX512, thin5AVX512},
	gemm: gemmAVX512, packRows: packRowsAVX512, packTranspose: packTransposeAVX512,
}

// available are the kernels that the processor and the operating system
// support, from the slowest.
func available() []*kernels {
	var out []*kernels
	x := &cpu.X86
	if !x.HasAVX2 || !x.HasFMA || !x.HasBMI2 {
		return nil
	}
	out = append(out, kernelsAVX2)
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512BW {
		out = append(out, kernelsAVX512)
	}
	return out
}
