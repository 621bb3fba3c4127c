package lower

// A Flaw is something that the interpreter does wrong, with its smallest program
// and the form that avoids it. A test holds that the interpreter still fails on
// the program, so that a row and what it asks of the lowering can go when it is
// mended.
type Flaw struct {
	Name    string
	Avoided string // the form that lowered code has instead
	Imports string // of the program, separated by spaces
	Decls   string // declarations of the program
	Main    string // statements of its main
	Prints  string // what Go prints
}

// Flaws are the faults of yaegi 0.16.1 that the lowering avoids.
var Flaws = []Flaw{
	{"identity of named types", "values carry their type: rt.Make", "", `type A int`,
		`var x any = A(1); switch x.(type) { case int: fmt.Println("int"); case A: fmt.Println("A") }`, "A\n"},
	{"keys of several types in a map", "values carry their type: rt.Make", "", "type A int; type B int",
		"fmt.Println(len(map[any]int{A(1): 1, B(1): 2, 1: 3}))", "3\n"},
	{"inference of two type parameters", "a copy for each instance", "",
		"func Map[A, B any](x []A, f func(A) B) []B { var y []B; for _, a := range x { y = append(y, f(a)) }; return y }",
		`fmt.Println(Map([]int{1, 2}, func(i int) string { return fmt.Sprint("n", i) }))`, "[n1 n2]\n"},
	{"identity of instances", "a copy for each instance", "", "type T[P any] struct{ v P }",
		"var x any = T[int]{1}; _, ok := x.(T[string]); fmt.Println(ok)", "false\n"},
	{"generic functions of the standard library", "copied from their source", "slices maps", "",
		`s := []int{3, 1, 2}; slices.Sort(s); fmt.Println(s, slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})))`, "[1 2 3] [a b]\n"},
	{"implicit conversion of a result to an interface", "conversions are written out", "", `type E struct{}; func (E) Error() string { return "e" }; func f() (int, E) { return 1, E{} }`,
		"var err error; _, err = f(); fmt.Println(err)", "e\n"},
	{"method expressions", "methods are functions", "", `type T struct{}; func (T) m(s string) { fmt.Println("m", s) }`,
		`f := T.m; f(T{}, "y")`, "m y\n"},
	{"operands of defer in a loop", "deferred calls in a frame of our own", "", "",
		`func() { for i := 0; i < 3; i++ { defer fmt.Print(i, " ") } }(); fmt.Println()`, "2 1 0 \n"},
	{"run-time errors that recover gives", "rt.Panicked", "", "",
		`defer func() { _, ok := recover().(error); fmt.Println(ok) }(); var a []int; i := 5; fmt.Println(a[i])`, "true\n"},
	{"variables of a loop in closures", "a copy for each iteration", "", "",
		"var fs []func() int; for i := 0; i < 3; i++ { fs = append(fs, func() int { return i }) }; fmt.Println(fs[0](), fs[2]())", "0 2\n"},
	{"range over text that is not UTF-8", "decoded in lowered code", "", "",
		`for i, r := range "a\xffb" { fmt.Print(i, r, " ") }; fmt.Println()`, "0 97 1 65533 2 98 \n"},
	{"range over functions", "the body as a literal", "", "func three(yield func(int) bool) { for i := 1; i < 4 && yield(i); i++ {} }",
		"s := 0; for x := range three { if x == 3 { break }; s += x }; fmt.Println(s)", "3\n"},
	{"min, max and clear", "helpers", "", "",
		`m := map[int]int{1: 1}; clear(m); fmt.Println(min(3, 1, 2), max(2.5, 1), len(m))`, "1 2.5 0\n"},
	{"new of a value", "a helper", "", "", "fmt.Println(*new(5))", "5\n"},
	{"recursive slice types", "kept in an interface{}", "", "type T []T",
		"fmt.Println(len(T{nil, {nil}}[1]))", "1\n"},
	{"recursive function types", "kept in an interface{}", "", "type F func(int) F",
		"n := 0; var f F; f = func(i int) F { n += i; return f }; f(1)(2); fmt.Println(n)", "3\n"},
	{"iota in several names", "constants are folded", "", "const ( d, e = iota, iota + 10; f, g )",
		"fmt.Println(d, e, f, g)", "0 10 1 11\n"},
	{"variables of compiled packages", "assigned through a pointer", "runtime", "",
		"old := runtime.MemProfileRate; runtime.MemProfileRate = old + 1; fmt.Println(runtime.MemProfileRate - old); runtime.MemProfileRate = old", "1\n"},
	{"comparison of channels of two directions", "by pointer", "", "",
		"c := make(chan int); var r <-chan int = c; fmt.Println(c == r)", "true\n"},
	{"make of a channel of one direction", "made and converted", "", "", "c := make(<-chan int, 3); fmt.Println(cap(c))", "3\n"},
	{"range over a slice of channels", "an index loop", "", "", "for i, c := range []chan bool{nil} { fmt.Println(i, c == nil) }", "0 true\n"},
	{"conversion to unsafe.Pointer", "rt.Pointer", "unsafe", "", "x := 7; fmt.Println(*(*int)(unsafe.Pointer(&x)))", "7\n"},
	{"names of types", "values carry their type: rt.Make", "", "type P struct{ X int }",
		`fmt.Printf("%T %#v %+v\n", P{1}, P{2}, []P{{3}})`, "main.P main.P{X:2} [{X:3}]\n"},
	{"methods of elements", "types made at run time have methods", "", `type C float64; func (c C) String() string { return "C!" }`,
		`fmt.Println([]C{1}, map[string]C{"a": 2})`, "[C!] map[a:C!]\n"},
	{"errors.As with a declared type", "types made at run time have methods", "errors", `type E struct{ n int }; func (e *E) Error() string { return "e" }`,
		`var e *E; ok := errors.As(fmt.Errorf("w: %w", &E{4}), &e); fmt.Println(ok && e.n == 4)`, "true\n"},
	{"marshalers inside of values", "types made at run time have methods", "encoding/json", `type D int; func (d D) MarshalText() ([]byte, error) { return []byte("day"), nil }`,
		`b, err := json.Marshal(struct{ A []D; B map[D]int }{[]D{1}, map[D]int{2: 3}}); fmt.Println(string(b), err)`, `{"A":["day"],"B":{"day":3}} <nil>` + "\n"},
	{"methods in templates", "types made at run time have methods", "os text/template", `type N struct{ s string }; func (n N) Up() string { return n.s + "!" }`,
		`template.Must(template.New("t").Parse("{{.Up}}\n")).Execute(os.Stdout, N{"x"})`, "x!\n"},
	{"methods by reflection", "types made at run time have methods", "reflect", `type N int; func (n N) Twice() N { return 2 * n }`,
		`fmt.Println(reflect.TypeOf(N(1)), reflect.TypeOf(N(1)).NumMethod(), reflect.ValueOf(N(4)).MethodByName("Twice").Call(nil)[0])`, "main.N 1 8\n"},
	{"unexported fields in JSON", "types made at run time have fields as declared", "encoding/json", "type P struct{ A, b int }",
		`b, _ := json.Marshal(P{1, 2}); fmt.Println(string(b))`, `{"A":1}` + "\n"},
	{"default before other cases with fallthrough", "the clause by its number", "", "",
		"n := 0; switch { default: n++; fallthrough; case false: n++ }; fmt.Println(n)", "2\n"},
	{"an interface as a case", "compared with true", "", "",
		`i := interface{}(true); switch { case i: fmt.Println("yes"); case false: fmt.Println("no") }`, "yes\n"},
	{"complex constants", "variables", "", "", "var c complex128 = 6; fmt.Println(c / complex(2.0, 0.0))", "(3+0i)\n"},
	{"fields named _", "they get a name and do not count", "", "type T struct { a int; _ int }",
		"x, y := T{1, 2}, T{1, 3}; fmt.Println(x == y, any(x) == any(y))", "true true\n"},
	{"a function as an element", "as a literal", "", "func id[T any]() func() int { return one[T] }; func one[T any]() int { return 1 }",
		"fs := []func() int{id[string]()}; fmt.Println(fs[0]())", "1\n"},
	{"a comparison that is thrown away", "kept in a variable", "", "func f() interface{} { return nil }",
		"x := 5; _ = f() == nil; y := 6; fmt.Println(x, y)", "5 6\n"},
	{"operands of an assignment in a range", "evaluated first", "", "",
		"i, a := 0, []int{0, 0, 0}; for i, a[i] = range []int{7, 8} {}; fmt.Println(i, a)", "1 [8 0 0]\n"},
	{"builtins among several results", "kept in a variable", "", "func f(v []int) (int, int) { return 1, len(v) }",
		"fmt.Println(f([]int{1, 2, 3}))", "1 3\n"},
	{"the variable of a range that is set", "another variable counts", "", "",
		"n := 0; for i := range []int{1, 2, 3} { i = 7; n += i }; fmt.Println(n)", "21\n"},
	{"slices as arrays", "rt.Convert", "", "", "defer func() { fmt.Println(recover()) }(); s := []int{1, 2}; _ = [3]int(s)", "runtime error: cannot convert slice with length 2 to array or pointer to array with length 3\n"},
	{"interfaces of cells in generic code", "a copy for each instance", "", "type Num interface{ ~int | ~float64 }; func Sum[T Num](xs ...T) (s T) { for _, x := range xs { s += x }; return s }; type My int",
		`fmt.Printf("%v %T\n", Sum(My(1), 2), Sum(My(1)))`, "3 main.My\n"},
}
