package kernel

import (
	"fmt"
	"go/types"

	"github.com/nabla-go/nabla/kernel/assist"
	"github.com/nabla-go/nabla/kernel/calculus"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/eval"
)

// newEngine is an interpreter in this process with its assistant. Whole tells
// that the process does nothing else, so that its standard streams are the
// cells'.
func newEngine(whole bool) (engine.Engine, error) {
	return eval.New(eval.Options{
		WholeProcess: whole,
		Mathematics:  calculus.NewNotebook(),
		Assistant:    func(e *eval.Engine) eval.Assistant { return assist.New(live{e}) },
	})
}

// live is what the assistant sees of an engine.
type live struct{ engine *eval.Engine }

func (l live) Path() string                              { return l.engine.Live().Path() }
func (l live) Objects() map[string]types.Object          { return l.engine.Live().Objects() }
func (l live) Declaration(name string) (doc, src string) { return "", l.engine.Live().Source(name) }
func (l live) Magics() map[string]string {
	out := map[string]string{}
	for _, m := range l.engine.Magics() {
		if m.Name != "!" && m.Name != "?" && m.Name != "??" {
			out[m.Name] = m.Help.En
		}
	}
	return out
}
func (l live) Expressions(string) []string { return nil }
func (l live) Value(name string) string {
	value, ok := l.engine.Value(name)
	if !ok {
		return ""
	}
	if m, ok := value.(interface{ Dims() (r, c int) }); ok {
		r, c := m.Dims()
		return fmt.Sprintf("%d×%d matrix", r, c)
	}
	return ""
}
