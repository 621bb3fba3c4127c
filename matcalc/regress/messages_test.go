package regress

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// formats lists the literals that are passed to fail, warn and phrase.
func formats(t *testing.T) []string {
	place := map[string]int{"fail": 1, "warn": 1, "phrase": 0}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			at, ok := place[name]
			if !ok || len(call.Args) <= at {
				return true
			}
			if literal, ok := call.Args[at].(*ast.BasicLit); ok {
				text, _ := strconv.Unquote(literal.Value)
				found = append(found, text)
			}
			return true
		})
	}
	return append(found, constantResponse, saturated)
}

// Every message has a translation with the same verbs in the same order.
func TestMessagesInChinese(t *testing.T) {
	verb := regexp.MustCompile(`%[.0-9]*[a-zA-Z]`)
	used := formats(t)
	for _, f := range used {
		if strings.Trim(verb.ReplaceAllString(f, ""), ": ") == "" {
			continue // nothing but verbs
		}
		translated, ok := chinese[f]
		if !ok {
			t.Errorf("no translation: %q", f)
			continue
		}
		if a, b := verb.FindAllString(f, -1), verb.FindAllString(translated, -1); !slices.Equal(a, b) {
			t.Errorf("%q has the verbs %q, its translation %q", f, a, b)
		}
	}
	for f := range chinese {
		if !slices.Contains(used, f) {
			t.Errorf("never said: %q", f)
		}
	}
	SetLanguage("zh")
	defer SetLanguage("en")
	m := Fit("dist ~ speed + I(2*speed)", cars(t))
	if !strings.Contains(m.Warnings[0].Message, "略去") {
		t.Error(m.Warnings)
	}
}
