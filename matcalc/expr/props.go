package expr

import "strings"

// Props is a set of facts that are declared of a variable or derived of an
// expression.
type Props uint64

// The facts. Those after Integer bound where a variable is sampled and imply
// the facts named in propRows.
const (
	Symmetric Props = 1 << iota
	Skew
	Diagonal
	Lower      // lower triangular
	Upper      // upper triangular
	Orthogonal // X'X = I, square
	PD         // symmetric positive definite
	PSD        // symmetric positive semidefinite
	PDNS       // x'Ax > 0 for x != 0, not necessarily symmetric
	Projector  // symmetric and idempotent
	Invertible // square, nonsingular
	PosDet     // determinant > 0
	Positive   // every entry > 0
	NonNeg     // every entry >= 0
	Nonzero    // no entry is 0
	Negative   // every entry < 0
	PM1        // every entry is 1 or -1
	Mask       // every entry is 0 or 1
	Simplex    // entries >= 0, sum 1
	Stochastic // entries >= 0, each row sums to 1
	SqDist     // squared distances of points
	Tall       // more rows than columns, full column rank
	Wide       // more columns than rows, full row rank
	Integer
	BigPD    // positive definite and well away from singular
	BigDiag  // diagonally dominant
	Small    // entries near 0
	Big      // entries well above 1
	Unit     // entries in (0,1)
	PosAngle // entries in (0, pi/2)
)

// PropRow is one declared fact: its names, what it implies, and whether it
// needs a square shape.
type PropRow struct {
	Prop    Props
	Names   []string // the first is printed
	Implies Props
	Square  bool
	Doc     string
}

var propRows = []PropRow{
	{Symmetric, []string{"symmetric", "sym", "对称"}, 0, true, "A' = A"},
	{Skew, []string{"skew", "antisymmetric", "skew-symmetric", "反对称", "斜对称"}, 0, true, "A' = -A"},
	{Diagonal, []string{"diagonal", "对角"}, Symmetric | Lower | Upper, true, "zero off the diagonal"},
	{Lower, []string{"lower", "lower-triangular", "下三角"}, 0, true, "zero above the diagonal"},
	{Upper, []string{"upper", "upper-triangular", "上三角"}, 0, true, "zero below the diagonal"},
	{Orthogonal, []string{"orthogonal", "正交"}, Invertible, true, "Q'Q = I"},
	{PD, []string{"pd", "spd", "posdef", "positive-definite", "正定"}, Symmetric | Invertible | PosDet | PSD | PDNS, true, "symmetric, x'Ax > 0"},
	{PSD, []string{"psd", "positive-semidefinite", "半正定"}, Symmetric, true, "symmetric, x'Ax >= 0"},
	{PDNS, []string{"pdns"}, Invertible | PosDet, true, "x'Ax > 0, not symmetric"},
	{Projector, []string{"projector", "projection", "投影"}, Symmetric | PSD, true, "P' = P, PP = P"},
	{Invertible, []string{"invertible", "nonsingular", "可逆"}, 0, true, "has an inverse"},
	{PosDet, []string{"posdet"}, Invertible, true, "positive determinant"},
	{Positive, []string{"positive", "pos", "正"}, NonNeg | Nonzero, false, "entries > 0"},
	{NonNeg, []string{"nonneg", "nonnegative", "非负"}, 0, false, "entries >= 0"},
	{Nonzero, []string{"nonzero", "非零"}, 0, false, "no entry is 0"},
	{Negative, []string{"negative", "负"}, Nonzero, false, "entries < 0"},
	{PM1, []string{"pm1"}, Nonzero, false, "entries 1 or -1"},
	{Mask, []string{"mask"}, NonNeg, false, "entries 0 or 1"},
	{Simplex, []string{"simplex", "probability"}, Positive | NonNeg | Nonzero, false, "entries > 0, sum 1"},
	{Stochastic, []string{"stochastic", "随机矩阵"}, Positive | NonNeg | Nonzero, false, "entries > 0, rows sum to 1"},
	{SqDist, []string{"sqdist"}, Symmetric | NonNeg, true, "squared distances of points"},
	{Tall, []string{"tall", "full-column-rank", "列满秩"}, 0, false, "full column rank"},
	{Wide, []string{"wide", "full-row-rank", "行满秩"}, 0, false, "full row rank"},
	{Integer, []string{"integer", "整数"}, Positive | NonNeg | Nonzero, false, "a whole number, 2 or more"},
	{BigPD, []string{"bigpd"}, PD | Symmetric | Invertible | PosDet | PSD | PDNS, true, "positive definite, far from singular"},
	{BigDiag, []string{"bigdiag"}, Invertible | PosDet, true, "diagonally dominant"},
	{Small, []string{"small"}, 0, false, "entries near 0"},
	{Big, []string{"big"}, Positive | NonNeg | Nonzero, false, "entries well above 1"},
	{Unit, []string{"unit"}, Positive | NonNeg | Nonzero, false, "entries in (0,1)"},
	{PosAngle, []string{"posangle"}, Positive | NonNeg | Nonzero, false, "entries in (0, pi/2)"},
}

// PropRows lists every fact that a declaration may state.
func PropRows() []PropRow { return propRows }

var propByName = func() map[string]PropRow {
	m := map[string]PropRow{}
	for _, r := range propRows {
		for _, n := range r.Names {
			m[n] = r
		}
	}
	return m
}()

// LookupProp finds a fact by any of its names, in any letter case.
func LookupProp(name string) (PropRow, bool) {
	r, ok := propByName[strings.ToLower(name)]
	return r, ok
}

// Has reports whether all facts of q are in p.
func (p Props) Has(q Props) bool { return p&q == q }

// Closed adds to declared facts the facts that they imply.
func (p Props) Closed() Props {
	for {
		q := p
		for _, r := range propRows {
			if p&r.Prop != 0 {
				q |= r.Implies
			}
		}
		if q&(Lower|Upper) == Lower|Upper || q.Has(Lower|Symmetric) || q.Has(Upper|Symmetric) {
			q |= Diagonal
		}
		if q == p {
			return p
		}
		p = q
	}
}

// Names lists the facts by their first names.
func (p Props) Names() []string {
	var out []string
	for _, r := range propRows {
		if p&r.Prop != 0 {
			out = append(out, r.Names[0])
		}
	}
	return out
}
