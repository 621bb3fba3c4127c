// Package regress fits regressions and reports them as R does, with more
// digits: linear models by ordinary, weighted, generalised and constrained
// least squares, ridge regression, logistic and Poisson regression, nonlinear
// least squares, and maximum likelihood of one's own log-likelihood.
//
//	cars := regress.ReadCSV("cars.csv")
//	m := regress.Fit("dist ~ speed", cars)
//	m                         // the summary
//	m.PlotResiduals()         // one of the diagnostic plots
//	m.Derivation()            // where the estimate comes from
//
// A formula is R's: a + b*c - 1, a:b, I(x^2), log(x), poly(x, 3), offset(z),
// factors with treatment contrasts, cbind(successes, failures) on the left.
// Functions for notebooks panic with an *Error, which names the column or row
// and says what to do; a Model carries Warnings.
//
// # Digits
//
// Decimal text is kept to 32 digits, columns such as I(x^2) are computed to as
// many, and problems of ordinary size are solved by a Householder QR in doubled
// precision (internal/dd, internal/lsq), so that coefficients and standard
// errors are right to the last digit of a float64. Iterations end when the
// estimate no longer moves, and the covariance is evaluated there. Large
// problems take the normal equations in float64 with one refinement if their
// condition allows it, and doubled precision otherwise.
//
// # Where things are
//
// table.go, csv.go and show.go hold the data; frame.go, design.go and poly.go
// turn formula and table into a design matrix, variable.go codes one term;
// rowmodel.go holds a person's own expression of one row, which
// internal/rowwise reads, differentiates by the engine and evaluates, and
// wholelikelihood.go one of matrices (arrays.go); linear.go, glm.go (with
// family.go and separation.go), curve.go, nls.go, likelihood.go with newton.go,
// path.go and large.go fit; stream.go, streamglm.go and chunks.go fit files; model.go,
// diagnostics.go, anova.go, predict.go and api.go hold what a fit answers;
// summary.go and render.go report it; plots.go,
// contours.go, lowess.go and figure.go draw; recipes.go, derivation.go and
// evaluated.go derive; batch.go and answer.go are the
// JSON interface of `nabla fit --batch`. words.go and messages.go hold what is
// said, in English and Chinese.
package regress
