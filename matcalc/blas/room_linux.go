package blas

import "syscall"

// adviseLarge asks for large pages; a system that has none changes nothing.
func adviseLarge(pages []byte) { _ = syscall.Madvise(pages, syscall.MADV_HUGEPAGE) }
