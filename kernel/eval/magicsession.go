package eval

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
)

var sessionMagics = []magic{
	{cell.Command{Name: "history", Alias: []string{"hist"}, Usage: "%history [-n] [-o] [CELLS]",
		Help: cell.Text{En: "the cells of this session; -n numbers them, -o adds results", Zh: "本次会话的单元格；-n 加编号，-o 加结果"}}, magicHistory},
	{cell.Command{Name: "run-all", Alias: []string{"runall", "rerun"}, Usage: "%run-all",
		Help: cell.Text{En: "run the earlier cells again, after the values were lost", Zh: "变量丢失后，重新运行之前的单元格"}}, magicRunAll},
	{cell.Command{Name: "subshells", Alias: []string{"subshell"}, Usage: "%subshells",
		Help: cell.Text{En: "list the subshells of this kernel", Zh: "列出内核的子外壳"}}, magicSubshells},
}

// showMagics show the rest of the cell in another language.
var showMagics = []magic{
	shown("html", display.HTML, "HTML"),
	shown("latex", display.LaTeX, "LaTeX"),
	shown("markdown", display.Markdown, "Markdown"),
}

func shown(name string, form func(string) display.Form, language string) magic {
	return magic{cell.Command{Name: name, Usage: "%%" + name,
		Help: cell.Text{En: "show the rest of the cell as " + language, Zh: "把单元格其余内容显示为 " + language}},
		func(r *run, m cell.Magic) error {
			text := strings.TrimSpace(m.Args + "\n" + m.Body)
			r.out.Display(display.Render(form(text)), "", false)
			return nil
		}}
}

func magicHistory(r *run, m cell.Magic) error {
	words := strings.Fields(m.Args)
	numbers, outputs := slices.Contains(words, "-n"), slices.Contains(words, "-o")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "-n" || w == "-o" })
	list, err := r.inputs("history")
	if err != nil {
		return err
	}
	if list, err = between(list, words); err != nil {
		return err
	}
	var b strings.Builder
	for _, in := range list {
		text := strings.TrimRight(in.Input, "\n")
		if numbers {
			text = fmt.Sprintf("%4d: ", in.Line) + strings.ReplaceAll(text, "\n", "\n    : ")
		}
		b.WriteString(text + "\n")
		if outputs && in.Output != nil {
			b.WriteString("= " + *in.Output + "\n")
		}
	}
	if b.Len() > 0 {
		r.print(b.String())
	}
	return nil
}

func magicRunAll(r *run, _ cell.Magic) error {
	list, err := r.inputs("successful")
	if err != nil {
		return err
	}
	ran := 0
	for _, in := range list {
		if again(in.Input) || in.Asked && !r.confirm(in) {
			continue
		}
		if err := r.nested(in.Input); err != nil {
			r.print(fmt.Sprintf(r.say("cell %d failed; %d ran before it\n", "单元格 %d 失败；此前运行了 %d 个\n"), in.Line, ran))
			return err
		}
		ran++
	}
	r.print(fmt.Sprintf(r.say("ran %d cells again\n", "重新运行了 %d 个单元格\n"), ran))
	return nil
}

// confirm asks whether a cell that has taken input is to run again. Where nobody
// can be asked it is left out.
func (r *run) confirm(in input) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(in.Input), "\n")
	answer, err := r.out.Input(fmt.Sprintf(r.say("cell %d asks for input: %s\nRun it again? [y/n] ", "单元格 %d 需要输入：%s\n再运行一次？[y/n] "), in.Line, first), false)
	yes := err == nil && strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") || strings.TrimSpace(answer) == "是"
	if !yes {
		r.print(fmt.Sprintf(r.say("cell %d is left out: it asks for input\n", "跳过单元格 %d：它需要输入\n"), in.Line))
	}
	return yes
}

// again tells a cell that %run-all must not run: itself, or what shows the
// session rather than works in it.
func again(input string) bool {
	for _, p := range cell.Pieces(input) {
		if p.Magic != nil {
			switch p.Magic.Name {
			case "run-all", "runall", "rerun", "reset", "history", "hist", "load", "save", "?", "??":
				return true
			}
		}
	}
	return false
}

func magicSubshells(r *run, _ cell.Magic) error {
	answer, err := r.out.Ask("subshells", nil)
	if err != nil {
		return err
	}
	var ids []string
	if err := json.Unmarshal(answer, &ids); err != nil {
		return err
	}
	if len(ids) == 0 {
		r.print(r.say("no subshells\n", "没有子外壳\n"))
		return nil
	}
	slices.Sort(ids)
	r.print(strings.Join(ids, "\n") + "\n")
	return nil
}
