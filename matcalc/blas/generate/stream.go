package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// argument loads a parameter into a general register.
func (a *asm) argument(name string) reg.GPVirtual {
	r := a.GP64()
	a.Load(a.Param(name), r)
	return r
}

// length loads the length of a slice.
func (a *asm) length(name string) reg.GPVirtual {
	r := a.GP64()
	a.Load(a.Param(name).Len(), r)
	return r
}

// pointer loads the base of a slice.
func (a *asm) pointer(name string) reg.GPVirtual {
	r := a.GP64()
	a.Load(a.Param(name).Base(), r)
	return r
}

// scalar loads a number into every lane.
func (a *asm) scalar(name string) reg.VecVirtual {
	b, err := a.Param(name).Resolve()
	if err != nil {
		panic(err) // a name that is not in the signature: a slip of this program
	}
	return a.spread(b.Addr)
}

// bytes is the size of a register.
func (a *asm) bytes() int { return 8 * a.lanes }

// at is the j-th register's worth of numbers behind p.
func (a *asm) at(p reg.Register, j int) operand.Mem {
	return operand.Mem{Base: p, Disp: j * a.bytes()}
}

// stream walks pointers over n numbers: unroll registers at a time, then one,
// then the rest under a mask. It spoils n and the pointers. Step handles the
// j-th register behind the pointers; rest is nil but for the last.
func (a *asm) stream(label string, n reg.GPVirtual, unroll int, pointers []reg.GPVirtual, step func(j int, rest *mask)) {
	advance := func(registers int) {
		for _, p := range pointers {
			a.ADDQ(operand.I32(int32(registers*a.bytes())), p)
		}
	}
	for _, count := range []int{unroll, 1} {
		name := fmt.Sprintf("%s%d", label, count)
		a.Label(name)
		a.CMPQ(n, operand.I32(int32(count*a.lanes)))
		a.JLT(operand.LabelRef(name + "done"))
		for j := range count {
			step(j, nil)
		}
		advance(count)
		a.SUBQ(operand.I32(int32(count*a.lanes)), n)
		a.JMP(operand.LabelRef(name))
		a.Label(name + "done")
		if unroll == 1 {
			break
		}
	}
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(label + "end"))
	k := a.firstLanes(n)
	step(0, &k)
	a.Label(label + "end")
}

// read loads a register, or its first lanes when there is a mask.
func (a *asm) read(m operand.Mem, rest *mask) reg.VecVirtual {
	if rest != nil {
		return a.loadMasked(m, *rest)
	}
	return a.load(m)
}

// write stores a register, or its first lanes when there is a mask.
func (a *asm) write(v reg.VecVirtual, m operand.Mem, rest *mask) {
	if rest != nil {
		a.storeMasked(v, *rest, m)
	} else {
		a.store(v, m)
	}
}

// fold combines the lanes of v into one, in the lowest lane of the result. It
// spoils v.
func (a *asm) fold(v reg.VecVirtual, combine func(x, y, to operand.Op)) reg.Register {
	if a.wide {
		half := a.YMM()
		a.VEXTRACTF64X4(operand.Imm(1), v, half)
		combine(half, v.AsY(), v.AsY())
	}
	high := a.XMM()
	if a.wide { // which any of the 32 registers can do
		a.VEXTRACTF64X2(operand.Imm(1), v.AsY(), high)
	} else {
		a.VEXTRACTF128(operand.Imm(1), v.AsY(), high)
	}
	combine(high, v.AsX(), v.AsX())
	a.VPERMILPD(operand.Imm(1), v.AsX(), high)
	combine(high, v.AsX(), v.AsX())
	return v.AsX()
}

func (a *asm) foldSum(v reg.VecVirtual) reg.Register {
	return a.fold(v, func(x, y, to operand.Op) { a.VADDPD(x, y, to) })
}
