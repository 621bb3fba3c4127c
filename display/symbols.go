package display

// texSymbols are the commands of TeX that are one character or word of text.
var texSymbols = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
	"zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ",
	"mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
	"phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
	"Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",

	"nabla": "∇", "partial": "∂", "infty": "∞", "top": "⊤", "bot": "⊥", "ell": "ℓ", "hbar": "ℏ",
	"emptyset": "∅", "varnothing": "∅", "prime": "′", "dagger": "†", "ast": "*", "star": "⋆",
	"sum": "∑", "prod": "∏", "int": "∫", "forall": "∀", "exists": "∃", "in": "∈", "notin": "∉",
	"subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩", "setminus": "∖",

	"times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "circ": "∘", "odot": "⊙",
	"otimes": "⊗", "oplus": "⊕", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠",
	"approx": "≈", "doteq": "≐", "equiv": "≡", "sim": "∼", "simeq": "≃", "propto": "∝", "ll": "≪", "gg": "≫",
	"succ": "≻", "prec": "≺", "succeq": "⪰", "preceq": "⪯", "land": "∧", "lor": "∨", "neg": "¬",
	"to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦", "Rightarrow": "⇒", "Leftarrow": "⇐",
	"implies": "⟹", "iff": "⟺", "Leftrightarrow": "⇔", "perp": "⊥", "parallel": "∥", "mid": "|",

	"ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "dots": "…",
	"lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "lvert": "|", "rvert": "|", "vert": "|",
	"langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
	"{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
	"%": "%", "$": "$", "#": "#", "_": "_", "backslash": `\`,

	",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "!": "", "(": "", ")": "", "[": "", "]": "",
	"quad": "  ", "qquad": "    ", "\\": "\n", "newline": "\n", "displaystyle": "", "textstyle": "",
	"limits": "", "nolimits": "", "hline": "", "hdashline": "", "big": "", "Big": "", "bigg": "", "Bigg": "",
	"bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "middle": "", "nonumber": "", "notag": "", "": "",
}

// texContent are the commands that only change how their argument looks.
var texContent = map[string]bool{
	"mathbf": true, "boldsymbol": true, "bm": true, "mathrm": true, "mathit": true, "mathsf": true,
	"mathtt": true, "mathcal": true, "mathbb": true, "mathscr": true, "text": true, "textbf": true,
	"textit": true, "textrm": true, "texttt": true, "operatorname": true, "mbox": true, "boxed": true,
	"underline": true, "emph": true,
}

// texAccents are the combining characters of accents.
var texAccents = map[string]rune{
	"hat": '\u0302', "widehat": '\u0302', "bar": '\u0304', "overline": '\u0304', "tilde": '\u0303',
	"vec": '\u20d7', "dot": '\u0307', "ddot": '\u0308',
}

var texSuperscripts = pairs("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱTᵀ⊤ᵀHᴴ*﹡′′∘°")

var texSubscripts = pairs("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ")

// pairs maps the 1st character to the 2nd, the 3rd to the 4th, and so on.
func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	for r := []rune(s); len(r) > 1; r = r[2:] {
		m[r[0]] = r[1]
	}
	return m
}
