package format

import (
	"fmt"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// numpyComm is the commutation matrix as NumPy.
const numpyComm = `def comm(m, n):
    """comm(m, n) @ vec(A) = vec(A.T) for A of m rows and n columns."""
    return np.eye(m*n).reshape(n, m, m*n).swapaxes(0, 1).reshape(m*n, m*n)


`

// NumPyFile is a Python module with the function for an expression and, where a
// test is given, one that compares it with central differences.
func NumPyFile(n *expr.Node, name string, test *SelfTest) string {
	var b strings.Builder
	body := NumPy(n)
	if test != nil {
		body += NumPy(test.F)
	}
	b.WriteString("import numpy as np\n")
	if strings.Contains(body, "sla.") {
		b.WriteString("import scipy.linalg as sla\n")
	}
	b.WriteString("\n\n")
	if strings.Contains(body, "comm(") {
		b.WriteString(numpyComm)
	}
	b.WriteString(numpyDef(n, name))
	if test != nil {
		b.WriteString("\n\n" + numpyDef(test.F, name+"_of") + "\n\n" + numpySelfTest(n, name, *test))
		fmt.Fprintf(&b, "\n\nif __name__ == \"__main__\":\n    %s_self_test()\n    print(\"%s agrees with differences\")\n", name, name)
	}
	return b.String()
}

// numpyParameters are the variables, then the sizes that no variable tells.
func numpyParameters(n *expr.Node) (names []string, sizes map[string]string, free []string) {
	sizes = map[string]string{}
	for _, v := range n.Variables() {
		names = append(names, v.Name())
		for axis, s := range []string{v.Shape().Rows.String(), v.Shape().Cols.String()} {
			if sizes[s] == "" {
				sizes[s] = fmt.Sprintf("%s.shape[%d]", v.Name(), axis)
			}
		}
	}
	used := map[string]bool{}
	for _, m := range expr.PostOrder(n) {
		for _, s := range m.Sizes() {
			for _, d := range s.Names() {
				used[d] = true
			}
		}
	}
	for s := range sizes {
		if !used[s] {
			delete(sizes, s)
		}
	}
	for d := range used {
		if sizes[d] == "" {
			free = append(free, d)
		}
	}
	sort.Strings(free)
	return names, sizes, free
}

func numpyDef(n *expr.Node, name string) string {
	names, sizes, free := numpyParameters(n)
	var b strings.Builder
	fmt.Fprintf(&b, "def %s(%s):\n    \"\"\"%s\n\n    Vectors are columns of shape (n, 1), scalars floats.\n    \"\"\"\n", name, strings.Join(append(names, free...), ", "), ASCII(n))
	dims := make([]string, 0, len(sizes))
	for d := range sizes {
		dims = append(dims, d)
	}
	sort.Strings(dims)
	for _, d := range dims {
		fmt.Fprintf(&b, "    %s = %s\n", d, sizes[d])
	}
	fmt.Fprintf(&b, "    return %s\n", NumPy(n))
	return b.String()
}

// numpyEntry is the Python text of the entry of the derivative.
func (t SelfTest) numpyEntry() string {
	switch {
	case t.D.Shape().IsScalar():
		return "float(derived)"
	case t.Form == TestJacobian && t.Flip:
		return "derived[place, entry]"
	case t.Form == TestJacobian:
		return "derived[entry, place]"
	case t.Form == TestPlain:
		return "derived.ravel(order=\"F\")[entry]"
	case t.Form == TestSkew:
		return "derived[row, col] - derived[col, row]"
	case t.Form == TestProjected:
		return "derived[row, col] if row == col else derived[row, col] + derived[col, row]"
	case t.Flip:
		return "derived[col, row]"
	}
	return "derived[row, col]"
}

func numpySelfTest(n *expr.Node, name string, t SelfTest) string {
	var b strings.Builder
	fmt.Fprintf(&b, "def %s_self_test(step=1e-5):\n    \"\"\"Compares %s with central differences of %s_of at one point.\"\"\"\n", name, name, name)
	b.WriteString("    values = dict(")
	seen := map[*expr.Node]bool{}
	var parts []string
	for _, v := range append(append(n.Variables(), t.F.Variables()...), t.Wrt) {
		if !seen[v] {
			seen[v] = true
			parts = append(parts, v.Name()+"="+numpyValue(t.Point.Values[v], v.Shape().IsScalar()))
		}
	}
	b.WriteString(strings.Join(parts, ",\n                  ") + ")\n")
	call := func(n *expr.Node, f string) string {
		names, _, free := numpyParameters(n)
		var args []string
		for _, v := range names {
			args = append(args, "v[\""+v+"\"]")
		}
		for _, d := range free {
			args = append(args, fmt.Sprint(t.Point.Dims[d]))
		}
		return f + "(" + strings.Join(args, ", ") + ")"
	}
	fmt.Fprintf(&b, "    derive = lambda v: %s\n    value = lambda v: np.asarray(%s).ravel(order=\"F\")\n", call(n, name), call(t.F, name+"_of"))
	fmt.Fprintf(&b, "    derived, x = derive(values), np.atleast_2d(values[\"%s\"])\n", t.Wrt.Name())
	b.WriteString("    for place in range(x.size):\n        row, col = place % x.shape[0], place // x.shape[0]\n")
	switch {
	case t.Form == TestSkew:
		b.WriteString("        if row <= col:\n            continue\n")
	case t.mirrored():
		b.WriteString("        if row < col:\n            continue\n")
	case t.Form == TestDiagonal:
		b.WriteString("        if row != col:\n            continue\n")
	}
	b.WriteString("        move = np.zeros_like(x)\n        move[row, col] = step\n")
	switch {
	case t.Form == TestSkew:
		b.WriteString("        move[col, row] = -step\n")
	case t.mirrored():
		b.WriteString("        move[col, row] = step\n")
	}
	if t.Wrt.Shape().IsScalar() {
		b.WriteString("        move = step\n")
	}
	fmt.Fprintf(&b, "        above = value({**values, \"%[1]s\": values[\"%[1]s\"] + move})\n        below = value({**values, \"%[1]s\": values[\"%[1]s\"] - move})\n", t.Wrt.Name())
	fmt.Fprintf(&b, "        for entry, want in enumerate((above - below)/(2*step)):\n            got = %s\n", t.numpyEntry())
	b.WriteString("            assert abs(got - want) <= 1e-5*(1 + abs(want)), (entry, row, col, got, want)\n")
	return b.String()
}

func numpyValue(rows [][]float64, scalar bool) string {
	if scalar {
		return floatText(rows[0][0])
	}
	var out []string
	for _, r := range rows {
		var xs []string
		for _, x := range r {
			xs = append(xs, floatText(x))
		}
		out = append(out, "["+strings.Join(xs, ", ")+"]")
	}
	return "np.array([" + strings.Join(out, ", ") + "])"
}
