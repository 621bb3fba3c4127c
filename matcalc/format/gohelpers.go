package format

// goHelpers are the functions that generated code may call, by name. Matrices
// are *mat.Dense, vectors n×1, scalars float64. A helper lists those it uses.
var goHelpers = map[string]struct {
	uses []string
	code string
}{
	"add":   {nil, `func add(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.Add(a, b); return &c }`},
	"mul":   {nil, `func mul(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.Mul(a, b); return &c }`},
	"had":   {nil, `func had(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.MulElem(a, b); return &c }`},
	"scale": {nil, `func scale(s float64, a *mat.Dense) *mat.Dense { var c mat.Dense; c.Scale(s, a); return &c }`},
	"t":     {nil, `func t(a *mat.Dense) *mat.Dense { return mat.DenseCopyOf(a.T()) }`},
	"each": {nil, `func each(f func(float64) float64, a *mat.Dense) *mat.Dense {
	var c mat.Dense
	c.Apply(func(_, _ int, v float64) float64 { return f(v) }, a)
	return &c
}`},
	"inv": {nil, `func inv(a *mat.Dense) *mat.Dense {
	var c mat.Dense
	if err := c.Inverse(a); err != nil && c.IsEmpty() {
		panic(err)
	}
	return &c
}`},
	"columns": {nil, `func columns(a *mat.Dense) []float64 { return mat.DenseCopyOf(a.T()).RawMatrix().Data }`},
	"pair": {nil, `func pair(a, b float64, same bool) float64 {
	if same {
		return a
	}
	return a + b
}`},
	"fill": {nil, `func fill(m, n int, v float64) *mat.Dense {
	c := mat.NewDense(m, n, nil)
	for i := 0; i < m; i++ {
		for j := 0; j < n; j++ {
			c.Set(i, j, v)
		}
	}
	return c
}`},
	"eye": {nil, `func eye(n int) *mat.Dense {
	c := mat.NewDense(n, n, nil)
	for i := 0; i < n; i++ {
		c.Set(i, i, 1)
	}
	return c
}`},
	"comm": {nil, `func comm(m, n int) *mat.Dense {
	c := mat.NewDense(m*n, m*n, nil)
	for i := 0; i < m; i++ {
		for j := 0; j < n; j++ {
			c.Set(i*n+j, j*m+i, 1)
		}
	}
	return c
}`},
	"kron":    {nil, `func kron(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.Kronecker(a, b); return &c }`},
	"expm":    {nil, `func expm(a *mat.Dense) *mat.Dense { var c mat.Dense; c.Exp(a); return &c }`},
	"matpow":  {[]string{"inv"}, "func matpow(a *mat.Dense, k int) *mat.Dense {\n\tif k < 0 {\n\t\ta, k = inv(a), -k\n\t}\n\tvar c mat.Dense\n\tc.Pow(a, k)\n\treturn &c\n}"},
	"hpow":    {[]string{"each"}, `func hpow(a *mat.Dense, e float64) *mat.Dense { return each(func(v float64) float64 { return math.Pow(v, e) }, a) }`},
	"powfrom": {[]string{"each"}, `func powfrom(b float64, a *mat.Dense) *mat.Dense { return each(func(v float64) float64 { return math.Pow(b, v) }, a) }`},
	"hpows":   {nil, "func hpows(a, e *mat.Dense) *mat.Dense {\n\tvar c mat.Dense\n\tc.Apply(func(i, j int, v float64) float64 { return math.Pow(v, e.At(i, j)) }, a)\n\treturn &c\n}"},
	"norm1":   {nil, "func norm1(a *mat.Dense) float64 {\n\ts := 0.0\n\tfor _, v := range a.RawMatrix().Data {\n\t\ts += math.Abs(v)\n\t}\n\treturn s\n}"},
	"diag": {nil, `func diag(a *mat.Dense) *mat.Dense {
	d := mat.DenseCopyOf(a).RawMatrix().Data
	c := mat.NewDense(len(d), len(d), nil)
	for i, v := range d {
		c.Set(i, i, v)
	}
	return c
}`},
	"diagof": {nil, `func diagof(a *mat.Dense) *mat.Dense {
	n, _ := a.Dims()
	c := mat.NewDense(n, 1, nil)
	for i := 0; i < n; i++ {
		c.Set(i, 0, a.At(i, i))
	}
	return c
}`},
	"vec": {nil, `func vec(a *mat.Dense) *mat.Dense {
	m, n := a.Dims()
	c := mat.NewDense(m*n, 1, nil)
	for j := 0; j < n; j++ {
		for i := 0; i < m; i++ {
			c.Set(j*m+i, 0, a.At(i, j))
		}
	}
	return c
}`},
	"softmax": {[]string{"each"}, `func softmax(a *mat.Dense) *mat.Dense {
	top := mat.Max(a)
	c := each(func(v float64) float64 { return math.Exp(v - top) }, a)
	c.Scale(1/mat.Sum(c), c)
	return c
}`},
	"softmaxrows": {[]string{"softmax"}, `func softmaxrows(a *mat.Dense) *mat.Dense {
	c := mat.DenseCopyOf(a)
	m, n := a.Dims()
	for i := 0; i < m; i++ {
		c.SetRow(i, softmax(mat.DenseCopyOf(a.Slice(i, i+1, 0, n))).RawRowView(0))
	}
	return c
}`},
	"lserows": {[]string{"lse"}, `func lserows(a *mat.Dense) *mat.Dense {
	m, n := a.Dims()
	c := mat.NewDense(m, 1, nil)
	for i := 0; i < m; i++ {
		c.Set(i, 0, lse(mat.DenseCopyOf(a.Slice(i, i+1, 0, n))))
	}
	return c
}`},
	"lse": {nil, `func lse(a *mat.Dense) float64 {
	top, s := mat.Max(a), 0.0
	m, n := a.Dims()
	for i := 0; i < m; i++ {
		for j := 0; j < n; j++ {
			s += math.Exp(a.At(i, j) - top)
		}
	}
	return top + math.Log(s)
}`},
	"logdet": {nil, `func logdet(a *mat.Dense) float64 { l, _ := mat.LogDet(a); return l }`},
	"svd": {nil, `func svd(a *mat.Dense) (u *mat.Dense, s []float64, v *mat.Dense) {
	var f mat.SVD
	if !f.Factorize(a, mat.SVDThin) {
		panic("the singular values do not converge")
	}
	u, v = new(mat.Dense), new(mat.Dense)
	f.UTo(u)
	f.VTo(v)
	return u, f.Values(nil), v
}`},
	"sigmamax": {[]string{"svd"}, `func sigmamax(a *mat.Dense) float64 { _, s, _ := svd(a); return s[0] }`},
	"nucnorm":  {[]string{"svd"}, "func nucnorm(a *mat.Dense) float64 {\n\t_, s, _ := svd(a)\n\tsum := 0.0\n\tfor _, v := range s {\n\t\tsum += v\n\t}\n\treturn sum\n}"},
	"polar":    {[]string{"svd", "mul", "t"}, `func polar(a *mat.Dense) *mat.Dense { u, _, v := svd(a); return mul(u, t(v)) }`},
	"usvmax":   {[]string{"svd"}, "func usvmax(a *mat.Dense) *mat.Dense {\n\tu, _, _ := svd(a)\n\tm, _ := u.Dims()\n\treturn mat.DenseCopyOf(u.Slice(0, m, 0, 1))\n}"},
	"vsvmax":   {[]string{"svd"}, "func vsvmax(a *mat.Dense) *mat.Dense {\n\t_, _, v := svd(a)\n\tn, _ := v.Dims()\n\treturn mat.DenseCopyOf(v.Slice(0, n, 0, 1))\n}"},
	"pinv": {[]string{"svd", "mul", "t"}, `func pinv(a *mat.Dense) *mat.Dense {
	u, s, v := svd(a)
	r, _ := v.Dims()
	for j, x := range s {
		f := 0.0
		if x > 1e-15*s[0] {
			f = 1 / x
		}
		for i := 0; i < r; i++ {
			v.Set(i, j, v.At(i, j)*f)
		}
	}
	return mul(v, t(u))
}`},
	"eigsym": {nil, `func eigsym(a *mat.Dense) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	s := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	var f mat.EigenSym
	if !f.Factorize(s, true) {
		panic("the eigenvalues do not converge")
	}
	var v mat.Dense
	f.VectorsTo(&v)
	return f.Values(nil), &v
}`},
	"eigmax":    {[]string{"eigsym"}, `func eigmax(a *mat.Dense) float64 { w, _ := eigsym(a); return w[len(w)-1] }`},
	"eigvecmax": {[]string{"eigsym"}, "func eigvecmax(a *mat.Dense) *mat.Dense {\n\t_, v := eigsym(a)\n\tn, _ := v.Dims()\n\treturn mat.DenseCopyOf(v.Slice(0, n, n-1, n))\n}"},
	"hcat":      {nil, `func hcat(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.Augment(a, b); return &c }`},
	"vcat":      {nil, `func vcat(a, b *mat.Dense) *mat.Dense { var c mat.Dense; c.Stack(a, b); return &c }`},
	"one":       {nil, `func one(v float64) *mat.Dense { return mat.NewDense(1, 1, []float64{v}) }`},
	"sign": {nil, `func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}`},
	"step":     {nil, "func step(v float64) float64 {\n\tif v > 0 {\n\t\treturn 1\n\t}\n\treturn 0\n}"},
	"relu":     {nil, `func relu(v float64) float64 { return math.Max(v, 0) }`},
	"sigmoid":  {nil, `func sigmoid(v float64) float64 { return 1 / (1 + math.Exp(-v)) }`},
	"softplus": {nil, `func softplus(v float64) float64 { return math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) }`},
}
