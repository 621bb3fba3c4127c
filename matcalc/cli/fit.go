package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/nabla-go/nabla/matcalc/regress"
)

const fitUsage = `usage: nabla fit [--model linear|ridge|logistic|poisson] [--lambda L] [--lang en|zh] FORMULA FILE.csv
       nabla fit --batch < requests.jsonl > answers.jsonl

Fits regressions. The first form prints a summary: nabla fit "y ~ a + b*c" data.csv.
In the second each line of the input is a JSON object with id, task (ols,
wls, gls, ridge, logistic, poisson, nls), columns and formula; each line of the
output is the answer with the same id.
`

// FitCommand runs `nabla fit` with its arguments and returns the exit status.
func FitCommand(args []string) int {
	flags := flag.NewFlagSet("fit", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), fitUsage) }
	batch := flags.Bool("batch", false, "read requests as lines of JSON, write answers as lines of JSON")
	model := flags.String("model", "linear", "linear, ridge, logistic or poisson")
	lambda := flags.Float64("lambda", 0, "penalty of ridge")
	lang := flags.String("lang", "en", "language of the summary, en or zh")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if !*batch && flags.NArg() == 2 {
		if err := fitFile(os.Stdout, *model, *lang, flags.Arg(0), flags.Arg(1), *lambda); err != nil {
			fmt.Fprintln(os.Stderr, "nabla fit:", err)
			return 1
		}
		return 0
	}
	if !*batch || flags.NArg() > 0 {
		fmt.Fprint(os.Stderr, fitUsage)
		return 2
	}
	if err := fitBatch(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "nabla fit:", err)
		return 1
	}
	return 0
}

// fitBatch answers each line of in with a line on out. Only an input or output
// that fails as such is an error.
func fitBatch(in io.Reader, out io.Writer) error {
	r, w := bufio.NewReader(in), bufio.NewWriter(out)
	for {
		line, err := r.ReadBytes('\n')
		if text := strings.TrimSpace(string(line)); text != "" {
			encoded, err := json.Marshal(fitLine([]byte(text)))
			if err != nil {
				return err
			}
			if _, err := w.Write(append(encoded, '\n')); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return w.Flush()
		}
		if err != nil {
			return err
		}
	}
}

func fitLine(line []byte) (answer map[string]any) {
	line = quoteNonFinite(line)
	var id struct {
		ID json.RawMessage `json:"id"`
	}
	_ = json.Unmarshal(line, &id) // a line that is no object is reported below
	defer func() {
		if fault := recover(); fault != nil {
			answer = regress.AnswerError(fmt.Errorf("the fit failed: %v", fault))
		}
		if id.ID != nil {
			answer["id"] = id.ID
		}
	}()
	var request regress.Request
	if err := json.Unmarshal(line, &request); err != nil {
		return regress.AnswerError(fmt.Errorf("the line is not a request: %w", err))
	}
	m, err := regress.FitRequest(&request)
	if err != nil {
		return regress.AnswerError(err)
	}
	return m.Answer()
}

// quoteNonFinite puts the bare words NaN, Infinity and -Infinity, which other
// languages write into JSON, between quotes.
func quoteNonFinite(line []byte) []byte {
	var out []byte
	inText := false
	for i := 0; i < len(line); i++ {
		c := line[i]
		if inText {
			out = append(out, c)
			if c == '\\' && i+1 < len(line) {
				i++
				out = append(out, line[i])
			} else if c == '"' {
				inText = false
			}
			continue
		}
		word := ""
		for _, w := range []string{"-Infinity", "Infinity", "NaN"} {
			if strings.HasPrefix(string(line[i:min(i+9, len(line))]), w) {
				word = w
				break
			}
		}
		if word != "" {
			out = append(append(append(out, '"'), word...), '"')
			i += len(word) - 1
			continue
		}
		inText = c == '"'
		out = append(out, c)
	}
	return out
}
