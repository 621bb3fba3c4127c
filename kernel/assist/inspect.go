package assist

import (
	"go/ast"
	"go/doc/comment"
	"go/token"
	"go/types"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// A subject is what an inspection is about.
type subject struct {
	obj    types.Object
	path   string // import path where its documentation is, "" for a cell's own
	key    string // its name there
	name   string // as typed
	active int    // argument under the cursor, -1 outside a call's brackets
}

// Inspect describes the name under the cursor or, between the brackets of a call,
// its function with the current argument marked. Detail 1 adds the source.
func (a *Assistant) Inspect(code string, cursor, detail int) (result engine.Inspection) {
	defer func() {
		if recover() != nil { // as in Complete
			result = engine.Inspection{}
		}
	}()
	at := byteOffset(code, cursor)
	p := locate(code, at)
	if p.kind == name || p.kind == member {
		if c, s, ok := a.resolve(p); ok {
			s.active = -1
			return a.report(c, s, detail)
		}
	}
	open, active := enclosingCall(code, at)
	if open < 0 {
		return engine.Inspection{}
	}
	if c, s, ok := a.resolve(locate(code, open)); ok {
		s.active = active
		return a.report(c, s, detail)
	}
	return engine.Inspection{}
}

// enclosingCall finds the bracket of the call that the offset is in: where its
// function's name ends, and the number of the argument; -1 outside of calls.
func enclosingCall(code string, offset int) (end, argument int) {
	tokens, _ := tokenize(code[:offset])
	depth := 0
	for i := len(tokens) - 1; i > 0; i-- {
		switch tokens[i].kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN:
			if depth == 0 {
				if tokens[i-1].kind == token.IDENT {
					return tokens[i-1].end, argument
				}
				argument = 0
				continue
			}
			depth--
		case token.LBRACK, token.LBRACE:
			if depth == 0 {
				argument = 0
				continue
			}
			depth--
		case token.COMMA:
			if depth == 0 {
				argument++
			}
		}
	}
	return -1, 0
}

// resolve finds the object that the name at the place means.
func (a *Assistant) resolve(p place) (c checked, s subject, ok bool) {
	s.name = p.code[p.start:p.end]
	if s.name == "" {
		return c, s, false
	}
	c = a.checkAt(p)
	if p.kind == member {
		return c, s, c.resolveMember(&s)
	}
	for scope := c.innermost(); scope != nil && s.obj == nil; scope = scope.Parent() {
		if obj := scope.Lookup(s.name); obj != nil && obj.Pkg() != nil {
			s.obj = obj
		}
	}
	if s.obj == nil {
		s.obj = a.live.Objects()[s.name]
	}
	if s.obj == nil {
		s.obj = types.Universe.Lookup(s.name)
	}
	if pkg, isPackage := s.obj.(*types.PkgName); isPackage {
		s.path = pkg.Imported().Path()
	} else if s.obj == nil {
		s.path = symbols.Resolve(s.name, nil)
	}
	return c, s, s.obj != nil || s.path != ""
}

// resolveMember finds a member of the package, value or type before the dot.
func (c checked) resolveMember(s *subject) bool {
	if len(c.path) < 2 {
		return false
	}
	sel, ok := c.path[len(c.path)-2].(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		if pkg, ok := c.info.Uses[id].(*types.PkgName); ok {
			s.obj, s.path, s.key = pkg.Imported().Scope().Lookup(s.name), pkg.Imported().Path(), s.name
			return s.obj != nil && s.obj.Exported()
		}
	}
	t := c.info.TypeOf(sel.X)
	if t == nil {
		return false
	}
	s.obj, _, _ = types.LookupFieldOrMethod(t, true, c.pkg, s.name)
	if s.obj == nil {
		return false
	}
	owner := named(t)
	if f, ok := s.obj.(*types.Func); ok && f.Signature().Recv() != nil {
		owner = named(f.Signature().Recv().Type())
	}
	if owner != nil && owner.Obj().Pkg() != nil {
		s.path, s.key = owner.Obj().Pkg().Path(), owner.Obj().Name()+"."+s.name
	}
	return true
}

// report writes what is known of the subject as plain text and as Markdown.
func (a *Assistant) report(c checked, s subject, detail int) engine.Inspection {
	var head, note, text, source string
	switch {
	case s.obj == nil || s.path != "" && s.key == "":
		head = "package " + symbols.Name(s.path) + "  // import \"" + s.path + "\""
		text = symbols.Doc(s.path, "")
	case s.path != "":
		head, text = c.describe(s.obj), symbols.Doc(s.path, s.key)
	default:
		head = c.describe(s.obj)
		if a.live.Objects()[s.name] != nil {
			text, source = a.live.Declaration(s.name)
			note = a.live.Value(s.name)
		}
	}
	if s.active >= 0 && s.obj != nil {
		if sig, ok := s.obj.Type().Underlying().(*types.Signature); ok {
			head = c.signature(s.name, sig, s.active)
		}
	}
	plain, markdown := head, "```go\n"+head+"\n```"
	if note != "" {
		plain, markdown = plain+"\n"+note, markdown+"\n\n"+note
	}
	if text != "" {
		var parser comment.Parser
		var printer comment.Printer
		parsed := parser.Parse(text)
		plain += "\n\n" + strings.TrimRight(string(printer.Text(parsed)), "\n")
		markdown += "\n\n" + strings.TrimRight(string(printer.Markdown(parsed)), "\n")
	}
	if detail > 0 && source != "" {
		plain += "\n\n" + source
		markdown += "\n\n```go\n" + source + "\n```"
	}
	return engine.Inspection{Found: true, Bundle: &display.Bundle{Data: map[string]any{
		display.MIMEText: plain, display.MIMEMarkdown: markdown,
	}, Metadata: map[string]any{}}}
}

// signature writes a function's signature with the active parameter between » and «.
func (c checked) signature(name string, sig *types.Signature, active int) string {
	var params []string
	n := sig.Params().Len()
	for i := range n {
		v := sig.Params().At(i)
		t := types.TypeString(v.Type(), c.qualifier)
		if sig.Variadic() && i == n-1 {
			t = "..." + types.TypeString(v.Type().(*types.Slice).Elem(), c.qualifier)
		}
		p := strings.TrimSpace(v.Name() + " " + t)
		if i == active || sig.Variadic() && i == n-1 && active >= n {
			p = "»" + p + "«"
		}
		params = append(params, p)
	}
	head := "func " + name + "(" + strings.Join(params, ", ") + ")"
	switch r := sig.Results(); {
	case r.Len() == 1 && r.At(0).Name() == "":
		head += " " + types.TypeString(r.At(0).Type(), c.qualifier)
	case r.Len() > 0:
		head += " " + types.TypeString(r, c.qualifier)
	}
	return head
}
