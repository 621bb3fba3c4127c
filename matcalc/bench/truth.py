"""Numeric truth: random data that respects what is declared, and derivatives by complex step or differences.

A scalar is a float, a vector an (n,1) column; sizes are ints under their names. Analytic functions are differentiated
with the complex step (error at machine precision), the others with five-point central differences.
"""
import numpy as np
import scipy.linalg as sla

import casesyntax as cs

SIZES = [dict(m=4, n=3, p=2, q=5, l=2, k=3, r=2), dict(m=5, n=4, p=3, q=2, l=3, k=2, r=4)]


def comm(m, n):
    """Commutation matrix: comm(m,n) @ vec(A) = vec(A') for A of m x n."""
    return np.eye(m*n).reshape(n, m, m*n).swapaxes(0, 1).reshape(m*n, m*n)


def spread(rng, r, c):
    return rng.standard_normal((r, c))


def _pd(rng, r, c):
    g = spread(rng, r, r)
    return .5*g @ g.T + np.eye(r)


def _symmetric(rng, r, c):
    g = spread(rng, r, r)
    return .5*(g + g.T)


def _skew(rng, r, c):
    g = spread(rng, r, r)
    return .5*(g - g.T)


def _projector(rng, r, c):
    q = np.linalg.qr(spread(rng, r, max(1, r-1)))[0]
    return q @ q.T


def _posdet(rng, r, c):
    a = 1.5*np.eye(r) + .4*spread(rng, r, r)
    if np.linalg.det(a) < 0:
        a[:, 0] *= -1
    return a


def _invertible(rng, r, c):
    return (1.5*np.eye(r) + .5*spread(rng, r, r)) @ np.diag(rng.choice([-1., 1.], r))


def _simplex(rng, r, c):
    x = rng.uniform(.2, 1, (r, c))
    return x/x.sum()


def _sqdist(rng, r, c):
    z = spread(rng, r, 2)
    return ((z[:, None] - z[None])**2).sum(-1)


# In order: the first declared property that has a row decides how a matrix or a vector is drawn.
DRAW = {
    "simplex": _simplex, "sqdist": _sqdist,
    "pm1": lambda g, r, c: np.sign(spread(g, r, c)),
    "mask": lambda g, r, c: (spread(g, r, c) > 0)*1.,
    "posangle": lambda g, r, c: g.uniform(.3, 1.2, (r, c)),
    "unit": lambda g, r, c: g.uniform(.2, .8, (r, c)),
    "diagonal": lambda g, r, c: np.diag(g.uniform(.5, 1.5, r)),
    "bigpd": lambda g, r, c: .6*_pd(g, r, c) + 9.4*np.eye(r),
    "pd": _pd,
    "pdns": lambda g, r, c: _pd(g, r, c) + .8*_skew(g, r, c),
    "positive": lambda g, r, c: g.uniform(.5, 1.5, (r, c)),
    "nonzero": lambda g, r, c: g.choice([-1., 1.], (r, c))*g.uniform(.3, 1.5, (r, c)),
    "big": lambda g, r, c: g.uniform(4, 6, (r, c)),
    "bigdiag": lambda g, r, c: 8*np.eye(r) + .5*spread(g, r, c),
    "symmetric": _symmetric, "skew": _skew, "projector": _projector,
    "orthogonal": lambda g, r, c: np.linalg.qr(spread(g, r, r))[0],
    "posdet": _posdet, "invertible": _invertible,
    "lower": lambda g, r, c: np.tril(.5*spread(g, r, r), -1) + np.diag(g.uniform(.6, 1.6, r)),
    "upper": lambda g, r, c: np.triu(.5*spread(g, r, r), 1) + np.diag(g.uniform(.6, 1.6, r)),
    "small": lambda g, r, c: .25*np.clip(spread(g, r, c), -1.6, 1.6),
}
DRAW_SCALAR = {
    "integer": lambda g: int(g.integers(2, 5)), "positive": lambda g: float(g.uniform(.5, 1.5)),
    "small": lambda g: float(g.uniform(.05, .15)), "big": lambda g: float(g.uniform(4, 6)),
    "unit": lambda g: float(g.uniform(.2, .8)),
}


def draw(rng, shape, props, sizes):
    d = [int(np.prod([1 if s == "1" else sizes[s] for s in text.split("*")])) for text in shape]
    if not d:
        for prop, how in DRAW_SCALAR.items():
            if prop in props:
                return how(rng)
        return float(rng.choice([-1, 1])*rng.uniform(.4, 1.4))
    r, c = d[0], d[1] if len(d) > 1 else 1
    for prop, how in DRAW.items():
        if prop in props:
            x = how(rng, r, c)
            return .3*x if {"symmetric", "small"} <= set(props) else x
    return .8*spread(rng, r, c)


def environments(case, seeds=3):
    """Yields (label, names -> values) over two sets of sizes and several seeds."""
    for which, sizes in enumerate(SIZES):
        for seed in range(seeds):
            rng = np.random.default_rng([which, seed, 20])
            env = dict(np=np, sla=sla, comm=comm, **{k: v for k, v in sizes.items() if k not in case["vars"]})
            for name, v in case["vars"].items():
                env[name] = draw(rng, v["shape"], v["props"], sizes)
            yield f"sizes {which + 1}, seed {seed}", env


def directions(x, structure):
    """The directions in which wrt may move: (direction, places of the result, factor)."""
    if np.ndim(x) == 0:
        return [(1.0, [()], 1.0)]
    out = []
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            e = np.zeros(x.shape)
            e[i, j] = 1
            if structure is None:
                out.append((e, [(i, j)], 1.0))
            elif structure == "diagonal":
                if i == j:
                    out.append((e, [(i, j)], 1.0))
            elif i >= j:
                e[j, i] = 1
                half = structure == "symmetric_projected" and i != j
                out.append((e, [(i, j), (j, i)], .5 if half else 1.0))
    return out


def is_analytic(expr):
    return not cs.called(cs.parse(expr)) & cs.KINKED


class Slope:
    """Directional derivatives of compiled code by one of its names."""

    def __init__(self, code, env, name, analytic):
        self.code, self.env, self.name, self.analytic = compile(code, "<expr>", "eval"), dict(env), name, analytic

    def value(self, x):
        self.env[self.name] = x
        with np.errstate(all="ignore"):
            return np.asarray(eval(self.code, self.env))

    def along(self, x, e):
        if self.analytic:
            return np.imag(self.value(x + 1e-30j*e))/1e-30
        h = 2e-4
        f = lambda s: self.value(x + s*h*e).astype(float)
        return (8*(f(1) - f(-1)) - (f(2) - f(-2)))/(12*h)


def derivative(case, env):
    """The array that the case asks for, computed numerically."""
    code, _ = cs.translate(case["expr"], case["vars"])
    s = Slope(code, env, case["wrt"], is_analytic(case["expr"]))
    x, kind, layout = env[case["wrt"]], case["kind"], case["layout"]
    moves = directions(x, case.get("wrt_structure"))
    if kind == "matrix_by_scalar":
        return s.along(x, 1.0)
    if kind == "gradient":
        if np.ndim(x) == 0:
            return s.along(x, 1.0).reshape(())
        g = np.zeros(x.shape)
        for e, places, factor in moves:
            for at in places:
                g[at] = factor*s.along(x, e).item()
        return g.T if layout == "numerator" else g
    if kind == "jacobian":
        j = np.array([s.along(x, e).reshape(-1, order="F") for e, _, _ in moves]).T
        return j.T if layout == "denominator" else j
    grad = lambda y: np.array([s.along(y, e).item() for e, _, _ in moves])
    h = 5e-4 if s.analytic else 5e-3
    rows = [(8*(grad(x + h*e) - grad(x - h*e)) - (grad(x + 2*h*e) - grad(x - 2*h*e)))/(12*h) for e, _, _ in moves]
    return np.array(rows[0][0]) if np.ndim(x) == 0 else np.array(rows)


def tolerance(case):
    if case["kind"] == "hessian":
        return 1e-7 if is_analytic(case["expr"]) else 1e-5
    return 1e-8 if is_analytic(case["expr"]) else 1e-5


def disagreement(got, want):
    """Largest difference, relative to the largest entry; a string when the shapes differ."""
    if got.shape != want.shape:
        return f"shape {got.shape} instead of {want.shape}"
    if not np.all(np.isfinite(got)):
        return "not finite"
    return float(np.max(np.abs(got - want), initial=0)/max(1e-2, np.max(np.abs(want), initial=0)))
