package calculus

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc"
)

// options are what stands after -- on the line of a magic.
type options struct {
	by, lang, vars, wrt string
	layout              matcalc.Layout
	kind                matcalc.Kind
	structure           matcalc.Structure
	// How a derivation is written; short leaves out the lines between.
	latex, fragment, markdown, html, short bool
}

// An option is a row of the table: its names, what it may be (word to meaning;
// nil for any text), and where it goes. One without a value is a switch.
type option struct {
	names  []string
	values []choice
	toggle bool
	set    func(o *options, value string)
}

// A choice is one value of an option with the words for it.
type choice struct {
	value string
	words []string
}

// The values that options and magics share.
var (
	layouts = []choice{
		{"numerator", []string{"numerator", "num", "分子", "分子布局"}},
		{"denominator", []string{"denominator", "den", "分母", "分母布局"}},
		{"numerator-vec", []string{"numerator-vec"}},
		{"denominator-vec", []string{"denominator-vec"}},
		{"same-shape", []string{"same-shape", "同形"}},
	}
	languages = []choice{
		{"en", []string{"en", "english", "英文", "英语"}},
		{"zh", []string{"zh", "chinese", "中文", "汉语"}},
	}
	strategies = []choice{
		{"definition", []string{"definition", "定义", "定义法", "按定义"}},
		{"components", []string{"components", "component", "index", "分量", "分量法", "按分量", "元素"}},
		{"differential", []string{"differential", "differentials", "微分", "微分法", "按微分"}},
		{"chain", []string{"chain", "chain-rule", "链式", "链式法则", "按链式"}},
		{"all", []string{"all", "全部", "所有"}},
	}
	kinds = []choice{
		{"gradient", []string{"gradient", "grad", "梯度"}},
		{"jacobian", []string{"jacobian", "雅可比"}},
		{"hessian", []string{"hessian", "黑塞", "海森"}},
		{"matrix_by_scalar", []string{"matrix_by_scalar"}},
	}
	structures = []choice{
		{"symmetric_independent", []string{"symmetric_independent"}},
		{"symmetric_projected", []string{"symmetric_projected"}},
		{"diagonal", []string{"diagonal", "对角"}},
	}
)

var optionRows = []option{
	{names: []string{"by", "方法"}, values: strategies, set: func(o *options, v string) { o.by = v }},
	{names: []string{"layout", "布局"}, values: layouts, set: func(o *options, v string) { o.layout = matcalc.Layout(v) }},
	{names: []string{"kind", "类型"}, values: kinds, set: func(o *options, v string) { o.kind = matcalc.Kind(v) }},
	{names: []string{"structure", "结构"}, values: structures, set: func(o *options, v string) { o.structure = matcalc.Structure(v) }},
	{names: []string{"lang", "语言"}, values: languages, set: func(o *options, v string) { o.lang = v }},
	{names: []string{"vars", "变量"}, set: func(o *options, v string) { o.vars = v }},
	{names: []string{"wrt"}, set: func(o *options, v string) { o.wrt = v }},
	{names: []string{"short", "简"}, toggle: true, set: func(o *options, _ string) { o.short = true }},
	{names: []string{"latex"}, toggle: true, set: func(o *options, _ string) { o.latex = true }},
	{names: []string{"fragment"}, toggle: true, set: func(o *options, _ string) { o.fragment = true }},
	{names: []string{"markdown"}, toggle: true, set: func(o *options, _ string) { o.markdown = true }},
	{names: []string{"html"}, toggle: true, set: func(o *options, _ string) { o.html = true }},
}

// pick finds the value that a word means; the error lists the words.
func pick(choices []choice, what, word string) (string, error) {
	var known []string
	for _, c := range choices {
		for _, w := range c.words {
			if strings.EqualFold(w, word) {
				return c.value, nil
			}
		}
		known = append(known, c.words[0])
	}
	return "", fmt.Errorf(say("%s %q is not known: %s", "不认识%s %q：可以是 %s"), what, word, strings.Join(known, ", "))
}

// splitOptions parts a line before the first word that starts with two dashes.
func splitOptions(text string) (before, after string) {
	for at := 0; ; {
		k := strings.Index(text[at:], "--")
		if k < 0 {
			return text, ""
		}
		k += at
		at = k + 2
		if k > 0 && text[k-1] != ' ' && text[k-1] != '\t' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[at:])
		rest := strings.TrimSpace(text[at:])
		if unicode.IsLetter(next) || rest == "" || strings.HasPrefix(rest, "--") {
			return text[:k], text[k:]
		}
	}
}

// readOptions reads words such as --by chain or --by=chain; a lone -- means
// nothing. A value in quotes may hold blanks.
func readOptions(text string) (options, error) {
	var o options
	words, err := shellWords(text)
	if err != nil {
		return o, err
	}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if word == "--" {
			continue
		}
		name, ok := strings.CutPrefix(word, "--")
		if !ok {
			return o, fmt.Errorf(say("%q is no option: options are words such as --by chain", "%q 不是选项：选项写作 --by 链式"), word)
		}
		name, value, given := strings.Cut(name, "=")
		row := optionNamed(name)
		if row == nil {
			return o, fmt.Errorf(say("there is no option --%s; there are %s", "没有选项 --%s；有 %s"), name, optionNames())
		}
		if !row.toggle && !given {
			if len(words) == 0 {
				return o, fmt.Errorf(say("--%s needs a value", "--%s 需要一个值"), name)
			}
			value, words = words[0], words[1:]
		}
		if row.values != nil {
			if value, err = pick(row.values, "--"+name, value); err != nil {
				return o, err
			}
		}
		row.set(&o, value)
	}
	return o, nil
}

func optionNamed(name string) *option {
	for i := range optionRows {
		for _, n := range optionRows[i].names {
			if n == name {
				return &optionRows[i]
			}
		}
	}
	return nil
}

func optionNames() string {
	var out []string
	for _, r := range optionRows {
		out = append(out, "--"+r.names[0])
	}
	return strings.Join(out, " ")
}

// shellWords splits at blanks outside quotes.
func shellWords(text string) ([]string, error) {
	var out []string
	var word strings.Builder
	quote, inside := rune(0), false
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && r == '"':
			quote, inside = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n' || r == '\u3000'):
			if inside {
				out = append(out, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf(say("a quotation mark %c is missing", "缺少引号 %c"), quote)
	}
	if inside {
		out = append(out, word.String())
	}
	return out, nil
}
