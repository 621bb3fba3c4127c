//go:build !amd64 || purego

package blas

// available is empty: gonum's own code does everything here.
func available() []*kernels { return nil }
