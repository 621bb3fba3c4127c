package format

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// SelfTest is what exported code needs to check itself: that D is the derivative
// of F by Wrt at a point, by central differences.
type SelfTest struct {
	F, Wrt, D *expr.Node
	Form      TestForm
	Flip      bool // the derivative is transposed against its form
	Point     Point
}

// TestForm says which entry of D belongs to entry e of F and entry k of Wrt,
// both counted down the columns.
type TestForm uint8

// The forms of a derivative.
const (
	TestGradient    TestForm = iota // entry k of D
	TestJacobian                    // row e, column k
	TestPlain                       // entry e, for a scalar variable
	TestIndependent                 // entry k, as (i,j) and (j,i) move together
	TestProjected                   // entries (i,j) and (j,i), as both move together
	TestDiagonal                    // entry k on the diagonal
	TestSkew                        // entries (i,j) and -(j,i), as both move against each other
)

// Point gives numbers, by rows, to variables and lengths to dimensions.
type Point struct {
	Dims   map[string]int
	Values map[*expr.Node][][]float64
}

// mirrored reports that entries move in pairs.
func (t SelfTest) mirrored() bool {
	return t.Form == TestIndependent || t.Form == TestProjected || t.Form == TestSkew
}

func floatText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// goEntry is the Go text of the entry that belongs to entry and place.
func (t SelfTest) goEntry() string {
	switch {
	case t.D.Shape().IsScalar():
		return "derived"
	case t.Form == TestJacobian && t.Flip:
		return "derived.At(place, entry)"
	case t.Form == TestJacobian:
		return "derived.At(entry, place)"
	case t.Form == TestPlain:
		return "derived.At(entry%height, entry/height)"
	case t.Form == TestSkew:
		return "derived.At(row, col)-derived.At(col, row)"
	case t.Form == TestProjected:
		return "pair(derived.At(row, col), derived.At(col, row), row == col)"
	case t.Flip:
		return "derived.At(col, row)"
	}
	return "derived.At(row, col)"
}

// AddSelfTest writes the function of the expression and one that compares its
// derivative, which has been added under the name, with differences.
func (g *GoCode) AddSelfTest(name string, t SelfTest) {
	of := name + "Of"
	g.Add(t.F, of)
	g.helpers["columns"] = true
	if t.Form == TestProjected && !t.D.Shape().IsScalar() {
		g.helpers["pair"] = true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n// %sSelfTest compares %s with central differences of %s at one point.\nfunc %sSelfTest() error {\n", name, name, of, name)
	declared := map[string]bool{}
	wrt := ""
	for _, call := range []goCall{g.calls[name], g.calls[of]} {
		for i, v := range call.vars {
			if v == t.Wrt {
				wrt = call.names[i]
			}
			if !declared[call.names[i]] {
				declared[call.names[i]] = true
				b.WriteString("\t" + call.names[i] + " := " + goValue(t.Point.Values[v], v.Shape().IsScalar()) + "\n")
			}
		}
		for i, d := range call.dims {
			if !declared[call.dimNames[i]] {
				declared[call.dimNames[i]] = true
				fmt.Fprintf(&b, "\t%s := %d\n", call.dimNames[i], t.Point.Dims[d])
			}
		}
	}
	if wrt == "" { // the function does not depend on the variable
		wrt = "x"
		b.WriteString("\t" + wrt + " := " + goValue(t.Point.Values[t.Wrt], t.Wrt.Shape().IsScalar()) + "\n")
	}
	b.WriteString("\tconst step = 1e-5\n")
	fmt.Fprintf(&b, "\tderived := %s(%s)\n", name, g.calls[name].arguments())
	value := of + "(" + g.calls[of].arguments() + ")"
	if t.F.Shape().IsScalar() {
		value = "[]float64{" + value + "}"
	} else {
		value = "columns(" + value + ")"
	}
	b.WriteString(t.goLoop(wrt, value))
	b.WriteString("\treturn nil\n}\n")
	g.funcs.WriteString(b.String())
}

// goLoop moves every entry of the variable and compares.
func (t SelfTest) goLoop(wrt, value string) string {
	var b strings.Builder
	compare := func(indent string) {
		fmt.Fprintf(&b, "%sfor entry := range above {\n%s\twant, got := (above[entry]-below[entry])/(2*step), %s\n", indent, indent, t.goEntry())
		fmt.Fprintf(&b, "%s\tif !(math.Abs(got-want) <= 1e-5*(1+math.Abs(want))) {\n", indent)
		if t.Wrt.Shape().IsScalar() {
			fmt.Fprintf(&b, "%s\t\treturn fmt.Errorf(\"entry %%d: %%g given, %%g by differences\", entry, got, want)\n", indent)
		} else {
			fmt.Fprintf(&b, "%s\t\treturn fmt.Errorf(\"entry %%d by (%%d,%%d): %%g given, %%g by differences\", entry, row, col, got, want)\n", indent)
		}
		fmt.Fprintf(&b, "%s\t}\n%s}\n", indent, indent)
	}
	if t.Wrt.Shape().IsScalar() {
		if t.Form == TestPlain && !t.D.Shape().IsScalar() {
			b.WriteString("\theight, _ := derived.Dims()\n")
		}
		if t.Form == TestJacobian {
			b.WriteString("\tplace := 0\n")
		}
		fmt.Fprintf(&b, "\there := %s\n\t%s = here + step\n\tabove := %s\n\t%s = here - step\n\tbelow := %s\n", wrt, wrt, value, wrt, value)
		compare("\t")
		return b.String()
	}
	fmt.Fprintf(&b, "\theight, width := %s.Dims()\n\tfor place := 0; place < height*width; place++ {\n\t\trow, col := place%%height, place/height\n", wrt)
	switch {
	case t.Form == TestSkew:
		b.WriteString("\t\tif row <= col {\n\t\t\tcontinue\n\t\t}\n")
	case t.mirrored():
		b.WriteString("\t\tif row < col {\n\t\t\tcontinue\n\t\t}\n")
	case t.Form == TestDiagonal:
		b.WriteString("\t\tif row != col {\n\t\t\tcontinue\n\t\t}\n")
	}
	set := func(by string) {
		fmt.Fprintf(&b, "\t\t%s.Set(row, col, here%s)\n", wrt, by)
		switch {
		case t.Form == TestSkew:
			fmt.Fprintf(&b, "\t\t%s.Set(col, row, -(here%s))\n", wrt, by)
		case t.mirrored():
			fmt.Fprintf(&b, "\t\t%s.Set(col, row, here%s)\n", wrt, by)
		}
	}
	fmt.Fprintf(&b, "\t\there := %s.At(row, col)\n", wrt)
	set("+step")
	b.WriteString("\t\tabove := " + value + "\n")
	set("-step")
	b.WriteString("\t\tbelow := " + value + "\n")
	set("")
	compare("\t\t")
	b.WriteString("\t}\n")
	return b.String()
}

func goValue(rows [][]float64, scalar bool) string {
	if scalar {
		return "float64(" + floatText(rows[0][0]) + ")"
	}
	var flat []string
	for _, r := range rows {
		for _, x := range r {
			flat = append(flat, floatText(x))
		}
	}
	return fmt.Sprintf("mat.NewDense(%d, %d, []float64{%s})", len(rows), len(rows[0]), strings.Join(flat, ", "))
}

// goCall is how a function that was written is called.
type goCall struct {
	vars            []*expr.Node
	names           []string
	dims, dimNames  []string
	unknownFunction bool
}

func (c goCall) arguments() string {
	return strings.Join(append(append([]string(nil), c.names...), c.dimNames...), ", ")
}
