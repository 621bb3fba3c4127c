package calculus

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// A Place is where mathematics is being typed.
type Place struct {
	Text string // of the argument, up to the cursor
	Code string // the whole cell, and what declared the receiver of the call
	// Call is the function or method whose argument it is ("Expr", "Vars",
	// "Gradient", ...), "" behind a magic.
	Call string
}

// A Proposal is one word that may stand at a place.
type Proposal struct {
	Text, Kind, About string
	First             bool // fits better than what has it not
}

// What the string arguments of matcalc's functions hold.
var holds = map[string]func(n *Notebook, p Place) []Proposal{
	"Expr": (*Notebook).inExpression, "Parse": (*Notebook).inExpression, "Check": (*Notebook).inExpression, "CheckLines": (*Notebook).inExpression,
	"CheckIdentity": (*Notebook).inExpression, "CheckDerivative": (*Notebook).inExpression, "CheckDifferential": (*Notebook).inExpression,
	"Gradient": (*Notebook).variablesAt, "Jacobian": (*Notebook).variablesAt, "Hessian": (*Notebook).variablesAt, "Diff": (*Notebook).variablesAt,
	"Derive": (*Notebook).variablesAt, "DeriveBy": (*Notebook).variablesAt, "Ask": (*Notebook).variablesAt, "Stationary": (*Notebook).variablesAt,
	"FindStationary": (*Notebook).variablesAt, "Differential": (*Notebook).variablesAt,
	"Vars": (*Notebook).inDeclaration, "ParseVars": (*Notebook).inDeclaration,
	"": (*Notebook).behindMagic,
}

// Holds tells whether an argument of the function is mathematics.
func Holds(call string) bool { return holds[call] != nil }

// Complete gives the words that may stand where the text of the place ends,
// whatever has been typed of them already.
func (n *Notebook) Complete(p Place) []Proposal {
	if at := holds[p.Call]; at != nil {
		return at(n, p)
	}
	return nil
}

// variablesAt proposes declared variables only.
func (n *Notebook) variablesAt(p Place) []Proposal {
	var out []Proposal
	for _, e := range n.inForce(p) {
		if e.shape != "function" && e.shape != "函数" {
			out = append(out, Proposal{Text: e.name, Kind: "variable", About: e.String(), First: true})
		}
	}
	return out
}

// inExpression proposes variables and functions.
func (n *Notebook) inExpression(p Place) []Proposal {
	var out []Proposal
	for _, e := range n.inForce(p) {
		kind := "variable"
		if e.shape == "function" || e.shape == "函数" {
			kind = "function"
		}
		out = append(out, Proposal{Text: e.name, Kind: kind, About: e.String(), First: true})
	}
	for _, name := range expr.FunctionNames() {
		op, ok := expr.Lookup(name)
		if !ok {
			continue
		}
		out = append(out, Proposal{Text: name, Kind: "function", About: op.Info().Doc})
	}
	return out
}

// inDeclaration proposes facts behind a colon.
func (n *Notebook) inDeclaration(p Place) []Proposal {
	entry := p.Text[strings.LastIndexAny(p.Text, ";\n")+1:]
	if !strings.ContainsAny(entry, ":：") {
		return nil
	}
	var out []Proposal
	for _, w := range []string{"scalar", "vector", "matrix", "function", "标量", "向量", "矩阵", "函数"} {
		out = append(out, Proposal{Text: w, Kind: "keyword", About: "shape"})
	}
	for _, r := range expr.PropRows() {
		for i, name := range r.Names {
			out = append(out, Proposal{Text: name, Kind: "keyword", About: "fact", First: i == 0})
		}
	}
	return out
}

// behindMagic proposes what the line of a magic may go on with.
func (n *Notebook) behindMagic(p Place) []Proposal {
	words := strings.Fields(p.Text)
	if last, _ := utf8.DecodeLastRuneInString(p.Text); len(words) > 0 && last != ' ' {
		words = words[:len(words)-1]
	}
	if len(words) > 0 {
		if row := optionNamed(strings.TrimPrefix(words[len(words)-1], "--")); row != nil && strings.HasPrefix(words[len(words)-1], "--") {
			return values(row)
		}
	}
	if _, after := cutWord(p.Text, whereWords); after != "" {
		return n.inDeclaration(Place{Text: after, Code: p.Code})
	}
	if len(words) > 0 && slices.Contains(wrtWords, words[len(words)-1]) {
		return n.variablesAt(p)
	}
	out := n.inExpression(p)
	if len(words) > 0 {
		for _, w := range []string{"wrt", "where"} {
			out = append(out, Proposal{Text: w, Kind: "keyword", About: "keyword", First: true})
		}
		for _, r := range optionRows {
			out = append(out, Proposal{Text: "--" + r.names[0], Kind: "keyword", About: "option"})
		}
	}
	return out
}

func values(row *option) []Proposal {
	var out []Proposal
	for _, c := range row.values {
		for i, w := range c.words {
			out = append(out, Proposal{Text: w, Kind: "keyword", About: c.value, First: i == 0})
		}
	}
	return out
}

// declarations in the text of cells: matcalc.Vars("...") and %vars.
var declarations = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:Vars|ParseVars)\\(\\s*(?:\"((?:[^\"\\\\\\n]|\\\\.)*)\"|`([^`]*)`)|(?m:^\\s*%%?vars\\s+(.*)$)|(?m:\\s(?:where|其中)\\s+(.*)$)")
})

// inForce gives the declarations that hold at a place: those in the cell's own
// text, else in the notebook, and those that a magic brings.
func (n *Notebook) inForce(p Place) []entry {
	out := n.declaredIn(nil)
	for _, m := range declarations().FindAllStringSubmatch(p.Code, -1) {
		for _, text := range m[1:] {
			text = strings.NewReplacer(`\n`, "\n", `\t`, " ", `\"`, `"`).Replace(withoutOptions(text))
			if own, err := entriesOf(text); err == nil {
				out = merged(out, own)
			}
		}
	}
	return out
}

// About describes a name at a place, "" for one that means nothing there.
func (n *Notebook) About(p Place, name string) string {
	for _, e := range n.inForce(p) {
		if e.name == name {
			return e.String()
		}
	}
	if op, ok := expr.Lookup(name); ok {
		if doc := op.Info().Doc; doc != "" {
			return name + ": " + doc
		}
	}
	return ""
}
