package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A difference is one in which the compiler tells an error of package go/types
// in other words or at another place. Of the groups of the pattern, the first is
// the text that the row is about.
type difference struct {
	message pattern
	adapt   func(a *assembly, e *saying, group string)
}

// A saying is an error on its way from the checker to the person.
type saying struct {
	pos  token.Pos
	text string
}

// differences are tried in turn; all that fit are applied.
var differences = []difference{
	{newPattern(`^not enough arguments in call`), lastArgument},
	{newPattern(`^invalid operation: (?:not enough|too many) arguments for ([\w.]+)\(.*\) \(expected`), startOfCall},
	{newPattern(`^(?:cannot use \.\.\. |invalid operation: invalid use of \.\.\. with built-in )`), startOfSpread},
	{newPattern(`^missing argument in conversion`), startOfConversion},
	{newPattern(`^invalid use of \[\.\.\.\] array`), bracketOfArray},
	{newPattern(`(?:^cannot assign to (.+\]) \(|^(.+\]) \(.*\) is not used$)`), bracketOfSlice},
	{newPattern(`^(?:invalid operation: )?cannot index `), bracketOfIndex},
	{newPattern(`^method has (?:no receiver|multiple receivers)`), nameOfMethod},
	{newPattern(` literal\) \(value of type func\(`), bodyOfLiteral},
	{newPattern(`^invalid (break|continue) label \S+$`), labelAround},
	{newPattern(`^label (\S+) already declared`), labelBefore},
	{newPattern(`^goto (\S+) jumps into block`), blockOfLabel},
	{newPattern(`^goto (\S+) jumps over variable declaration`), declarationBefore},
	{newPattern(`^cannot declare in post statement$`), postStatement},
	{newPattern(`.`), parameters},
}

// compilerWords are the few phrases in which the compiler differs.
var compilerWords = strings.NewReplacer(
	"break not in for, switch, or select statement", "break is not in a loop, switch, or select",
	"continue not in for statement", "continue is not in a loop",
	" not declared", " not defined",
	" declared and not used", " defined and not used", // of labels: variables may be unused
)

// qualified are names of cells as the checker writes them, of another package
// value of the same path; unplaced are places in sources that are not there.
var (
	qualified = newPattern(`\bmain\.`)
	unplaced  = newPattern(` \(declared at -\)`)
)

// compiler gives an error of the checker in the words and at the place of the
// compiler.
func (a *assembly) compiler(e types.Error) saying {
	out := saying{e.Pos, e.Msg}
	for _, d := range differences {
		if m := d.message().FindStringSubmatch(out.text); m != nil {
			d.adapt(a, &out, strings.Join(m[1:], ""))
		}
	}
	out.text = compilerWords.Replace(unplaced().ReplaceAllString(qualified().ReplaceAllString(out.text, ""), ""))
	return out
}

// innermost is the smallest node at a position that fits, nil for none.
func innermost[N ast.Node](a *assembly, pos token.Pos, fits func(N) bool) (found N) {
	ast.Inspect(a.file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos > n.End() {
			return false
		}
		if m, ok := n.(N); ok && fits(m) {
			found = m
		}
		return true
	})
	return found
}

func lastArgument(a *assembly, e *saying, _ string) {
	if call := innermost(a, e.pos, func(c *ast.CallExpr) bool { return c.Rparen == e.pos }); call != nil {
		e.pos = call.Pos()
		if n := len(call.Args); n > 0 {
			e.pos = call.Args[n-1].Pos()
		}
	}
}

func startOfCall(a *assembly, e *saying, function string) {
	if call := innermost(a, e.pos, func(c *ast.CallExpr) bool {
		return strings.HasSuffix(types.ExprString(c.Fun), function)
	}); call != nil {
		e.pos = call.Pos()
	}
}

func startOfSpread(a *assembly, e *saying, _ string) {
	if call := innermost(a, e.pos, func(c *ast.CallExpr) bool { return c.Ellipsis.IsValid() }); call != nil {
		e.pos = call.Pos()
	}
}

func startOfConversion(a *assembly, e *saying, _ string) {
	if call := innermost(a, e.pos, func(c *ast.CallExpr) bool { return c.Rparen == e.pos }); call != nil {
		e.pos = call.Pos()
	}
}

func bracketOfArray(a *assembly, e *saying, _ string) {
	if array := innermost(a, e.pos, func(t *ast.ArrayType) bool { return t.Len != nil && t.Len.Pos() == e.pos }); array != nil {
		e.pos = array.Pos()
	}
}

func bracketOfSlice(a *assembly, e *saying, text string) {
	if slice := innermost(a, e.pos, func(s *ast.SliceExpr) bool {
		return s.Pos() == e.pos && types.ExprString(s) == text
	}); slice != nil {
		e.pos = slice.Lbrack
	}
}

func bracketOfIndex(a *assembly, e *saying, _ string) {
	if index := innermost(a, e.pos, func(x *ast.IndexExpr) bool { return x.Pos() == e.pos }); index != nil {
		e.pos = index.Lbrack
	}
}

func nameOfMethod(a *assembly, e *saying, _ string) {
	if f := innermost(a, e.pos, func(f *ast.FuncDecl) bool { return f.Recv != nil }); f != nil {
		e.pos = f.Name.Pos()
	}
}

// bodyOfLiteral writes a function literal as the compiler does, with braces.
func bodyOfLiteral(a *assembly, e *saying, _ string) {
	f := innermost(a, e.pos, func(f *ast.FuncLit) bool { return f.Pos() == e.pos })
	if f == nil {
		return
	}
	body := " {…}"
	if len(f.Body.List) == 0 {
		body = " {}"
	}
	e.text = strings.Replace(e.text, "("+types.ExprString(f.Type)+" literal)", types.ExprString(f.Type)+body, 1)
}

// labelAround: a label is invalid where it stands before in a block around, and
// not defined elsewhere.
func labelAround(a *assembly, e *saying, kind string) {
	name := e.text[strings.LastIndexByte(e.text, ' ')+1:]
	for _, l := range a.labels(name, e.pos) {
		if block := a.blockAround(l.Pos()); l.Pos() < e.pos && block != nil && e.pos < block.End() {
			return
		}
	}
	e.text = kind + " label not defined: " + name
}

// blockAround is the block or clause that holds a statement.
func (a *assembly) blockAround(pos token.Pos) ast.Node {
	return innermost(a, pos, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return n.Pos() < pos
		}
		return false
	})
}

// labels lists the statements with a label, of the function at a position.
func (a *assembly) labels(name string, at token.Pos) (list []*ast.LabeledStmt) {
	body := innermost(a, at, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
		return false
	})
	if body == nil {
		return nil
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Name == name {
			list = append(list, l)
		}
		_, inner := n.(*ast.FuncLit)
		return !inner || n == body
	})
	return list
}

// at writes a place in the cell.
func (a *assembly) at(pos token.Pos) string {
	p := a.fset.Position(pos)
	return fmt.Sprintf("cell:%d:%d", p.Line, p.Column)
}

func labelBefore(a *assembly, e *saying, name string) {
	if list := a.labels(name, e.pos); len(list) > 1 {
		e.text = fmt.Sprintf("label %s already defined at %s", name, a.at(list[0].Pos()))
	}
}

func blockOfLabel(a *assembly, e *saying, name string) {
	list := a.labels(name, e.pos)
	if len(list) == 0 {
		return
	}
	if block := a.blockAround(list[0].Pos()); block != nil {
		e.text = fmt.Sprintf("goto %s jumps into block starting at %s", name, a.at(block.Pos()))
	}
}

// declarationBefore names the last variables that are declared between a goto
// and its label.
func declarationBefore(a *assembly, e *saying, name string) {
	list := a.labels(name, e.pos)
	if len(list) == 0 {
		return
	}
	target := list[0].Pos()
	var statements []ast.Stmt
	switch block := a.blockAround(target).(type) {
	case *ast.BlockStmt:
		statements = block.List
	case *ast.CaseClause:
		statements = block.Body
	case *ast.CommClause:
		statements = block.Body
	}
	variables, where := "", token.NoPos
	for _, s := range statements {
		if s.Pos() >= target {
			break
		}
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				var names []string
				for _, x := range s.Lhs {
					names = append(names, types.ExprString(x))
				}
				variables, where = strings.Join(names, ", "), s.TokPos
			}
		case *ast.DeclStmt:
			if g, ok := s.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, spec := range g.Specs {
					n := spec.(*ast.ValueSpec).Names[0]
					variables, where = n.Name, n.Pos()
				}
			}
		}
	}
	if variables != "" {
		e.text = fmt.Sprintf("goto %s jumps over declaration of %s at %s", name, variables, a.at(where))
	}
}

func postStatement(a *assembly, e *saying, _ string) {
	if loop := innermost(a, e.pos, func(f *ast.ForStmt) bool { return f.Post != nil && f.Post.Pos() <= e.pos && e.pos < f.Post.End() }); loop != nil {
		if post, ok := loop.Post.(*ast.AssignStmt); ok {
			e.pos, e.text = post.TokPos, "syntax error: cannot declare in post statement of for loop"
		}
	}
}

// parameters: the place of a type of functions is that of its parameters.
func parameters(a *assembly, e *saying, _ string) {
	f := innermost(a, e.pos, func(t *ast.FuncType) bool { return t.Func.IsValid() && t.Pos() == e.pos })
	if f == nil {
		return
	}
	if whole := innermost(a, e.pos, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return n.Pos() == e.pos
		}
		return false
	}); whole == nil {
		e.pos = f.Params.Pos()
	}
}

// goesTo tells that some statement goes to a label: the compiler takes it for
// used, also when the statement is at fault.
func (a *assembly) goesTo(label string) (found bool) {
	ast.Inspect(a.file, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Label != nil && b.Label.Name == label
		return !found
	})
	return found
}
