# Writes fits of R to standard output as lines of JSON: data, formulas and
# answers on synthetic data, for matcalc/cli/testdata/peers.jsonl.
#   Rscript peers.R > ../cli/testdata/peers.jsonl      (R 4.2, sandwich, jsonlite)
suppressMessages({ library(sandwich); library(jsonlite) })
invisible(Sys.setlocale("LC_COLLATE", "C"))
set.seed(20)
n <- 24
d <- data.frame(
  y = round(rnorm(n, 5), 3), x = round(runif(n, 1, 4), 2), z = round(rnorm(n), 2),
  f = rep(c("a", "b", "c"), length.out = n), g = rep(c("lo", "mid", "hi"), each = n / 3), h = rep(c("u", "v"), n / 2),
  count = rpois(n, 3), s = sample(1:9, n, TRUE), size = 10, b = rbinom(n, 1, 0.5), w = round(runif(n, 0.2, 3), 2))
d$curve <- round(20 * exp(-0.4 * d$x) + rnorm(n, 0, 0.2), 3)
d$f <- factor(d$f); d$g <- factor(d$g, levels = c("lo", "mid", "hi")); d$h <- factor(d$h)

number <- function(v) lapply(unname(as.vector(v)), function(e) if (is.finite(e)) e else NA)
line <- function(x) cat(toJSON(x, digits = NA, na = "null", null = "null", auto_unbox = TRUE), "\n", sep = "")
line(list(data = lapply(d, function(c) if (is.factor(c)) as.character(c) else c), levels = list(g = levels(d$g))))

common <- function(m) {
  s <- summary(m)
  k <- matrix(NA, length(coef(m)), 4); k[!is.na(coef(m)), ] <- s$coefficients
  list(terms = as.list(names(coef(m))), coef = number(coef(m)), se = number(k[, 2]), stat = number(k[, 3]), p = number(k[, 4]),
       df_residual = m$df.residual, rank = m$rank, aliased = as.list(names(coef(m))[is.na(coef(m))]),
       aic = AIC(m), bic = BIC(m), loglik = as.numeric(logLik(m)))
}
rows <- function(m) {
  a <- list(leverage = number(hatvalues(m)), cooks = number(cooks.distance(m)), rstudent = number(rstudent(m)))
  if (!anyNA(coef(m))) for (k in 0:3) a[[paste0("se_HC", k)]] <- number(sqrt(diag(vcovHC(m, type = paste0("HC", k)))))
  a
}
least <- function(formula, weights = NULL) {
  m <- eval(bquote(lm(.(as.formula(formula)), d, weights = .(weights))))
  s <- summary(m)
  a <- c(common(m), rows(m), list(rss = deviance(m), residual_sd = s$sigma, r_squared = s$r.squared, adj_r_squared = s$adj.r.squared))
  if (!is.null(s$fstatistic)) a$F <- unname(s$fstatistic[1])
  line(list(task = if (is.null(weights)) "ols" else "wls", formula = formula, weights = weights, want = a))
}
general <- function(formula, family, weights = NULL) {
  m <- eval(bquote(glm(.(as.formula(formula)), family, d, weights = .(weights), control = glm.control(1e-14, 100))))
  if (!anyNA(coef(m))) m <- eval(bquote(glm(.(as.formula(formula)), family, d, weights = .(weights), control = glm.control(1e-14, 100), start = .(coef(m)))))
  a <- c(common(m), if (is.null(weights)) rows(m), list(deviance = deviance(m), null_deviance = m$null.deviance, df_null = m$df.null))
  line(list(task = if (family$family == "poisson") "poisson" else "logistic", formula = formula, weights = weights, want = a))
}
curved <- function(formula, start) {
  m <- nls(as.formula(formula), d, start = start, control = nls.control(tol = 1e-9, warnOnly = TRUE))
  k <- summary(m)$coefficients
  parts <- strsplit(formula, "~")[[1]]
  line(list(task = "nls", response = trimws(parts[1]), model = trimws(parts[2]), start = start,
            want = list(coef = number(k[, 1]), se = number(k[, 2]), stat = number(k[, 3]), rss = deviance(m), loglik = as.numeric(logLik(m)), aic = AIC(m))))
}

for (formula in c(
  "y ~ x", "y ~ x - 1", "y ~ 0 + x + z", "y ~ 1", "y ~ x*z", "y ~ (x + z + f)^2", "y ~ . - count - b - s - size - w - curve", "log(y) ~ log(x) + sqrt(x)",
  "y ~ I(x^2) + x", "y ~ poly(x, 3)", "y ~ poly(x, 2, raw = TRUE)", "y ~ f", "y ~ f - 1", "y ~ f*g", "y ~ f:g", "y ~ f:g - 1", "y ~ g/x", "y ~ g/x - 1",
  "y ~ x + f:x", "y ~ f*h*x", "y ~ x %in% f", "y ~ f %in% (g + h)", "y ~ poly(x, 2)*f", "y ~ I(x > 2)", "y ~ (x > 2):z", "y ~ I(f == \"a\") + x",
  "y ~ factor(s > 4)", "y ~ factor(h) + log2(x) + exp(z)", "y ~ x + offset(2*z)", "y ~ offset(z)", "y ~ x + I(2*x)", "y ~ f + I(f == \"b\")", "y ~ (x - 1):f + g",
  "I(y/x) ~ z", "y ~ x + I(x%%1) + I(x%/%1)", "y ~ -1 + f + g:z", "y ~ x*f - x", "y ~ x*f - f", "y ~ log(x):h + h")) least(formula)
for (formula in c("y ~ x", "y ~ f*x", "y ~ x - 1", "y ~ poly(x, 2)", "y ~ x + offset(z)")) least(formula, d$w)
for (formula in c("b ~ x", "b ~ x + z", "b ~ f", "b ~ f - 1", "b ~ x*h", "b ~ 1", "b ~ z + offset(x/4)", "cbind(s, size - s) ~ x + f", "cbind(s, size - s) ~ g*x", "s/size ~ z"))
  general(formula, binomial(), if (startsWith(formula, "s/")) d$size)
for (formula in c("count ~ x", "count ~ x*f", "count ~ g + offset(log(x))", "count ~ 1", "count ~ poly(z, 2)", "count ~ f:h - 1")) general(formula, poisson())
general("count ~ x", poisson(), d$w)
curved("curve ~ a*exp(-b*x)", list(a = 15, b = 0.3))
curved("curve ~ a + c*exp(-b*x)", list(a = 1, b = 0.5, c = 15))
curved("curve ~ a/(1 + b*x)", list(a = 20, b = 1))
curved("log(curve) ~ a - b*x", list(a = 3, b = 0.3))
