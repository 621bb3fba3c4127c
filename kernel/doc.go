// Package kernel wires the parts of the Jupyter kernel together.
//
//	JupyterLab, nbconvert, console, VS Code
//	      |  five ZeroMQ sockets
//	kernel/zmq       the sockets; signatures, replays, what is malformed
//	kernel/session   the protocol: the table of request handlers, busy and idle,
//	                 counter, history, abort, output in batches
//	kernel/engine    the contract between the session and who runs cells
//	kernel/eval      runs the plan of a cell in yaegi; output, interruption, magics
//	kernel/cell      text of a cell -> checked, lowered plan; the table of faults
//	kernel/calculus  the magics of mathematics, as questions to matcalc
//	kernel/assist    complete, inspect, is_complete from types and docs
//	kernel/symbols   generated: symbols, types, docs of the bundled packages
//	kernel/wire      connection files, headers, signatures, frames of a message
//	kernel/notebook  nabla run: notebooks without Jupyter, over the same session
//
// An execute_request comes in through zmq.Server, goes to session.Receive and
// the queue of its shell, is executed by eval.Engine.Execute: cell.Pieces takes
// the magics out, cell.Live.Check parses, type-checks and lowers the Go,
// yaegi runs it step by step, display.Render shows the last value. Output and
// reply go back through session.Conn.
//
// Cells run in the process that owns the sockets. What would end the process by
// intent, os.Exit and log.Fatal, ends the cell; what Go cannot recover (a stack
// overflow, a concurrent map write) ends the kernel, which Jupyter restarts.
//
// The borders between the rooms are held by imports_test.go. The mathematics
// begins at matcalc/doc.go.
package kernel
