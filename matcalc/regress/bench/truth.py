"""Writes ../testdata/truth.json: answers to 40 digits, computed with mpmath.

    python3 truth.py        (needs mpmath)

functions: values of the elementary functions. fits: regressions on made data,
linear ones by the normal equations and generalised ones by Newton's method,
all with 120 digits on the decimal data as written.
"""
import json
import os
import random

import mpmath as mp

mp.mp.dps = 120
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "testdata", "truth.json")


def text(v):
    return mp.nstr(v, 40)


def functions(rng):
    table = {
        "exp": (mp.exp, -700, 700), "log": (mp.log, 1e-9, 1e9), "sin": (mp.sin, -1000, 1000),
        "cos": (mp.cos, -1000, 1000), "atan": (mp.atan, -50, 50), "sqrt": (mp.sqrt, 0, 1e6),
        "tanh": (mp.tanh, -5, 5), "expm1": (mp.expm1, -2, 2), "log1p": (mp.log1p, -0.5, 5),
        "asin": (mp.asin, -1, 1), "sinh": (mp.sinh, -3, 3), "tan": (mp.tan, -1.5, 1.5),
    }
    rows = []
    for name, (f, low, high) in table.items():
        for _ in range(12):
            x = f"{rng.uniform(low, high):.6g}"
            rows.append({"f": name, "x": x, "want": text(f(mp.mpf(x)))})
    return rows


def solve(columns, weights, right):
    p = len(columns)
    gram = mp.matrix(p, p)
    rhs = mp.matrix(p, 1)
    for i in range(p):
        for j in range(p):
            gram[i, j] = mp.fsum(w * a * b for w, a, b in zip(weights, columns[i], columns[j]))
        rhs[i] = mp.fsum(w * a * y for w, a, y in zip(weights, columns[i], right))
    inverse = gram ** -1
    return inverse * rhs, inverse


def linear(name, formula, data, columns, weights=None):
    n = len(data["y"])
    w = [mp.mpf(v) for v in weights] if weights else [mp.mpf(1)] * n
    y = [mp.mpf(v) for v in data["y"]]
    b, inverse = solve(columns, w, y)
    residual = [y[i] - mp.fsum(columns[j][i] * b[j] for j in range(len(b))) for i in range(n)]
    rss = mp.fsum(w[i] * residual[i] ** 2 for i in range(n))
    s2 = rss / (n - len(b))
    request = {"id": name, "task": "wls" if weights else "ols", "formula": formula, "columns": data}
    if weights:
        request["weights"] = weights
    return {"request": request, "coef": [text(v) for v in b],
            "se": [text(mp.sqrt(s2 * inverse[j, j])) for j in range(len(b))], "rss": text(rss)}


def generalised(name, task, formula, data, columns):
    n, p = len(data["y"]), len(columns)
    y = [mp.mpf(v) for v in data["y"]]
    b = mp.matrix(p, 1)
    if task == "poisson":
        b[0] = mp.log(mp.fsum(y) / n)
    for _ in range(60):
        eta = [mp.fsum(columns[j][i] * b[j] for j in range(p)) for i in range(n)]
        if task == "poisson":
            mu = [mp.exp(e) for e in eta]
            var = mu
        else:
            mu = [1 / (1 + mp.exp(-e)) for e in eta]
            var = [m * (1 - m) for m in mu]
        step, inverse = solve(columns, var, [(y[i] - mu[i]) / var[i] for i in range(n)])
        b += step
        if max(abs(v) for v in step) < mp.mpf(10) ** -100:
            break
    else:
        raise RuntimeError(name)
    return {"request": {"id": name, "task": task, "formula": formula, "columns": data},
            "coef": [text(v) for v in b], "se": [text(mp.sqrt(inverse[j, j])) for j in range(p)]}


def fits(rng):
    out = []
    n = 40
    ones = [mp.mpf(1)] * n
    x = [f"{rng.uniform(-9, -3):.6f}" for _ in range(n)]
    powers = [[mp.mpf(v) ** k for v in x] for k in range(11)]
    y = [f"{float(mp.mpf(v)) / 10 + rng.gauss(0, 0.01):.4f}" for v in x]
    formula = "y ~ x + " + " + ".join(f"I(x^{k})" for k in range(2, 11))
    out.append(linear("tenth power on one side of zero", formula, {"y": y, "x": x}, powers))
    year = [str(1950 + i) for i in range(n)]
    z = [f"{0.3 * i + rng.gauss(0, 2):.3f}" for i in range(n)]
    years = [mp.mpf(v) for v in year]
    data = {"y": y, "year": year, "z": z}
    zs = [mp.mpf(v) for v in z]
    cols = [ones, years, [v * v for v in years], zs, [a * b for a, b in zip(years, zs)]]
    out.append(linear("years squared with interaction", "y ~ year + I(year^2) + z + year:z", data, cols))
    w = [f"{rng.uniform(0.1, 9):.3f}" for _ in range(n)]
    out.append(linear("weighted", "y ~ log(year) + sqrt(abs(z)) - 1", data,
                      [[mp.log(v) for v in years], [mp.sqrt(abs(v)) for v in zs]], w))
    big = [f"{1e8 + rng.uniform(0, 1):.8f}" for _ in range(n)]
    out.append(linear("large offset", "y ~ b", {"y": y, "b": big}, [ones, [mp.mpf(v) for v in big]]))
    u = [f"{rng.gauss(0, 1):.4f}" for _ in range(n)]
    v = [f"{rng.gauss(5, 3):.4f}" for _ in range(n)]
    us, vs = [mp.mpf(a) for a in u], [mp.mpf(a) for a in v]
    cls = ["1" if rng.random() < 1 / (1 + mp.exp(-(a - (b - 5) / 3))) else "0" for a, b in zip(us, vs)]
    out.append(generalised("two columns", "logistic", "y ~ u + v", {"y": cls, "u": u, "v": v}, [ones, us, vs]))
    shifted = [f"{1000 + float(a):.4f}" for a in us]
    out.append(generalised("logistic, far from zero", "logistic", "y ~ s", {"y": cls, "s": shifted}, [ones, [mp.mpf(a) for a in shifted]]))
    counts = [str(int(mp.exp(1 + a / 2) + rng.random() * 3)) for a in us]
    out.append(generalised("counts", "poisson", "y ~ u * v", {"y": counts, "u": u, "v": v},
                           [ones, us, vs, [a * b for a, b in zip(us, vs)]]))
    return out


def main():
    rng = random.Random(20)
    with open(OUT, "w") as f:
        json.dump({"functions": functions(rng), "fits": fits(rng)}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
