package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set and the tile that its registers hold.
type isa struct {
	name  string // suffix of function names
	file  string // part of the names of files
	lanes int    // float64s in a register
	rows  int    // rows of the tile of gemm
	wide  bool   // has mask registers and 512 bits
}

var (
	avx2   = isa{name: "AVX2", file: "avx2", lanes: 4, rows: 4}
	avx512 = isa{name: "AVX512", file: "avx512", lanes: 8, rows: 8, wide: true}
)

// tileVectors is how many registers wide the tile of gemm is.
const tileVectors = 3

// asm emits kernels for one instruction set. Its vector operations take and
// give virtual registers, so that the emitters below read as formulas.
type asm struct {
	*build.Context
	isa
	constants map[uint64]operand.Mem
	masks     operand.Mem // row k holds k lanes of ones, then zeros (AVX2)
}

// mask selects the first lanes of a register.
type mask struct{ r reg.Register }

// begin starts the function name+ISA with the signature.
func (a *asm) begin(name, signature, doc string) {
	a.Function(name + a.name)
	a.Attributes(attr.NOSPLIT)
	a.SignatureExpr("func" + signature)
	a.Doc(name + a.name + " " + doc)
	a.Pragma("noescape")
}

// end leaves the function.
func (a *asm) end() {
	a.VZEROUPPER()
	a.RET()
}

// tables writes the mask rows that AVX2 loads instead of mask registers.
func (a *asm) tables() {
	a.constants = map[uint64]operand.Mem{}
	if a.wide {
		return
	}
	a.masks = a.table("masks" + a.name)
	for i := range a.lanes * (a.lanes + 1) {
		var ones uint64
		if i%a.lanes < i/a.lanes {
			ones = math.MaxUint64
		}
		a.AddDatum(8*i, operand.U64(ones))
	}
}

// table starts a read-only table.
func (a *asm) table(name string) operand.Mem {
	m := a.StaticGlobal(name)
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	return m
}

// vec is a new vector register.
func (a *asm) vec() reg.VecVirtual {
	if a.wide {
		return a.ZMM()
	}
	return a.YMM()
}

// bits gives the constant with these bits in every lane, as a memory operand.
func (a *asm) bits(b uint64) operand.Mem {
	if m, ok := a.constants[b]; ok {
		return m
	}
	m := a.table(fmt.Sprintf("c%016x%s", b, a.name))
	for i := range a.lanes {
		a.AddDatum(8*i, operand.U64(b))
	}
	a.constants[b] = m
	return m
}

// num gives the number in every lane, as a memory operand.
func (a *asm) num(x float64) operand.Mem { return a.bits(math.Float64bits(x)) }

// load reads a full register.
func (a *asm) load(m operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VMOVUPD(m, v)
	return v
}

// store writes a full register.
func (a *asm) store(v reg.VecVirtual, m operand.Op) { a.VMOVUPD(v, m) }

// zero is a register of zeros.
func (a *asm) zero() reg.VecVirtual {
	v := a.vec()
	a.clear(v)
	return v
}

func (a *asm) clear(v reg.VecVirtual) {
	if a.wide {
		a.VPXORQ(v, v, v)
	} else {
		a.VXORPD(v, v, v)
	}
}

// spread fills a register with the number at m.
func (a *asm) spread(m operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VBROADCASTSD(m, v)
	return v
}

// firstLanes is the mask of the first n lanes, 0 <= n <= lanes. It spoils n.
func (a *asm) firstLanes(n reg.GPVirtual) mask {
	if a.wide {
		ones := a.GP64()
		k := a.K()
		a.MOVQ(operand.I32(-1), ones)
		a.BZHIQ(n, ones, ones)
		a.KMOVW(ones.As32(), k)
		return mask{k}
	}
	rows := a.GP64()
	v := a.YMM()
	a.LEAQ(a.masks, rows)
	a.SHLQ(operand.Imm(5), n)
	a.VMOVUPD(operand.Mem{Base: rows, Index: n, Scale: 1}, v)
	return mask{v}
}

// loadMasked reads the lanes of the mask and zeroes the others.
func (a *asm) loadMasked(m operand.Op, k mask) reg.VecVirtual {
	v := a.vec()
	a.loadMaskedTo(m, k, v)
	return v
}

func (a *asm) loadMaskedTo(m operand.Op, k mask, v reg.VecVirtual) {
	if a.wide {
		a.VMOVUPD_Z(m, k.r, v)
	} else {
		a.VMASKMOVPD(m, k.r, v)
	}
}

// storeMasked writes the lanes of the mask.
func (a *asm) storeMasked(v reg.VecVirtual, k mask, m operand.Op) {
	if a.wide {
		a.VMOVUPD(v, k.r, m)
	} else {
		a.VMASKMOVPD(v, k.r, m)
	}
}

// add, sub, mul, div: each takes registers, and memory as its last operand.
func (a *asm) add(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VADDPD(y, x, v)
	return v
}

func (a *asm) sub(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VSUBPD(y, x, v)
	return v
}

func (a *asm) mul(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VMULPD(y, x, v)
	return v
}

func (a *asm) div(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VDIVPD(y, x, v)
	return v
}

// max and min give the second operand when one is NaN.
func (a *asm) max(x, y reg.VecVirtual) reg.VecVirtual {
	v := a.vec()
	a.VMAXPD(y, x, v)
	return v
}

func (a *asm) min(x, y reg.VecVirtual) reg.VecVirtual {
	v := a.vec()
	a.VMINPD(y, x, v)
	return v
}

// fma is x*y + z with one rounding; y may be in memory.
func (a *asm) fma(x reg.VecVirtual, y operand.Op, z reg.VecVirtual) reg.VecVirtual {
	v := a.copy(z)
	a.VFMADD231PD(y, x, v)
	return v
}

// fnma is z - x*y with one rounding; y may be in memory.
func (a *asm) fnma(x reg.VecVirtual, y operand.Op, z reg.VecVirtual) reg.VecVirtual {
	v := a.copy(z)
	a.VFNMADD231PD(y, x, v)
	return v
}

func (a *asm) copy(x reg.VecVirtual) reg.VecVirtual {
	v := a.vec()
	a.VMOVAPD(x, v)
	return v
}

// and, or, xor work on the bits; y may be in memory.
func (a *asm) and(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VANDPD(y, x, v)
	return v
}

func (a *asm) or(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VORPD(y, x, v)
	return v
}

// addInt, shiftLeft, shiftRight work on lanes as 64 bit integers.
func (a *asm) addInt(x reg.VecVirtual, y operand.Op) reg.VecVirtual {
	v := a.vec()
	a.VPADDQ(y, x, v)
	return v
}

func (a *asm) shiftLeft(x reg.VecVirtual, n uint8) reg.VecVirtual {
	v := a.vec()
	a.VPSLLQ(operand.Imm(uint64(n)), x, v)
	return v
}

func (a *asm) shiftRight(x reg.VecVirtual, n uint8) reg.VecVirtual {
	v := a.vec()
	a.VPSRLQ(operand.Imm(uint64(n)), x, v)
	return v
}

// Predicates of where: ordered, quiet.
const (
	equal     = 0x00
	unordered = 0x03
	less      = 0x11
)

// blendMask gives yes in the lanes of the mask, else no.
func (a *asm) blendMask(k mask, yes, no reg.VecVirtual) reg.VecVirtual {
	v := a.vec()
	if a.wide {
		a.VBLENDMPD(yes, no, k.r, v)
	} else {
		a.VBLENDVPD(k.r, yes, no, v)
	}
	return v
}

// where gives yes in the lanes in which x stands in the relation to y, else no.
func (a *asm) where(x reg.VecVirtual, relation uint64, y operand.Op, yes, no reg.VecVirtual) reg.VecVirtual {
	v := a.vec()
	if a.wide {
		k := a.K()
		a.VCMPPD(operand.Imm(relation), y, x, k)
		a.VBLENDMPD(yes, no, k, v)
		return v
	}
	c := a.vec()
	a.VCMPPD(operand.Imm(relation), y, x, c)
	a.VBLENDVPD(c, yes, no, v)
	return v
}
