package parse

import (
	"errors"
	"strings"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// Like is Text for a text that belongs to another, the model: where it cannot
// be read as it is, it is read in the syntax of the model, so that 2Ax beside
// xᵀAx is a product. The error is nil or a *shape.Error.
func Like(model, src string, scope *Scope) (Reading, error) {
	r, err := Text(src, scope)
	if err == nil {
		return r, nil
	}
	syntax := syntaxOf(model, scope)
	if syntax == "ascii" {
		return r, err
	}
	if again, fault := front(syntax, src, scope); fault == nil {
		return again, nil
	} else if syntaxOf(src, scope) == "ascii" && shapeFault(fault) {
		return again, fault
	}
	return r, err
}

// Spelled writes a text in the syntax of the model or its own as plain ASCII,
// before shapes are looked at; a text that cannot be read is given back.
func Spelled(model, src string, scope *Scope) string {
	syntax := syntaxOf(src, scope)
	if syntax == "ascii" {
		syntax = syntaxOf(model, scope)
	}
	if syntax == "ascii" {
		return src
	}
	b := &builder{src: src, scope: scope, beside: true, bound: map[string]bool{}}
	if syntax == "latex" {
		readLaTeX(b)
	} else {
		readUnicode(b)
	}
	toks, fault := b.tokens()
	if fault != nil {
		return src
	}
	var out strings.Builder
	for _, t := range toks {
		out.WriteString(t.Text)
	}
	return out.String()
}

// shapeFault reports an error about operands that do not fit.
func shapeFault(err error) bool {
	var e *shape.Error
	return errors.As(err, &e) && e.Class == shape.Mismatch
}
