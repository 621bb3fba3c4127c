package assist

import (
	"slices"
	"strings"

	"github.com/nabla-go/nabla/kernel/engine"
)

// greek are the LaTeX names that may be typed for a letter: all are letters to
// Go, so that each can be part of a name.
var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
	"theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
	"rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ",
	"chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
	"Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "hbar": "ℏ",
	"nabla": "∇", "partial": "∂", "otimes": "⊗", "odot": "⊙", "top": "⊤", "cdot": "·", "times": "×", "infty": "∞",
}

// latexName completes \beta: a whole name gives its letter, the beginning of one
// gives the names.
func latexName(code string, cursor int) (start int, matches []engine.Match, ok bool) {
	start = cursor
	for start > 0 && (code[start-1] >= 'a' && code[start-1] <= 'z' || code[start-1] >= 'A' && code[start-1] <= 'Z') {
		start--
	}
	if start == 0 || code[start-1] != '\\' {
		return 0, nil, false
	}
	typed := code[start:cursor]
	start--
	if letter, whole := greek[typed]; whole {
		return start, []engine.Match{{Text: letter, Type: "text", Signature: `\` + typed}}, true
	}
	for name, letter := range greek {
		if strings.HasPrefix(name, typed) {
			matches = append(matches, engine.Match{Text: `\` + name, Type: "text", Signature: letter})
		}
	}
	slices.SortFunc(matches, func(a, b engine.Match) int { return strings.Compare(a.Text, b.Text) })
	return start, matches, len(matches) > 0
}
