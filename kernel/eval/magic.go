package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A magic is one row of the table: a command that starts with %, %% or !.
type magic struct {
	cell.Command
	run func(r *run, m cell.Magic) error
}

// magics is the table of what the evaluator itself knows; the mathematics of
// the engine adds its rows to it.
var magics []magic

func init() {
	magics = slices.Concat(helpMagics, nameMagics, timeMagics, profMagics, fileMagics, shellMagics, getMagics, sessionMagics, showMagics)
}

// Mathematics is what the engine asks about anything that is no Go.
type Mathematics interface {
	// Commands are the magics of mathematics.
	Commands() []cell.Command
	// Language is "zh" or "en".
	Language() string
	// Declared lists the names and shapes that %vars has declared.
	Declared() (names, shapes []string)
	// Suggest gives the one line that would work for a cell that is no Go but
	// reads as mathematics, "" for any other. Kind tells what a Go variable is:
	// "scalar", "vector", "matrix" or "".
	Suggest(code string, kind func(name string) string) string
	// Forget drops what was declared.
	Forget()
}

// Magics lists all magics, those of mathematics included.
func (e *Engine) Magics() []cell.Command {
	var out []cell.Command
	for _, m := range e.table() {
		out = append(out, m.Command)
	}
	return out
}

// table is the rows of the evaluator and those of mathematics.
func (e *Engine) table() []magic {
	out := slices.Clone(magics)
	if e.mathematics == nil {
		return out
	}
	for _, c := range e.mathematics.Commands() {
		out = append(out, magic{c, func(r *run, m cell.Magic) error {
			return c.Answer(m, func(value any) {
				if text, ok := value.(string); ok {
					r.print(text)
					return
				}
				r.out.Display(display.Render(value), "", false)
			})
		}})
	}
	return out
}

func (e *Engine) language() string {
	if e.mathematics == nil {
		return "en"
	}
	return e.mathematics.Language()
}

// find gives the row of a name.
func (e *Engine) find(name string) (magic, bool) {
	all := e.table()
	k := slices.IndexFunc(all, func(m magic) bool { return m.Named(name) })
	if k < 0 {
		return magic{}, false
	}
	return all[k], true
}

func (r *run) magic(m cell.Magic) *engine.Error {
	row, ok := r.engine.find(m.Name)
	if !ok {
		return magicError(r.unknown(m.Name, m.Cell))
	}
	r.line.Store(int64(m.Line))
	r.engine.capture.drain() // what Go has printed comes first
	if m.Args == "--help" || m.Args == "-h" {
		r.print(r.explain(row))
		return nil
	}
	err := row.run(r, m)
	r.engine.capture.drain()
	if err == nil {
		return nil
	}
	var inner fault
	if errors.As(err, &inner) {
		return inner.err
	}
	if r.ctx.Err() != nil {
		return r.fail(r.ctx.Err())
	}
	if strings.HasPrefix(m.Name, "?") {
		return magicError(err.Error())
	}
	return magicError(strings.TrimPrefix(percent(m), "%!") + ": " + err.Error())
}

func percent(m cell.Magic) string {
	if m.Cell {
		return "%%" + m.Name
	}
	return "%" + m.Name
}

// magicError is the error of a magic; its first line is the value.
func magicError(text string) *engine.Error {
	text = strings.TrimPrefix(text, ": ")
	first, rest, more := strings.Cut(text, "\n")
	e := &engine.Error{Name: "MagicError", Value: first, Traceback: []string{red + bold + "MagicError" + reset + ": " + first}}
	if more {
		e.Traceback[0] += "\n" + rest
	}
	return e
}

// unknown says that there is no such magic and what comes nearest.
func (r *run) unknown(name string, whole bool) string {
	if name == "" || name == "%" {
		return r.say("say which magic, as in %%time; %help lists them", "请写出魔法命令，如 %%time；%help 列出全部")
	}
	if f, ok := foreign[name]; ok {
		return fmt.Sprintf(r.say("%%%s is not needed here: %s", "这里不需要 %%%s：%s"), name, f.In(r.engine.language()))
	}
	var names []string
	for _, m := range r.engine.table() {
		if m.Name != "!" && m.Name != "?" {
			names = append(append(names, m.Name), m.Alias...)
		}
	}
	percent := percent(cell.Magic{Name: name, Cell: whole})
	text := fmt.Sprintf(r.say("there is no magic %s; ", "没有魔法命令 %s；"), percent)
	if near := cell.Nearest(name, names, 1)[0]; cell.Edits(name, near) <= 1+len(name)/3 {
		return text + fmt.Sprintf(r.say("did you mean %s?", "是不是 %s？"), percent[:len(percent)-len(name)]+near)
	}
	return text + r.say("%help lists them", "%help 列出全部")
}

// foreign are magics of other kernels that people bring with them, and what to
// do here instead.
var foreign = map[string]cell.Text{
	"matplotlib": {En: "a plot shows when it is the last expression of a cell, or by display.Show", Zh: "图作为单元格的最后一个表达式，或用 display.Show，就会显示"},
	"pip":        {En: "Go packages come with %get MODULE@VERSION", Zh: "Go 的包用 %get MODULE@VERSION 获取"},
	"conda":      {En: "Go packages come with %get MODULE@VERSION", Zh: "Go 的包用 %get MODULE@VERSION 获取"},
	"load_ext":   {En: "there are no extensions to load; %help lists what there is", Zh: "没有需要加载的扩展；%help 列出全部命令"},
	"autoreload": {En: "run the cell again to declare a function again: callers use the new one", Zh: "再运行一次单元格即可重新声明函数，调用者会使用新的"},
	"config":     {En: "there is nothing to configure; %layout and %lang choose how mathematics is shown", Zh: "没有需要配置的；%layout 和 %lang 决定数学的显示方式"},
}

func (r *run) say(en, zh string) string { return cell.Text{En: en, Zh: zh}.In(r.engine.language()) }

func (r *run) print(text string) { r.out.Stream("stdout", text) }

// fault carries the error of Go code inside a magic.
type fault struct{ err *engine.Error }

func (f fault) Error() string { return f.err.Value }
