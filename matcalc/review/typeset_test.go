package review

import "testing"

func TestTypeset(t *testing.T) {
	for text, want := range map[string]string{
		"dY = 2*X'*A*dX":                   `\mathrm{d}Y = 2\,X^{\top} A\,\mathrm{d}X`,
		"∂f/∂X = A'*(∂f/∂Y)*B'":            `\frac{\partial f}{\partial X} = A^{\top} (\frac{\partial f}{\partial Y}) B^{\top}`,
		"∂Y/∂x[k] = sum(i, A[k,i]*x[i])":   `\frac{\partial Y}{\partial x_{k}} = \sum_{i} A_{ki} x_{i}`,
		"d(inv(X)) = -inv(X)*dX*inv(X)":    `\mathrm{d}(X^{-1}) = -X^{-1}\,\mathrm{d}X\,X^{-1}`,
		"l = norm2(X*ω-y)^2; A*B ≠ B*A":    `l = \lVert X \omega - y\rVert^{2},\quad A B\neq B A`,
		"= a => x := b":                    ` = a\;\Rightarrow\;x\mathrel{:=}b`,
		"inv(X)' = σ'(X).*dRSS":            `X^{-\top} = \sigma'(X) \odot \mathrm{dRSS}`,
		"dE/dX = (-A)'*r + O(norm2(dX)^2)": `\frac{\mathrm{d}E}{\mathrm{d}X} = (-A)^{\top} r + O(\lVert \mathrm{d}X\rVert^{2})`,
	} {
		if got, ok := typeset(text); !ok || got != want {
			t.Errorf("%s\n gives %s, %v\n want  %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"constant A, B", "planar: scalar/scalar, vector/scalar", "x = (", "x[", "", "2 +"} {
		if got, ok := typeset(text); ok && text != "" {
			t.Errorf("%q is typeset as %s", text, got)
		}
	}
}
