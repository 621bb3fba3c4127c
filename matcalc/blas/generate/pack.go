package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packRows copies a slab of rows side by side, the last register of a row
// padded with zeros.
func (a *asm) packRows() {
	a.begin("packRows", "(n, k int, src *float64, lds int, dst *float64)",
		fmt.Sprintf("copies k rows of n <= %d numbers, lds apart, into rows of whole registers.", tileVectors*a.lanes))
	n, k, src, lds, dst := a.argument("n"), a.argument("k"), a.argument("src"), a.argument("lds"), a.argument("dst")
	a.SHLQ(operand.Imm(3), lds)
	for vectors := tileVectors; vectors > 0; vectors-- {
		next := fmt.Sprintf("narrower%d", vectors)
		if vectors > 1 {
			a.CMPQ(n, operand.I32(int32((vectors-1)*a.lanes)))
			a.JLE(operand.LabelRef(next))
			a.SUBQ(operand.I32(int32((vectors-1)*a.lanes)), n)
		}
		rest := a.firstLanes(n)
		loop := fmt.Sprintf("copy%d", vectors)
		a.Label(loop)
		for j := range vectors {
			v := reg.VecVirtual(nil)
			if j == vectors-1 {
				v = a.loadMasked(a.at(src, j), rest)
			} else {
				v = a.load(a.at(src, j))
			}
			a.store(v, a.at(dst, j))
		}
		a.ADDQ(lds, src)
		a.ADDQ(operand.I32(int32(vectors*a.bytes())), dst)
		a.DECQ(k)
		a.JNZ(operand.LabelRef(loop))
		a.end()
		a.Label(next)
	}
	a.RET()
}

// packTranspose turns rows into columns, a square of registers at a time.
func (a *asm) packTranspose() {
	a.begin("packTranspose", "(rows, k int, src *float64, lds int, dst *float64, ldd int)",
		fmt.Sprintf("writes the transpose of 1 <= rows <= %d rows of k numbers: k rows ldd apart of %d numbers, of which those past rows are arbitrary.", a.lanes, a.lanes))
	rows, k, src, lds, dst, ldd := a.argument("rows"), a.argument("k"), a.argument("src"), a.argument("lds"), a.argument("dst"), a.argument("ldd")
	a.SHLQ(operand.Imm(3), lds)
	a.SHLQ(operand.Imm(3), ldd)
	// Rows that are not there repeat the last one: nothing outside is read.
	pointers := []reg.GPVirtual{src}
	for i := 1; i < a.lanes; i++ {
		p := a.GP64()
		a.MOVQ(pointers[i-1], p)
		a.ADDQ(lds, p)
		a.CMPQ(rows, operand.Imm(uint64(i)))
		a.CMOVQLE(pointers[i-1], p)
		pointers = append(pointers, p)
	}
	a.Label("square")
	a.CMPQ(k, operand.Imm(uint64(a.lanes)))
	a.JLT(operand.LabelRef("rest"))
	var in []reg.VecVirtual
	for _, p := range pointers {
		in = append(in, a.load(a.at(p, 0)))
	}
	for _, v := range a.transpose(in) {
		a.store(v, a.at(dst, 0))
		a.ADDQ(ldd, dst)
	}
	for _, p := range pointers {
		a.ADDQ(operand.Imm(uint64(a.bytes())), p)
	}
	a.SUBQ(operand.Imm(uint64(a.lanes)), k)
	a.JMP(operand.LabelRef("square"))

	a.Label("rest")
	a.TESTQ(k, k)
	a.JZ(operand.LabelRef("done"))
	lanes := lds // not needed any more
	a.MOVQ(k, lanes)
	tail := a.firstLanes(lanes)
	in = nil
	for _, p := range pointers {
		in = append(in, a.loadMasked(a.at(p, 0), tail))
	}
	for i, v := range a.transpose(in) {
		if i == a.lanes-1 {
			break
		}
		a.store(v, a.at(dst, 0))
		a.ADDQ(ldd, dst)
		a.DECQ(k)
		a.JZ(operand.LabelRef("done"))
	}
	a.Label("done")
	a.end()
}

// transpose gives the columns of a square of registers.
func (a *asm) transpose(in []reg.VecVirtual) []reg.VecVirtual {
	// Pairs: even and odd columns of rows 2i and 2i+1.
	var even, odd []reg.VecVirtual
	for i := 0; i < a.lanes; i += 2 {
		e, o := a.vec(), a.vec()
		a.VUNPCKLPD(in[i+1], in[i], e)
		a.VUNPCKHPD(in[i+1], in[i], o)
		even, odd = append(even, e), append(odd, o)
	}
	if a.wide {
		even, odd = a.quarters(even), a.quarters(odd)
	} else {
		even, odd = a.halves(even), a.halves(odd)
	}
	var out []reg.VecVirtual
	for i := range even {
		out = append(out, even[i], odd[i])
	}
	return out
}

// halves transposes a 2 by 2 arrangement of 128 bit blocks.
func (a *asm) halves(v []reg.VecVirtual) []reg.VecVirtual {
	l, h := a.vec(), a.vec()
	a.VPERM2F128(operand.Imm(0x20), v[1], v[0], l)
	a.VPERM2F128(operand.Imm(0x31), v[1], v[0], h)
	return []reg.VecVirtual{l, h}
}

// quarters transposes a 4 by 4 arrangement of 128 bit blocks.
func (a *asm) quarters(v []reg.VecVirtual) []reg.VecVirtual {
	pick := func(x, y reg.VecVirtual, order uint64) reg.VecVirtual {
		out := a.vec()
		a.VSHUFF64X2(operand.Imm(order), y, x, out)
		return out
	}
	const evens, odds = 0x88, 0xdd // blocks 0, 2 of each; blocks 1, 3 of each
	e01, e23 := pick(v[0], v[1], evens), pick(v[2], v[3], evens)
	o01, o23 := pick(v[0], v[1], odds), pick(v[2], v[3], odds)
	return []reg.VecVirtual{pick(e01, e23, evens), pick(o01, o23, evens), pick(e01, e23, odds), pick(o01, o23, odds)}
}
