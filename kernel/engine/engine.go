// Package engine is the contract between the session, which speaks the Jupyter
// protocol, and whatever runs the cells: the interpreter in the same process
// (nabla run, tests) or a worker process at the other end of two pipes. It holds
// types only, so that neither side needs to know the other.
package engine

import (
	"encoding/json"

	"github.com/nabla-go/nabla/display"
)

// An Engine runs cells and answers questions about code. Execute calls with
// different Subshell run concurrently; those with the same one come one after
// the other. All other methods may be called while cells run. Cursor positions
// are in Unicode code points, as in the protocol, and may lie outside the code.
type Engine interface {
	// Execute runs one cell and returns when it has ended. Output, also what
	// goroutines of the cell print after Execute has returned, goes to out.
	Execute(req Request, out Output) Result
	// Interrupt asks the running cells to end, values kept. Idle, it does nothing.
	Interrupt()
	Complete(code string, cursor int) Completion
	// Inspect describes the name at the cursor; detail 1 adds the source.
	Inspect(code string, cursor, detail int) Inspection
	IsComplete(code string) Completeness
	// Comm hands over a comm message from the front end; what its handler
	// shows goes to out. It reports whether the target or comm is known.
	Comm(msg display.CommMessage, out Output) bool
	// Close ends all cells and releases what the engine holds.
	Close() error
}

// Concurrent is implemented by an engine that can run cells of different
// subshells at once.
type Concurrent interface {
	Concurrent() bool
}

// A Request is one cell to run.
type Request struct {
	Code       string `json:"code"`
	Count      int    `json:"count"`              // execution count, names the cell in errors
	Subshell   string `json:"subshell,omitempty"` // "" is the main shell
	CellID     string `json:"cell_id,omitempty"`
	Silent     bool   `json:"silent,omitempty"`
	AllowStdin bool   `json:"allow_stdin,omitempty"`
	// UserExpressions are evaluated after the cell, when it succeeded.
	UserExpressions map[string]string `json:"user_expressions,omitempty"`
}

// An Output takes what one cell shows while it runs and, from goroutines that
// it started, afterwards. Its methods may be called from any goroutine.
type Output interface {
	// Stream carries text printed to name, "stdout" or "stderr". It may block
	// for a moment when the reader is slow, never for ever.
	Stream(name, text string)
	display.Sink
	// Ask puts a question to the session: "history" (the inputs of this
	// kernel, oldest first), "successful" (the cells to run again after the
	// worker was lost), "subshells". The answer is JSON.
	Ask(question string, argument any) (json.RawMessage, error)
}

// A Tracer is an Output that wants to know which line of the cell begins to run,
// for the case that the process ends there.
type Tracer interface{ At(line int) }

// A Result is how a cell ended. Err is nil when it succeeded.
type Result struct {
	Value           *display.Bundle      `json:"value,omitempty"` // of the last expression
	Err             *Error               `json:"err,omitempty"`
	UserExpressions map[string]Evaluated `json:"user_expressions,omitempty"`
	Metadata        map[string]any       `json:"metadata,omitempty"`
}

// An Error is what a failing cell reports. Only Traceback holds ANSI colours.
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// Interrupted is the name of the error by which an interrupted cell ends.
const Interrupted = "Interrupted"

// Evaluated is one user expression: a bundle or an error.
type Evaluated struct {
	Bundle *display.Bundle `json:"bundle,omitempty"`
	Err    *Error          `json:"err,omitempty"`
}

// A Completion holds what may replace the code points [Start, End) of the code.
type Completion struct {
	Matches []Match `json:"matches"`
	Start   int     `json:"start"`
	End     int     `json:"end"`
}

// A Match is one completion with its kind (function, type, module, ...) and a
// one-line signature.
type Match struct {
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
}

// An Inspection describes a name; Found false has no bundle.
type Inspection struct {
	Found  bool            `json:"found"`
	Bundle *display.Bundle `json:"bundle,omitempty"`
}

// Completeness says whether code can run as it stands: "complete",
// "incomplete" (with the indent of the next line), "invalid" or "unknown".
type Completeness struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"`
}
