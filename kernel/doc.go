// Package kernel wires the parts of the Jupyter kernel together.
//
//	JupyterLab, nbconvert, console, VS Code
//	      |  five ZeroMQ sockets
//	kernel/zmq       the sockets; a guard before zmq4: handshakes, limits, slow
//	                 readers; signatures, replays, what is malformed
//	kernel/session   the protocol: the table of request handlers, busy and idle,
//	                 counter, history, abort, output in batches
//	kernel/engine    the contract between the session and who runs cells
//	kernel/worker    starts, watches, interrupts and replaces the process of the
//	                 cells; the frames between the two processes
//	      |  two pipes, length-prefixed frames
//	kernel/eval      runs the plan of a cell in yaegi; output, interruption, magics
//	kernel/cell      text of a cell -> checked plan; hints; the commands of magics
//	kernel/cell/lower  the Go of a person -> the Go that yaegi does right
//	kernel/rt        what lowered cells call: values with their types, methods,
//	                 defer and recover
//	kernel/rt/dynamic  makes declared types with methods at run time
//	kernel/module    finds and fetches the source of Go modules, for %get
//	kernel/calculus  the magics of mathematics, as questions to matcalc
//	kernel/assist    complete, inspect, is_complete from types and docs
//	kernel/symbols   generated: symbols, types, docs of the bundled packages
//	kernel/wire      connection files, headers, signatures, frames of a message
//	kernel/pipe      reads what is printed, in the order of its writing
//	kernel/memory    what a process that rests gives back to the system
//	kernel/notebook  nabla run: notebooks without Jupyter, over the same session
//	kernel/kerneltest  the protocol's checklist as tests, conversations as text, a soak
//	kernel/bench     kernels measured side by side, a script
//	kernel/bench/loops  twelve programs by which the speed of cells is measured
//	kernel/clients   JupyterLab, nbconvert, the console and others as tests
//
// There are two processes. nabla kernel owns the sockets and runs no cell;
// nabla worker, which it starts, runs them, and may panic, overflow its stack or
// be killed: the cell then ends with what Go said, a new worker takes the place
// of the old one, and the person is told that the values are gone. An interrupt
// ends the cell with its values kept; only a worker that does not answer, or whose
// cell runs on after a second interrupt, is replaced. nabla run has one process,
// with the same session and the same evaluator. Cells of different subshells run
// at once and share what lives.
//
// An execute_request comes in through zmq.Server, goes to session.Receive and
// the queue of its shell, and as a frame from worker.Client to the worker. There
// eval.Engine.Execute runs it: cell.Pieces takes the magics out, cell.Live.Check
// parses, type-checks and lowers the Go, yaegi runs it step by step,
// display.Render shows the last value. Output and result go back as frames, and
// through session.Conn to the clients.
//
// The borders between the rooms are held by imports_test.go. The mathematics
// begins at matcalc/doc.go.
package kernel
