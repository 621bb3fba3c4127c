package regress

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
)

// A recipe says what the engine is asked about a kind of model: declarations
// and the loss as a function of the unknown; and what is claimed of them, which
// the engine confirms. %[1]s stands for the response, less the offset if there
// is one; %[2]s for the linear predictor.
type recipe struct {
	vars, loss string
	unknown    string
	left       string // of the normal equations left = right: half the gradient is left - right
	right      string
	constraint [2]string // left and right of a condition on the unknown, or empty
	estimate   string    // solution of the equations, as a function of the response
	multiplier string    // of the constraint, at the estimate
	response   string    // what is random in the estimate
	noise      string    // covariance of the response
	covariance string    // of the estimate; inv(H) where the loss is minus a log-likelihood
	condition  [2]string // English, Chinese
}

const (
	fullRank = "X has full column rank, so the Hessian is positive definite and the solution is the only minimum"
	fullZh   = "X 列满秩，故 Hessian 正定，解是唯一的最小值"
)

var recipes = map[Kind]recipe{
	KindOLS: {
		vars: "X: n×p tall; y: n; o: n; b: p; sigma: scalar positive", unknown: "b",
		loss: "(%[1]s-X*b)'*(%[1]s-X*b)", left: "X'*X*b", right: "X'*%[1]s",
		estimate: "inv(X'*X)*X'*%[1]s", response: "y", noise: "sigma^2*eye(n)", covariance: "sigma^2*inv(X'*X)",
		condition: [2]string{fullRank, fullZh},
	},
	KindWLS: {
		vars: "X: n×p tall; W: n×n diagonal pd; y: n; o: n; b: p; sigma: scalar positive", unknown: "b",
		loss: "(%[1]s-X*b)'*W*(%[1]s-X*b)", left: "X'*W*X*b", right: "X'*W*%[1]s",
		estimate: "inv(X'*W*X)*X'*W*%[1]s", response: "y", noise: "sigma^2*inv(W)", covariance: "sigma^2*inv(X'*W*X)",
		condition: [2]string{fullRank, fullZh},
	},
	KindGLS: {
		vars: "X: n×p tall; V: n×n pd; y: n; o: n; b: p; sigma: scalar positive", unknown: "b",
		loss: "(%[1]s-X*b)'*inv(V)*(%[1]s-X*b)", left: "X'*inv(V)*X*b", right: "X'*inv(V)*%[1]s",
		estimate: "inv(X'*inv(V)*X)*X'*inv(V)*%[1]s", response: "y", noise: "sigma^2*V", covariance: "sigma^2*inv(X'*inv(V)*X)",
		condition: [2]string{fullRank, fullZh},
	},
	KindRidge: {
		vars: "X: n×p tall; D: p×p diagonal psd; y: n; o: n; b: p; lambda: scalar positive; sigma: scalar positive", unknown: "b",
		loss: "(%[1]s-X*b)'*(%[1]s-X*b) + lambda*b'*D*b", left: "(X'*X + lambda*D)*b", right: "X'*%[1]s",
		estimate: "inv(X'*X + lambda*D)*X'*%[1]s", response: "y", noise: "sigma^2*eye(n)",
		covariance: "sigma^2*inv(X'*X + lambda*D)*X'*X*inv(X'*X + lambda*D)",
		condition:  [2]string{"X'X + lambda D is positive definite; D has ones on its diagonal, and a zero for the intercept", "X'X + λD 正定；D 的对角元为 1，截距处为 0"},
	},
	KindConstrained: {
		vars: "X: n×p tall; y: n; o: n; A: k×p wide; c: k; b: p; l: k; sigma: scalar positive", unknown: "b",
		loss: "(%[1]s-X*b)'*(%[1]s-X*b) + 2*l'*(A*b-c)", left: "X'*X*b + A'*l", right: "X'*%[1]s",
		constraint: [2]string{"A*b", "c"},
		multiplier: "inv(A*inv(X'*X)*A')*(A*inv(X'*X)*X'*%[1]s - c)",
		estimate:   "inv(X'*X)*(X'*%[1]s - A'*inv(A*inv(X'*X)*A')*(A*inv(X'*X)*X'*%[1]s - c))", response: "y", noise: "sigma^2*eye(n)",
		covariance: "sigma^2*(inv(X'*X) - inv(X'*X)*A'*inv(A*inv(X'*X)*A')*A*inv(X'*X))",
		condition:  [2]string{"A has full row rank and X full column rank on the plane A b = c", "A 行满秩，且 X 在平面 Ab = c 上列满秩"},
	},
	KindLogistic: {
		vars: "X: n×p tall; y: n; o: n; w: n positive; b: p", unknown: "b",
		covariance: "inv(H)",
		condition:  [2]string{fullRank + "; it exists unless the classes are separated", fullZh + "；除非两类可分，解存在"},
	},
	KindPoisson: {
		vars: "X: n×p tall; y: n; o: n; w: n positive; b: p", unknown: "b",
		covariance: "inv(H)",
		condition:  [2]string{fullRank + "; it exists unless rows without events lie on one side", fullZh + "；除非零计数的行位于一侧，解存在"},
	},
	// A step d of nonlinear least squares, with residuals r and the Jacobian J.
	KindNLS: {
		vars: "J: n×p tall; r: n; d: p; sigma: scalar positive", unknown: "d",
		loss: "(r-J*d)'*(r-J*d)", left: "J'*J*d", right: "J'*r",
		estimate: "inv(J'*J)*J'*r", response: "r", noise: "sigma^2*eye(n)", covariance: "sigma^2*inv(J'*J)",
		condition: [2]string{"J has full column rank at the estimate; Levenberg and Marquardt add mu D to J'J until the loss falls", "J 在估计处列满秩；Levenberg-Marquardt 法在 J'J 上加 μD，直到损失下降"},
	},
}

// A cumulant is the function A of an exponential family with the canonical
// link, by its name in the engine: a row of weight w contributes
// w (A(eta) - y eta) to minus the log-likelihood, its mean is A'(eta), its
// variance A”(eta). Both the derivation and the evaluation come from it.
type cumulant string

var cumulants = map[Kind]cumulant{KindLogistic: "softplus", KindPoisson: "exp"}

// loss is minus the log-likelihood of all rows, but for constants.
func (c cumulant) loss(weighted bool) string {
	if weighted {
		return "w'*" + string(c) + "(%[2]s) - (w.*y)'*(%[2]s)"
	}
	return "sum(" + string(c) + "(%[2]s)) - y'*(%[2]s)"
}

// moments evaluates, at the linear predictor eta, the mean A'(eta), 1 - A'(eta)
// and the variance A”(eta).
func (c cumulant) moments() (*rowwise.Tape, error) {
	s := rowwise.NewScope("eta")
	op, _ := expr.Lookup(string(c))
	mean, err := s.Derivative(expr.Call(op, s.Var("eta")), "eta")
	if err != nil {
		return nil, err
	}
	variance, err := s.Derivative(mean, "eta")
	if err != nil {
		return nil, err
	}
	return s.Compile(mean, expr.Sub(mean.Context().Int(1), mean), variance)
}
