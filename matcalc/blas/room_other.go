//go:build !linux

package blas

// adviseLarge does nothing where the system decides alone.
func adviseLarge([]byte) {}
