"""The ASCII syntax of the case tables: text -> tree -> shape and NumPy code.

The grammar is the one matcalc documents (see matcalc/README.md): `'` binds tightest, then `^` and `.^`
(left to right), unary minus, then `* / .* ./` on one level, then `+ -`. No broadcasting.
Shapes are pairs of sizes; a size is a sorted tuple of names, () is 1; SCALAR is apart, so that a 1 x 1 product
becomes a scalar as soon as it arises.
"""
import re

TOKEN = re.compile(r"\s*(?:(?P<num>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<op>\.[*/^]|[-+*/^'(),]))")
SCALAR = "scalar"


class CaseError(Exception):
    """A text that is not of the case syntax, or whose shapes do not fit."""


def tokens(text):
    at, text = 0, text.rstrip()
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            raise CaseError(f"unexpected character {text[at:at + 8]!r} in {text!r}")
        yield m.lastgroup, m.group(m.lastgroup)
        at = m.end()
    yield "end", ""


class Parser:
    """Recursive descent; a node is (operator, operands...) with 'num', 'name' and 'call' as leaves' tags."""

    SUMS = {"+": "add", "-": "sub"}
    PRODUCTS = {"*": "mul", "/": "div", ".*": "had", "./": "hdiv"}
    POWERS = {"^": "pow", ".^": "hpow"}

    def __init__(self, text):
        self.text, self.toks, self.at = text, list(tokens(text)), 0

    def peek(self, ops):
        kind, value = self.toks[self.at]
        return value if kind == "op" and value in ops else None

    def take(self):
        self.at += 1
        return self.toks[self.at - 1]

    def expect(self, value):
        kind, got = self.take()
        if kind != "op" or got != value:
            raise CaseError(f"{value} expected, {got or 'the end'} found in {self.text!r}")

    def whole(self):
        node = self.sum()
        if self.toks[self.at][0] != "end":
            raise CaseError(f"unexpected {self.toks[self.at][1]} in {self.text!r}")
        return node

    def chain(self, table, operand):
        node = operand()
        while (op := self.peek(table)) is not None:
            self.take()
            node = (table[op], node, operand())
        return node

    def sum(self):
        return self.chain(self.SUMS, self.product)

    def product(self):
        return self.chain(self.PRODUCTS, self.signed)

    def signed(self):
        if self.peek("-"):
            self.take()
            return ("neg", self.signed())
        return self.chain(self.POWERS, self.exponent_or_base)

    def exponent_or_base(self):
        after_power = self.at and self.toks[self.at - 1] in (("op", "^"), ("op", ".^"))
        if after_power and self.peek("-"):
            self.take()
            return ("neg", self.postfix())
        return self.postfix()

    def postfix(self):
        node = self.atom()
        while self.peek("'"):
            self.take()
            node = ("t", node)
        return node

    def atom(self):
        kind, value = self.take()
        if kind == "num":
            return ("num", value)
        if kind == "name":
            if not self.peek("("):
                return ("name", value)
            self.take()
            args = []
            if not self.peek(")"):
                args.append(self.sum())
                while self.peek(","):
                    self.take()
                    args.append(self.sum())
            self.expect(")")
            return ("call", value, *args)
        if (kind, value) == ("op", "("):
            node = self.sum()
            self.expect(")")
            return node
        raise CaseError(f"unexpected {value or 'end'} in {self.text!r}")


def parse(text):
    return Parser(text).whole()


def count(node):
    """Numbers, names, calls and operators, one each."""
    if node[0] in ("num", "name"):
        return 1
    args = node[2:] if node[0] == "call" else node[1:]
    return 1 + sum(count(a) for a in args)


def size(text):
    return count(parse(text))


def called(node):
    """The names of the functions in a tree."""
    if node[0] in ("num", "name"):
        return set()
    if node[0] == "call":
        return {node[1]}.union(*(called(a) for a in node[2:]))
    return set().union(*(called(a) for a in node[1:]))


# --- shapes and NumPy ------------------------------------------------------------------------------------------

def dim(text):
    return () if text == "1" else tuple(sorted(text.split("*")))


def times(a, b):
    return tuple(sorted(a + b))


def dim_code(d):
    return "*".join(d) if d else "1"


def declared(shape):
    if not shape:
        return SCALAR
    return (dim(shape[0]), dim(shape[1]) if len(shape) > 1 else ())


def plain(shape):
    return SCALAR if shape == ((), ()) else shape


def shown(shape):
    return "scalar" if shape == SCALAR else " x ".join(dim_code(d) for d in shape)


ELEMENTWISE = {
    "exp": "np.exp({0})", "log": "np.log({0})", "sqrt": "np.sqrt({0})",
    "sin": "np.sin({0})", "cos": "np.cos({0})", "tan": "np.tan({0})",
    "sinh": "np.sinh({0})", "cosh": "np.cosh({0})", "tanh": "np.tanh({0})",
    "arcsin": "np.arcsin({0})", "arccos": "np.arccos({0})", "arctan": "np.arctan({0})",
    "abs": "np.abs({0})", "sign": "np.sign({0})", "relu": "np.maximum({0}, 0)", "step": "({0} > 0).astype(float)",
    "sigmoid": "(1/(1+np.exp(-{0})))", "softplus": "np.log(1+np.exp({0}))",
}
# Functions without a complex extension: the truth comes from central differences.
KINKED = {"abs", "sign", "relu", "step", "norm1", "eigmax", "eigvecmax", "sigmamax", "usvmax", "vsvmax", "pinv",
          "nucnorm", "polar"}
SQUARE = {"inv": "np.linalg.inv({0})", "adj": "(np.linalg.det({0})*np.linalg.inv({0}))", "expm": "sla.expm({0})"}
SQUARE_TO_SCALAR = {"det": "np.linalg.det({0})", "logdet": "np.log(np.linalg.det({0}))", "tr": "np.trace({0})",
                    "eigmax": "np.linalg.eigvalsh({0})[-1]"}
TO_SCALAR = {"sum": "np.sum({0})", "norm1": "np.sum(np.abs({0}))", "norm2": "np.sqrt(np.sum({0}**2))",
             "sigmamax": "np.linalg.svd({0})[1][0]", "nucnorm": "np.sum(np.linalg.svd({0},full_matrices=False)[1])",
             "logsumexp": "np.log(np.sum(np.exp({0})))"}


class Translator:
    """Turns a tree into NumPy code; vectors are (n,1) columns, scalars are floats."""

    def __init__(self, vars_):
        self.shapes = {name: declared(v["shape"]) for name, v in vars_.items()}
        self.dims = {d for v in vars_.values() for s in v["shape"] for d in s.split("*")} - {"1"}
        if clash := self.dims & set(vars_):
            raise CaseError(f"a size and a variable share the name {clash}")

    def run(self, node):
        tag = node[0]
        if tag == "num":
            return node[1], SCALAR
        if tag == "name":
            if node[1] in self.shapes:
                return node[1], self.shapes[node[1]]
            if node[1] in self.dims:
                return node[1], SCALAR
            raise CaseError(f"unknown name {node[1]}")
        if tag == "call":
            return self.call(node[1], node[2:])
        return getattr(self, "op_" + tag)(*(self.run(a) for a in node[1:]))

    def op_neg(self, a):
        return f"(-{a[0]})", a[1]

    def op_t(self, a):
        return a if a[1] == SCALAR else (f"{a[0]}.T", (a[1][1], a[1][0]))

    def same(self, sign, a, b):
        if a[1] != b[1]:
            raise CaseError(f"{shown(a[1])} {sign} {shown(b[1])}")
        return f"({a[0]} {sign} {b[0]})", a[1]

    def op_add(self, a, b):
        return self.same("+", a, b)

    def op_sub(self, a, b):
        return self.same("-", a, b)

    def op_mul(self, a, b):
        if SCALAR in (a[1], b[1]):
            return f"({a[0]} * {b[0]})", b[1] if a[1] == SCALAR else a[1]
        if a[1][1] != b[1][0]:
            raise CaseError(f"{shown(a[1])} times {shown(b[1])}")
        shape = plain((a[1][0], b[1][1]))
        return f"({a[0]} @ {b[0]})" + ("[0,0]" if shape == SCALAR else ""), shape

    def op_div(self, a, b):
        if b[1] != SCALAR:
            raise CaseError(f"division by {shown(b[1])}")
        return f"({a[0]} / {b[0]})", a[1]

    def entrywise(self, sign, a, b):
        if SCALAR in (a[1], b[1]):
            return f"({a[0]} {sign} {b[0]})", b[1] if a[1] == SCALAR else a[1]
        return self.same(sign, a, b)

    def op_had(self, a, b):
        return self.entrywise("*", a, b)

    def op_hdiv(self, a, b):
        return self.entrywise("/", a, b)

    def op_hpow(self, a, b):
        return self.entrywise("**", a, b)

    def op_pow(self, a, b):
        if b[1] != SCALAR:
            raise CaseError(f"exponent of shape {shown(b[1])}")
        if a[1] == SCALAR:
            return f"({a[0]} ** {b[0]})", SCALAR
        if a[1][0] != a[1][1]:
            raise CaseError(f"power of {shown(a[1])}")
        return f"np.linalg.matrix_power({a[0]}, {b[0]})", a[1]

    def size(self, node):
        if node[0] == "name" and node[1] in self.dims:
            return (node[1],)
        if node == ("num", "1"):
            return ()
        if node[0] == "mul":
            return times(self.size(node[1]), self.size(node[2]))
        raise CaseError("a size is expected")

    def constant(self, name, args):
        d = [self.size(a) for a in args]
        c = [dim_code(x) for x in d]
        if name == "eye":
            return f"np.eye({c[0]})", (d[0], d[0])
        if name == "K":
            return f"comm({c[0]},{c[1]})", (times(*d), times(*d))
        return f"np.{name}(({c[0]},{c[1] if len(c) > 1 else 1}))", (d[0], d[1] if len(d) > 1 else ())

    def call(self, name, args):
        if name in ("eye", "ones", "zeros", "K"):
            return self.constant(name, args)
        (a, s), *rest = [self.run(x) for x in args]
        if name in ELEMENTWISE:
            return ELEMENTWISE[name].format(f"({a})"), s
        if name == "tr" and s == SCALAR:
            return a, SCALAR
        if name in TO_SCALAR:
            return TO_SCALAR[name].format(f"({a})"), SCALAR
        if s == SCALAR:
            raise CaseError(f"{name} of a scalar")
        if name in SQUARE or name in SQUARE_TO_SCALAR or name == "eigvecmax":
            if s[0] != s[1]:
                raise CaseError(f"{name} of {shown(s)}")
            if name == "eigvecmax":
                return f"np.linalg.eigh({a})[1][:, -1:]", (s[0], ())
            return {**SQUARE, **SQUARE_TO_SCALAR}[name].format(a), (s if name in SQUARE else SCALAR)
        return self.structural(name, a, s, rest)

    def structural(self, name, a, s, rest):
        if name == "diag":
            if () in s:
                n = s[0] or s[1]
                return f"np.diagflat({a})", (n, n)
            if s[0] != s[1]:
                raise CaseError(f"diag of {shown(s)}")
            return f"np.diag({a}).reshape(-1,1)", (s[0], ())
        if name == "vec":
            return f"({a}).reshape(-1,1,order='F')", (times(*s), ())
        if name == "kron":
            (b, t), = rest
            if t == SCALAR:
                raise CaseError("kron of a scalar")
            return f"np.kron({a},{b})", plain((times(s[0], t[0]), times(s[1], t[1])))
        if name == "pinv":
            return f"np.linalg.pinv({a})", (s[1], s[0])
        if name == "usvmax":
            return f"np.linalg.svd({a})[0][:, :1]", (s[0], ())
        if name == "vsvmax":
            return f"np.linalg.svd({a})[2][:1, :].T", (s[1], ())
        if name == "polar":
            return f"(lambda s: s[0]@s[2])(np.linalg.svd({a},full_matrices=False))", s
        if name == "softmax":
            return f"(lambda e: e/np.sum(e))(np.exp({a}))", s
        raise CaseError(f"unknown function {name}")


def translate(text, vars_):
    """-> (NumPy code, shape) of a text over declared variables."""
    return Translator(vars_).run(parse(text))
