package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// thinColumns is the greatest number of columns of a thin product.
const thinColumns = 5

// thin emits the products with few columns, thin2 to thin5: a column is no wider
// than a number, so lanes run along k, and A is read once for all columns.
func (a *asm) thin() {
	for columns := 2; columns <= thinColumns; columns++ {
		a.thinOf(columns)
	}
}

func (a *asm) thinOf(columns int) {
	a.begin(fmt.Sprintf("thin%d", columns), "(m, k int, alpha float64, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)",
		fmt.Sprintf("adds alpha*A*Bᵀ to C; A is m by k, B %d by k, with rows lda, ldb and ldc apart.", columns))
	m, p, lda, ldb, c := a.argument("m"), a.argument("a"), a.argument("lda"), a.argument("ldb"), a.argument("c")
	a.SHLQ(operand.Imm(3), lda)
	a.SHLQ(operand.Imm(3), ldb)
	rows := 2
	if a.wide {
		rows = 4
	}
	for _, group := range []int{rows, 1} {
		label := map[bool]string{true: "group", false: "row"}[group > 1]
		a.Label(label)
		a.CMPQ(m, operand.I32(int32(group)))
		a.JLT(operand.LabelRef(label + "done"))
		q, b, left := a.GP64(), a.argument("b"), a.argument("k")
		a.MOVQ(p, q)
		acc := a.zeros(group * columns)
		from, columnsOfB := a.rowPointers(q, lda, group), a.rowPointers(b, ldb, columns)
		a.stream(label+"k", left, 1, []reg.GPVirtual{q, b}, func(j int, rest *mask) {
			x := make([]reg.VecVirtual, group)
			for i, row := range from {
				row.Disp = j * a.bytes()
				x[i] = a.read(row, rest)
			}
			for col, row := range columnsOfB {
				row.Disp = j * a.bytes()
				y := a.read(row, rest)
				for i := range group {
					a.VFMADD231PD(y, x[i], acc[i*columns+col])
				}
			}
		})
		alpha, _ := a.Param("alpha").Resolve()
		for i := range group {
			for col := range columns {
				sum := a.foldSum(acc[i*columns+col])
				at := operand.Mem{Base: c, Disp: 8 * col}
				a.VMULSD(alpha.Addr, sum, sum)
				a.VADDSD(at, sum, sum)
				a.VMOVSD(sum, at)
			}
			ldc := a.argument("ldc")
			a.LEAQ(operand.Mem{Base: c, Index: ldc, Scale: 8}, c)
		}
		step := a.GP64()
		a.IMUL3Q(operand.Imm(uint64(group)), lda, step)
		a.ADDQ(step, p)
		a.SUBQ(operand.Imm(uint64(group)), m)
		a.JMP(operand.LabelRef(label))
		a.Label(label + "done")
	}
	a.end()
}
