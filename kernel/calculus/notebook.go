package calculus

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/halt"
)

// A Notebook is what the magics of mathematics remember from cell to cell. Its
// methods may be called from any goroutine.
type Notebook struct {
	mu      sync.Mutex
	entries []entry        // declared by %vars, in order
	layout  matcalc.Layout // chosen by %layout; "" is the default of each kind
	last    *matcalc.Expr  // the latest result, for %code
}

// An entry is the declaration of one name.
type entry struct{ name, shape string }

func (e entry) String() string { return e.name + ": " + e.shape }

// NewNotebook remembers nothing yet. It makes gonum's products in cells as fast
// as the machine.
func NewNotebook() *Notebook {
	fast()
	return &Notebook{}
}

// fast registers the fast routines with gonum, once.
var fast = sync.OnceFunc(blas.Use)

// Language is the language of what is said, "zh" or "en".
func (n *Notebook) Language() string { return derive.Language() }

// Forget drops the declarations, the latest result and the layout; the language
// stays.
func (n *Notebook) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.entries, n.last, n.layout = nil, nil, ""
}

// Declared lists the names that %vars has declared with their shapes, in order.
func (n *Notebook) Declared() (names, shapes []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.entries {
		names, shapes = append(names, e.name), append(shapes, e.shape)
	}
	return names, shapes
}

// declare adds declarations; a name that is declared again has the new shape.
func (n *Notebook) declare(text string) error {
	fresh, err := entriesOf(text)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	all := merged(n.entries, fresh)
	if _, err := matcalc.ParseVars(joined(all)); err != nil {
		return err
	}
	n.entries = all
	return nil
}

// declaredIn gives the declarations in force for a question: those of the
// notebook and, before them, the question's own.
func (n *Notebook) declaredIn(own []entry) []entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return merged(n.entries, own)
}

// merged is old with what fresh declares again replaced and the rest added.
func merged(old, fresh []entry) []entry {
	out := slices.DeleteFunc(slices.Clone(old), func(e entry) bool {
		return slices.ContainsFunc(fresh, func(f entry) bool { return f.name == e.name })
	})
	return append(out, fresh...)
}

func joined(list []entry) string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.String()
	}
	return strings.Join(texts, "; ")
}

// wide turns the punctuation of Chinese keyboards into that of declarations.
var wide = strings.NewReplacer("：", ":", "；", ";", "，", ",", "、", ",", "∈", ":")

// entriesOf takes a declaration text apart into one entry for each name. The
// error is that of matcalc.
func entriesOf(text string) ([]entry, error) {
	if _, err := matcalc.ParseVars(text); err != nil {
		return nil, err
	}
	var out []entry
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "//")
		for part := range strings.SplitSeq(wide.Replace(line), ";") {
			names, shape, ok := strings.Cut(part, ":")
			if !ok {
				continue
			}
			for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
				out = append(out, entry{name, strings.Join(strings.Fields(shape), " ")})
			}
		}
	}
	return out, nil
}

// variables makes the declarations a matcalc value.
func variables(list []entry) (*matcalc.Variables, error) {
	if len(list) == 0 {
		return matcalc.NewVariables(), nil
	}
	return matcalc.ParseVars(joined(list))
}

// say picks the text of the notebook's language.
func say(en, zh string) string { return cell.Text{En: en, Zh: zh}.In(derive.Language()) }

// HaltWith lets the context that now gives end what matcalc computes.
func (n *Notebook) HaltWith(now func() context.Context) { halt.Use(now) }
