// Command generate writes the assembly of package blas and its Go stubs, one
// pair of files for each instruction set:
//
//	go run ./matcalc/blas/generate -out matcalc/blas
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	flags := flag.NewFlagSet("generate", flag.ExitOnError) // avo has put its own into the global set
	out := flags.String("out", "matcalc/blas", "folder of the generated files")
	_ = flags.Parse(os.Args[1:])
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes all files into the folder.
func run(folder string) error {
	files, err := generated()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generated gives the text of every file by its name.
func generated() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, set := range []isa{avx2, avx512} {
		file, err := assemble(set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.name, err)
		}
		config := printer.Config{Name: "matcalc/blas/generate", Pkg: "blas"}
		base := "kernels_" + set.file
		for name, p := range map[string]printer.Printer{
			base + "_amd64.s":  printer.NewGoAsm(config),
			base + "_amd64.go": printer.NewStubs(config),
		} {
			text, err := p.Print(file)
			if err != nil {
				return nil, err
			}
			files[name] = append(bytes.TrimRight(text, "\n"), '\n')
		}
	}
	return files, nil
}

// assemble emits every kernel for one instruction set and allocates registers.
func assemble(set isa) (*ir.File, error) {
	ctx := build.NewContext()
	ctx.ConstraintExpr("amd64,!purego")
	a := &asm{Context: ctx, isa: set}
	a.tables()
	for _, emit := range []func(*asm){
		(*asm).dot, (*asm).sum, (*asm).asum, (*asm).maximum, (*asm).axpy, (*asm).scale, (*asm).arithmetic,
		(*asm).gemvRows, (*asm).gemvColumns, (*asm).thin,
		(*asm).packRows, (*asm).packTranspose, (*asm).gemm,
		(*asm).exp, (*asm).expSum, (*asm).log, (*asm).tanh, (*asm).sigmoid, (*asm).softplus,
	} {
		emit(a)
	}
	file, err := ctx.Result()
	if err != nil {
		return nil, err
	}
	return file, errors.Join(pass.Compile.Execute(file))
}
