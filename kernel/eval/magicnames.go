package eval

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/cell"
)

var nameMagics = []magic{
	{cell.Command{Name: "who", Takes: cell.Values, Words: kinds, Usage: "%who [KIND ...]",
		Help: cell.Text{En: "list the names that live, and what %vars has declared", Zh: "列出现有的名称，以及 %vars 声明的变量"},
		More: cell.Text{En: "%who func        only functions; also var, const, type", Zh: "%who func        只列函数；也可以是 var、const、type"}}, magicWho},
	{cell.Command{Name: "whos", Takes: cell.Values, Words: kinds, Usage: "%whos [KIND ...]",
		Help: cell.Text{En: "list the names with type, shape, size and value", Zh: "列出名称及其类型、形状、大小和值"}}, magicWhos},
	{cell.Command{Name: "reset", Usage: "%reset",
		Help: cell.Text{En: "forget all names and start afresh; never asks", Zh: "忘掉所有名称，重新开始；不会询问"},
		More: cell.Text{
			En: "Ends goroutines and child processes, restores working directory, environment, os.Args, flags,\nlog and signals. History and the counter of cells go on.",
			Zh: "结束 goroutine 和子进程，恢复工作目录、环境变量、os.Args、flag、log 和信号。\n历史和单元格编号继续。"}}, magicReset},
}

// kindName is what %who calls the kind of an object.
func kindName(obj types.Object) string {
	switch obj.(type) {
	case *types.Func:
		return "func"
	case *types.Const:
		return "const"
	case *types.TypeName:
		return "type"
	case *types.PkgName:
		return "package"
	}
	return "var"
}

// chosen lists the live names of the kinds asked for; packages only when asked
// for.
func (r *run) chosen(args string) []string {
	kinds := strings.Fields(args)
	objects := r.engine.live.Objects()
	return slices.DeleteFunc(r.engine.names(), func(n string) bool {
		kind := kindName(objects[n])
		if len(kinds) == 0 {
			return kind == "package"
		}
		return !slices.Contains(kinds, kind)
	})
}

// kinds are what %who can be asked for.
var kinds = []string{"var", "func", "const", "type", "package"}

// known refuses a kind that there is not.
func (r *run) known(args string) error {
	for word := range strings.FieldsSeq(args) {
		if !slices.Contains(kinds, word) {
			return fmt.Errorf(r.say("there is no kind %q: %s", "没有 %q 这种类别：%s"), word, strings.Join(kinds, ", "))
		}
	}
	return nil
}

func magicWho(r *run, m cell.Magic) error {
	if err := r.known(m.Args); err != nil {
		return err
	}
	if names := r.chosen(m.Args); len(names) > 0 {
		r.print(strings.Join(names, "  ") + "\n")
	}
	if r.engine.mathematics == nil || m.Args != "" {
		return nil
	}
	names, shapes := r.engine.mathematics.Declared()
	for i, n := range names {
		names[i] = n + ": " + shapes[i]
	}
	if len(names) > 0 {
		r.print(r.say("mathematics: ", "数学变量：") + strings.Join(names, "; ") + "\n")
	}
	return nil
}

// qualifier writes types as a cell does.
func (r *run) qualifier(p *types.Package) string {
	if p.Path() == r.engine.live.Path() {
		return ""
	}
	return p.Name()
}

func magicWhos(r *run, m cell.Magic) error {
	if err := r.known(m.Args); err != nil {
		return err
	}
	rows := [][]string{{r.say("name", "名称"), r.say("type", "类型"), r.say("shape", "形状"), r.say("size", "大小"), r.say("value", "值")}}
	objects := r.engine.live.Objects()
	for _, n := range r.chosen(m.Args) {
		obj := objects[n]
		row := []string{n, types.TypeString(obj.Type(), r.qualifier), "", "", ""}
		switch obj := obj.(type) {
		case *types.TypeName:
			row[1], row[4] = "type", clip(types.TypeString(obj.Type().Underlying(), r.qualifier))
		case *types.Const:
			row[4] = clip(obj.Val().String())
		case *types.Var:
			if value, ok := r.value(n); ok {
				row[2], row[3], row[4] = extent(value), bytesOf(value), glimpse(value)
			} else {
				row[4] = "nil"
			}
		}
		rows = append(rows, row)
	}
	if len(rows) > 1 {
		r.print(columns(rows))
	}
	return nil
}

// value is what a live variable holds, while a cell runs.
func (r *run) value(name string) (any, bool) {
	r.engine.build.Lock()
	defer r.engine.build.Unlock()
	return r.engine.value(name)
}

// Describe says in short what a live variable holds, with its shape: "2×3
// matrix", "3 entries: [1 2 3]", "42". It is "" while Go of a cell runs.
func (e *Engine) Describe(name string) string {
	value, ok := e.Value(name)
	if !ok {
		return ""
	}
	shape, text := extent(value), glimpse(value)
	if _, matrix := value.(interface{ Dims() (r, c int) }); matrix {
		return shape + " matrix"
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return shape + " entries: " + text
	}
	return text
}

// extent is the shape of a value: rows by columns, or how many entries.
func extent(value any) string {
	if m, ok := value.(interface{ Dims() (r, c int) }); ok {
		if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && v.IsNil() {
			return ""
		}
		rows, cols := m.Dims()
		return fmt.Sprintf("%d×%d", rows, cols)
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Slice, reflect.Array:
		text := fmt.Sprint(v.Len())
		for v.Len() > 0 && (v.Type().Elem().Kind() == reflect.Slice || v.Type().Elem().Kind() == reflect.Array) {
			v = v.Index(0)
			text += fmt.Sprintf("×%d", v.Len())
		}
		return text
	case reflect.Map, reflect.String:
		return fmt.Sprint(v.Len())
	case reflect.Chan:
		return fmt.Sprintf("%d/%d", v.Len(), v.Cap())
	}
	return ""
}

// bytesOf is the memory that a value holds in itself and one level down.
func bytesOf(value any) string {
	v := reflect.ValueOf(value)
	if !v.IsValid() {
		return ""
	}
	n := uint64(v.Type().Size())
	if m, ok := value.(interface{ Dims() (r, c int) }); ok && !(v.Kind() == reflect.Pointer && v.IsNil()) {
		rows, cols := m.Dims()
		n += 8 * uint64(rows) * uint64(cols)
	} else {
		switch v.Kind() {
		case reflect.Slice:
			n += uint64(v.Len()) * uint64(v.Type().Elem().Size())
		case reflect.String:
			n += uint64(v.Len())
		case reflect.Map:
			n += uint64(v.Len()) * uint64(v.Type().Elem().Size()+v.Type().Key().Size())
		case reflect.Pointer:
			if !v.IsNil() {
				n += uint64(v.Type().Elem().Size())
			}
		}
	}
	return byteCount(n)
}

// byteCount writes a number of bytes with three digits.
func byteCount(n uint64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	x, k := float64(n), 0
	for x >= 1000 && k < len(units)-1 {
		x /= 1000
		k++
	}
	if k == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.3g %s", x, units[k])
}

// glimpseWidth is how many characters of a value %whos shows.
const glimpseWidth = 40

func glimpse(value any) (text string) {
	defer func() {
		if recover() != nil { // a String method of the person's
			text = "?"
		}
	}()
	if _, ok := value.(interface{ Dims() (r, c int) }); ok {
		return ""
	}
	v := reflect.ValueOf(value)
	switch {
	case v.Kind() == reflect.Slice && v.Len() > glimpseWidth:
		v = v.Slice(0, glimpseWidth)
	case v.Kind() == reflect.Map && v.Len() > glimpseWidth, v.Kind() == reflect.Func, v.Kind() == reflect.Chan:
		return ""
	}
	if value = v.Interface(); v.Kind() == reflect.String {
		text = fmt.Sprintf("%q", value)
	} else {
		text = fmt.Sprintf("%v", value)
	}
	return clip(text)
}

// clip shortens a text to one line of a table.
func clip(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > glimpseWidth {
		text = string([]rune(text)[:glimpseWidth-1]) + "…"
	}
	return text
}

// columns writes rows of cells below one another.
func columns(rows [][]string) string {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			width[i] = max(width[i], cells(c))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, c := range row {
			line += c + strings.Repeat(" ", width[i]-cells(c)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// cells counts the columns of a terminal that a text takes: Chinese characters
// are two wide.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2E80 && r <= 0xFFDC {
			n++
		}
	}
	return n
}
