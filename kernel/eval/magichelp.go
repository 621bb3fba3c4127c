package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
)

var helpMagics = []magic{
	{cell.Command{Name: "help", Takes: cell.MagicName, Alias: []string{"lsmagic", "magic"}, Usage: "%help [NAME]",
		Help: cell.Text{En: "list the magics, or explain one", Zh: "列出全部命令，或解释其中一个"},
		More: cell.Text{En: "%help derive\n%derive?", Zh: "%help derive\n%derive?"}}, magicHelp},
	{cell.Command{Name: "?", Usage: "NAME?",
		Help: cell.Text{En: "what a name is; NAME?? with its source", Zh: "说明一个名称；NAME?? 还给出源代码"}}, magicPage(0)},
	{cell.Command{Name: "??", Usage: "NAME??",
		Help: cell.Text{En: "what a name is, with its source", Zh: "说明一个名称并给出源代码"}}, magicPage(1)},
}

// magicHelp lists the magics in the order of the table, or explains one.
func magicHelp(r *run, m cell.Magic) error {
	if name := strings.TrimLeft(m.Args, "%"); name != "" {
		row, ok := r.engine.find(name)
		if !ok {
			return fmt.Errorf("%s", r.unknown(name, false))
		}
		r.print(r.explain(row))
		return nil
	}
	var b strings.Builder
	for _, row := range r.engine.table() {
		usage := row.Usage
		if len([]rune(usage)) > 28 {
			usage = percentName(row) + " …"
		}
		fmt.Fprintf(&b, "  %-28s  %s\n", usage, row.Help.In(r.engine.language()))
	}
	b.WriteString(r.say("%help NAME explains one; !command runs in the shell; Tab completes, Shift+Tab explains\n",
		"%help 名称 给出详细说明；!命令 在系统外壳中运行；Tab 补全，Shift+Tab 说明\n"))
	r.print(b.String())
	return nil
}

func percentName(row magic) string {
	name, _, _ := strings.Cut(row.Usage, " ")
	return name
}

// explain is all there is to know of one magic.
func (r *run) explain(row magic) string {
	language := r.engine.language()
	text := row.Usage + "\n    " + row.Help.In(language) + "\n"
	if len(row.Alias) > 0 {
		text += "    " + r.say("also: ", "别名：") + "%" + strings.Join(row.Alias, ", %") + "\n"
	}
	if more := row.More.In(language); more != "" {
		text += "\n    " + strings.ReplaceAll(more, "\n", "\n    ") + "\n"
	}
	return text
}

// magicPage shows in the pager what a name is.
func magicPage(detail int) func(r *run, m cell.Magic) error {
	return func(r *run, m cell.Magic) error {
		if name, ok := strings.CutPrefix(m.Args, "%"); ok || m.Args == "!" {
			row, known := r.engine.find(strings.TrimLeft(name, "%"))
			if !known {
				return fmt.Errorf("%s", r.unknown(name, false))
			}
			r.page(display.Bundle{Data: map[string]any{display.MIMEText: r.explain(row)}})
			return nil
		}
		if r.engine.assistant == nil {
			return nil
		}
		r.ask(true)
		found := r.engine.assistant.Inspect(m.Args, len([]rune(m.Args)), detail)
		r.ask(false)
		if !found.Found {
			return fmt.Errorf(r.say("nothing is known of %s", "不认识 %s"), m.Args)
		}
		r.page(*found.Bundle)
		return nil
	}
}

// ask tells the engine whether this run only asks for what lives.
func (r *run) ask(on bool) {
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	r.asking = on
}

// page shows a bundle in the front end's pager.
func (r *run) page(b display.Bundle) {
	r.out.Payload(map[string]any{"source": "page", "data": b.Data, "start": 0})
}

// names lists the live names in order.
func (e *Engine) names() []string {
	var out []string
	for n := range e.live.Objects() {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
