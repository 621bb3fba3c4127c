"""Times the fits of this package beside NumPy, statsmodels and scikit-learn, in one run.

    python3 compare.py        (needs go, numpy, statsmodels, scikit-learn)

Each line: problem, program, best of three in seconds, ratio to ours. Ours is the
fit with its summary as text; statsmodels' the fit with the numbers of its summary.
"""
import os
import re
import subprocess
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def best(f, times=3):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        f()
        spent.append(time.perf_counter() - start)
    return min(spent)


def ours():
    run = subprocess.run(
        ["go", "test", "-run", "^$", "-bench", "1e[56]x", "-benchtime", "3x", "-count", "3", ".."],
        cwd=HERE, capture_output=True, text=True, check=True)
    times = {}
    for name, ns in re.findall(r"^Benchmark(\w+?)(?:-\d+)?\s+\d+\s+(\d+) ns/op", run.stdout, re.M):
        times[name] = min(times.get(name, 1e9), int(ns) / 1e9)
    return times


def data(n, p, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, p))
    x[:, 0] = 1
    eta = x @ (0.3 - 0.05 * np.arange(p))
    return x, eta, rng


def cholesky(x, y):
    gram = x.T @ x
    low = np.linalg.cholesky(gram)
    return np.linalg.solve(low.T, np.linalg.solve(low, x.T @ y))


def main():
    mine = ours()
    rows = []
    try:
        import statsmodels.api as sm
    except ImportError:
        sm = None
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        LogisticRegression = None
    for name, n, p in (("OLS1e6x10", 10**6, 10), ("OLS1e5x100", 10**5, 100)):
        x, eta, rng = data(n, p)
        y = eta + rng.standard_normal(n)
        rows.append((name, "numpy X'X, Cholesky, no summary", best(lambda: cholesky(x, y))))
        if sm:
            def fit():
                m = sm.OLS(y, x).fit()
                return m.bse, m.pvalues, m.rsquared, m.fvalue, m.aic
            rows.append((name, "statsmodels OLS", best(fit)))
    x, eta, rng = data(10**6, 10)
    y = (rng.random(10**6) < 1 / (1 + np.exp(-eta))).astype(float)
    if LogisticRegression:
        rows.append(("Logistic1e6x10", "scikit-learn, no standard errors",
                     best(lambda: LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-6).fit(x, y))))
    if sm:
        rows.append(("Logistic1e6x10", "statsmodels Logit", best(lambda: sm.Logit(y, x).fit(disp=0).bse)))
    print(f"{'problem':16} {'program':34} {'s':>8} {'ratio':>7}")
    for name, seconds in mine.items():
        print(f"{name:16} {'nabla, with summary':34} {seconds:8.3f} {1:7.2f}")
    for name, program, seconds in rows:
        print(f"{name:16} {program:34} {seconds:8.3f} {seconds / mine[name]:7.2f}")


if __name__ == "__main__":
    main()
