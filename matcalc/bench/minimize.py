"""Minimising: Nabla beside scipy.optimize with gradients and Hessians by JAX.

    python3 matcalc/bench/minimize.py [--rounds 5]

Ridge logistic regression, by Newton's method and by L-BFGS, and the
factorization of Laue's problems by its first factor, by L-BFGS. Both get the
same start and reach the same minimum, which is checked. Compiling is in
neither time. Medians in milliseconds. Needs Go, numpy, scipy and jax.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ["JAX_ENABLE_X64"] = "1"

import laue
import numpy as np
import jax
import jax.numpy as jnp
from scipy.optimize import minimize


def logistic(n, rng):
    inputs = laue.logistic_inputs(n, rng)
    inputs["X"] *= np.sqrt(n)
    inputs["w"] *= 0
    return inputs


def logistic_value(w, X, y):
    return jnp.log(1 + jnp.exp(-y * (X @ w))).sum() + 0.05 * (w**2).sum()


def factor_value(U, T, V):
    return ((T - U @ V.T) ** 2).sum()


LOGISTIC = {"vars": "X: m×n; w: n; y: m", "f": "sum(log(ones(m) + exp(-y .* (X*w)))) + 0.05*w'*w", "wrt": "w"}
FACTOR = {"vars": "T: n×n; U: n×k; V: n×k", "f": "norm2(T - U*V')^2", "wrt": "U"}

# problem, sizes, ours, SciPy's, inputs, f, the other arguments of f
PROBLEMS = [
    ("logistic", LOGISTIC, [50, 500], "newton", "trust-exact", logistic, logistic_value, ["X", "y"]),
    ("logistic", LOGISTIC, [50, 500], "lbfgs", "L-BFGS-B", logistic, logistic_value, ["X", "y"]),
    ("factorization", FACTOR, [50, 200], "lbfgs", "L-BFGS-B", laue.factor_inputs, factor_value, ["T", "V"]),
]


def scipy_run(inputs, wrt, f, names, method):
    start, rest = inputs[wrt], [jnp.asarray(inputs[name]) for name in names]
    both = jax.jit(jax.value_and_grad(lambda x: f(x.reshape(start.shape), *rest)))
    hessian = jax.jit(jax.hessian(lambda x: f(x.reshape(start.shape), *rest)))

    def value(x):
        v, g = both(x)
        return float(v), np.asarray(g)

    options = {"jac": True, "method": method, "options": {"maxiter": 500, "gtol": 1e-8}}
    if method == "trust-exact":
        options["hess"] = lambda x: np.asarray(hessian(x))
    else:
        options["options"] |= {"ftol": 1e-15, "maxcor": 12}
    return lambda: minimize(value, start.reshape(-1), **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{'problem':14} {'n':>5} {'method':7} {'nabla ms':>10} {'steps':>6} {'scipy ms':>10} {'steps':>6} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        nabla = laue.Nabla(Path(folder))
        for name, problem, sizes, ours, theirs, draw, f, names in PROBLEMS:
            for n in sizes:
                inputs = draw(n, np.random.default_rng(n))
                nabla.load(problem, inputs)
                run = scipy_run(inputs, problem["wrt"], f, names, theirs)
                run()
                mine, other = [], []
                for _ in range(options.rounds):
                    answer = nabla.ask(time="minimize", method=ours)
                    mine.append(answer["ns"] / 1e6)
                    started = time.perf_counter()
                    result = run()
                    other.append((time.perf_counter() - started) * 1e3)
                if abs(answer["value"] - result.fun) > 1e-7 * (1 + abs(result.fun)):
                    sys.exit(f"{name}: the minimum is {answer['value']}, of scipy {result.fun}")
                a, b = statistics.median(mine), statistics.median(other)
                print(f"{name:14} {n:5} {ours:7} {a:10.3f} {answer['iterations']:6} {b:10.3f} {result.nit:6} {b / a:6.2f}x", flush=True)


if __name__ == "__main__":
    main()
