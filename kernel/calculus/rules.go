package calculus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// rules shows the rules whose name, in either language, or whose formula has
// the word; all of them without one.
func (n *Notebook) rules(m cell.Magic, show func(any)) error {
	book := matcalc.Rules()
	word := strings.ToLower(strings.TrimSpace(m.Args))
	if word == "" {
		show(book)
		return nil
	}
	misses := func(texts ...string) bool {
		return !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), word) })
	}
	found := matcalc.Rulebook{
		Differentials: slices.DeleteFunc(slices.Clone(book.Differentials), func(r diff.Rule) bool { return misses(r.Name, r.NameZH, r.F) }),
		Identities:    slices.DeleteFunc(slices.Clone(book.Identities), func(r rewrite.Rule) bool { return misses(r.Name, r.NameZH, r.Left) }),
	}
	if len(found.Differentials)+len(found.Identities) > 0 {
		show(found)
		return nil
	}
	var all []string
	for _, r := range book.Differentials {
		all = append(all, strings.Fields(cell.Text{En: r.Name, Zh: r.NameZH}.In(n.Language()))...)
	}
	for _, r := range book.Identities {
		all = append(all, strings.Fields(cell.Text{En: r.Name, Zh: r.NameZH}.In(n.Language()))...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return fmt.Errorf(say("no rule has %q; nearest: %s", "没有含有 %q 的规则；最接近的是：%s"), m.Args, strings.Join(cell.Nearest(m.Args, all, 3), ", "))
}
