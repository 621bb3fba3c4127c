package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm emits the tile kernel. Both factors may be packed or lie in their
// matrices: A is reached through two strides, B through one.
func (a *asm) gemm() {
	width := tileVectors * a.lanes
	a.begin("gemm", "(m, n, k int, alpha float64, a *float64, ars, acs int, b *float64, ldb int, beta float64, c *float64, ldc int)",
		fmt.Sprintf("sets C to alpha*A*B + beta*C for 1 <= m <= %d, 1 <= n <= %d, k >= 0; C is not read when beta is 0.", a.rows, width),
	)
	t := &tile{asm: a, k: a.argument("k"), a: a.argument("a"), b: a.argument("b"), c: a.argument("c"),
		ars: a.argument("ars"), acs: a.argument("acs"), ldb: a.argument("ldb"), ldc: a.argument("ldc")}
	for _, stride := range []reg.GPVirtual{t.ars, t.acs, t.ldb, t.ldc} {
		a.SHLQ(operand.Imm(3), stride)
	}
	m, n := a.argument("m"), a.argument("n")
	for vectors := 1; vectors <= tileVectors; vectors++ {
		wider := fmt.Sprintf("wider%d", vectors)
		if vectors < tileVectors {
			a.CMPQ(n, operand.Imm(uint64(vectors*a.lanes)))
			a.JGT(operand.LabelRef(wider))
		}
		if vectors > 1 {
			a.SUBQ(operand.Imm(uint64((vectors-1)*a.lanes)), n)
		}
		// The full height without a mask first: nearly all of the work.
		partial := fmt.Sprintf("partial%d", vectors)
		a.CMPQ(m, operand.Imm(uint64(a.rows)))
		a.JNE(operand.LabelRef(partial))
		a.CMPQ(n, operand.Imm(uint64(a.lanes)))
		a.JNE(operand.LabelRef(partial))
		t.emit(fmt.Sprintf("full%d", vectors), a.rows, vectors, nil)
		a.Label(partial)
		rest := a.firstLanes(n)
		for rows := a.rows; rows > 0; rows-- {
			lower := fmt.Sprintf("lower%dx%d", rows, vectors)
			if rows > 1 {
				a.CMPQ(m, operand.Imm(uint64(rows)))
				a.JLT(operand.LabelRef(lower))
			}
			t.emit(fmt.Sprintf("tile%dx%d", rows, vectors), rows, vectors, &rest)
			a.Label(lower)
		}
		a.Label(wider)
	}
}

// tile is the state of the kernel in general registers, strides in bytes.
type tile struct {
	*asm
	k, a, b, c, ars, acs, ldb, ldc reg.GPVirtual
}

// emit writes the loop over k and the write-back for one size of tile. With a
// mask, the last register of a row counts in its lanes only.
func (t *tile) emit(label string, rows, vectors int, rest *mask) {
	acc := make([][]reg.VecVirtual, rows)
	for i := range acc {
		acc[i] = t.zeros(vectors)
	}
	cells := t.rowPointers(t.a, t.ars, rows)
	t.prefetch(rows, vectors)
	t.TESTQ(t.k, t.k)
	t.JZ(operand.LabelRef(label + "store"))
	t.Label(label)
	bs := make([]operand.Op, vectors)
	for j := range bs {
		bs[j] = t.at(t.b, j)
		// Where the mask takes one of 16 registers, B is read again for each row.
		if t.wide || rest == nil || j == vectors-1 {
			bs[j] = t.read(t.at(t.b, j), last(rest, j == vectors-1))
		}
	}
	for i := range rows {
		v := t.spread(cells[i])
		for j := range bs {
			t.VFMADD231PD(bs[j], v, acc[i][j])
		}
	}
	t.ADDQ(t.acs, t.a)
	t.ADDQ(t.ldb, t.b)
	t.DECQ(t.k)
	t.JNZ(operand.LabelRef(label))
	t.Label(label + "store")
	t.writeBack(label, acc, rest)
}

// prefetch asks for the rows of C, to be there after the loop.
func (t *tile) prefetch(rows, vectors int) {
	row := t.GP64()
	t.MOVQ(t.c, row)
	for i := range rows {
		t.PREFETCHT0(operand.Mem{Base: row})
		if bytes := vectors * t.bytes(); bytes > 64 {
			t.PREFETCHT0(operand.Mem{Base: row, Disp: bytes - 8})
		}
		if i < rows-1 {
			t.ADDQ(t.ldc, row)
		}
	}
}

// writeBack scales the accumulators by alpha, adds beta*C unless beta is 0,
// and stores.
func (t *tile) writeBack(label string, acc [][]reg.VecVirtual, rest *mask) {
	alpha, beta := t.scalar("alpha"), t.scalar("beta")
	b, err := t.Param("beta").Resolve()
	if err != nil {
		panic(err) // a slip of this program
	}
	bits := t.GP64()
	t.MOVQ(b.Addr, bits)
	t.SHLQ(operand.Imm(1), bits) // drops the sign: -0 is 0
	t.JZ(operand.LabelRef(label + "overwrite"))
	for _, add := range []bool{true, false} {
		if !add {
			t.Label(label + "overwrite")
		}
		row := t.GP64()
		t.MOVQ(t.c, row)
		for i := range acc {
			for j, v := range acc[i] {
				k := last(rest, j == len(acc[i])-1)
				t.VMULPD(alpha, v, v)
				if add {
					t.VFMADD231PD(t.read(t.at(row, j), k), beta, v)
				}
				t.write(v, t.at(row, j), k)
			}
			if i < len(acc)-1 {
				t.ADDQ(t.ldc, row)
			}
		}
		t.end()
	}
}

// last gives the mask where it holds.
func last(rest *mask, here bool) *mask {
	if here {
		return rest
	}
	return nil
}
