package eval

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/printer"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/rt"
)

// involved adds to the message of a run-time error the values that it is about:
// the index and the length, what was nil. They are found by looking once more at
// the expressions that may have failed, none of which is run. Line is where the
// one that failed stands, 0 when it is not known better than by the marks.
func (r *run) involved(text string, calls []rt.Call) (message, note string, line int) {
	look, ok := looks[text]
	if !ok {
		return text, "", 0
	}
	defer func() {
		if recover() != nil { // a value that cannot be looked into is none that helps
			message, note, line = text, "", 0
		}
	}()
	v := &values{run: r}
	code, first, loop := r.req.Code, int(r.line.Load()), false
	if len(calls) > 0 {
		v.call = &calls[0]
		u, at := r.engine.reached(v.call.Mark)
		code, first, loop = u.code, at, v.call.Mark < 0
	}
	for _, e := range expressions(code, first, loop) {
		possible, found := look(v, e.expr)
		if possible && line == 0 && loop {
			line = e.line // the first of its kind
		}
		if found == "" {
			continue
		}
		if loop {
			line = e.line
		}
		if strings.HasPrefix(found, " ") {
			return text + found, "", line
		}
		return text, found, line
	}
	return text, "", line
}

// explain is what a program that recovers from a run-time error reads.
func (e *Engine) explain(message string, calls []rt.Call) string {
	text, _, _ := (&run{engine: e}).involved(message, calls)
	return text
}

// looks are the run-time errors whose values can be found: the text begins with
// a space when it goes on with the message.
var looks = map[string]func(v *values, e ast.Expr) (possible bool, found string){
	"runtime error: index out of range":                                (*values).index,
	"runtime error: slice bounds out of range":                         (*values).bounds,
	"runtime error: invalid memory address or nil pointer dereference": (*values).nilPointer,
	"assignment to entry in nil map":                                   (*values).nilMap,
	"runtime error: integer divide by zero":                            (*values).zero,
	"runtime error: makeslice: len out of range":                       (*values).size,
	"runtime error: makeslice: cap out of range":                       (*values).size,
	"runtime error: makechan: size out of range":                       (*values).size,
}

// A candidate is an expression that may have failed.
type candidate struct {
	expr ast.Expr
	line int
}

// expressions lists those of a line of a cell, or of the loop that begins there,
// in the order in which they are evaluated.
func expressions(code string, line int, loop bool) (out []candidate) {
	fset, file := cell.File(code)
	if file == nil {
		return nil
	}
	lineOf := func(p token.Pos) int { return fset.Position(p).Line }
	from, to := token.NoPos, token.NoPos
	var walk func(n ast.Node)
	walk = func(n ast.Node) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch s := m.(type) {
			case nil:
				return false
			case *ast.ForStmt, *ast.RangeStmt:
				if loop && from == token.NoPos && lineOf(s.Pos()) == line {
					from, to = s.Pos(), s.End()
				}
			}
			e, ok := m.(ast.Expr)
			if !ok || m == n {
				return true
			}
			walk(e) // operands first
			at := lineOf(last(e))
			if loop && e.Pos() >= from && e.End() <= to || !loop && lineOf(e.Pos()) <= line && line <= lineOf(e.End()) {
				out = append(out, candidate{e, at})
			}
			return false
		})
	}
	walk(file)
	return out
}

// last is the part of an expression that fails: what is selected, for one.
func last(e ast.Expr) token.Pos {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Pos()
	case *ast.BinaryExpr:
		return e.OpPos
	}
	return e.Pos()
}

// values finds what expressions are worth when a panic is told.
type values struct {
	run  *run
	call *rt.Call // of the function that failed, nil at the top of a cell
}

// index tells an index that is out of range.
func (v *values) index(e ast.Expr) (possible bool, found string) {
	ix, ok := e.(*ast.IndexExpr)
	if !ok {
		return false, ""
	}
	for _, of := range v.all(ix.X) {
		of = pointed(of)
		switch of.Kind() {
		case reflect.Slice, reflect.Array, reflect.String:
			for _, i := range v.integers(ix.Index) {
				if i < 0 {
					return true, fmt.Sprintf(" [%d]", i)
				}
				if i >= of.Len() {
					return true, fmt.Sprintf(" [%d] with length %d", i, of.Len())
				}
			}
		}
	}
	return true, ""
}

// bounds tells the bounds of a slice expression that do not fit.
func (v *values) bounds(e ast.Expr) (possible bool, found string) {
	s, ok := e.(*ast.SliceExpr)
	if !ok {
		return false, ""
	}
	for _, of := range v.all(s.X) {
		of = pointed(of)
		limit, word := 0, "length"
		switch of.Kind() {
		case reflect.Slice:
			limit, word = of.Cap(), "capacity"
		case reflect.Array, reflect.String:
			limit = of.Len()
		default:
			continue
		}
		low, high, most, ok := v.bound(s.Low, 0), v.bound(s.High, of.Len()), v.bound(s.Max, limit), true
		for _, b := range [][]int{low, high, most} {
			ok = ok && len(b) > 0
		}
		if !ok {
			continue
		}
		if found := misfit(low[0], high[0], most[0], limit, s.Slice3); strings.HasSuffix(found, "]") {
			return true, found
		} else if found != "" {
			return true, found + fmt.Sprintf(" %s %d", word, limit)
		}
	}
	return true, ""
}

// bound is what an operand of a slice expression may be.
func (v *values) bound(e ast.Expr, otherwise int) []int {
	if e == nil {
		return []int{otherwise}
	}
	return v.integers(e)
}

// misfit tells what is wrong with the bounds of a slice expression, as Go's run
// time does; it ends with "with" when the length or capacity is to follow.
func misfit(low, high, most, limit int, three bool) string {
	end := "]" // of what names two of the bounds
	if three {
		end = ":]"
	}
	switch {
	case three && most < 0:
		return fmt.Sprintf(" [::%d]", most)
	case three && most > limit:
		return fmt.Sprintf(" [::%d] with", most)
	case high < 0:
		return fmt.Sprintf(" [:%d%s", high, end)
	case three && high > most:
		return fmt.Sprintf(" [:%d:%d]", high, most)
	case high > most:
		return fmt.Sprintf(" [:%d] with", high)
	case low < 0:
		return fmt.Sprintf(" [%d:%s", low, end)
	case low > high:
		return fmt.Sprintf(" [%d:%d%s", low, high, end)
	}
	return ""
}

// nilPointer tells what was nil.
func (v *values) nilPointer(e ast.Expr) (possible bool, found string) {
	var of ast.Expr
	switch e := e.(type) {
	case *ast.SelectorExpr:
		of = e.X
	case *ast.StarExpr:
		of = e.X
	case *ast.IndexExpr:
		of = e.X
	case *ast.CallExpr:
		of = e.Fun
	default:
		return false, ""
	}
	return true, v.isNil(of, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Invalid)
}

func (v *values) nilMap(e ast.Expr) (possible bool, found string) {
	if ix, ok := e.(*ast.IndexExpr); ok {
		return true, v.isNil(ix.X, reflect.Map)
	}
	return false, ""
}

// isNil says that an expression is nil, when it is.
func (v *values) isNil(e ast.Expr, kinds ...reflect.Kind) string {
	for _, x := range v.all(e) {
		for _, k := range kinds {
			if x.Kind() == k && (k == reflect.Invalid || x.IsNil()) {
				return written(e) + v.run.say(" is nil", " 是 nil")
			}
		}
	}
	return ""
}

func (v *values) zero(e ast.Expr) (possible bool, found string) {
	b, ok := e.(*ast.BinaryExpr)
	if !ok || b.Op != token.QUO && b.Op != token.REM {
		return false, ""
	}
	if _, constant := b.Y.(*ast.BasicLit); constant {
		return false, ""
	}
	for _, n := range v.integers(b.Y) {
		if n == 0 {
			return true, written(b.Y) + v.run.say(" is 0", " 是 0")
		}
	}
	return true, ""
}

// size tells the length that make was called with.
func (v *values) size(e ast.Expr) (possible bool, found string) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return false, ""
	}
	if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "make" {
		return false, ""
	}
	for _, a := range call.Args[1:] {
		for _, n := range v.integers(a) {
			if _, literal := a.(*ast.BasicLit); !literal {
				return true, fmt.Sprintf(v.run.say("%s is %d", "%s 是 %d"), written(a), n)
			}
		}
	}
	return true, ""
}

func written(e ast.Expr) string {
	var b strings.Builder
	_ = printer.Fprint(&b, token.NewFileSet(), e) // a builder does not fail
	return b.String()
}

// pointed is what a pointer or interface leads to.
func pointed(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// integers are the whole numbers that an expression may be worth.
func (v *values) integers(e ast.Expr) (out []int) {
	if e == nil {
		return nil
	}
	for _, x := range v.all(e) {
		switch x = pointed(x); {
		case x.CanInt():
			out = append(out, int(x.Int()))
		case x.CanUint():
			out = append(out, int(x.Uint()))
		}
	}
	return out
}

// all gives what an expression may be worth: nothing for what would have to be
// run, several values where a name was declared more than once.
func (v *values) all(e ast.Expr) []reflect.Value {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return v.all(e.X)
	case *ast.BasicLit:
		return literal(e)
	case *ast.CompositeLit:
		if _, list := e.Type.(*ast.ArrayType); list && !slices.ContainsFunc(e.Elts, isKeyed) {
			return []reflect.Value{reflect.ValueOf(make([]struct{}, len(e.Elts)))}
		}
	case *ast.Ident:
		return v.named(e.Name)
	case *ast.SelectorExpr:
		return each(v.all(e.X), func(x reflect.Value) reflect.Value { return field(x, e.Sel.Name) })
	case *ast.StarExpr:
		return each(v.all(e.X), func(x reflect.Value) reflect.Value { return x.Elem() })
	case *ast.IndexExpr:
		var out []reflect.Value
		for _, x := range v.all(e.X) {
			if x = pointed(x); x.Kind() == reflect.Map {
				out = append(out, each(v.all(e.Index), func(k reflect.Value) reflect.Value { return x.MapIndex(pointed(k).Convert(x.Type().Key())) })...)
				continue
			}
			for _, i := range v.integers(e.Index) {
				if k := x.Kind(); (k == reflect.Slice || k == reflect.Array) && i >= 0 && i < x.Len() {
					out = append(out, x.Index(i))
				}
			}
		}
		return out
	case *ast.BinaryExpr:
		return v.binary(e)
	case *ast.UnaryExpr:
		if e.Op == token.SUB {
			return numbers(v.integers(e.X), func(n int) int { return -n })
		}
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "len" && len(e.Args) == 1 {
			return each(v.all(e.Args[0]), func(x reflect.Value) reflect.Value { return reflect.ValueOf(pointed(x).Len()) })
		}
	}
	return nil
}

func literal(e *ast.BasicLit) []reflect.Value {
	switch c := constant.MakeFromLiteral(e.Value, e.Kind, 0); c.Kind() {
	case constant.Int:
		if n, exact := constant.Int64Val(c); exact {
			return []reflect.Value{reflect.ValueOf(n)}
		}
	case constant.String:
		return []reflect.Value{reflect.ValueOf(constant.StringVal(c))}
	}
	return nil
}

func isKeyed(e ast.Expr) bool {
	_, keyed := e.(*ast.KeyValueExpr)
	return keyed
}

// operators are the operations on integers, of which ok is false where there is
// no result.
var operators = map[token.Token]func(x, y int) (z int, ok bool){
	token.ADD: func(x, y int) (int, bool) { return x + y, true },
	token.SUB: func(x, y int) (int, bool) { return x - y, true },
	token.MUL: func(x, y int) (int, bool) { return x * y, true },
	token.QUO: func(x, y int) (int, bool) { return x / max(y, 1), y > 0 },
	token.REM: func(x, y int) (int, bool) { return x % max(y, 1), y > 0 },
	token.AND: func(x, y int) (int, bool) { return x & y, true },
	token.OR:  func(x, y int) (int, bool) { return x | y, true },
	token.XOR: func(x, y int) (int, bool) { return x ^ y, true },
	token.SHL: func(x, y int) (int, bool) { return x << max(y, 0), y >= 0 },
	token.SHR: func(x, y int) (int, bool) { return x >> max(y, 0), y >= 0 },
}

func (v *values) binary(e *ast.BinaryExpr) []reflect.Value {
	op := operators[e.Op]
	if op == nil {
		return nil
	}
	var out []reflect.Value
	for _, x := range v.integers(e.X) {
		for _, y := range v.integers(e.Y) {
			if z, ok := op(x, y); ok {
				out = append(out, reflect.ValueOf(z))
			}
		}
	}
	return out
}

func numbers(list []int, f func(int) int) []reflect.Value {
	out := make([]reflect.Value, len(list))
	for i, n := range list {
		out[i] = reflect.ValueOf(f(n))
	}
	return out
}

// each maps values and drops those that have no such part.
func each(list []reflect.Value, part func(reflect.Value) reflect.Value) (out []reflect.Value) {
	for _, x := range list {
		func() {
			defer func() { _ = recover() }() // of package reflect: x has another kind
			if p := part(x); p.IsValid() {
				out = append(out, p)
			}
		}()
	}
	return out
}

// named gives what the variables of a name hold: those of the function, else
// the live one.
func (v *values) named(name string) []reflect.Value {
	if v.call != nil {
		if found := v.call.Lookup(name); len(found) > 0 {
			return found
		}
	}
	if internal := v.run.engine.live.Internal(name); internal != "" {
		if x := v.run.engine.global(internal); x.IsValid() {
			return []reflect.Value{x}
		}
	}
	return nil
}

// field is a field of a struct or of what a pointer leads to. The interpreter
// has another name for what is not exported.
func field(x reflect.Value, name string) reflect.Value {
	x = pointed(x)
	if f := x.FieldByName(name); f.IsValid() {
		return f
	}
	return x.FieldByName("X" + name)
}
