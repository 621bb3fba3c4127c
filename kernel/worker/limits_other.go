//go:build !linux

package worker

// limitData does nothing: the gauge alone holds the limit.
func limitData(int64) {}

// available is not known here: without NABLA_MEMORY_LIMIT there is no limit.
func available() int64 { return 0 }
