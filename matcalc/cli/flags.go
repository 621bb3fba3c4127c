package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// parseWords reads flags that stand before, between or after the words and
// gives the words. After "--" everything is a word, so that an expression may
// begin with a minus sign.
func parseWords(f *flag.FlagSet, args []string) ([]string, error) {
	var words []string
	for {
		if err := f.Parse(args); err != nil {
			if strings.Contains(err.Error(), "not defined") {
				err = fmt.Errorf("%w (an expression that begins with a minus sign goes after --)", err)
			}
			return nil, err
		}
		if ended := len(args) - f.NArg(); ended > 0 && args[ended-1] == "--" {
			return append(words, f.Args()...), nil
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
}

// showFlags prints the flags with two hyphens, as they stand in the examples.
func showFlags(f *flag.FlagSet, out io.Writer) {
	f.VisitAll(func(o *flag.Flag) {
		value, usage := flag.UnquoteUsage(o)
		if value != "" {
			value = " " + strings.ToUpper(value)
		}
		fmt.Fprintf(out, "  --%-19s %s\n", o.Name+value, usage)
	})
}
