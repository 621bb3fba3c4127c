"""Rows made by crossing: every elementwise function in every setting, every matrix function around every argument."""
import re

# name: (sign and factor, derivative, second derivative or None, property of x, property of A, property of X)
# {u} is the argument, {1} ones of its shape. Properties keep A*x and X inside the function's domain.
ELEMENTWISE = {
    "exp": ("", "exp({u})", "exp({u})", "", "", ""),
    "log": ("", "{1}./{u}", "-{1}./{u}.^2", "positive", "positive", "positive"),
    "sqrt": ("0.5*", "{1}./sqrt({u})", None, "positive", "positive", "positive"),
    "sin": ("", "cos({u})", "-sin({u})", "", "", ""),
    "cos": ("-", "sin({u})", "-cos({u})", "", "", ""),
    "tan": ("", "{1}+tan({u}).^2", None, "small", "small", "small"),
    "sinh": ("", "cosh({u})", "sinh({u})", "", "", ""),
    "cosh": ("", "sinh({u})", "cosh({u})", "", "", ""),
    "tanh": ("", "{1}-tanh({u}).^2", None, "", "", ""),
    "arcsin": ("", "{1}./sqrt({1}-{u}.^2)", None, "small", "small", "small"),
    "arccos": ("-", "{1}./sqrt({1}-{u}.^2)", None, "small", "small", "small"),
    "arctan": ("", "{1}./({1}+{u}.^2)", None, "", "", ""),
    "sigmoid": ("", "sigmoid({u}).*({1}-sigmoid({u}))", None, "", "", ""),
    "softplus": ("", "sigmoid({u})", "sigmoid({u}).*({1}-sigmoid({u}))", "", "", ""),
    "relu": ("", "step({u})", None, "nonzero", "", "nonzero"),
    "abs": ("", "sign({u})", None, "nonzero", "", "nonzero"),
}

# setting: (declarations, expression, wrt, form, answer); F the function, {s} sign, {d:u|1} its derivative at u.
SETTINGS = [
    ("x: n {px}", "sum(F(x))", "x", "grad", "{s}D[x|ones(n)]"),
    ("a: n; x: n {px}", "a'*F(x)", "x", "grad", "{s}a.*D[x|ones(n)]"),
    ("a: m; A: m n {pa}; x: n {px}", "a'*F(A*x)", "x", "grad", "{s}A'*(a.*D[A*x|ones(m)])"),
    ("a: m; A: m n {pa}; x: n {px}", "a'*F(A*x)", "x", "grad.num", "{s}(a.*D[A*x|ones(m)])'*A"),
    ("a: m; A: m n {pa}; x: n {px}", "a'*F(A*x)", "A", "grad", "{s}(a.*D[A*x|ones(m)])*x'"),
    ("A: m n {pa}; x: n {px}", "F(A*x)", "x", "jac", "{s}diag(D[A*x|ones(m)])*A"),
    ("A: m n {pa}; x: n {px}", "F(A*x)", "x", "jac.den", "{s}A'*diag(D[A*x|ones(m)])"),
    ("A: m n {pa}; b: m; x: n {px}", "norm2(F(A*x)-b)^2", "x", "grad", "2*{s}A'*((F(A*x)-b).*D[A*x|ones(m)])"),
    ("A: m n {pa}; W: n p {pm}", "sum(F(A*W))", "W", "grad", "{s}A'*D[A*W|ones(m,p)]"),
    ("B: m n; X: m n {pm}", "tr(B'*F(X))", "X", "grad", "{s}B.*D[X|ones(m,n)]"),
    ("u: m; v: n; X: m n {pm}", "u'*F(X)*v", "X", "grad", "{s}(u*v').*D[X|ones(m,n)]"),
    ("X: m n {pm}", "F(X)", "X", "jac.vec", "{s}diag(vec(D[X|ones(m,n)]))"),
    ("A: m n {pm}; t: . unit", "F(t*A)", "t", "byscalar", "{s}A.*D[t*A|ones(m,n)]"),
    ("a: n; b: n; x: n {px}", "a'*(b.*F(x))", "x", "grad", "{s}a.*b.*D[x|ones(n)]"),
    ("A: n n; x: n {px}", "F(x)'*A*F(x)", "x", "grad", "{s}((A+A')*F(x)).*D[x|ones(n)]"),
    ("A: n n; x: n {px}", "tr(diag(F(x))*A)", "x", "grad", "{s}diag(A).*D[x|ones(n)]"),
    ("a: n {pa}; x: n {px}", "F(a'*x)", "x", "grad", "{s}D[a'*x|1]*a"),
    ("x: n {px}", "x'*F(x)", "x", "grad", "F(x)+{s}x.*D[x|ones(n)]"),
    ("a: n; x: n {px}", "diag(a)*F(x)", "x", "jac", "{s}diag(a.*D[x|ones(n)])"),
    ("a: n; x: n {px}", "sum(F(x))^2", "x", "grad", "2*{s}sum(F(x))*D[x|ones(n)]"),
    ("a: n; x: n {px}", "a'*F(x)", "x", "hess", ""),
    ("A: m n {pa}; x: n {px}", "sum(F(A*x))", "x", "hess", ""),
]
SECOND = {("a'*F(x)", "hess"): "diag(a.*E[x|ones(n)])", ("sum(F(A*x))", "hess"): "A'*diag(E[A*x|ones(m)])*A"}


def fill(template, name, first, second):
    """Replaces F by the name, D[u|1] and E[u|1] by the bracketed derivatives."""
    out = template.replace("F(", name + "(")
    for letter, d in (("D[", first), ("E[", second or "")):
        while (at := out.find(letter)) >= 0:
            end = out.index("]", at)
            u, ones = out[at+2:end].split("|")
            bracketed = u if u.isalnum() or d.count("(") and "{u}." not in d and "./{u}" not in d else f"({u})"
            text = d.replace("{1}", ones).replace("{u}", bracketed)
            alone = re.fullmatch(r"\w+\(\{u\}\)", d)
            if ones == "1":
                text = text.replace(".*", "*").replace("./", "/").replace(".^", "^")
            out = out[:at] + (text if alone else f"({text})") + out[end+1:]
    return out


def elementwise_rows():
    for name, (sign, first, second, px, pa, pm) in ELEMENTWISE.items():
        kinked = name in ("relu", "abs")
        for decl, expr, wrt, form, answer in SETTINGS:
            if form == "hess" and kinked:
                continue
            template = answer
            if form == "hess":
                template = SECOND[(expr, form)] if second else ""
            text = fill(template.replace("{s}", sign), name, first, second)
            yield " | ".join([decl.format(px=px, pa=pa, pm=pm), expr.replace("F(", name + "("), wrt, form,
                              text.replace("2*0.5*", "").replace("2*-", "-2*").replace("+-", "-").replace("+0.5*", "+0.5*")])


# argument: (declarations, text, wrt); each is a well-conditioned n x n matrix with positive determinant.
ARGUMENTS = [
    ("X: n n posdet", "X", "X"), ("X: n n posdet", "X'", "X"), ("X: n n pd", "X", "X"),
    ("A: n n bigpd; B: n m small; X: m n small", "A+B*X", "X"), ("X: m n; A: n n bigpd", "A+X'*X", "X"),
    ("X: n m; A: n n bigpd; C: m m symmetric", "A+X*C*X'", "X"), ("A: n n bigpd; x: n", "A+x*x'", "x"),
    ("A: n n bigpd; x: n positive", "A+diag(x)", "x"), ("A: n n bigpd; B: n n; X: n n small", "A+B.*X", "X"),
    ("A: n n bigpd; B: n n; t: . unit", "A+t*B", "t"), ("A: n n bigpd; X: n n", "A+sin(X)", "X"),
    ("A: n n pd; t: . positive", "t*A", "t"), ("A: n n posdet; B: n n posdet; X: n n posdet", "A*X*B", "X"),
    ("A: n n posdet; X: n n posdet", "A.*eye(n)+X", "X"),
]
# around: scalar functions of a square matrix M, with further declarations.
AROUND = [
    ("", "logdet(M)"), ("", "det(M)"), ("", "log(det(M))"), ("", "tr(inv(M))"), ("G: n n", "tr(G*inv(M))"), ("a: n; b: n", "a'*inv(M)*b"),
    ("", "sum(inv(M))"), ("", "norm2(inv(M))^2"), ("", "norm2(M)"), ("", "tr(M^2)"), ("G: n n", "tr(G*M^3)"), ("", "tr(M)^2"),
    ("a: n", "a'*M*a"), ("G: n n", "sum(G.*M)"), ("a: n", "norm2(inv(M)*a)"), ("", "sqrt(tr(M*M'))"), ("a: n", "exp(-0.1*a'*M*a)"),
    ("a: n", "a'*diag(M)"), ("G: n n", "tr(diag(diag(M))*G)"), ("G: m m", "tr(kron(M,G))"), ("", "vec(M)'*vec(M)"), ("G: n n", "tr(adj(M)*G)"),
]


def matrix_rows():
    """Every scalar function of a matrix, each around a third of the arguments, in turn."""
    for i, (more, outer) in enumerate(AROUND):
        for j, (decl, inner, wrt) in enumerate(ARGUMENTS):
            if (i + 2*j) % 3:
                continue
            bracketed = inner if inner == "X" else f"({inner})"
            text = outer.replace("(M)", f"({inner})").replace("M", bracketed)
            if "adj" in outer and "t" == wrt:
                continue
            yield f"{decl}; {more} | {text} | {wrt} | grad | "


def families():
    yield "elementwise", "each-function", "every elementwise function in every setting", list(elementwise_rows())
    yield "matrixfunctions", "each-matrix-function", "every function of a matrix around every argument", list(matrix_rows())
