package cell

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Signs are the LaTeX names that Tab turns into the sign, by name without the
// backslash. Letters may be part of a Go name, all may stand in expressions.
var Signs = func() map[string]string {
	m := map[string]string{}
	for pair := range strings.FieldsSeq(signs) {
		name, sign, _ := strings.Cut(pair, "=")
		m[name] = sign
	}
	return m
}()

const signs = `
alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ varkappa=ϰ
lambda=λ mu=μ nu=ν xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ
psi=ψ omega=ω Alpha=Α Beta=Β Gamma=Γ Delta=Δ Epsilon=Ε Zeta=Ζ Eta=Η Theta=Θ Iota=Ι Kappa=Κ Lambda=Λ Mu=Μ Nu=Ν Xi=Ξ
Pi=Π Rho=Ρ Sigma=Σ Tau=Τ Upsilon=Υ Phi=Φ Chi=Χ Psi=Ψ Omega=Ω ell=ℓ hbar=ℏ imath=ı jmath=ȷ aleph=ℵ beth=ℶ
bbR=ℝ bbN=ℕ bbZ=ℤ bbQ=ℚ bbC=ℂ bbE=𝔼 bbP=ℙ bbone=𝟙 bfone=𝟏 bfzero=𝟎
_0=₀ _1=₁ _2=₂ _3=₃ _4=₄ _5=₅ _6=₆ _7=₇ _8=₈ _9=₉ _i=ᵢ _j=ⱼ _k=ₖ _m=ₘ _n=ₙ
^0=⁰ ^1=¹ ^2=² ^3=³ ^4=⁴ ^5=⁵ ^6=⁶ ^7=⁷ ^8=⁸ ^9=⁹ ^T=ᵀ ^-=⁻ ^n=ⁿ ^k=ᵏ inv=⁻¹
nabla=∇ partial=∂ otimes=⊗ odot=⊙ oslash=⊘ oplus=⊕ top=⊤ cdot=⋅ times=× div=÷ pm=± infty=∞ sum=∑ prod=∏ int=∫ sqrt=√
le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ approx=≈ equiv=≡ propto=∝ in=∈ notin=∉ subset=⊂ subseteq=⊆ cup=∪ cap=∩ forall=∀
exists=∃ to=→ rightarrow=→ leftarrow=← Rightarrow=⇒ iff=⇔ mapsto=↦ Vert=‖ langle=⟨ rangle=⟩ ldots=… dagger=† circ=∘ star=⋆
hat=̂ bar=̄ tilde=̃ dot=̇ prime=′ degree=°
`

// SignNames lists the names in order.
var SignNames = sync.OnceValue(func() []string {
	return slices.Sorted(maps.Keys(Signs))
})
