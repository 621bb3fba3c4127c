"""Laue's problems: Nabla beside NumPy, JAX and PyTorch, in turns in one run.

    python3 matcalc/bench/laue.py [--rounds 5] [--seconds 0.1] [--least] [--only PROBLEM] [--peers numpy,tuned,jax,torch]

Problems from Laue, Mitterreiter and Giesen (NeurIPS 2018, AAAI 2020): value,
gradient, Hessian, the three in one call, and the Hessian kept by its structure.
NumPy has the closed form as one writes it down ("numpy") and tuned by hand
("tuned": fused, in place, symmetric products); JAX and PyTorch differentiate
the function by themselves and are compiled (jit) or vectorised (torch.func) as
their manuals advise. All results are compared first. Each round measures one
after the other; the table holds medians in milliseconds, and times our time.

Needs Go, and numpy, jax and torch of the Python that runs it; a peer that is
missing is left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Settings for old OpenBLAS builds, which slow a current one.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
TASKS = ["value", "gradient", "hessian", "all", "compressed"]
# A framework that needs more than this for a Hessian is not asked for it.
MEMORY_LIMIT = 2e9


# --- the problems: inputs, f in Nabla's syntax and over an array module, and the
# number of intermediate values that depend on the variable ---


def quadratic_inputs(n, rng):
    return {"A": rng.standard_normal((n, n)), "x": rng.standard_normal((n, 1))}


def logistic_inputs(n, rng):
    return {
        "X": rng.standard_normal((2 * n, n)) / n,
        "w": rng.standard_normal((n, 1)),
        "y": np.sign(rng.standard_normal((2 * n, 1))),
    }


def factor_inputs(n, rng):
    return {"T": rng.standard_normal((n, n)), "U": rng.standard_normal((n, 5)), "V": rng.standard_normal((n, 5))}


def masked_inputs(n, rng):
    return factor_inputs(n, rng) | {"M": (rng.random((n, n)) < 0.5).astype(float)}


def net_inputs(n, rng):
    weights = {f"W{i}": rng.standard_normal((n, n)) * np.sqrt(2 / n) for i in range(1, 11)}
    y = np.zeros((n, 1))
    y[0] = 1
    return weights | {"x": rng.standard_normal((n, 1)), "y": y}


def net_text():
    layer = "x"
    for i in range(1, 10):
        layer = f"relu(W{i}*{layer})"
    return f"logsumexp(W10*{layer}) - y'*W10*{layer}"


def net_value(xp, W1, *rest):
    *weights, x, y = rest
    layer = x
    for w in (W1, *weights[:-1]):
        layer = xp.relu(w @ layer)
    out = weights[-1] @ layer
    return xp.logsumexp(out) - (y * out).sum()


class NumPy:
    """The closed forms as one writes them down, and tuned by hand."""

    @staticmethod
    def quadratic(A, x):
        return {
            "value": lambda: (x.T @ A @ x).item(),
            "gradient": lambda: (A + A.T) @ x,
            "hessian": lambda: A + A.T,
        }

    @staticmethod
    def quadratic_tuned(A, x):
        H = np.empty_like(A)
        return {
            "value": lambda: np.vdot(x, A @ x),
            "gradient": lambda: A @ x + (x.T @ A).T,
            "hessian": lambda: np.add(A, A.T, out=H),
        }

    @staticmethod
    def logistic(X, w, y):
        def hessian():
            s = 1 / (1 + np.exp(y * (X @ w)))
            return X.T @ (y**2 * s * (1 - s) * X)

        return {
            "value": lambda: np.log(1 + np.exp(-y * (X @ w))).sum(),
            "gradient": lambda: -X.T @ (y / (1 + np.exp(y * (X @ w)))),
            "hessian": hessian,
        }

    @staticmethod
    def logistic_tuned(X, w, y):
        Y, t = np.empty_like(X), np.empty_like(y)

        def sigmoid():
            np.matmul(X, w, out=t)
            np.multiply(t, y, out=t)
            np.exp(t, out=t)
            np.add(t, 1, out=t)
            return np.reciprocal(t, out=t)

        def hessian():
            s = sigmoid()
            np.multiply(X, np.sqrt(s * (1 - s)), out=Y)
            return Y.T @ Y  # one triangle, by dsyrk

        def everything():
            z = y * (X @ w)
            s = sigmoid()
            g = -(X.T @ (y * s))
            np.multiply(X, np.sqrt(s * (1 - s)), out=Y)
            return np.logaddexp(0, -z).sum(), g, Y.T @ Y

        return {
            "value": lambda: np.logaddexp(0, -y * (X @ w)).sum(),
            "gradient": lambda: -(X.T @ (y * sigmoid())),
            "hessian": hessian,
            "all": everything,
        }

    @staticmethod
    def factorization(T, U, V):
        return {
            "value": lambda: np.linalg.norm(T - U @ V.T) ** 2,
            "gradient": lambda: -2 * (T - U @ V.T) @ V,
            "hessian": lambda: np.kron(2 * V.T @ V, np.eye(len(U))),
        }

    @staticmethod
    def factorization_tuned(T, U, V):
        n, k = U.shape

        def value():
            R = U @ V.T
            np.subtract(T, R, out=R)
            return np.vdot(R, R)

        def hessian():
            H = np.zeros((k, n, k, n))
            i = np.arange(n)
            H[:, i, :, i] = 2 * (V.T @ V)
            return H.reshape(n * k, n * k)

        return {"value": value, "gradient": lambda: 2 * (U @ (V.T @ V) - T @ V), "hessian": hessian}

    @staticmethod
    def masked(T, U, V, M):
        def hessian():
            n, k = U.shape
            J = np.kron(V, np.eye(n))
            return 2 * J.T @ (M.T.reshape(-1, 1) ** 2 * J)

        tasks = {
            "value": lambda: np.linalg.norm(M * (T - U @ V.T)) ** 2,
            "gradient": lambda: -2 * (M**2 * (T - U @ V.T)) @ V,
        }
        return tasks | {"hessian": hessian} if 8 * V.size * T.size < MEMORY_LIMIT else tasks

    @staticmethod
    def masked_tuned(T, U, V, M):
        n, k = U.shape

        def value():
            R = U @ V.T
            np.subtract(T, R, out=R)
            np.multiply(M, R, out=R)
            return np.vdot(R, R)

        def gradient():
            R = U @ V.T
            np.subtract(R, T, out=R)
            np.multiply(M, R, out=R)
            np.multiply(M, R, out=R)
            return 2 * (R @ V)

        def hessian():
            W = (V[:, :, None] * V[:, None, :]).reshape(n, k * k)
            H = np.zeros((k, n, k, n))
            i = np.arange(n)
            H[:, i, :, i] = (2 * ((M * M) @ W)).reshape(n, k, k)
            return H.reshape(n * k, n * k)

        return {"value": value, "gradient": gradient, "hessian": hessian}

    @staticmethod
    def net(**inputs):
        weights = [inputs[f"W{i}"] for i in range(1, 11)]
        x, y = inputs["x"], inputs["y"]

        def forward():
            layer, steps = x, []
            for w in weights[:-1]:
                z = w @ layer
                steps.append((z > 0).astype(float))
                layer = z * steps[-1]
            return weights[-1] @ layer, steps

        def softmax(out):
            e = np.exp(out - out.max())
            return e / e.sum()

        def value():
            out, _ = forward()
            top = out.max()
            return top + np.log(np.exp(out - top).sum()) - (y * out).sum()

        def gradient():
            out, steps = forward()
            g = softmax(out) - y
            for w, s in zip(weights[:0:-1], steps[::-1]):
                g = s * (w.T @ g)
            return g @ x.T

        def hessian():
            out, steps = forward()
            J = weights[-1]
            for w, s in zip(weights[-2:0:-1], steps[:0:-1]):
                J = (J * s.T) @ w
            J = J * steps[0].T
            p = softmax(out)
            v = J.T @ p
            return np.kron(x @ x.T, J.T @ (p * J) - v @ v.T)

        return {"value": value, "gradient": gradient, "hessian": hessian}


def problem(name, vars, f, wrt, sizes, inputs, value, order, inner):
    return {"name": name, "vars": vars, "f": f, "wrt": wrt, "sizes": sizes, "inputs": inputs, "value": value, "order": order, "inner": inner}


PROBLEMS = [
    problem("quadratic", "A: n×n; x: n", "x'*A*x", "x", [100, 1000], quadratic_inputs,
            lambda xp, x, A: (x.T @ A @ x).sum(), ["x", "A"], lambda n: n),
    problem("logistic", "X: m×n; w: n; y: m", "sum(log(ones(m) + exp(-y .* (X*w))))", "w", [50, 500, 1000], logistic_inputs,
            lambda xp, w, X, y: xp.log1pexp(-y * (X @ w)).sum(), ["w", "X", "y"], lambda n: 2 * n),
    problem("factorization", "T: n×n; U: n×k; V: n×k", "norm2(T - U*V')^2", "U", [50, 200, 500], factor_inputs,
            lambda xp, U, T, V: ((T - U @ V.T) ** 2).sum(), ["U", "T", "V"], lambda n: n * n),
    problem("masked", "T: n×n; U: n×k; V: n×k; M: n×n mask", "norm2(M .* (T - U*V'))^2", "U", [50, 200, 500], masked_inputs,
            lambda xp, U, T, V, M: ((M * (T - U @ V.T)) ** 2).sum(), ["U", "T", "V", "M"], lambda n: n * n),
    problem("net", "; ".join(f"W{i}: n×n" for i in range(1, 11)) + "; x: n; y: n", net_text(), "W1", [10, 20], net_inputs,
            net_value, [f"W{i}" for i in range(1, 11)] + ["x", "y"], lambda n: n),
]


# --- the peers: each makes functions for value, gradient, hessian, all ---


def stacked(h, r, c):
    """A Hessian with indices (r, c, r, c) by stacked columns."""
    return np.asarray(h).reshape(r, c, r, c).transpose(1, 0, 3, 2).reshape(r * c, r * c)


def in_one(tasks):
    """All three in one call, where a peer has no better way."""
    return tasks if "all" in tasks or "hessian" not in tasks else tasks | {"all": lambda: (tasks["value"](), tasks["gradient"](), tasks["hessian"]())}


def numpy_peer(suffix):
    def make(p, inputs):
        form = getattr(NumPy, p["name"] + suffix, None)
        return in_one(form(**inputs)) if form else {}, lambda h: h

    return make


def affordable(p, inputs):
    """Whether the memory allows a Hessian by one tangent for each entry: each is
    as large as the largest number of intermediate values, p["inner"]."""
    x = inputs[p["wrt"]]
    return 8 * x.size * p["inner"](len(x)) < MEMORY_LIMIT


def jax_peer(p, inputs):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    xp = argparse.Namespace(relu=jax.nn.relu, logsumexp=lambda z: jax.scipy.special.logsumexp(z), log1pexp=lambda z: jnp.log(1 + jnp.exp(z)))

    def f(x, rest):
        return p["value"](xp, x, *rest)

    args = [jnp.asarray(inputs[name]) for name in p["order"]]
    x, rest = args[0], args[1:]
    functions = {"value": jax.jit(f), "gradient": jax.jit(jax.grad(f))}
    if affordable(p, inputs):
        functions["hessian"] = jax.jit(jax.hessian(f))
        functions["all"] = jax.jit(lambda x, rest: (*jax.value_and_grad(f)(x, rest), jax.hessian(f)(x, rest)))
    r, c = inputs[p["wrt"]].shape
    tasks = {name: (lambda g=g: jax.block_until_ready(g(x, rest))) for name, g in functions.items()}
    return tasks, lambda h: stacked(h, r, c)


def torch_peer(p, inputs):
    import torch

    xp = argparse.Namespace(relu=torch.relu, logsumexp=lambda z: torch.logsumexp(z.reshape(-1), 0), log1pexp=lambda z: torch.log(1 + torch.exp(z)))

    args = [torch.from_numpy(inputs[name]) for name in p["order"]]
    x, rest = args[0], args[1:]

    def f(x):
        return p["value"](xp, x, *rest)

    def gradient():
        leaf = x.detach().requires_grad_(True)
        return torch.autograd.grad(f(leaf), leaf)[0]

    tasks = {"value": lambda: f(x), "gradient": gradient}
    if affordable(p, inputs):
        tasks["hessian"] = lambda: torch.func.hessian(f)(x)
    r, c = inputs[p["wrt"]].shape
    return in_one(tasks), lambda h: stacked(h, r, c)


PEERS = {"numpy": numpy_peer(""), "tuned": numpy_peer("_tuned"), "jax": jax_peer, "torch": torch_peer}


# --- measuring ---


def median_time(run, seconds):
    run()
    started = time.perf_counter()
    run()
    batch = max(1, int(20e-6 / max(time.perf_counter() - started, 1e-9)))
    all, begin = [], time.perf_counter()
    while len(all) < 5 or time.perf_counter() - begin < seconds:
        started = time.perf_counter()
        for _ in range(batch):
            run()
        all.append((time.perf_counter() - started) / batch)
    return statistics.median(all) * 1e3


class Nabla:
    """The program beside this one, which answers requests."""

    def __init__(self, folder):
        self.folder = folder
        binary = str(folder / "laue")
        subprocess.run(["go", "build", "-o", binary, "./matcalc/bench/laue"], cwd=ROOT, check=True)
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if answer.get("error"):
            sys.exit(f"nabla: {answer['error']}")
        return answer

    def load(self, p, inputs):
        files = {}
        for name, a in inputs.items():
            files[name] = {"file": str(self.folder / name), "r": a.shape[0], "c": a.shape[1]}
            np.ascontiguousarray(a).tofile(files[name]["file"])
        return self.ask(vars=p["vars"], f=p["f"], wrt=p["wrt"], inputs=files)

    def result(self, task, shape):
        file = str(self.folder / "result")
        self.ask(write=task, file=file)
        return np.fromfile(file).reshape(shape)

    def time(self, task, seconds):
        return self.ask(time=task, seconds=seconds)["ns"] / 1e6


def difference(a, b):
    return np.abs(np.asarray(a) - np.asarray(b)).max() / (1 + np.abs(np.asarray(b)).max())


def check(nabla, p, inputs, peers):
    """Holds every result against the closed form."""
    size = inputs[p["wrt"]].size
    closed = peers["tuned"][0] or peers["numpy"][0]
    want = {task: np.asarray(closed[task]()) for task in TASKS[:3]}
    shapes = {"value": (), "gradient": inputs[p["wrt"]].shape, "hessian": (size, size), "compressed": (size, size)}
    for task, shape in shapes.items():
        w = want["hessian" if task == "compressed" else task]
        off = difference(nabla.result(task, shape), w.reshape(shape))
        if not off < 1e-9:
            sys.exit(f"{p['name']}: {task} of nabla is off by {off:.2g}")
        for name, (tasks, arrange) in peers.items():
            if task in tasks:
                got = tasks[task]()
                got = arrange(got) if task == "hessian" else np.asarray(got)
                off = difference(got.reshape(shape), w.reshape(shape))
                if not off < 1e-9:
                    sys.exit(f"{p['name']}: {task} of {name} is off by {off:.2g}")


def available(names):
    for name in names:
        module = {"jax": "jax", "torch": "torch"}.get(name, "numpy")
        try:
            __import__(module)
            yield name
        except ImportError:
            print(f"# {name} is left out: there is no {module}", file=sys.stderr)


def measure(nabla, p, n, names, options):
    inputs = p["inputs"](n, np.random.default_rng(n))
    compiled = nabla.load(p, inputs)
    peers = {name: PEERS[name](p, inputs) for name in {"numpy", "tuned", *names}}
    check(nabla, p, inputs, peers)
    rows = {task: {name: [] for name in ["nabla", *names]} for task in TASKS}
    for _ in range(options.rounds):
        for task in TASKS:
            time.sleep(0.01)  # threads that wait for work go to sleep
            rows[task]["nabla"].append(nabla.time(task, options.seconds))
            for name in names:
                tasks, _ = peers[name]
                if task in tasks:
                    time.sleep(0.01)
                    rows[task][name].append(median_time(tasks[task], options.seconds))
    summary = min if options.least else statistics.median
    for task, row in rows.items():
        ours = summary(row["nabla"])
        print(f"{p['name']:14}{n:5} {task:11}{ours:10.4f}", end="")
        for name in names:
            if row[name]:
                theirs = summary(row[name])
                print(f"{theirs:11.4f} {theirs / ours:7.2f}x", end="")
            else:
                print(f"{'-':>11} {'':8}", end="")
        print(flush=True)
    print(f"{'':14}{'':5} compiled in {compiled['compile_us'] / 1e3:.2f} ms, text to plan", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--least", action="store_true", help="the best round instead of the median one, on a machine that is not idle")
    parser.add_argument("--only")
    parser.add_argument("--size", type=int)
    parser.add_argument("--peers", default=",".join(PEERS))
    options = parser.parse_args()
    names = list(available(options.peers.split(",")))
    print(f"{'problem':14}{'n':>5} {'task':11}{'nabla ms':>10}" + "".join(f"{name + ' ms':>11} {'ratio':>8}" for name in names))
    with tempfile.TemporaryDirectory() as folder:
        nabla = Nabla(Path(folder))
        for p in PROBLEMS:
            if options.only in (None, p["name"]):
                for n in p["sizes"]:
                    if options.size in (None, n):
                        measure(nabla, p, n, names, options)


if __name__ == "__main__":
    main()
