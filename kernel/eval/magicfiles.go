package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
)

var fileMagics = []magic{
	{cell.Command{Name: "ls", Takes: cell.Files, Usage: "%ls [FOLDER or PATTERN]",
		Help: cell.Text{En: "list files with their sizes", Zh: "列出文件及其大小"}}, magicLs},
	{cell.Command{Name: "cd", Takes: cell.Files, Usage: "%cd [FOLDER]",
		Help: cell.Text{En: "change the working directory; %cd - goes back", Zh: "改变工作目录；%cd - 返回上一个"}}, magicCD},
	{cell.Command{Name: "pwd", Usage: "%pwd",
		Help: cell.Text{En: "show the working directory", Zh: "显示工作目录"}}, magicPWD},
	{cell.Command{Name: "load", Takes: cell.Files, Usage: "%load FILE",
		Help: cell.Text{En: "put the text of a file into the cell", Zh: "把文件内容放进单元格"}}, magicLoad},
	{cell.Command{Name: "run", Takes: cell.Files, Usage: "%run FILE.go [ARGUMENT ...]",
		Help: cell.Text{En: "run a file as if it were this cell", Zh: "像运行单元格一样运行文件"},
		More: cell.Text{En: "Its names live on; func main runs. The arguments become os.Args.", Zh: "其中的名称保留；func main 会运行。参数成为 os.Args。"}}, magicRun},
	{cell.Command{Name: "save", Takes: cell.Files, Usage: "%save [-f] FILE [CELLS]",
		Help: cell.Text{En: "write the cells that have succeeded to a file", Zh: "把运行成功的单元格写入文件"},
		More: cell.Text{En: "%save work.go 1-3 7      -f replaces a file that is there", Zh: "%save work.go 1-3 7      -f 覆盖已有的文件"}}, magicSave},
	{cell.Command{Name: "writefile", Takes: cell.Files, Alias: []string{"file"}, Usage: "%%writefile [-a] FILE",
		Help: cell.Text{En: "write the rest of the cell to a file; -a appends", Zh: "把单元格其余内容写入文件；-a 为追加"}}, magicWriteFile},
}

// home replaces a leading ~ by the home folder.
func home(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	if dir, err := os.UserHomeDir(); err == nil {
		return dir + rest
	}
	return path
}

// unquoted takes quotation marks off a file name.
func unquoted(name string) string {
	if len(name) > 1 && (name[0] == '"' || name[0] == '\'') && name[len(name)-1] == name[0] {
		name = name[1 : len(name)-1]
	}
	return home(name)
}

func magicLs(r *run, m cell.Magic) error {
	name := unquoted(m.Args)
	if name == "" {
		name = "."
	}
	var paths []string
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		entries, err := os.ReadDir(name)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") {
				paths = append(paths, filepath.Join(name, e.Name()))
			}
		}
	} else if paths, err = filepath.Glob(name); err != nil || len(paths) == 0 {
		return fmt.Errorf(r.say("nothing is called %s", "没有名为 %s 的文件"), name)
	}
	var rows [][]string
	for _, p := range paths {
		info, err := os.Lstat(p)
		if err != nil {
			continue
		}
		base, size := filepath.Base(p), byteCount(uint64(info.Size()))
		if info.IsDir() {
			base, size = base+"/", ""
		}
		rows = append(rows, []string{base, size, info.ModTime().Format("2006-01-02 15:04")})
	}
	if len(rows) > 0 {
		r.print(columns(rows))
	}
	return nil
}

func magicCD(r *run, m cell.Magic) error {
	dir := unquoted(m.Args)
	switch dir {
	case "":
		dir = home("~")
	case "-":
		if r.engine.lastDir == "" {
			return fmt.Errorf("%s", r.say("there is no folder to go back to", "没有可以返回的目录"))
		}
		dir = r.engine.lastDir
	}
	before, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	r.engine.lastDir = before
	return magicPWD(r, m)
}

func magicPWD(r *run, _ cell.Magic) error {
	dir, err := os.Getwd()
	if err == nil {
		r.print(dir + "\n")
	}
	return err
}

// readText reads a file that a person names.
func (r *run) readText(name, usage string) (string, error) {
	if name == "" {
		return "", fmt.Errorf(r.say("say which file: %s", "请写出文件名：%s"), usage)
	}
	data, err := os.ReadFile(unquoted(name))
	return string(data), err
}

func magicLoad(r *run, m cell.Magic) error {
	text, err := r.readText(m.Args, "%load FILE")
	if err != nil {
		return err
	}
	r.out.Payload(map[string]any{"source": "set_next_input", "text": "// %load " + m.Args + "\n" + text, "replace": true})
	return nil
}

// arguments parts the words of a line; quotation marks hold blanks together.
func arguments(line string) (words []string) {
	quote, begun := rune(0), false
	var b strings.Builder
	for _, c := range line {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if begun {
				words = append(words, b.String())
			}
			b.Reset()
			begun = false
		default:
			b.WriteRune(c)
			begun = true
		}
	}
	if begun {
		words = append(words, b.String())
	}
	return words
}

func magicRun(r *run, m cell.Magic) error {
	words := arguments(m.Args)
	if len(words) == 0 {
		words = []string{""}
	}
	text, err := r.readText(words[0], "%run FILE.go")
	if err != nil {
		return err
	}
	if err := r.inner(fmt.Sprintf("os.Args = %#v", words)); err != nil {
		return err
	}
	err = r.nested(text)
	return errors.Join(err, r.inner(fmt.Sprintf("os.Args = %#v", []string{programName})))
}

// nested runs the text of a cell inside another.
func (r *run) nested(text string) error {
	if r.depth >= maxNested {
		return fmt.Errorf("%s", r.say("cells run one another without end", "单元格无休止地互相运行"))
	}
	line := r.line.Load()
	r.depth++
	value, f := r.code(text)
	r.depth--
	r.line.Store(line)
	if f != nil {
		return fault{f}
	}
	if value != nil {
		r.out.Display(*value, "", false)
	}
	return nil
}

// maxNested bounds how deep %run may lead to %run.
const maxNested = 20

// An input is one cell of the history.
type input struct {
	Line   int     `json:"line"`
	Input  string  `json:"input"`
	Output *string `json:"output"`
	OK     bool    `json:"ok"`
	Asked  bool    `json:"asked"` // it has taken input
}

// inputs asks the session for earlier cells.
func (r *run) inputs(question string) ([]input, error) {
	answer, err := r.out.Ask(question, nil)
	if err != nil {
		return nil, err
	}
	var out []input
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, err
	}
	return out, nil
}

// between keeps the inputs whose numbers words such as 1-3 or 7 name; all
// without any.
func between(list []input, words []string) ([]input, error) {
	if len(words) == 0 {
		return list, nil
	}
	var out []input
	for _, w := range words {
		from, to, isRange := strings.Cut(w, "-")
		first, err := strconv.Atoi(from)
		if err != nil {
			return nil, fmt.Errorf("%q is no number of a cell, as in 3 or 1-4", w)
		}
		last := first
		if isRange {
			if last, err = strconv.Atoi(to); err != nil {
				return nil, fmt.Errorf("%q is no range of cells, as in 1-4", w)
			}
		}
		for _, in := range list {
			if in.Line >= first && in.Line <= last {
				out = append(out, in)
			}
		}
	}
	return out, nil
}

func magicSave(r *run, m cell.Magic) error {
	words := strings.Fields(m.Args)
	force := slices.Contains(words, "-f")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "-f" })
	if len(words) == 0 {
		return fmt.Errorf("%s", r.say("say which file: %save FILE.go [CELLS]", "请写出文件名：%save 文件.go [单元格]"))
	}
	list, err := r.inputs("successful")
	if err != nil {
		return err
	}
	if list, err = between(list, words[1:]); err != nil {
		return err
	}
	var b strings.Builder
	for _, in := range list {
		if !strings.HasPrefix(strings.TrimSpace(in.Input), "%save") {
			b.WriteString(strings.TrimRight(in.Input, "\n") + "\n\n")
		}
	}
	name := unquoted(words[0])
	if _, err := os.Stat(name); err == nil && !force {
		return fmt.Errorf(r.say("%s is there already: %%save -f %s replaces it", "%s 已经存在：%%save -f %s 会覆盖它"), name, name)
	}
	if err := os.WriteFile(name, []byte(strings.TrimSuffix(b.String(), "\n")), 0o666); err != nil {
		return err
	}
	return r.wrote(name)
}

func (r *run) wrote(name string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		abs = name
	}
	r.print(r.say("wrote ", "已写入 ") + abs + "\n")
	return nil
}

func magicWriteFile(r *run, m cell.Magic) error {
	name, flag := m.Args, os.O_TRUNC
	if rest, ok := strings.CutPrefix(name, "-a "); ok {
		name, flag = strings.TrimSpace(rest), os.O_APPEND
	}
	if name == "" || !m.Cell {
		return fmt.Errorf("%s", r.say("it is the first line of a cell: %%writefile FILE", "它是单元格的第一行：%%writefile 文件"))
	}
	name = unquoted(name)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|flag, 0o666)
	if err != nil {
		return err
	}
	body := m.Body
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n" // which front ends leave out
	}
	if _, err := f.WriteString(body); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return r.wrote(name)
}
