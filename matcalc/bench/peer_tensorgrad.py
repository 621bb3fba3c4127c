"""tensorgrad as a peer: every value is a tensor with named edges, a matrix one with a row and a column edge.

tensorgrad 0.3 evaluates by PyTorch's named tensors, which PyTorch 2.7 still has (`pip install torch==2.7.1 tensorgrad`).
"""
import itertools

import numpy as np
import sympy as sp
import tensorgrad as tg
import tensorgrad.functions as F
import torch
from tensorgrad.extras.evaluate import evaluate

import casesyntax as cs
import peers

NAME = "tensorgrad"
torch.set_default_dtype(torch.float64)
ENTRYWISE = {"exp": F.exp, "log": F.log, "tanh": F.tanh, "sigmoid": F.sigmoid, "relu": F.relu, "abs": F.abs, "sign": F.sign, "sqrt": F.sqrt,
             "step": F.gt0, "softplus": lambda t: F.log(F.exp(t) + 1)}


class Builder:
    """A value is (tensor, row edge, column edge); an edge is None where the length is 1."""

    def __init__(self, case, env):
        self.env, self.fresh = env, (f"e{k}" for k in itertools.count())
        self.sizes = {}
        self.variables, self.edges = {}, {}
        for name, v in case["vars"].items():
            names = [next(self.fresh) for _ in v["shape"]]
            self.variables[name] = tg.Variable(name, **{e: self.size(s) for e, s in zip(names, v["shape"])})
            self.edges[name] = (names + [None, None])[:2]

    def size(self, text):
        return self.sizes.setdefault(text, sp.Symbol("size_" + text.replace("*", "_")))

    def build(self, node):
        how = getattr(self, "op_" + node[0], None)
        if how is None:
            raise peers.Cannot(node[0])
        return how(*node[1:])

    def renewed(self, v):
        t, r, c = v
        names = {e: next(self.fresh) for e in (r, c) if e}
        return (t.rename(**names) if names else t), names.get(r), names.get(c)

    def aligned(self, a, b):
        """b with the edges of a."""
        (t, r, c), (u, s, d) = a, self.renewed(b)
        names = {y: x for x, y in ((r, s), (c, d)) if x and y}
        return (u.rename(**names) if names else u), r if s else None, c if d else None

    def op_num(self, text):
        return self.constant(text), None, None

    @staticmethod
    def constant(text):
        return tg.Sum([tg.Product([])], [float(text)])

    def op_name(self, name):
        if name not in self.variables:
            return tg.Delta(self.size(name)), None, None
        t = self.variables[name]
        return self.renewed((t, *self.edges[name]))

    def op_neg(self, a):
        t, r, c = self.build(a)
        return t * -1, r, c

    def op_t(self, a):
        t, r, c = self.build(a)
        return t, c, r

    def op_add(self, a, b):
        a = self.build(a)
        return a[0] + self.aligned(a, self.build(b))[0], a[1], a[2]

    def op_sub(self, a, b):
        a = self.build(a)
        return a[0] - self.aligned(a, self.build(b))[0], a[1], a[2]

    def op_mul(self, a, b):
        (t, r, c), (u, s, d) = self.renewed(self.build(a)), self.renewed(self.build(b))
        if not (r or c) or not (s or d):
            return t @ u, r or s, c or d
        if c and s:
            u = u.rename(**{s: c})
        return t @ u, r, d

    def op_div(self, a, b):
        (t, r, c), (u, _, _) = self.build(a), self.build(b)
        return t @ F.pow(u, -1), r, c

    def op_had(self, a, b):
        a, b = self.build(a), self.build(b)
        if not (a[1] or a[2]) or not (b[1] or b[2]):
            a, b = self.renewed(a), self.renewed(b)
            return a[0] @ b[0], a[1] or b[1], a[2] or b[2]
        return a[0] * self.aligned(a, b)[0], a[1], a[2]

    def op_hdiv(self, a, b):
        t, r, c = self.build(b)
        a, b = self.build(a), (F.pow(t, -1), r, c)
        if not (a[1] or a[2]):
            return a[0] @ b[0], r, c
        return a[0] * self.aligned(a, b)[0], a[1], a[2]

    def op_hpow(self, a, b):
        if b[0] not in ("num", "neg"):
            raise peers.Cannot("power")
        k = sp.Rational(b[1]) if b[0] == "num" else -sp.Rational(b[1][1])
        t, r, c = self.build(a)
        return F.pow(t, int(k) if k.is_Integer else __import__("fractions").Fraction(int(k.p), int(k.q))), r, c

    def op_pow(self, a, b):
        v = self.build(a)
        if not (v[1] or v[2]):
            return self.op_hpow(a, b)
        if b[0] != "num" or "." in b[1]:
            raise peers.Cannot("power of a matrix")
        node = a
        for _ in range(int(b[1]) - 1):
            node = ("mul", node, a)
        return self.build(node)

    def sizes_of(self, args):
        out = []
        for a in args:
            if a[0] != "name":
                raise peers.Cannot("size")
            out.append(self.size(a[1]))
        return out

    def op_call(self, name, *args):
        if name in ("eye", "ones", "zeros"):
            sizes, r, c = self.sizes_of(args), next(self.fresh), next(self.fresh)
            if name == "eye":
                return tg.Delta(sizes[0], r, c), r, c
            if len(sizes) == 1:
                c = None
            edges = dict(zip((r, c), sizes))
            return (tg.Ones(**edges) if name == "ones" else tg.Zero(**edges)), r, c
        t, r, c = self.build(args[0])
        if name in ENTRYWISE:
            return ENTRYWISE[name](t), r, c
        if name == "diag":
            if r and c:
                n = next(self.fresh)
                return F.diag(t, [n]), n, None
            n, m = next(self.fresh), next(self.fresh)
            return F.diag(t, [n, m]), n, m
        rules = {"inv": lambda: (F.inverse(t, {r, c}), r, c), "det": lambda: (F.det(t, {r, c}), None, None), "logdet": lambda: (F.log(F.det(t, {r, c})), None, None),
                 "tr": lambda: (F.trace(t), None, None), "sum": lambda: (F.sum(t, {e for e in (r, c) if e}) if r or c else t, None, None),
                 "norm2": lambda: (F.sqrt(F.frobenius2(t)), None, None), "norm1": lambda: (F.sum(F.abs(t), {e for e in (r, c) if e}), None, None)}
        if name not in rules:
            raise peers.Cannot(name)
        return rules[name]()


def derivative(case, env):
    if case.get("wrt_structure"):
        raise peers.Cannot(case["wrt_structure"])
    b = Builder(case, env)
    f, x = b.build(cs.parse(case["expr"])), b.variables[case["wrt"]]
    edges, order = b.edges[case["wrt"]], [e for e in f[1:] if e]
    d, sides = f[0], [list(order)]
    for _ in range(2 if case["kind"] == "hessian" else 1):
        names = {e: next(b.fresh) for e in edges if e}
        d = tg.Derivative(d, x, names).full_simplify()
        sides.append([names[e] for e in edges if e])
    values = {v: torch.tensor(np.asarray(env[n], dtype=float).reshape([b_size(s, env) for s in case["vars"][n]["shape"]]), dtype=torch.float64)
              .refine_names(*[e for e in b.edges[n] if e]) for n, v in b.variables.items()}
    dims = {s: b_size(text, env) for text, s in b.sizes.items()}
    out = evaluate(d, values, dims)
    sides = [s for s in sides if s]
    flat = [e for s in sides for e in s]
    array = (out.align_to(*flat) if flat else out).rename(None).numpy()
    return arranged(case, array, [len(s) for s in sides])


def b_size(text, env):
    return int(np.prod([1 if s == "1" else env[s] for s in text.split("*")]))


def arranged(case, a, widths):
    """The tensor in the layout that the case asks for."""
    if case["kind"] in ("gradient", "matrix_by_scalar"):
        a = a.reshape(a.shape if a.ndim != 1 else (-1, 1))
        return a.T if case["layout"] == "numerator" else a
    if len(widths) < 2:
        return a.reshape(-1, 1) if a.ndim else a
    rows = int(np.prod(a.shape[:widths[0]]))
    order = list(range(widths[0]))[::-1] + list(range(widths[0], a.ndim))[::-1]  # columns stacked
    a = a.transpose(order).reshape(rows, -1)
    return a.T if case["layout"] == "denominator" else a
