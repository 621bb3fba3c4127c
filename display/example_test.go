package display_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/display"
)

func ExampleShow() {
	display.Show(mat.NewDense(2, 2, []float64{2, -1, -1, 2}))
	h := display.Show("working")
	h.Update("done")
	// Output:
	// ⎡ 2  -1⎤
	// ⎣-1   2⎦
	// "working"
	// "done"
}

func ExampleRender() {
	b := display.Render(mat.NewVecDense(2, []float64{0.25, -3}))
	fmt.Println(b.Data[display.MIMEText])
	fmt.Println(b.Data[display.MIMELaTeX])
	// Output:
	// ⎡ 0.25⎤
	// ⎣-3   ⎦
	// $$\left[\begin{array}{r} 0.25 \\ -3\phantom{.00} \end{array}\right]$$
}

func ExampleLaTeX() {
	b := display.LaTeX(`\nabla f = 2 A x`).MIMEBundle()
	fmt.Println(b.Data[display.MIMELaTeX])
	fmt.Println(b.Data[display.MIMEText])
	// Output:
	// $$\nabla f = 2 A x$$
	// ∇f = 2 A x
}

// A type says its own forms with methods.
type point struct{ X, Y int }

func (p point) LaTeX() string  { return fmt.Sprintf(`\begin{pmatrix} %d \\ %d \end{pmatrix}`, p.X, p.Y) }
func (p point) String() string { return fmt.Sprintf("(%d, %d)", p.X, p.Y) }

func ExampleLaTeXer() {
	b := display.Render(point{1, 2})
	fmt.Println(b.Data[display.MIMEText])
	fmt.Println(b.Data[display.MIMELaTeX])
	// Output:
	// (1, 2)
	// $$\begin{pmatrix} 1 \\ 2 \end{pmatrix}$$
}
