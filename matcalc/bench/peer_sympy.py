"""SymPy's matrix expressions as a peer: builds the expression over MatrixSymbol, differentiates, evaluates."""
import numpy as np
import sympy as sp

import casesyntax as cs
import peers

NAME = "sympy"

ENTRYWISE = {"exp": sp.exp, "log": sp.log, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "tanh": sp.tanh, "sinh": sp.sinh,
             "cosh": sp.cosh, "sqrt": sp.sqrt, "abs": sp.Abs, "sign": sp.sign, "arcsin": sp.asin, "arccos": sp.acos,
             "arctan": sp.atan, "sigmoid": lambda u: 1/(1 + sp.exp(-u)), "softplus": lambda u: sp.log(1 + sp.exp(u)),
             "relu": lambda u: sp.Max(u, 0), "step": lambda u: sp.Heaviside(u)}
FACTS = {"symmetric": sp.Q.symmetric, "orthogonal": sp.Q.orthogonal, "diagonal": sp.Q.diagonal}


class Builder:
    def __init__(self, case, env):
        self.env, self.names = env, {}
        for name, v in case["vars"].items():
            if v["shape"]:
                shape = np.atleast_2d(env[name]).shape
                self.names[name] = sp.MatrixSymbol(name, *shape)
            else:
                self.names[name] = sp.Symbol(name, real=True)

    def build(self, node):
        how = getattr(self, "op_" + node[0], None)
        if how is None:
            raise peers.Cannot(node[0])
        return how(*node[1:])

    @staticmethod
    def scalar(e):
        """A 1x1 product is a scalar: its trace, which SymPy can differentiate."""
        return sp.Trace(e) if getattr(e, "is_Matrix", False) and e.shape == (1, 1) else e

    def op_num(self, text):
        return sp.Rational(text)

    def op_name(self, name):
        return self.names[name] if name in self.names else sp.Integer(int(self.env[name]))

    def op_neg(self, a):
        return -self.build(a)

    def op_t(self, a):
        a = self.build(a)
        return a.T if a.is_Matrix else a

    def op_add(self, a, b):
        return self.build(a) + self.build(b)

    def op_sub(self, a, b):
        return self.build(a) - self.build(b)

    def op_mul(self, a, b):
        return self.scalar(self.build(a)*self.build(b))

    def op_div(self, a, b):
        return self.build(a)/self.build(b)

    def op_had(self, a, b):
        a, b = self.build(a), self.build(b)
        return sp.HadamardProduct(a, b) if a.is_Matrix and b.is_Matrix else a*b

    def op_hdiv(self, a, b):
        a, b = self.build(a), self.build(b)
        if not b.is_Matrix:
            return a/b
        inverse = sp.HadamardPower(b, -1)
        return sp.HadamardProduct(a, inverse) if a.is_Matrix else a*inverse

    def op_hpow(self, a, b):
        a, b = self.build(a), self.build(b)
        return sp.HadamardPower(a, b) if a.is_Matrix or b.is_Matrix else a**b

    def op_pow(self, a, b):
        return self.build(a)**self.build(b)

    def size(self, node):
        return int(eval(cs_size(node), {}, self.env))

    def op_call(self, name, *args):
        if name in ("eye", "ones", "zeros"):
            sizes = [self.size(a) for a in args]
            return {"eye": sp.Identity, "ones": sp.OneMatrix, "zeros": sp.ZeroMatrix}[name](*(sizes if name == "eye" else (sizes + [1])[:2]))
        a = self.build(args[0])
        if name in ENTRYWISE:
            u = sp.Dummy("u", real=True)
            return a.applyfunc(sp.Lambda(u, ENTRYWISE[name](u))) if a.is_Matrix else ENTRYWISE[name](a)
        if name == "kron":
            return sp.KroneckerProduct(a, self.build(args[1]))
        if name == "diag" and a.is_Matrix and 1 in a.shape:
            return sp.DiagMatrix(a)
        rules = {"inv": lambda: a.inv(), "det": lambda: sp.Determinant(a), "logdet": lambda: sp.log(sp.Determinant(a)), "tr": lambda: sp.Trace(a),
                 "sum": lambda: sp.Trace(sp.OneMatrix(1, a.shape[0])*a*sp.OneMatrix(a.shape[1], 1)),
                 "norm2": lambda: sp.sqrt(sp.Trace(a.T*a)), "vec": lambda: sp.vectorize(a)}
        if name not in rules or not a.is_Matrix:
            raise peers.Cannot(name)
        return rules[name]()


def cs_size(node):
    if node[0] in ("name", "num"):
        return node[1]
    if node[0] == "mul":
        return f"({cs_size(node[1])}*{cs_size(node[2])})"
    raise peers.Cannot("size")


def derivative(case, env):
    if case.get("wrt_structure") or case["layout"] in ("numerator-vec", "hessian-vec"):
        raise peers.Cannot(case["layout"])
    b = Builder(case, env)
    f, x = b.build(cs.parse(case["expr"])), b.names[case["wrt"]]
    d = f.diff(x)
    if case["kind"] == "hessian":
        d = d.diff(x)
    got = evaluate(d, b, env)
    if case["kind"] == "gradient" and case["layout"] == "numerator" or case["kind"] == "jacobian" and case["layout"] == "numerator":
        got = got.T  # SymPy's derivative of a vector has a row for each entry of the variable
    return got


def evaluate(d, b, env):
    values = {s: (sp.ImmutableDenseMatrix(np.atleast_2d(env[n])) if getattr(s, "is_Matrix", False) else sp.Float(env[n])) for n, s in b.names.items()}
    d = d.doit().subs(values).doit()
    if hasattr(d, "as_explicit"):
        d = d.as_explicit()
    return np.array(d.tolist(), dtype=float) if hasattr(d, "tolist") else np.asarray(float(d))
