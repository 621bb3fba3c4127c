"""Regressions: Nabla beside NumPy, statsmodels, scikit-learn and R, in turns.

    python3 matcalc/bench/regress.py [--rounds 5] [--stream-rows 1000000] [--keep DIR] [TASK...]

For each task and library one process, which loads the same data, fits it some
times and says its seconds and its peak memory. Printed are the median seconds,
the ratio to Nabla's, the peak memory as a multiple of the data, and the first
coefficients. Statsmodels, R and Nabla make the summary too; NumPy solves the
normal equations by Cholesky; scikit-learn gives no standard errors. Needs Go,
NumPy; what else is not installed is left out.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # settings for old builds, which slow a current one
    os.environ.pop(name, None)

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

TASKS = {
    "ols 1e6x10": ("ols", 1_000_000, 10, ["nabla", "numpy", "statsmodels", "sklearn", "r"]),
    "ols 1e5x100": ("ols", 100_000, 100, ["nabla", "numpy", "statsmodels", "sklearn"]),
    "logistic 1e6x10": ("logistic", 1_000_000, 10, ["nabla", "statsmodels", "sklearn"]),
    "stream x10": ("stream", None, 10, ["nabla", "pandas"]),
    "stream-logistic x10": ("stream-logistic", None, 10, ["nabla"]),
}


def make(task, n, p, path):
    """Writes X by rows and then y as float64, or a CSV file with y, z, x1, ..."""
    rng = np.random.default_rng(1)
    b = np.linspace(-1, 1, p)
    if not task.startswith("stream"):
        x = rng.standard_normal((n, p))
        x[:, 0] = 1
        y = x @ b + rng.standard_normal(n) if task == "ols" else (rng.random(n) < 1 / (1 + np.exp(-x @ b))).astype(float)
        with open(path, "wb") as out:
            x.tofile(out)
            y.tofile(out)
        return
    import pandas as pd
    for at in range(0, n, 250_000):
        m = min(250_000, n - at)
        x = rng.standard_normal((m, p)).round(6)
        y = (1 + x @ b + rng.standard_normal(m)).round(6)
        z = (rng.random(m) < 1 / (1 + np.exp(-x @ b))).astype(int)
        frame = pd.DataFrame(x, columns=[f"x{j + 1}" for j in range(p)])
        frame.insert(0, "y", y)
        frame.insert(1, "z", z)
        frame.to_csv(path, mode="w" if at == 0 else "a", header=at == 0, index=False)


def child(library, task, path, n, p, rounds):
    """Fits with one library in this process and prints what regressions prints."""
    fit = FITS[library, task](path, n, p)
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        coef = fit()
        seconds.append(time.perf_counter() - start)
    peak = high_water()
    print(json.dumps({"Seconds": seconds, "Peak": peak, "Coef": [float(v) for v in coef[:3]]}))


def high_water():
    """Peak memory in bytes. Not ru_maxrss, which counts the parent's before exec."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024


def data(path, n, p):
    whole = np.fromfile(path)
    return whole[: n * p].reshape(n, p), whole[n * p :]


def numpy_ols(path, n, p):
    from numpy.linalg import cholesky, solve
    x, y = data(path, n, p)

    def fit():
        c = cholesky(x.T @ x)
        return solve(c.T, solve(c, x.T @ y))
    return fit


def statsmodels_fit(kind):
    def prepare(path, n, p):
        import statsmodels.api as sm
        x, y = data(path, n, p)

        def fit():
            m = sm.OLS(y, x).fit() if kind == "ols" else sm.Logit(y, x).fit(disp=0)
            m.summary()
            return m.params
        return fit
    return prepare


def sklearn_fit(kind):
    def prepare(path, n, p):
        from sklearn.linear_model import LinearRegression, LogisticRegression
        x, y = data(path, n, p)
        if kind == "ols":
            return lambda: LinearRegression(fit_intercept=False).fit(x, y).coef_
        return lambda: LogisticRegression(C=np.inf, fit_intercept=False).fit(x, y).coef_[0]
    return prepare


def pandas_stream(path, n, p):
    import pandas as pd

    def fit():
        names = [f"x{j + 1}" for j in range(p)]
        xx, xy = np.zeros((p + 1, p + 1)), np.zeros(p + 1)
        for part in pd.read_csv(path, chunksize=100_000, usecols=["y", *names]):
            x = np.c_[np.ones(len(part)), part[names].to_numpy()]
            xx += x.T @ x
            xy += x.T @ part["y"].to_numpy()
        return np.linalg.solve(xx, xy)
    return fit


FITS = {
    ("numpy", "ols"): numpy_ols,
    ("statsmodels", "ols"): statsmodels_fit("ols"), ("statsmodels", "logistic"): statsmodels_fit("logistic"),
    ("sklearn", "ols"): sklearn_fit("ols"), ("sklearn", "logistic"): sklearn_fit("logistic"),
    ("pandas", "stream"): pandas_stream,
}

R = """a <- commandArgs(TRUE); n <- as.integer(a[2]); p <- as.integer(a[3]); f <- file(a[1], "rb")
x <- matrix(readBin(f, "double", n*p), n, p, byrow = TRUE); y <- readBin(f, "double", n); s <- c()
for (k in seq_len(as.integer(a[4]))) { t <- proc.time()[3]; m <- lm(y ~ x - 1); u <- summary(m); s <- c(s, proc.time()[3] - t) }
h <- if (file.exists("/proc/self/status")) sub("\\\\D+(\\\\d+) kB", "\\\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE)) else "0"
cat(sprintf('{"Seconds": [%s], "Peak": %s000, "Coef": [%s]}\n', paste(s, collapse = ","), h, paste(unname(coef(m))[1:3], collapse = ",")))"""


def command(library, task, path, n, p, rounds, binary):
    args = [str(path), str(n), str(p), str(rounds)]
    if library == "nabla":
        return [binary, task, *args]
    if library == "r":
        return ["Rscript", "-e", R, *args] if shutil.which("Rscript") else None
    try:
        __import__({"sklearn": "sklearn"}.get(library, library))
    except ImportError:
        return None
    return [sys.executable, __file__, "--child", library, task, *args]


def run(name, rounds, stream_rows, folder, binary):
    task, n, p, libraries = TASKS[name]
    n = n or stream_rows
    path = folder / (f"rows-{n}-{p}.csv" if task.startswith("stream") else f"{task}-{n}-{p}.bin")
    if not path.exists():
        make(task, n, p, path)
    size = 8 * n * (p + 1)
    results = {}
    for _ in range(rounds):
        for library in libraries:
            argv = command(library, task, path, n, p, 1 if task.startswith("stream") else 3, binary)
            if argv is None:
                continue
            out = json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
            r = results.setdefault(library, {"Seconds": [], "Peak": 0})
            r["Seconds"] += out["Seconds"]
            r["Peak"] = max(r["Peak"], out["Peak"])
            r["Coef"] = out["Coef"]
    print(f"{name} ({n} rows, data {size / 1e6:.0f} MB)")
    base = statistics.median(results["nabla"]["Seconds"])
    for library, r in results.items():
        t = statistics.median(r["Seconds"])
        coef = ", ".join(f"{v:.9g}" for v in r["Coef"])
        peak = f"{r['Peak'] / 1e6:6.0f} MB = {r['Peak'] / size:4.1f} x data" if r["Peak"] else "not measured"
        print(f"  {library:12s} {t:8.3f} s  least {min(r['Seconds']):7.3f}  {t / base:5.2f} x nabla  peak {peak}  coef {coef}")


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--child":
        library, task, path, n, p, rounds = sys.argv[2:]
        return child(library, task, path, int(n), int(p), int(rounds))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stream-rows", type=lambda s: int(float(s)), default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder for the data, kept for the next run")
    parser.add_argument("tasks", nargs="*", default=list(TASKS), help=", ".join(TASKS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        binary = str(Path(scratch) / "regressions")
        subprocess.run(["go", "build", "-o", binary, "./matcalc/bench/regressions"], cwd=ROOT, check=True)
        for name in options.tasks:
            run(name, options.rounds, options.stream_rows, folder, binary)


if __name__ == "__main__":
    main()
