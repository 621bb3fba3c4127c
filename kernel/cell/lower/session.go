package lower

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// Runtime is the name by which lowered code calls package rt and the engine.
const Runtime = "nablaˍrt"

// Packages says what is known of compiled packages.
type Packages interface {
	types.Importer
	// Source gives the files with the generic declarations of a package, nil
	// when it has none.
	Source(path string) map[string]string
	// Module tells a package of a module, all of whose source is there. An
	// error of finding it is told by Import.
	Module(path string) bool
	// Symbol gives a symbol of a compiled package in the form that the
	// interpreter's tables have.
	Symbol(path, name string) reflect.Value
}

// A Unit is one checked file: a cell, or a source of generic functions.
type Unit struct {
	Fset  *token.FileSet
	Files []*ast.File
	Pkg   *types.Package
	Info  *types.Info
	// Body holds the statements of a cell, nil in a file of declarations.
	Body *ast.BlockStmt
	// Result is the last expression of Body when the cell has a result.
	Result ast.Expr
	// Program tells a whole program: its variables are initialized like those of
	// a package, then main is called.
	Program bool
	// Steps are the statements and the declarations of variables, in the order
	// in which they run.
	Steps []ast.Node
	// Globals are variables that live on, in the scope of the body too.
	Globals map[types.Object]bool
	// Number tells units apart in the interpreter's positions: 0 for sources of
	// packages, whose lines nobody asks for.
	Number int
	// Profile asks for the counters of Runtime.At in every statement, also in
	// those of functions of earlier cells.
	Profile bool
}

// An Import makes a package known to the interpreter under an alias.
type Import struct{ Alias, Path string }

// An Output is a lowered cell.
type Output struct {
	// Types holds the struct types that are declared, which come before Text.
	Types string
	// Recursive names those of Types that refer to themselves.
	Recursive []string
	// Text holds declarations; evaluating them runs nothing of the cell.
	Text string
	// Run names the function that runs the cell, or is an expression.
	Run     string
	Imports []Import
	// Symbols are to be added to package Runtime before Text.
	Symbols map[string]reflect.Value
}

// A Session is what lowered cells of one interpreter share.
type Session struct {
	packages Packages
	profiled bool // while a unit is lowered with counters
	count    int
	undo     []func()

	globals     map[types.Object]string    // variables, functions and struct types
	aliases     map[string]string          // import path to alias
	decls       map[types.Object]*declared // functions and methods with a body
	instances   map[string]*instance
	byFunc      map[types.Object][]*instance
	redirected  map[types.Object]types.Object // a function to the one that took its place
	descs       []*desc
	descByKey   map[string][]*desc
	named       map[string][]*namedType
	helpers     map[string]string // text that identifies a helper, to its name
	dispatch    map[string]*dispatcher
	sources     map[string]*source
	required    map[string]bool // packages of modules that were set up
	context     *types.Context
	registered  map[*desc]bool
	opening     map[*instance]bool // written out as literals just now
	opaque      map[*types.Named]bool
	localCopies map[copyKey]*types.Named

	out       *Output  // of the cell that is lowered
	emitting  *Unit    // whose function is lowered
	structs   []string // declarations of struct types
	text      []string
	queue     []func() error
	lateNames map[types.Object]bool
	late2     []lateMethod
	replaced  [][2]*types.Func
	defines   []string // arguments of the call that defines types
	late      []string // statements that run before the cell's own
}

// A declared is the declaration of a function.
type declared struct {
	unit *Unit
	node *ast.FuncDecl
}

// A source is a package whose generic functions are copied.
type source struct {
	pkg  *types.Package
	unit *Unit
	err  error
}

// NewSession is a session without cells.
func NewSession(p Packages) *Session {
	return &Session{
		packages: p, globals: map[types.Object]string{}, aliases: map[string]string{}, decls: map[types.Object]*declared{},
		instances: map[string]*instance{}, byFunc: map[types.Object][]*instance{}, redirected: map[types.Object]types.Object{},
		descByKey: map[string][]*desc{}, named: map[string][]*namedType{}, helpers: map[string]string{}, dispatch: map[string]*dispatcher{},
		sources: map[string]*source{}, required: map[string]bool{}, context: types.NewContext(), opaque: map[*types.Named]bool{}, registered: map[*desc]bool{}, opening: map[*instance]bool{}, localCopies: map[copyKey]*types.Named{},
	}
}

// Rollback forgets what the last Lower added, for a cell that did not compile.
func (s *Session) Rollback() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
	s.undo = nil
}

// put sets an entry of a map so that Rollback takes it away again.
func put[K comparable, V any](s *Session, m map[K]V, key K, value V) {
	old, had := m[key]
	s.undo = append(s.undo, func() {
		if had {
			m[key] = old
		} else {
			delete(m, key)
		}
	})
	m[key] = value
}

// An unsupported is a panic inside of Lower: a construct that cannot be lowered.
type unsupported struct {
	pos  token.Pos
	text string
}

// A Fault says what of a cell cannot be lowered, and where.
type Fault struct {
	Pos  token.Pos
	Text string
}

func (f *Fault) Error() string { return f.Text }

// Begin starts a cell: what is said and lowered from here on can be rolled back.
func (s *Session) Begin() {
	s.emitting = nil
	s.undo, s.structs, s.text, s.queue, s.defines, s.late, s.late2, s.replaced = nil, nil, nil, nil, nil, nil, nil, nil
	s.out = &Output{Symbols: map[string]reflect.Value{}}
	s.lateNames = map[types.Object]bool{}
}

// Lower lowers the cell that Begin started.
func (s *Session) Lower(u *Unit) (out *Output, err error) {
	defer func() {
		if r := recover(); r != nil {
			x, ok := r.(unsupported)
			if !ok {
				panic(r)
			}
			s.Rollback()
			if u := s.emitting; u != nil && !isCell(u.Pkg) { // its positions are of another file
				x = unsupported{token.NoPos, "the package " + u.Pkg.Path() + ": " + x.text}
			}
			err = &Fault{x.pos, x.text}
		}
	}()
	if s.profiled = u.Profile; u.Profile {
		byFunc := s.byFunc
		s.byFunc = map[types.Object][]*instance{} // all that is called is lowered once more, with counters
		defer func() { s.byFunc, s.profiled = byFunc, false }()
	}
	s.declare(u)
	s.methods()
	body := s.body(u)
	if err := s.drain(); err != nil {
		return nil, err
	}
	const name = "cellˍ0" // one for all: the interpreter forgets the code of earlier cells
	s.text = append(s.text, "func "+name+"() {\n"+s.defining()+join(s.late)+body+"}\n")
	s.out.Run = name
	s.out.Types, s.out.Text = join(s.structs), "\n"+join(s.text)
	return s.out, nil
}

// drain lowers what was asked for on the way.
func (s *Session) drain() error {
	for len(s.queue) > 0 {
		next := s.queue[0]
		s.queue = s.queue[1:]
		if err := next(); err != nil {
			return err
		}
	}
	s.dispatchers()
	for len(s.queue) > 0 {
		next := s.queue[0]
		s.queue = s.queue[1:]
		if err := next(); err != nil {
			return err
		}
		if len(s.queue) == 0 {
			s.dispatchers()
		}
	}
	return nil
}

// defining is the call that defines the types of the cell.
func (s *Session) defining() string {
	if len(s.defines) == 0 {
		return ""
	}
	return Runtime + ".Define(\n" + strings.Join(s.defines, ",\n") + ")\n"
}

func join(lines []string) string {
	n := 0
	for _, l := range lines {
		n += len(l) + 1
	}
	b := make([]byte, 0, n)
	for _, l := range lines {
		b = append(b, l...)
		if len(l) > 0 && l[len(l)-1] != '\n' {
			b = append(b, '\n')
		}
	}
	return string(b)
}

// fresh is a name for the whole session.
func (s *Session) fresh(n string) string {
	s.count++
	return n + "ˍ" + strconv.Itoa(s.count)
}

func (s *Session) serial() int {
	s.count++
	return s.count
}

// symbol adds a value to package Runtime and gives the expression for it.
func (s *Session) symbol(n string, v reflect.Value) string {
	s.out.Symbols[n] = v
	return Runtime + "." + n
}

// alias is how lowered code calls a compiled package.
func (s *Session) alias(pkg *types.Package) string {
	if a, ok := s.aliases[pkg.Path()]; ok {
		return a
	}
	a := s.fresh(pkg.Name())
	put(s, s.aliases, pkg.Path(), a)
	s.out.Imports = append(s.out.Imports, Import{a, pkg.Path()})
	return a
}

// source is the checked source of a package with generic declarations.
func (s *Session) source(path string) *source {
	if src, ok := s.sources[path]; ok {
		return src
	}
	src := &source{}
	s.sources[path] = src
	files := s.packages.Source(path)
	if files == nil {
		if s.packages.Module(path) {
			_, src.err = s.packages.Import(path)
		}
		return src
	}
	u := &Unit{Fset: token.NewFileSet(), Info: NewInfo()}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := files[name]
		f, err := parser.ParseFile(u.Fset, path+"/"+name, text, parser.SkipObjectResolution)
		if err != nil {
			src.err = err
			return src
		}
		u.Files = append(u.Files, f)
	}
	config := types.Config{Importer: s, Context: s.context, Error: func(err error) {
		var e types.Error
		if src.err == nil && !(errors.As(err, &e) && e.Soft) {
			src.err = fmt.Errorf("%s: %w", path, err)
		}
	}}
	src.pkg, _ = config.Check(path, u.Fset, u.Files, u.Info) // the error is in src
	u.Pkg, src.unit = src.pkg, u
	s.collect(u)
	return src
}

// NewInfo has room for all that lowering asks.
func NewInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
}

// collect notes the functions of a unit by object.
func (s *Session) collect(u *Unit) {
	for _, file := range u.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				if obj := u.Info.Defs[fd.Name]; obj != nil {
					put(s, s.decls, obj, &declared{u, fd})
				}
			}
		}
	}
}

// sourced gives the object of a package's source that stands for an object of
// its export data, nil when there is none.
func (s *Session) sourced(obj types.Object) types.Object {
	if obj.Pkg() == nil || isCell(obj.Pkg()) {
		return nil
	}
	src := s.source(obj.Pkg().Path())
	if src.pkg == nil {
		return nil
	}
	if src.pkg == obj.Pkg() {
		return obj
	}
	return src.pkg.Scope().Lookup(obj.Name())
}

// Path is the import path of the package that cells declare things in.
const Path = "main"

func isCell(p *types.Package) bool { return p != nil && p.Path() == Path }

// own tells a package whose declarations are lowered from a compiled one.
func (s *Session) own(p *types.Package) bool {
	if p == nil {
		return false
	}
	if isCell(p) {
		return true
	}
	src, ok := s.sources[p.Path()]
	return ok && src.pkg == p
}

func fail(pos token.Pos, format string, args ...any) {
	panic(unsupported{pos, fmt.Sprintf(format, args...)})
}

var runtimeSymbols = map[string]reflect.Value{
	"Frame": reflect.ValueOf((*rt.Frame)(nil)), "Panicking": reflect.ValueOf((*rt.Panicking)(nil)), "Type": reflect.ValueOf((*rt.Type)(nil)), "Mark": reflect.ValueOf((*rt.Mark)(nil)), "At": reflect.ValueOf(rt.At),
	"Make": reflect.ValueOf(rt.Make), "Open": reflect.ValueOf(rt.Open), "Opaque": reflect.ValueOf(rt.Opaque), "Split": reflect.ValueOf(rt.Split),
	"Any": reflect.ValueOf(rt.Any), "Plain": reflect.ValueOf(rt.Plain), "Directed": reflect.ValueOf(rt.Directed), "Empty": reflect.ValueOf(rt.Empty), "Has": reflect.ValueOf(rt.Has), "To": reflect.ValueOf(rt.To),
	"Wrap": reflect.ValueOf(rt.Wrap), "Find": reflect.ValueOf(rt.Find), "BadAssert": reflect.ValueOf(rt.BadAssert),
	"Define": reflect.ValueOf(rt.Define), "Eq": reflect.ValueOf(rt.Eq), "EqOf": reflect.ValueOf(rt.EqOf),
	"NewFrame": reflect.ValueOf(rt.NewFrame), "Push": reflect.ValueOf(rt.Push), "Run": reflect.ValueOf(rt.Run), "Guard": reflect.ValueOf(rt.Guard), "MakeError": reflect.ValueOf(rt.MakeError), "Recover": reflect.ValueOf(rt.Recover), "DeferredRecover": reflect.ValueOf(rt.DeferredRecover), "Claim": reflect.ValueOf(rt.Claim),
	"NilCall": reflect.ValueOf(rt.NilCall), "RangeDone": reflect.ValueOf(rt.RangeDone), "NegativeShift": reflect.ValueOf(rt.NegativeShift),
	"Max": reflect.ValueOf(math.Max), "Min": reflect.ValueOf(math.Min), "Same": reflect.ValueOf(rt.Same), "Words": reflect.ValueOf(rt.Words),
	"Length": reflect.ValueOf(rt.Length), "Capacity": reflect.ValueOf(rt.Capacity), "As": reflect.ValueOf(rt.As),
	"UnsafeString": reflect.ValueOf(rt.UnsafeString), "UnsafeStringData": reflect.ValueOf(rt.UnsafeStringData),
	"UnsafeSlice": reflect.ValueOf(rt.UnsafeSlice), "UnsafeSliceData": reflect.ValueOf(rt.UnsafeSliceData), "UnsafeAdd": reflect.ValueOf(rt.UnsafeAdd),
	"Pointer": reflect.ValueOf(rt.Pointer), "PointerAt": reflect.ValueOf(rt.PointerAt), "Address": reflect.ValueOf(rt.Address), "Count": reflect.ValueOf(rt.Count),
	"Panic": reflect.ValueOf(rt.Panic), "Rune": reflect.ValueOf(rt.Rune), "Clear": reflect.ValueOf(rt.Clear), "Convert": reflect.ValueOf(rt.Convert),
}

// Symbols are the functions of package rt that lowered code calls.
func Symbols() map[string]reflect.Value {
	out := make(map[string]reflect.Value, len(runtimeSymbols))
	for n, v := range runtimeSymbols {
		out[n] = v
	}
	return out
}
