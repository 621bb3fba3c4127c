#!/usr/bin/env python3
"""Writes matcalc/testdata/cases/*.json from rows/*.txt and from systematic.py, each case verified numerically.

usage: generate.py [--check] [--only FAMILY]     (--check: verify and compare with the files, write nothing)

A row:  declarations | expression | wrt[:structure] | form | answer (may be empty) | note
A form: grad, grad.num, jac, jac.den, jac.vec, hess, hess.vec, byscalar.
A line `@family source` starts a family. Order, ids and data are fixed, so that the files only change with the rows.
"""
import json, pathlib, sys
import numpy as np
import casesyntax as cs
import systematic
import truth

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent / "testdata" / "cases"
FORMS = {"grad": ("gradient", "denominator"), "grad.num": ("gradient", "numerator"), "jac": ("jacobian", "numerator"),
         "jac.den": ("jacobian", "denominator"), "jac.vec": ("jacobian", "numerator-vec"), "hess": ("hessian", "hessian"),
         "hess.vec": ("hessian", "hessian-vec"), "byscalar": ("matrix_by_scalar", "same-shape")}


def declarations(text):
    """'A: m n pd; t: . positive' -> vars; words after the sizes are properties, '.' is a scalar."""
    vars_ = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, _, rest = part.partition(":")
        words = rest.split()
        sizes = [w for w in words if all(len(p) == 1 for p in w.split("*")) and w != "."]
        vars_[name.strip()] = dict(shape=sizes, props=[w for w in words if w not in sizes and w != "."])
    return vars_


def case(row, ident, source):
    cells = [c.strip() for c in row.split("|")]
    decl, expr, wrt, form, answer = cells[:5]
    wrt, _, structure = wrt.partition(":")
    kind, layout = FORMS[form]
    c = dict(id=ident, source=cells[5] if len(cells) > 5 and cells[5] else source, vars=declarations(decl), expr=expr, wrt=wrt,
             kind=kind, layout=layout)
    if structure:
        c["wrt_structure"] = structure
    if answer:
        c.update(expected=answer, size=cs.size(answer))
    return c


def verify(c):
    """Raises unless the case is well posed and its answer, if given, is right everywhere."""
    if c["wrt"] not in c["vars"]:
        raise cs.CaseError("wrt is not declared")
    code = cs.translate(c["expected"], c["vars"])[0] if "expected" in c else None
    largest = 0
    for label, env in truth.environments(c):
        want = np.asarray(truth.derivative(c, env))
        if not np.all(np.isfinite(want)):
            raise ValueError(f"not finite ({label})")
        largest = max(largest, np.max(np.abs(want)))
        if code:
            off = truth.disagreement(np.asarray(eval(code, dict(env)), dtype=float), want)
            if isinstance(off, str) or off > truth.tolerance(c):
                raise ValueError(f"answer off by {off} ({label})")
    if largest < 1e-3 and "zeros" not in c.get("expected", ""):
        raise ValueError("the derivative vanishes")


def families():
    """Yields (family, source, rows)."""
    for path in sorted(HERE.glob("rows/*.txt")):
        family, source, rows = None, "", []
        for line in path.read_text().splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("@"):
                if rows:
                    yield path.stem, family, source, rows
                family, _, source = line[1:].partition(" ")
                rows = []
            else:
                rows.append(line)
        yield path.stem, family, source, rows
    yield from systematic.families()


def dump(cases):
    return "[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n"


def main():
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    files, counts, failures = {}, {}, []
    for stem, family, source, rows in families():
        if only not in family:
            continue
        for row in rows:
            counts[family] = counts.get(family, 0) + 1
            try:
                c = case(row, f"{family}-{counts[family]:03d}", source)
                verify(c)
                files.setdefault(stem, []).append(c)
            except Exception as e:
                failures.append(f"{family}: {row}\n    {type(e).__name__}: {e}")
    print(*failures, sep="\n")
    stale = []
    for stem, cases in files.items():
        path, text = OUT / f"{stem}.json", dump(cases)
        if "--check" in sys.argv:
            stale += [path.name] * (not path.exists() or path.read_text() != text)
        elif not failures and not only:
            path.write_text(text)
    print(f"{sum(map(len, files.values()))} cases in {len(files)} files, {len(failures)} failures" + (f", stale: {stale}" if stale else ""))
    return 1 if failures or stale else 0


if __name__ == "__main__":
    sys.exit(main())
