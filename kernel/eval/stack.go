package eval

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// A unit is a piece of Go that has run, by the number that marks name it with.
type unit struct {
	count int // of the cell
	code  string
}

// longestStack is how many calls of a panic are shown: half of them the
// innermost ones, half the outermost ones.
const longestStack = 24

// reached is the place of a mark: the line is 0 when the unit is forgotten.
func (e *Engine) reached(m rt.Mark) (u unit, line int) {
	number, line, _ := m.Place()
	e.mu.Lock()
	defer e.mu.Unlock()
	u, ok := e.units[number]
	if !ok {
		return u, 0
	}
	return u, line
}

// stack tells the calls of a person's functions that were on their way, the
// innermost first, and the line of the cell that runs. Failed is the line of the
// innermost one, where it is known better than by its mark.
func (r *run) stack(calls []rt.Call, failed int) []string {
	var out []string
	repeated := 0
	add := func(text string) {
		if len(out) > 0 && out[len(out)-1] == text {
			repeated++
			return
		}
		out = append(flushed(out, &repeated), text)
	}
	top := false
	for i, c := range calls {
		u, line := r.engine.reached(c.Mark)
		if line == 0 {
			continue
		}
		if i == 0 && failed > 0 {
			line = failed
		}
		place := fmt.Sprintf("cell %d:%d", u.count, line)
		if name := functionName(c.Function); name != "" {
			place += " in " + name
		} else {
			top = true
		}
		add(place + sourceLine(u.code, line))
	}
	if at := int(r.line.Load()); !top && at > 0 {
		add(fmt.Sprintf("cell %d:%d", r.req.Count, at) + sourceLine(r.req.Code, at))
	}
	out = flushed(out, &repeated)
	if len(out) > longestStack {
		left := fmt.Sprintf("... %d more calls", len(out)-longestStack)
		out = append(append(out[:longestStack/2:longestStack/2], left), out[len(out)-longestStack/2:]...)
	}
	return out
}

// flushed adds how often the last line was repeated.
func flushed(out []string, repeated *int) []string {
	if *repeated > 0 {
		out = append(out, fmt.Sprintf("... the same %d more times", *repeated))
		*repeated = 0
	}
	return out
}

// sourceLine is a line of a cell below its place.
func sourceLine(code string, line int) string {
	lines := strings.Split(code, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return "\n    " + strings.TrimSpace(lines[line-1])
}

// functionName is what a person calls a lowered function: "" for the statements
// of a cell.
func functionName(lowered string) string {
	if lowered == "" || strings.HasPrefix(lowered, rt.Literal) {
		return "func literal"
	}
	parts := strings.Split(lowered, "ˍ")
	if len(parts) > 1 {
		parts = parts[:len(parts)-1] // the number
	}
	name := strings.Join(parts, ".")
	if name == "cell" {
		return ""
	}
	return name
}
