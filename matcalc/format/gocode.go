package format

import (
	"fmt"
	"go/token"
	"sort"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// GoCode gathers Go functions over gonum with the helpers that they call.
// Scalars are float64, vectors n×1 and matrices *mat.Dense.
type GoCode struct {
	funcs   strings.Builder
	helpers map[string]bool
	calls   map[string]goCall
}

// Go is the function for one expression, with its helpers.
func Go(n *expr.Node, name string) string {
	var g GoCode
	g.Add(n, name)
	return g.String()
}

// Add writes a function that computes the expression. Its parameters are the
// variables in the order of their declaration, then declared functions as
// func(float64) float64, then the sizes that no variable tells. A common part
// is computed once.
func (g *GoCode) Add(n *expr.Node, name string) {
	if g.helpers == nil {
		g.helpers, g.calls = map[string]bool{}, map[string]goCall{}
	}
	w := &goWriter{memo: map[*expr.Node]string{}, helpers: g.helpers, dims: map[string]bool{}, funcs: map[string]bool{}, taken: map[string]bool{}}
	w.names(n)
	for _, m := range expr.PostOrder(n) {
		w.memo[m] = w.place(m)
	}
	result := "*mat.Dense"
	if n.Shape().IsScalar() {
		result = "float64"
	}
	if g.funcs.Len() > 0 {
		g.funcs.WriteString("\n")
	}
	fmt.Fprintf(&g.funcs, "// %s computes %s.\nfunc %s(%s) %s {\n", name, ASCII(n), name, w.parameters(n), result)
	g.funcs.WriteString(w.sizes(n))
	g.funcs.WriteString(w.body.String())
	fmt.Fprintf(&g.funcs, "\treturn %s\n}\n", w.memo[n])
	g.calls[name] = w.signature(n)
}

// signature is how the function is called.
func (w *goWriter) signature(n *expr.Node) goCall {
	c := goCall{vars: n.Variables(), unknownFunction: len(w.funcs) > 0}
	for _, v := range c.vars {
		c.names = append(c.names, w.vars[v])
	}
	for _, d := range sortedKeys(w.free(n)) {
		c.dims, c.dimNames = append(c.dims, d), append(c.dimNames, w.dim(d))
	}
	return c
}

// String is the functions and their helpers, without package and imports.
func (g *GoCode) String() string {
	var b strings.Builder
	b.WriteString(g.funcs.String())
	for _, h := range sortedKeys(g.helpers) {
		b.WriteString("\n" + goHelpers[h].code + "\n")
	}
	return b.String()
}

// File is a file of the package with what it imports.
func (g *GoCode) File(pkg string) string {
	code := g.String()
	var imports strings.Builder
	for _, i := range [][2]string{{"fmt.", "fmt"}, {"math.", "math"}, {"mat.", "gonum.org/v1/gonum/mat"}} {
		if strings.Contains(code, i[0]) {
			fmt.Fprintf(&imports, "import %q\n", i[1])
		}
	}
	return "package " + pkg + "\n\n" + imports.String() + "\n" + code
}

type goWriter struct {
	body    strings.Builder
	memo    map[*expr.Node]string
	vars    map[*expr.Node]string
	helpers map[string]bool
	dims    map[string]bool
	funcs   map[string]bool
	taken   map[string]bool
	temps   int
}

// goReserved are names that generated code uses for something else.
var goReserved = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`mat math fmt len float64 int new panic range append error nil _
		derived step entry place row col height width here above below want got`) {
		m[n] = true
	}
	return m
}()

// names gives each variable a name that is no keyword, helper or package.
func (w *goWriter) names(n *expr.Node) {
	w.vars = map[*expr.Node]string{}
	for _, v := range n.Variables() {
		name := v.Name()
		_, helper := goHelpers[name]
		for helper || token.IsKeyword(name) || w.taken[name] || goReserved[name] {
			name += "_"
			_, helper = goHelpers[name]
		}
		w.taken[name] = true
		w.vars[v] = name
	}
	for _, m := range expr.PostOrder(n) {
		if m.Op() == expr.OpApply {
			w.funcs[m.Name()+strings.Repeat("D", m.Order())] = true
		}
	}
}

func (w *goWriter) parameters(n *expr.Node) string {
	var out []string
	for _, v := range n.Variables() {
		kind := "*mat.Dense"
		if v.Shape().IsScalar() {
			kind = "float64"
		}
		out = append(out, w.vars[v]+" "+kind)
	}
	for _, f := range sortedKeys(w.funcs) {
		out = append(out, f+" func(float64) float64")
	}
	for _, d := range sortedKeys(w.free(n)) {
		out = append(out, w.dim(d)+" int")
	}
	return strings.Join(out, ", ")
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// free are the dimensions in use that no variable's shape tells.
func (w *goWriter) free(n *expr.Node) map[string]bool {
	out := map[string]bool{}
	for d := range w.dims {
		if w.source(n, d) == "" {
			out[d] = true
		}
	}
	return out
}

// source is the Go expression that reads a dimension off a variable.
func (w *goWriter) source(n *expr.Node, d string) string {
	for _, v := range n.Variables() {
		if s := v.Shape(); s.Rows.String() == d {
			return w.vars[v] + ".RawMatrix().Rows"
		} else if s.Cols.String() == d {
			return w.vars[v] + ".RawMatrix().Cols"
		}
	}
	return ""
}

func (w *goWriter) sizes(n *expr.Node) string {
	var b strings.Builder
	for _, d := range sortedKeys(w.dims) {
		if s := w.source(n, d); s != "" {
			fmt.Fprintf(&b, "\t%s := %s\n", w.dim(d), s)
		}
	}
	return b.String()
}

// dim is the Go name of a dimension.
func (w *goWriter) dim(d string) string { return d + "Size" }

func (w *goWriter) size(s shape.Size) string {
	if s.IsOne() {
		return "1"
	}
	text := s.String()
	for _, d := range s.Names() {
		w.dims[d] = true
	}
	var b strings.Builder
	for _, f := range splitKeep(text) {
		if shape.IsName(f) {
			f = w.dim(f)
		}
		b.WriteString(f)
	}
	return b.String()
}

// splitKeep parts a size's text at its operators, keeping them.
func splitKeep(s string) []string {
	var out []string
	last := 0
	for i, r := range s {
		if r == '*' || r == '+' {
			out = append(out, s[last:i], s[i:i+1])
			last = i + 1
		}
	}
	return append(out, s[last:])
}

func (w *goWriter) call(helper string, args ...string) string {
	w.use(helper)
	return helper + "(" + strings.Join(args, ", ") + ")"
}

func (w *goWriter) use(helper string) {
	if w.helpers[helper] {
		return
	}
	w.helpers[helper] = true
	for _, u := range goHelpers[helper].uses {
		w.use(u)
	}
}

// place writes the statement that computes a node and returns its name.
func (w *goWriter) place(n *expr.Node) string {
	text := w.node(n)
	if n.IsLeaf() {
		return text
	}
	w.temps++
	name := "v" + strconv.Itoa(w.temps)
	for w.taken[name] {
		name += "_"
	}
	fmt.Fprintf(&w.body, "\t%s := %s\n", name, text)
	return name
}

// goScalarFuncs are elementwise functions as Go functions of a float64.
var goScalarFuncs = withElementwise(func(f function.Elementwise) string { return f.Go }, map[expr.Op]string{})

// goMatrixFuncs are helpers of one matrix.
var goMatrixFuncs = map[expr.Op]string{
	expr.OpInv: "inv", expr.OpPinv: "pinv", expr.OpExpm: "expm", expr.OpPolar: "polar", expr.OpDiag: "diag", expr.OpDiagOf: "diagof",
	expr.OpVec: "vec", expr.OpSoftmax: "softmax", expr.OpSoftmaxRows: "softmaxrows", expr.OpLSERows: "lserows", expr.OpEigVecMax: "eigvecmax",
	expr.OpUSVMax: "usvmax", expr.OpVSVMax: "vsvmax", expr.OpLogDet: "logdet", expr.OpNorm1: "norm1", expr.OpLogSumExp: "lse",
	expr.OpEigMax: "eigmax", expr.OpSigmaMax: "sigmamax", expr.OpNucNorm: "nucnorm", expr.OpT: "t",
}

// goExpressions are functions that gonum has; # is the operand.
var goExpressions = map[expr.Op]string{
	expr.OpDet: "mat.Det(#)", expr.OpTr: "mat.Trace(#)", expr.OpSum: "mat.Sum(#)", expr.OpNorm2: "mat.Norm(#, 2)",
}

func (w *goWriter) node(n *expr.Node) string {
	arg := func(i int) string { return w.memo[n.Arg(i)] }
	scalar := n.Shape().IsScalar()
	if f, ok := goScalarFuncs[n.Op()]; ok {
		if !strings.HasPrefix(f, "math.") {
			w.use(f)
		}
		return w.each(f, n)
	}
	if f, ok := goMatrixFuncs[n.Op()]; ok {
		return w.call(f, w.dense(n.Arg(0)))
	}
	if f, ok := goExpressions[n.Op()]; ok {
		return strings.ReplaceAll(f, "#", w.dense(n.Arg(0)))
	}
	switch n.Op() {
	case expr.OpNum:
		return goNumber(n.Rat())
	case expr.OpSym:
		return w.vars[n]
	case expr.OpDim:
		return "float64(" + w.size(n.Sizes()[0]) + ")"
	case expr.OpEye:
		return w.call("eye", w.size(n.Sizes()[0]))
	case expr.OpComm:
		return w.call("comm", w.size(n.Sizes()[0]), w.size(n.Sizes()[1]))
	case expr.OpOnes, expr.OpZeros:
		v := "1"
		if n.Op() == expr.OpZeros {
			v = "0"
		}
		return w.call("fill", w.size(n.Shape().Rows), w.size(n.Shape().Cols), v)
	case expr.OpAdd:
		return w.fold(n.Args(), "add", " + ", scalar)
	case expr.OpHad:
		return w.fold(n.Args(), "had", " * ", scalar)
	case expr.OpKron:
		return w.call("kron", w.dense(n.Arg(0)), w.dense(n.Arg(1)))
	case expr.OpHCat:
		return w.fold(n.Args(), "hcat", "", false)
	case expr.OpVCat:
		return w.fold(n.Args(), "vcat", "", false)
	case expr.OpAdj:
		return w.call("scale", "mat.Det("+arg(0)+")", w.call("inv", arg(0)))
	case expr.OpSoftmaxCols:
		return w.call("t", w.call("softmaxrows", w.call("t", w.dense(n.Arg(0)))))
	case expr.OpLSECols:
		return w.call("t", w.call("lserows", w.call("t", w.dense(n.Arg(0)))))
	case expr.OpApply:
		return w.each(n.Name()+strings.Repeat("D", n.Order()), n)
	case expr.OpPow, expr.OpHPow:
		return w.power(n)
	case expr.OpMul:
		return w.product(n)
	}
	return fmt.Sprintf("panic(%q)", "no Go for "+n.Op().String())
}

func goNumber(r expr.Rat) string {
	s := strconv.FormatFloat(r.Float(), 'g', 17, 64)
	if short := strconv.FormatFloat(r.Float(), 'g', -1, 64); len(short) < len(s) {
		s = short
	}
	if !strings.ContainsAny(s, ".eIN") {
		s += ".0"
	}
	if r.Sign() < 0 {
		s = "(" + s + ")"
	}
	return s
}

// dense is an operand as a matrix, also where it is a scalar.
func (w *goWriter) dense(n *expr.Node) string {
	if n.Shape().IsScalar() {
		return w.call("one", w.memo[n])
	}
	return w.memo[n]
}

func (w *goWriter) each(f string, n *expr.Node) string {
	if n.Shape().IsScalar() {
		return f + "(" + w.memo[n.Arg(0)] + ")"
	}
	return w.call("each", f, w.memo[n.Arg(0)])
}

func (w *goWriter) fold(args []*expr.Node, helper, sign string, scalar bool) string {
	operand := func(a *expr.Node) string {
		if scalar {
			return w.memo[a]
		}
		return w.dense(a)
	}
	text := operand(args[0])
	for _, a := range args[1:] {
		if scalar {
			text += sign + operand(a)
		} else {
			text = w.call(helper, text, operand(a))
		}
	}
	return text
}

func (w *goWriter) power(n *expr.Node) string {
	a, e := n.Arg(0), n.Arg(1)
	switch {
	case n.Shape().IsScalar() && e.IsInt(-1):
		return "1 / " + w.memo[a]
	case n.Shape().IsScalar() && e.IsInt(2):
		return w.memo[a] + " * " + w.memo[a]
	case n.Shape().IsScalar():
		return "math.Pow(" + w.memo[a] + ", " + w.memo[e] + ")"
	case n.Op() == expr.OpPow:
		return w.call("matpow", w.memo[a], "int("+strings.TrimSuffix(w.memo[e], ".0")+")")
	case a.Shape().IsScalar():
		return w.call("powfrom", w.memo[a], w.memo[e])
	case e.Shape().IsScalar():
		return w.call("hpow", w.memo[a], w.memo[e])
	}
	return w.call("hpows", w.memo[a], w.memo[e])
}

func (w *goWriter) product(n *expr.Node) string {
	p := n.Product()
	var scalars []string
	if !p.Coef.Equal(expr.RatOne) {
		scalars = append(scalars, goNumber(p.Coef))
	}
	for _, s := range p.Scalars {
		scalars = append(scalars, w.memo[s])
	}
	head := strings.Join(scalars, " * ")
	if len(p.Chain) == 0 {
		return head
	}
	chain := w.chain(p.Chain)
	switch {
	case n.Shape().IsScalar():
		chain += ".At(0, 0)"
		if head != "" {
			return head + " * " + chain
		}
		return chain
	case head != "":
		return w.call("scale", bare(head), chain)
	}
	return chain
}

// chain multiplies from the side where a vector stands, so that no product of
// matrices is formed before one with a vector.
func (w *goWriter) chain(c []*expr.Node) string {
	last := len(c) - 1
	if c[last].Shape().Cols.IsOne() && !c[0].Shape().Rows.IsOne() {
		text := w.memo[c[last]]
		for i := last - 1; i >= 0; i-- {
			text = w.call("mul", w.memo[c[i]], text)
		}
		return text
	}
	text := w.memo[c[0]]
	for _, f := range c[1:] {
		text = w.call("mul", text, w.memo[f])
	}
	return text
}

// bare drops the brackets around a negative number, which stands alone.
func bare(number string) string {
	if inner, ok := strings.CutPrefix(number, "("); ok && strings.Count(number, "(") == 1 && strings.HasSuffix(number, ")") {
		return strings.TrimSuffix(inner, ")")
	}
	return number
}
