package compile

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"sync"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// A routine is a function of one matrix in routines.go: dst from a, r×c.
type routine struct {
	name string // there
	run  func(dst, a []float64, r, c int)
	work float64 // operations, as a multiple of r·c·min(r,c)
}

// routines are the matrix functions that are left to gonum, a row each.
var routines = map[expr.Op]routine{
	expr.OpPinv:      {"pseudoinverse", pseudoinverse, 20},
	expr.OpPolar:     {"polarFactor", polarFactor, 20},
	expr.OpExpm:      {"exponential", exponential, 30},
	expr.OpAdj:       {"adjugate", adjugate, 20},
	expr.OpSigmaMax:  {"singularMax", singularMax, 20},
	expr.OpNucNorm:   {"nuclearNorm", nuclearNorm, 20},
	expr.OpUSVMax:    {"leftSingular", leftSingular, 20},
	expr.OpVSVMax:    {"rightSingular", rightSingular, 20},
	expr.OpEigMax:    {"eigenMax", eigenMax, 9},
	expr.OpEigVecMax: {"eigenVectorMax", eigenVectorMax, 9},
}

func init() {
	for op := range routines {
		lowerings[op] = (*builder).routine
	}
}

// routine emits a matrix function of gonum's.
func (b *builder) routine(n *expr.Node) *array {
	row, a := routines[n.Op()], b.value(n.Arg(0))
	out := b.room(n)
	work := row.work * float64(a.size()) * float64(min(a.r, a.c))
	return b.emit(n.Op().String(), out, work, func(s *source) {
		s.used[row.name] = true
		s.line("%s(%v, %v, %d, %d)", row.name, out, a, a.r, a.c)
	}, func() error {
		row.run(out.v(), a.v(), a.r, a.c)
		return nil
	}, a)
}

//go:embed routines.go
var routinesText string

// routineTexts are the functions of routines.go with their comments, in order,
// and the names that each mentions.
var routineTexts = sync.OnceValue(func() (all []text) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "routines.go", routinesText, parser.ParseComments)
	if err != nil {
		panic(err) // it has been compiled
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		t := text{name: f.Name.Name, text: routinesText[files.Position(f.Doc.Pos()).Offset:files.Position(f.End()).Offset] + "\n"}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				t.names = append(t.names, id.Name)
			}
			return true
		})
		all = append(all, t)
	}
	return all
})

// A text is a function that printed plans may hold.
type text struct {
	name, text string
	names      []string
}

// routinesUsed are the texts of the routines that are used, and of what these
// use.
func routinesUsed(used map[string]bool) (all []string) {
	wanted := map[string]bool{}
	for name := range used {
		wanted[name] = true
	}
	for range routineTexts() { // a chain of uses is no longer than the list
		for _, t := range routineTexts() {
			if wanted[t.name] {
				for _, name := range t.names {
					wanted[name] = true
				}
			}
		}
	}
	for _, t := range routineTexts() {
		if wanted[t.name] {
			all = append(all, t.text)
		}
	}
	return all
}
