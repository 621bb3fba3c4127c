// Package worker runs cells in a process of their own: a Client in the kernel is
// an engine.Engine that starts the command nabla worker, watches it, interrupts
// it and replaces it when it has died; Command serves the engine in that process.
//
// # Frames
//
// Two pipes connect the processes, one for each direction. A frame is the length
// of its body (4 bytes, big endian, at most 256 MB), its kind (1 byte), the id
// of its call (8 bytes) and the body: JSON, but for printed text, which stands as
// it is. The kernel numbers its calls; the results come in any order:
//
//	to the worker                 to the kernel
//	execute   a cell              ready      the engine works
//	complete, inspect,            result     ends the call
//	is complete, comm             stdout, stderr, display, clear, payload, comm
//	interrupt the cells that run  question, input   with a number of its own
//	answer    to a question       released   nothing more will be shown
//
// A frame of another kind or beyond the limit ends the worker. The end of the
// pipe to the worker asks it to end, so it does not outlive the kernel.
//
// # Death
//
// The standard streams of the worker's process are pipes that only the kernel
// reads: what Go's run time prints when it cannot go on becomes the error of the
// cell. What cells print to os.Stdout and os.Stderr goes through frames.
// The worker leads a process group (on Windows, a job), which ends with it.
package worker
