package kernel

import (
	"go/types"

	"github.com/nabla-go/nabla/kernel/assist"
	"github.com/nabla-go/nabla/kernel/calculus"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/eval"
)

// newEngine is an interpreter in this process with its assistant. Whole tells
// that the process does nothing else, so that its standard streams are the
// cells'.
func newEngine(whole bool) (engine.Engine, error) {
	mathematics := calculus.NewNotebook()
	return eval.New(eval.Options{
		WholeProcess: whole,
		Mathematics:  mathematics,
		Assistant: func(e *eval.Engine) eval.Assistant {
			mathematics.HaltWith(e.Context)
			return assist.New(live{e, mathematics})
		},
	})
}

// live is what the assistant sees of an engine.
type live struct {
	engine      *eval.Engine
	mathematics *calculus.Notebook
}

func (l live) Path() string                              { return l.engine.Live().Path() }
func (l live) Objects() map[string]types.Object          { return l.engine.Live().Objects() }
func (l live) Declaration(name string) (doc, src string) { return l.engine.Live().Source(name) }
func (l live) Magics() []cell.Command                    { return l.engine.Magics() }
func (l live) Language() string                          { return l.mathematics.Language() }
func (l live) IsMathematics(function string) bool        { return calculus.Holds(function) }
func (l live) Value(name string) string                  { return l.engine.Describe(name) }

func (l live) Words(s assist.Spot) []assist.Word {
	var out []assist.Word
	for _, p := range l.mathematics.Complete(calculus.Place(s)) {
		out = append(out, assist.Word(p))
	}
	return out
}

func (l live) About(s assist.Spot, name string) string {
	return l.mathematics.About(calculus.Place(s), name)
}
