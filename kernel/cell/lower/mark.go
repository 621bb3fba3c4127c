package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// A lowered function keeps in a variable the line that it has reached, so that
// a panic can be told with the lines of all calls on the way. Only what may fail
// is marked: a call, an index, a pointer, a division. What stands in a loop is
// paid for in every iteration: a loop that calls nothing has one negative mark
// before it, and the line that failed is found by the values of its variables. A
// function that can fail on one line only has it in the name of a label that is
// never reached.

// marks is the state of a function's mark while it is lowered.
type marks struct {
	name string // of the variable; "" until there is a mark
	line int    // that the variable holds here, 0 when that is not known
	loop bool   // in a loop that has one mark
	set  int    // what was assigned, if only is true
	only bool   // nothing else was assigned
}

// declaration is what the function's text begins with.
func (m *marks) declaration() string {
	if m.name == "" {
		return ""
	}
	return "var " + m.name + " " + Runtime + ".Mark\n"
}

// markedBlock is the block of a function with the declaration of its mark.
func (f *fn) markedBlock(list []ast.Stmt) {
	outer := f.out
	f.out = &strings.Builder{}
	f.block(list)
	text, end := f.out.String(), ""
	if f.marks.only {
		text = strings.ReplaceAll(text, f.marks.assignment(f.marks.set)+"\n", "")
		end = "return\n"
		if len(f.results) > 0 && !f.body {
			end = ""
		}
		end += rt.Label(f.marks.set) + ":\n{\n}\n"
		f.marks.name = ""
	}
	outer.WriteString(f.marks.declaration() + f.slots.declaration() + text + end)
	f.out = outer
}

// assignment is the text that sets the mark.
func (m *marks) assignment(value int) string { return m.name + " = " + strconv.Itoa(value) }

// mark writes the mark of a line.
func (f *fn) mark(line int) {
	if line == f.marks.line || f.marks.loop {
		return
	}
	if f.marks.name == "" {
		f.marks.name = f.fresh("mark")
	}
	value := f.u.Number*UnitLines + line
	if line < 0 {
		value = -(f.u.Number*UnitLines - line)
	}
	f.marks.only = f.marks.set == 0 || f.marks.only && f.marks.set == value
	f.marks.line, f.marks.set = line, value
	f.line("%s", f.marks.assignment(value))
}

// stmt lowers a statement with the marks that it needs.
func (f *fn) stmt(s ast.Stmt) {
	if !isCell(f.u.Pkg) {
		f.unmarked(s)
		return
	}
	if f.s.profiled {
		f.count(s)
		f.unmarked(s)
		return
	}
	switch s := s.(type) {
	case *ast.BlockStmt, *ast.EmptyStmt, *ast.BranchStmt:
		f.unmarked(s)
	case *ast.LabeledStmt:
		if _, loop := s.Stmt.(*ast.ForStmt); !loop {
			if _, loop = s.Stmt.(*ast.RangeStmt); !loop {
				f.marks.line = 0
				f.unmarked(s)
				return
			}
		}
		f.marks.line = 0
		f.loopMarks(s)
	case *ast.ForStmt, *ast.RangeStmt:
		f.loopMarks(s)
	case *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		if lines := f.risks(header(s)); len(lines) > 0 {
			f.mark(lines[0])
		}
		f.unmarked(s)
		for _, line := range f.risks(s) {
			if line != f.marks.line {
				f.marks.line = 0
			}
		}
	default:
		if lines := f.risks(s); len(lines) > 0 {
			f.mark(lines[0])
		}
		f.unmarked(s)
	}
}

// count tells the profile that a statement begins.
func (f *fn) count(s ast.Stmt) {
	switch s.(type) {
	case *ast.BlockStmt, *ast.EmptyStmt, *ast.LabeledStmt:
	default:
		f.countTop(s)
	}
}

// countTop is count for what begins a step of a cell.
func (f *fn) countTop(n ast.Node) {
	if f.s.profiled {
		f.line("%s.At(%d)", Runtime, f.u.Number*UnitLines+f.u.Fset.Position(n.Pos()).Line)
	}
}

// loopMarks lowers a loop with one mark, or with marks inside of it.
func (f *fn) loopMarks(s ast.Stmt) {
	if f.marks.loop {
		f.unmarked(s)
		return
	}
	lines := f.risks(s)
	if len(lines) > 0 && !f.calls(s) {
		f.mark(-f.u.Fset.Position(s.Pos()).Line)
		f.marks.loop = true
		f.unmarked(s)
		f.marks.loop = false
		return
	}
	if len(lines) > 0 {
		f.mark(lines[0])
	}
	if len(lines) > 1 {
		f.marks.line = 0
		defer func() { f.marks.line = 0 }()
	}
	f.unmarked(s)
}

// calls tells that a node calls something that may fail, or run a while.
func (f *fn) calls(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = true // the lines in it are its own
		case *ast.CallExpr:
			tv := f.u.Info.Types[n.Fun]
			found = found || !tv.IsType() && !tv.IsBuiltin() && risk(f.u.Info, n).IsValid()
		}
		return !found
	})
	return found
}

// branchBlock lowers the statements of one of several branches.
func (f *fn) branchBlock(list []ast.Stmt) {
	before := f.marks.line
	if slices.ContainsFunc(list, f.isGotoLabel) { // the interpreter finds labels of blocks only
		f.line("{")
		defer f.line("}")
	}
	f.block(list)
	f.marks.line = before
}

// header is what a statement evaluates before its branches.
func header(s ast.Stmt) ast.Node {
	switch s := s.(type) {
	case *ast.IfStmt:
		if s.Init != nil {
			return s.Init
		}
		return s.Cond
	case *ast.SwitchStmt:
		if s.Init != nil {
			return s.Init
		}
		if s.Tag != nil {
			return s.Tag
		}
	case *ast.TypeSwitchStmt:
		if s.Init != nil {
			return s.Init
		}
		return s.Assign
	}
	return s
}

// risks lists the lines on which a node may fail, in the order of the text.
// What stands in function literals is theirs.
func (f *fn) risks(n ast.Node) []int {
	var lines []int
	info := f.u.Info
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case ast.Expr:
			if tv := info.Types[n]; tv.IsType() || tv.Value != nil {
				return false
			}
			if at := risk(info, n); at.IsValid() {
				if line := f.u.Fset.Position(at).Line; len(lines) == 0 || lines[len(lines)-1] != line {
					lines = append(lines, line)
				}
			}
		case *ast.SendStmt:
			lines = append(lines, f.u.Fset.Position(n.Pos()).Line)
		}
		return true
	})
	return lines
}

// quietPackages are packages whose functions never fail.
const quietPackages = " math math/cmplx unicode "

// quiet are the builtins that never fail.
const quiet = " len cap append copy min max new complex real imag print println recover delete "

// risk is where an expression itself, without its operands, may fail.
func risk(info *types.Info, e ast.Expr) token.Pos {
	under := func(e ast.Expr) types.Type {
		if t := info.TypeOf(e); t != nil {
			return t.Underlying()
		}
		return types.Typ[types.Invalid]
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		tv := info.Types[e.Fun]
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && tv.IsBuiltin() && strings.Contains(quiet, " "+id.Name+" ") {
			return token.NoPos
		}
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok {
			if obj, ok := info.Uses[sel.Sel].(*types.Func); ok && obj.Pkg() != nil && strings.Contains(quietPackages, " "+obj.Pkg().Path()+" ") {
				return token.NoPos
			}
		}
		if tv.IsType() {
			if _, slice := under(e.Args[0]).(*types.Slice); !slice {
				return token.NoPos
			}
		}
		return e.Pos()
	case *ast.IndexExpr:
		if _, generic := under(e.X).(*types.Signature); generic {
			return token.NoPos
		}
		return e.Pos()
	case *ast.SliceExpr, *ast.StarExpr:
		return e.Pos()
	case *ast.TypeAssertExpr:
		if e.Type != nil {
			return e.Pos()
		}
	case *ast.SelectorExpr:
		if sel := info.Selections[e]; sel != nil && (sel.Indirect() || isInterface(sel.Recv())) {
			return e.Sel.Pos()
		}
	case *ast.BinaryExpr:
		if b, ok := under(e).(*types.Basic); ok && (e.Op == token.QUO || e.Op == token.REM) && b.Info()&types.IsInteger != 0 && info.Types[e.Y].Value == nil {
			return e.OpPos
		}
		if (e.Op == token.EQL || e.Op == token.NEQ) && isInterface(info.TypeOf(e.X)) && isInterface(info.TypeOf(e.Y)) {
			return e.OpPos
		}
	}
	return token.NoPos
}
