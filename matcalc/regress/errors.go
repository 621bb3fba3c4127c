package regress

import (
	"errors"
	"html"
	"strings"

	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
)

// A Class names the kind of an error or a warning.
type Class string

// Classes of errors: there is no answer.
const (
	Underdetermined  Class = "underdetermined"   // fewer rows than coefficients
	Empty            Class = "empty"             // no rows, or none left
	BadWeight        Class = "bad_weight"        // negative, not finite, all zero
	BadResponse      Class = "bad_response"      // not what the model can explain
	NonFinite        Class = "non_finite"        // NaN or an infinity in the data
	UnknownName      Class = "unknown_name"      // no such column or function
	Ragged           Class = "ragged"            // columns of unequal length
	BadLambda        Class = "bad_lambda"        // a penalty that is not a number >= 0
	SingularGradient Class = "singular_gradient" // parameters that the data cannot tell apart
	Mismatch         Class = "shape"             // operands whose sizes do not fit
	Unbounded        Class = "unbounded"         // a likelihood without a maximum
	Syntax           Class = "syntax"            // a formula that cannot be read
	BadInput         Class = "bad_input"         // arguments that do not fit together
)

// Classes of warnings: there is an answer, with this to be said about it.
const (
	Separation       Class = "separation"        // no finite estimate exists
	Aliased          Class = "aliased"           // columns that others determine
	Saturated        Class = "saturated"         // as many coefficients as rows
	ConstantResponse Class = "constant_response" // nothing to explain
	IllConditioned   Class = "ill_conditioned"   // nearly dependent columns
	NotConverged     Class = "not_converged"     // stopped before the estimate settled
	StrayText        Class = "stray_text"        // text in a column of numbers, which makes it a factor
)

// An Error says what cannot be fitted, where, and how to mend it.
type Error struct {
	Class   Class  `json:"class"`
	Message string `json:"message"`
	// Warnings were given on the way to the error.
	Warnings []Warning `json:"-"`
}

func (e *Error) Error() string { return "regress: " + e.Message }

// A Warning accompanies an answer.
type Warning struct {
	Class   Class  `json:"class"`
	Message string `json:"message"`
}

// Warnings are what is to be said about an answer.
type Warnings []Warning

// String has a line for each warning.
func (w Warnings) String() string {
	if len(w) == 0 {
		return word("no-warnings")
	}
	var lines []string
	for _, one := range w {
		lines = append(lines, string(one.Class)+": "+one.Message)
	}
	return strings.Join(lines, "\n")
}

// HTML is a list of the warnings.
func (w Warnings) HTML() string {
	if len(w) == 0 {
		return "<p>" + word("no-warnings") + "</p>"
	}
	var b strings.Builder
	b.WriteString("<ul>")
	for _, one := range w {
		b.WriteString("<li><code>" + html.EscapeString(string(one.Class)) + "</code> " + html.EscapeString(one.Message) + "</li>")
	}
	return b.String() + "</ul>"
}

func fail(class Class, format string, args ...any) error {
	return &Error{Class: class, Message: phrase(format, args...)}
}

// must is the border between functions that return errors and the ones for
// notebooks, which panic so that a cell needs no error handling.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// explain turns an error of the formula package into one of ours, with the
// nearest known names.
func explain(err error, columns []string) error {
	var unknown *formula.UnknownError
	if errors.As(err, &unknown) {
		if unknown.Kind == "function" {
			return fail(UnknownName, "there is no function %s%s; known are %s", unknown.Name,
				didYouMean(unknown.Name, knownFunctions()), strings.Join(knownFunctions(), ", "))
		}
		return unknownColumn(unknown.Name, columns)
	}
	var syntax *formula.SyntaxError
	if errors.As(err, &syntax) {
		return fail(Syntax, "%v", syntax)
	}
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return fail(BadInput, "%v", err)
}

func unknownColumn(name string, columns []string) error {
	return fail(UnknownName, "there is no column %s%s; the columns are %s", name, didYouMean(name, columns), listNames(columns))
}

func listNames(names []string) string {
	const most = 12
	if len(names) > most {
		return phrase("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

func didYouMean(name string, known []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, k := range known {
		d := editDistance(strings.ToLower(name), strings.ToLower(k))
		if k != name && d < distance && d < max(len(name), len(k)) {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return phrase(" (did you mean %s?)", best)
}

func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(y)]
}
