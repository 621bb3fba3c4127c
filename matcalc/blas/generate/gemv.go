package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemvGroup is how many rows of the matrix are read together.
const gemvGroup = 4

// rowPointers gives the address of count rows of numbers that lie stride bytes
// apart behind p, through one base and the multiples of the stride that an
// address cannot scale. Count is at most 8.
func (a *asm) rowPointers(p, stride reg.GPVirtual, count int) []operand.Mem {
	multiple := map[int]reg.GPVirtual{1: stride}
	need := func(m int, from int) {
		if count > m {
			r := a.GP64()
			a.LEAQ(operand.Mem{Base: multiple[from], Index: stride, Scale: 2}, r)
			multiple[m] = r
		}
	}
	need(3, 1)
	need(5, 3)
	need(7, 5)
	at := func(r reg.GPVirtual, scale uint8) operand.Mem { return operand.Mem{Base: p, Index: r, Scale: scale} }
	rows := []operand.Mem{{Base: p}, at(stride, 1), at(stride, 2), at(multiple[3], 1), at(stride, 4), at(multiple[5], 1), at(multiple[3], 2), at(multiple[7], 1)}
	return rows[:count]
}

func (a *asm) gemvRows() {
	a.begin("gemvRows", "(m, n int, alpha float64, a *float64, lda int, x, y *float64)",
		"adds alpha*A*x to y; A is m by n with rows lda apart.")
	m, n, p, lda, x, y := a.argument("m"), a.argument("n"), a.argument("a"), a.argument("lda"), a.argument("x"), a.argument("y")
	a.SHLQ(operand.Imm(3), lda)
	for _, group := range []int{gemvGroup, 1} {
		label := map[bool]string{true: "group", false: "row"}[group > 1]
		a.Label(label)
		a.CMPQ(m, operand.I32(int32(group)))
		a.JLT(operand.LabelRef(label + "done"))
		q, xs, left := a.GP64(), a.GP64(), a.GP64()
		a.MOVQ(p, q)
		a.MOVQ(x, xs)
		a.MOVQ(n, left)
		acc := a.zeros(group)
		rows := a.rowPointers(q, lda, group)
		a.stream(label+"x", left, 2, []reg.GPVirtual{q, xs}, func(j int, rest *mask) {
			v := a.read(a.at(xs, j), rest)
			for i, row := range rows {
				row.Disp = j * a.bytes()
				if rest == nil {
					a.VFMADD231PD(row, v, acc[i])
				} else {
					a.VFMADD231PD(a.loadMasked(row, *rest), v, acc[i])
				}
			}
		})
		for i, v := range acc {
			sum := a.foldSum(v)
			b, _ := a.Param("alpha").Resolve()
			at := operand.Mem{Base: y, Disp: 8 * i}
			a.VMULSD(b.Addr, sum, sum)
			a.VADDSD(at, sum, sum)
			a.VMOVSD(sum, at)
		}
		a.IMUL3Q(operand.Imm(uint64(group)), lda, left)
		a.ADDQ(left, p)
		a.ADDQ(operand.Imm(uint64(8*group)), y)
		a.SUBQ(operand.Imm(uint64(group)), m)
		a.JMP(operand.LabelRef(label))
		a.Label(label + "done")
	}
	a.end()
}

func (a *asm) gemvColumns() {
	a.begin("gemvColumns", "(m, n int, alpha float64, a *float64, lda int, x, y *float64)",
		"adds alpha*Aᵀ*x to y; A is m by n with rows lda apart.")
	m, n, p, lda, x, y := a.argument("m"), a.argument("n"), a.argument("a"), a.argument("lda"), a.argument("x"), a.argument("y")
	a.SHLQ(operand.Imm(3), lda)
	for _, group := range []int{gemvGroup, 1} {
		label := map[bool]string{true: "group", false: "row"}[group > 1]
		a.Label(label)
		a.CMPQ(m, operand.I32(int32(group)))
		a.JLT(operand.LabelRef(label + "done"))
		q, ys, left := a.GP64(), a.GP64(), a.GP64()
		a.MOVQ(p, q)
		a.MOVQ(y, ys)
		a.MOVQ(n, left)
		factors := make([]reg.VecVirtual, group)
		for i := range factors {
			factors[i] = a.mul(a.scalar("alpha"), a.spread(operand.Mem{Base: x, Disp: 8 * i}))
		}
		rows := a.rowPointers(q, lda, group)
		a.stream(label+"y", left, 2, []reg.GPVirtual{q, ys}, func(j int, rest *mask) {
			v := a.read(a.at(ys, j), rest)
			for i, row := range rows {
				row.Disp = j * a.bytes()
				a.VFMADD231PD(a.read(row, rest), factors[i], v)
			}
			a.write(v, a.at(ys, j), rest)
		})
		a.IMUL3Q(operand.Imm(uint64(group)), lda, left)
		a.ADDQ(left, p)
		a.ADDQ(operand.Imm(uint64(8*group)), x)
		a.SUBQ(operand.Imm(uint64(group)), m)
		a.JMP(operand.LabelRef(label))
		a.Label(label + "done")
	}
	a.end()
}
