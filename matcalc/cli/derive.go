// Package cli holds the commands of matcalc.
package cli

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/nabla-go/nabla/matcalc"
)

const deriveUsage = `Usage: nabla derive --vars DECLARATIONS --wrt NAME [FLAGS] EXPRESSION
       nabla derive --batch < cases.jsonl

Derives a gradient, Jacobian or Hessian step by step; without --wrt it shows how
the expression is understood.

Example: nabla derive --vars "A: n×n symmetric; x: n" --wrt x "x'*A*x"

Flags:
`

// DeriveCommand runs "nabla derive" with the arguments that follow the name and
// returns the exit status: 0 done, 1 the expression has a fault, 2 bad usage.
func DeriveCommand(args []string) int { return derive(args, os.Stdin, os.Stdout, os.Stderr) }

type deriveFlags struct {
	vars, wrt, by, layout, lang, kind, structure string
	latex, bold, batch, short                    bool
	html, markdown, fragment                     bool
}

func derive(args []string, in io.Reader, out, errs io.Writer) int {
	var o deriveFlags
	fs := flag.NewFlagSet("derive", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.vars, "vars", "", "declarations, as in \"A: n×n symmetric; x: n\"")
	fs.StringVar(&o.wrt, "wrt", "", "the variable to differentiate by; several, as in x,x,x, for index form")
	fs.StringVar(&o.by, "by", "", "strategy: differential, definition, components or chain (also 微分 定义 分量 链式); \"all\" shows each")
	fs.StringVar(&o.layout, "layout", "", "numerator or denominator")
	fs.StringVar(&o.kind, "kind", "", "gradient, jacobian, hessian or matrix_by_scalar; by default what the shapes suggest")
	fs.StringVar(&o.structure, "structure", "", "symmetric_independent, symmetric_projected, skew_projected or diagonal")
	fs.StringVar(&o.lang, "lang", "", "language of notes: en or zh; by default that of LANG")
	fs.BoolVar(&o.latex, "latex", false, "print LaTeX")
	fs.BoolVar(&o.bold, "bold", false, "vectors and matrices in bold, with --latex and the other forms that hold LaTeX")
	fs.BoolVar(&o.fragment, "fragment", false, "print LaTeX to paste into a paper (align*)")
	fs.BoolVar(&o.markdown, "markdown", false, "print Markdown")
	fs.BoolVar(&o.html, "html", false, "print HTML with steps that open")
	fs.BoolVar(&o.short, "short", false, "leave out the lines between")
	fs.BoolVar(&o.batch, "batch", false, "read JSON lines from standard input, write one result a line")
	words, err := parseWords(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, deriveUsage)
		showFlags(fs, out)
		return 0
	case err != nil:
		return badUsage(errs, err)
	}
	if o.batch {
		if err := batch(in, out); err != nil {
			fmt.Fprintln(errs, "nabla derive:", err)
			return 1
		}
		return 0
	}
	switch {
	case len(words) == 0:
		return badUsage(errs, errors.New("which expression? give it in quotes"))
	case len(words) > 1:
		return badUsage(errs, fmt.Errorf("one expression is wanted, got %d: put it in quotes", len(words)))
	case o.vars == "":
		return badUsage(errs, fmt.Errorf(`what are the names in %s? declare them, as in --vars "A: n×n symmetric; x: n"`, words[0]))
	}
	w := bufio.NewWriter(out)
	defer w.Flush()
	if err := o.run(words[0], w); err != nil {
		w.Flush()
		fmt.Fprintln(errs, err)
		return 1
	}
	return 0
}

// badUsage says what is wrong with the arguments and gives the exit status.
func badUsage(errs io.Writer, err error) int {
	fmt.Fprintf(errs, "nabla derive: %v (nabla derive --help shows the flags and an example)\n", err)
	return 2
}

// run answers one question from the command line.
func (o deriveFlags) run(text string, w io.Writer) error {
	switch o.lang {
	case "":
	case "en", "zh":
		matcalc.SetLanguage(o.lang)
		defer matcalc.SetLanguage("")
	default:
		return fmt.Errorf("--lang %s: the languages are en and zh", o.lang)
	}
	if o.bold {
		matcalc.SetBold(true)
		defer matcalc.SetBold(false)
	}
	v, err := matcalc.ParseVars(o.vars)
	if err != nil {
		return err
	}
	f, err := v.Parse(text)
	if err != nil {
		return err
	}
	if u := f.Understood(); u != "" {
		fmt.Fprintln(w, u)
	}
	if o.wrt == "" {
		fmt.Fprintln(w, f)
		return nil
	}
	if strings.Contains(o.wrt, ",") {
		return o.tensor(f, w)
	}
	q := matcalc.Request{Kind: matcalc.Kind(o.kind), Layout: matcalc.Layout(o.layout), Structure: matcalc.Structure(o.structure)}
	if o.by == "all" {
		return o.all(f, q, w)
	}
	by, err := matcalc.ParseStrategy(o.by)
	if err != nil {
		return err
	}
	steps, err := f.DeriveBy(o.wrt, q, by)
	if err == nil {
		o.print(steps, w)
		return nil
	}
	if o.by != "" { // it was asked for by name: say why it does not apply
		return err
	}
	// What has no derivation by this strategy still has an answer.
	d, err := f.Ask(o.wrt, q)
	if err != nil {
		return err
	}
	if o.latex {
		fmt.Fprintln(w, d.LaTeX())
		return nil
	}
	fmt.Fprintln(w, d)
	return nil
}

// tensor prints a derivative by several variables in turn, in index form.
func (o deriveFlags) tensor(f *matcalc.Expr, w io.Writer) error {
	t, err := f.AskTensor(names(o.wrt)...)
	if err != nil {
		return err
	}
	if o.latex {
		fmt.Fprintln(w, t.LaTeX())
		return nil
	}
	fmt.Fprintln(w, t)
	if m := t.Matrix(); m != nil {
		fmt.Fprintln(w, "as a matrix:", m)
	}
	return nil
}

// names splits "x, x, x".
func names(list string) []string {
	out := strings.Split(list, ",")
	for i, n := range out {
		out[i] = strings.TrimSpace(n)
	}
	return out
}

// print shows a derivation in the form asked for.
func (o deriveFlags) print(steps *matcalc.Derivation, w io.Writer) {
	if o.short {
		steps = steps.Short()
	}
	text := steps.Text()
	switch {
	case o.latex:
		text = steps.LaTeX()
	case o.fragment:
		text = steps.Fragment()
	case o.markdown:
		text = steps.AsMarkdown()
	case o.html:
		text = steps.HTML()
	}
	fmt.Fprintln(w, text)
}

// all shows the derivation by each strategy, or why there is none.
func (o deriveFlags) all(f *matcalc.Expr, q matcalc.Request, w io.Writer) error {
	if _, err := f.Ask(o.wrt, q); err != nil {
		return err
	}
	for _, by := range matcalc.Strategies() {
		fmt.Fprintf(w, "\n%s\n", by)
		steps, err := f.DeriveBy(o.wrt, q, by)
		if err != nil {
			fmt.Fprintln(w, "  ", err)
			continue
		}
		o.print(steps, w)
	}
	return nil
}
