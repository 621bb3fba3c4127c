"""BLAS and LAPACK routines: Nabla, gonum, and the OpenBLAS of SciPy, in turns.

    python3 matcalc/bench/blas.py [--rounds 5] [--seconds 0.05] [--threads N] [--sizes N,...] [ROUTINE...]

Prints GFlop/s (of the fastest call, so that other work on the machine counts
for none), and Nabla's share of OpenBLAS's. Needs Go, NumPy and SciPy.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Settings for old OpenBLAS builds, which slow a current one.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

if "--threads" in sys.argv:  # counts before the libraries are loaded
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["GOMAXPROCS"] = sys.argv[sys.argv.index("--threads") + 1]

import numpy as np
from scipy.linalg import blas, lapack

ROOT = Path(__file__).resolve().parents[2]
SMALL = [8, 16, 32, 64, 128]
LARGE = [256, 512, 1000, 2000]


def cube(k):
    return lambda n: k * n**3


# routine: operations for size n, sizes, and the call (matrices by columns)
ROUTINES = {
    "ddot": (lambda n: 2 * n, [8, 64, 1000, 100_000], lambda o: lambda: blas.ddot(o["x"], o["y"])),
    "daxpy": (lambda n: 2 * n, [8, 64, 1000, 100_000], lambda o: lambda: blas.daxpy(o["x"], o["y"], a=1e-9)),
    "dgemv": (lambda n: 2 * n * n, [16, 64, 256, 1000, 2000], lambda o: lambda: blas.dgemv(1, o["a"], o["x"], y=o["y"], overwrite_y=1, trans=1)),
    "dgemvT": (lambda n: 2 * n * n, [16, 64, 256, 1000, 2000], lambda o: lambda: blas.dgemv(1, o["a"], o["x"], y=o["y"], overwrite_y=1)),
    "dgemm": (cube(2), SMALL + LARGE, lambda o: lambda: np.dot(o["ra"], o["rb"], out=o["rc"])),
    "dsyrk": (cube(1), SMALL + LARGE, lambda o: lambda: blas.dsyrk(1, o["a"], c=o["c"], overwrite_c=1)),
    "dsymm": (cube(2), SMALL + LARGE, lambda o: lambda: blas.dsymm(1, o["a"], o["b"], c=o["c"], overwrite_c=1)),
    "dtrmm": (cube(1), SMALL + LARGE, lambda o: lambda: blas.dtrmm(1, o["factor"], o["b"])),
    "dtrsm": (cube(1), SMALL + LARGE, lambda o: lambda: blas.dtrsm(1, o["factor"], o["b"])),
    "dpotrf": (cube(1 / 3), SMALL + LARGE, lambda o: lambda: lapack.dpotrf(o["positive"], clean=0)),
    "dgetrf": (cube(2 / 3), SMALL + LARGE, lambda o: lambda: lapack.dgetrf(o["a"])),
    "dgeqrf": (cube(4 / 3), SMALL + LARGE, lambda o: lambda: lapack.dgeqrf(o["a"], lwork=64 * max(1, len(o["x"])))),
}


def operands(n, vectors):
    rng = np.random.default_rng(n)
    o = {"x": rng.random(n), "y": rng.random(n)}
    if vectors:
        return o
    for name in "abc":
        o["r" + name] = rng.random((n, n)) - 0.5
        o[name] = np.asfortranarray(o["r" + name])
    o["factor"] = np.asfortranarray(o["a"] + n * np.eye(n))
    o["positive"] = np.asfortranarray(o["a"] + o["a"].T + n * np.eye(n))
    return o


def fastest(run, seconds):
    run()
    started = time.perf_counter()
    run()
    batch = max(1, int(20e-6 / max(time.perf_counter() - started, 1e-9)))
    best, calls, begin = float("inf"), 0, time.perf_counter()
    while calls < 3 or time.perf_counter() - begin < seconds:
        started = time.perf_counter()
        for _ in range(batch):
            run()
        best = min(best, (time.perf_counter() - started) / batch)
        calls += 1
    return best * 1e9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--threads", help="of both; by default as many as there are cores")
    parser.add_argument("--sizes", help="only these, with commas between")
    parser.add_argument("routine", nargs="*", choices=[[], *ROUTINES])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        binary = folder + "/routines"
        subprocess.run(["go", "build", "-o", binary, "./matcalc/bench/routines"], cwd=ROOT, check=True)
        ours = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(f"{'routine':8} {'n':>6} {'nabla':>8} {'gonum':>8} {'openblas':>8}  nabla/openblas   GFlop/s")
        for name in options.routine or ROUTINES:
            flops, sizes, call = ROUTINES[name]
            if options.sizes:
                sizes = [int(n) for n in options.sizes.split(",")]
            for n in sizes:
                run = call(operands(n, name in ("ddot", "daxpy")))
                best = {"nabla": float("inf"), "gonum": float("inf"), "openblas": float("inf")}
                for _ in range(options.rounds):
                    print(json.dumps({"routine": name, "n": n, "seconds": options.seconds}), file=ours.stdin, flush=True)
                    measured = json.loads(ours.stdout.readline())
                    time.sleep(0.01)  # threads that wait for work go to sleep
                    measured["openblas"] = fastest(run, options.seconds)
                    best = {k: min(best[k], measured[k]) for k in best}
                rate = {k: flops(n) / v for k, v in best.items()}
                print(f"{name:8} {n:6} {rate['nabla']:8.2f} {rate['gonum']:8.2f} {rate['openblas']:8.2f}  {rate['nabla'] / rate['openblas']:.2f}", flush=True)


if __name__ == "__main__":
    main()
