package parse

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// habit is a way of writing in another system and what it is called here.
type habit struct {
	pattern *regexp.Regexp
	write   string
}

// habits are applied in order to text that is refused, for the hint only.
var habits = sync.OnceValue(func() (out []habit) {
	for _, r := range [][2]string{
		{`\b(np|numpy|jnp|torch|tf|sp|sympy|scipy|sla|la|math|LinearAlgebra)\.(linalg\.)?`, ""},
		{`\b(linalg)\.`, ""},
		{`\.(T|mT|H)\b`, "'"}, {`\.(transpose|t|adjoint|conj)\(\)`, "'"}, {`\.'`, "'"}, {`\.I\b`, "^-1"}, {`\.(inv|inverse)\(\)`, "^-1"},
		{`([\pL_][\w]*'*)\.dot\(([^()]*)\)`, "$1*($2)"}, {`([\pL_][\w]*)\.(sum|trace|det|norm|diagonal)\(\)`, "$2($1)"},
		{`\bslogdet\(([^()]*)\)\[1\]`, "logdet($1)"},
		{`\b(transpose|Transpose)\(([\pL_]\w*)\)`, "$2'"}, {`\b(transpose|Transpose)\(([^()]*)\)`, "($2)'"},
		{`\b(matmul|MatMul)\(([^(),]+),\s*([^(),]+)\)`, "$2*$3"}, {`\b(dot|inner|vdot)\(([^(),]+),\s*([^(),]+)\)`, "$2'*$3"},
		{`\bouter\(([^(),]+),\s*([^(),]+)\)`, "$1*$2'"}, {`\b(multiply|hadamard_product|HadamardProduct)\(([^(),]+),\s*([^(),]+)\)`, "$2.*$3"},
		{`\b(maximum|max)\((0|0\.0?),\s*([^()]*)\)`, "relu($3)"}, {`\b(maximum|max)\(([^(),]*),\s*(0|0\.0?)\)`, "relu($2)"},
		{`,\s*(axis|dim)\s*=\s*(1|-1)\s*\)`, ", rows)"}, {`,\s*(axis|dim)\s*=\s*0\s*\)`, ", cols)"}, {`,\s*(keepdims|keepdim)\s*=\s*True`, ""}, {`\bsolve\(([^(),]+),\s*([^(),]+)\)`, "inv($1)*$2"},
		{`\bnorm\(([^(),]+),\s*['"]fro['"]\)`, "norm2($1)"}, {`\bnorm\(([^(),]+),\s*1\)`, "norm1($1)"}, {`\bnorm\(([^(),]+),\s*2\)`, "norm2($1)"},
		{`\b(norm|Norm)\(`, "norm2("}, {`\b(trace|Trace|Tr)\(`, "tr("}, {`\b(determinant|Determinant|Det)\(`, "det("},
		{`\b(inverse|Inverse|Inv)\(`, "inv("}, {`\b(identity|Identity)\(`, "eye("}, {`\b(kronecker_product|KroneckerProduct)\(`, "kron("},
		{`\bdiagonal\(`, "diag("}, {`\b(asin)\(`, "arcsin("}, {`\b(acos)\(`, "arccos("}, {`\b(atan)\(`, "arctan("}, {`\bln\(`, "log("},
		{`\b(expit|logistic)\(`, "sigmoid("}, {`\b(log1p)\(`, "log(1+"}, {`\bsquare\(([^()]*)\)`, "($1).^2"},
		{`\s*\*\*\s*`, "^"}, {`\s*@\s*`, "*"},
	} {
		out = append(out, habit{regexp.MustCompile(r[0]), r[1]})
	}
	return out
})

const longestHabit = 4000

// habitual adds to an error the whole text in the syntax of this package, when
// it was written in the manner of another system.
func habitual(err error, src string, scope *Scope) error {
	var e *shape.Error
	if !errors.As(err, &e) || len(src) > longestHabit || e.Class == shape.Mismatch {
		return err
	}
	text := src
	for _, h := range habits() {
		text = h.pattern.ReplaceAllString(text, h.write)
	}
	if text == src {
		if t := spelledOut(src, scope); t != "" && t != src {
			return hinted(e, t)
		}
		return err
	}
	for _, t := range []string{text, strings.ReplaceAll(text, "^", ".^"), vectorDot().ReplaceAllString(text, "$1'*$2")} {
		if _, fault := ASCII(t, scope); fault == nil {
			return hinted(e, t)
		}
	}
	return err
}

// vectorDot is a product of two names, which for vectors is an inner product.
var vectorDot = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([\pL_]\w*)\*\(?([\pL_]\w*)\)?$`) })

// hinted is the error with the whole text as it is written here.
func hinted(e *shape.Error, text string) error {
	out := *e
	out.Hint = "here this is written " + text
	return &out
}
