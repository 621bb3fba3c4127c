package derive

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Strategy is a way to derive.
type Strategy string

// The strategies.
const (
	Definition    Strategy = "definition"   // X+dX, expand, drop what is of second order
	Components    Strategy = "components"   // sums over entries, Kronecker's delta
	Differentials Strategy = "differential" // rules for d, compare with df = tr(G'dX)
	Chain         Strategy = "chain"        // intermediates with names
)

// A strategyRow is a strategy with its names and how it derives.
type strategyRow struct {
	strategy Strategy
	zh       string
	other    []string // further spellings
	run      func(f, x, result *expr.Node, q diff.Request) (*Derivation, error)
}

var strategyRows = []strategyRow{
	{Differentials, "微分", []string{"differentials", "d"}, ByDifferential},
	{Definition, "定义", []string{"def"}, ByDefinition},
	{Components, "分量", []string{"component", "entries", "index"}, ByComponents},
	{Chain, "链式", []string{"chain-rule", "链式法则"}, ByChain},
}

// Strategies lists the strategies, the usual one first.
func Strategies() []Strategy {
	var out []Strategy
	for _, r := range strategyRows {
		out = append(out, r.strategy)
	}
	return out
}

// ParseStrategy reads the name of a strategy, in English or Chinese; "" is
// Differentials.
func ParseStrategy(name string) (Strategy, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return Differentials, nil
	}
	var known []string
	for _, r := range strategyRows {
		if name == string(r.strategy) || name == r.zh || contains(r.other, name) {
			return r.strategy, nil
		}
		known = append(known, string(r.strategy)+" ("+r.zh+")")
	}
	return "", shape.NewError(shape.Unknown, "the strategy "+name+" is not known", "known: "+strings.Join(known, ", "))
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if s == t {
			return true
		}
	}
	return false
}

// By derives f by x in the way of a strategy. The result is that of package
// diff in the layout of q; every line has been checked. The error says why a
// strategy does not apply.
func By(strategy Strategy, f, x, result *expr.Node, q diff.Request) (*Derivation, error) {
	for _, r := range strategyRows {
		if r.strategy != strategy {
			continue
		}
		if f.DependsOn(x) {
			return r.run(f, x, result, q)
		}
		d := &Derivation{F: f, Wrt: x, D: symbolOf(f, x), Result: result, Layout: q.Layout}
		d.add(Function, f, "given")
		d.add(Derivative, result, "free of x")
		return d, nil
	}
	_, err := ParseStrategy(string(strategy))
	return nil, err
}
