"""GFlop/s of square products: Nabla, gonum, and NumPy's BLAS, in turns.

    python3 matcalc/bench/blas.py [ROUNDS]

Needs Go and NumPy. Each round measures all three one after the other; the
table holds the medians, so that other work on the machine counts for all.
"""

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SIZES = [8, 16, 32, 64, 128, 256, 512, 1000, 2000]
ROOT = Path(__file__).resolve().parents[2]


def numpy_rate(n, seconds=0.1):
    a, b, c = np.random.rand(n, n), np.random.rand(n, n), np.empty((n, n))
    np.dot(a, b, out=c)
    calls, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for _ in range(max(1, 200_000 // n**2)):
            np.dot(a, b, out=c)
            calls += 1
    return 2 * n**3 * calls / spent / 1e9


def go_rate(name, n):
    command = ["go", "test", "./matcalc/blas", "-run", "-", "-bench", f"^BenchmarkDgemm$/^{name}$/^{n}$", "-benchtime", "0.1s"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"([0-9.e+]+) GFlop/s", text)[1])


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'n':>5} {'nabla':>8} {'gonum':>8} {'numpy':>8}  nabla/numpy")
    for n in SIZES:
        measured = [(go_rate("nabla", n), go_rate("gonum", n), numpy_rate(n)) for _ in range(rounds)]
        ours, gonum, theirs = (statistics.median(column) for column in zip(*measured))
        print(f"{n:5} {ours:8.1f} {gonum:8.1f} {theirs:8.1f}  {ours / theirs:.2f}", flush=True)


if __name__ == "__main__":
    main()
