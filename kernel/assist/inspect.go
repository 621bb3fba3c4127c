package assist

import (
	"fmt"
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
	if found, ok := a.onMagic(code, at); ok {
		return found
	}
	code = a.goOnly(code, at)
	p := locate(code, at)
	if found, ok := a.mathematics(p); ok {
		return found
	}
	if p.kind == name {
		if w, ok := wordOf(p.code[p.start:p.end]); ok && a.live.Objects()[p.code[p.start:p.end]] == nil {
			return page(w.form, "", w.text.In(a.live.Language()), "")
		}
	}
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
	if q := locate(code, open); q.kind == name {
		if w, ok := predeclared[q.code[q.start:q.end]]; ok {
			return page(active1(w.form, active), "", w.text.In(a.live.Language()), "")
		}
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
	if tn, ok := s.obj.(*types.TypeName); ok {
		head = c.typeText(tn)
	}
	if detail == 0 {
		source = ""
	}
	return page(head, note, text, source)
}

// page is an inspection as plain text and as Markdown: the declaration, what the
// value is, the comment, the source.
func page(head, note, text, source string) engine.Inspection {
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
	if source != "" {
		plain += "\n\n" + source
		markdown += "\n\n```go\n" + source + "\n```"
	}
	return engine.Inspection{Found: true, Bundle: &display.Bundle{Data: map[string]any{
		display.MIMEText: plain, display.MIMEMarkdown: markdown,
	}, Metadata: map[string]any{}}}
}

// wordOf is a word of the language.
func wordOf(name string) (word, bool) {
	if w, ok := keywords[name]; ok {
		return w, true
	}
	w, ok := predeclared[name]
	return w, ok
}

// active1 marks the argument of a builtin.
func active1(form string, active int) string {
	head, rest, ok := strings.Cut(form, "(")
	params, tail, closed := strings.Cut(rest, ")")
	if !ok || !closed || params == "" {
		return form
	}
	list := strings.Split(params, ", ")
	k := min(active, len(list)-1)
	list[k] = "»" + list[k] + "«"
	return head + "(" + strings.Join(list, ", ") + ")" + tail
}

// onMagic explains the magic whose name is under the cursor.
func (a *Assistant) onMagic(code string, at int) (engine.Inspection, bool) {
	p := locate(code, at)
	if p.kind != magic {
		return engine.Inspection{}, false
	}
	row, ok := a.row(p.code[p.start:p.end])
	if !ok {
		return engine.Inspection{}, false
	}
	language := a.live.Language()
	return page(row.Usage, row.Help.In(language), row.More.In(language), ""), true
}

// mathematics explains a name inside of an expression in a string.
func (a *Assistant) mathematics(p place) (engine.Inspection, bool) {
	if p.kind != inString || p.start == p.end {
		return engine.Inspection{}, false
	}
	call, receiver := calledAt(p)
	if call == "" || !a.live.IsMathematics(call) || len(symbols.ByName(receiver)) > 0 && receiver != "matcalc" {
		return engine.Inspection{}, false
	}
	name := p.code[p.start:p.end]
	about := a.live.About(a.spot(p, call, receiver), name)
	if about == "" {
		return engine.Inspection{}, false
	}
	return page(about, "", "", ""), true
}

// mostMembers is how many fields and methods of a type are shown.
const mostMembers = 30

// typeText is the declaration of a type with its fields and its methods.
func (c checked) typeText(tn *types.TypeName) string {
	var b strings.Builder
	b.WriteString(c.describe(tn))
	shown := 0
	switch u := tn.Type().Underlying().(type) {
	case *types.Struct:
		b.WriteString(" {\n")
		for f := range u.Fields() {
			if c.visible(f) && shown < mostMembers {
				b.WriteString("\t" + strings.TrimPrefix(types.ObjectString(f, c.qualifier), "field ") + "\n")
				shown++
			}
		}
		if shown < u.NumFields() {
			b.WriteString("\t// others\n")
		}
		b.WriteString("}")
	case *types.Interface:
		b.WriteString(" {\n")
		for m := range u.Methods() {
			b.WriteString("\t" + m.Name() + strings.TrimPrefix(types.TypeString(m.Type(), c.qualifier), "func") + "\n")
		}
		b.WriteString("}")
	}
	n, ok := types.Unalias(tn.Type()).(*types.Named)
	if !ok || types.IsInterface(n) {
		return b.String()
	}
	left := 0
	for m := range n.Methods() {
		if !c.visible(m) {
			continue
		}
		if shown++; shown > mostMembers {
			left++
			continue
		}
		receiver := tn.Name()
		if _, pointer := m.Signature().Recv().Type().(*types.Pointer); pointer {
			receiver = "*" + receiver
		}
		b.WriteString("\nfunc (" + receiver + ") " + m.Name() + strings.TrimPrefix(types.TypeString(m.Type(), c.qualifier), "func"))
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n// %d more methods", left)
	}
	return b.String()
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
