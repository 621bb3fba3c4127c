#!/usr/bin/env python3
"""Judges a derivative engine: value, shape, layout and size of every answer, class of every refusal, speed.

usage: judge.py [--command "nabla derive --batch"] [--rejected FILE] [--json OUT] [--only TEXT] [-v] FILE...

Each FILE holds cases as in matcalc/testdata/cases. The command reads one JSON object a line and writes one a line.
An answer's NumPy form is evaluated on random data (two sets of sizes, three seeds) and compared with a derivative
taken by complex step or differences of the case's own expression, never with another formula.
"""
import argparse, json, pathlib, re, shlex, statistics, subprocess, sys, time
import numpy as np
import casesyntax as cs
import truth

FIELDS = ("id", "vars", "expr", "wrt", "kind", "layout", "wrt_structure")


def ask(command, cases):
    """Runs the command once over all cases; -> answers by id, seconds."""
    lines = "".join(json.dumps({k: c[k] for k in FIELDS if k in c}) + "\n" for c in cases)
    start = time.time()
    done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, timeout=1800)
    if done.returncode or done.stderr:
        print(f"exit {done.returncode}: {done.stderr[-2000:]}", file=sys.stderr)
    answers = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        answers[answer["id"]] = answer
    return answers, time.time() - start


def wrong_value(case, answer):
    """None, or what is wrong with the answer's values, from its NumPy form and from its ASCII form."""
    code = compile(answer["numpy"], "<answer>", "eval")
    ascii_code = None
    try:
        ascii_code = compile(cs.translate(answer["ascii"], case["vars"])[0], "<ascii>", "eval")
    except cs.CaseError as e:
        if "'(" not in answer["ascii"]:
            return f"ascii does not read back: {e}"
    for label, env in truth.environments(case):
        want = np.asarray(truth.derivative(case, env))
        if not np.all(np.isfinite(want)):
            return f"the case itself is not finite ({label})"
        for name, c in (("numpy", code), ("ascii", ascii_code)):
            if c is None:
                continue
            with np.errstate(all="ignore"):
                got = np.asarray(eval(c, dict(env)))
            if got.dtype.kind not in "fiu":
                return f"{name} gives {got.dtype}"
            off = truth.disagreement(got.astype(float), want)
            if isinstance(off, str) or off > truth.tolerance(case):
                return f"{name} off by {off if isinstance(off, str) else format(off, '.1e')} ({label})"
    return None


# A readable answer has none of these.
BLEMISHES = [("double transpose", r"''"), ("inverse of a transpose", r"inv\(\w+'\)"), ("factor one", r"(^|[^\w.])1\*"),
             ("bad number", r"(^|[^\d\w)])\.\d|\d\.(?![\d*/^])"), ("eye in a product", r"\*eye\((\w+)\)\*|eye\(\w+\)\*(?!eye|kron)"),
             ("minus minus", r"--|\+-")]


def judge(case, answer):
    """-> (verdict, detail) with verdict one of right, wrong, refused, missing."""
    if answer is None:
        return "missing", "no answer line"
    if "error" in answer:
        return "refused", f"{answer['error'].get('class')}: {answer['error'].get('message')}"
    try:
        bad = wrong_value(case, answer)
    except Exception as e:
        bad = f"{type(e).__name__}: {e} in {answer.get('numpy')!r}"
    return ("wrong", bad) if bad else ("right", "")


def size_ratio(case, answer):
    if not case.get("expected"):
        return None
    try:
        return cs.size(answer["ascii"])/cs.size(case["expected"])
    except cs.CaseError:
        return None


def judge_rejected(cases, answers):
    failures = []
    for c in cases:
        a = answers.get(c["id"], {})
        got = a.get("error", {})
        if got.get("class") != c["error"]:
            failures.append(f"{c['id']}: {c['expr']!r} should be refused as {c['error']}, got {a}")
        elif not got.get("hint"):
            failures.append(f"{c['id']}: {c['expr']!r} is refused without a hint")
    return failures


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q*len(values)))] if values else float("nan")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*")
    ap.add_argument("--command", default="go run . derive --batch")
    ap.add_argument("--rejected", action="append", default=[])
    ap.add_argument("--only", default="")
    ap.add_argument("--json", help="write every verdict here")
    ap.add_argument("-v", action="store_true", help="print every answer")
    o = ap.parse_args()
    cases = [dict(c, id=f"{pathlib.Path(f).stem}/{c['id']}") for f in o.files for c in json.load(open(f)) if o.only in c["id"]]
    rejected = [c for f in o.rejected for c in json.load(open(f)) if o.only in c["id"]]
    answers, seconds = ask(o.command, cases + rejected)
    rows, ratios, tally = [], [], {}
    for c in cases:
        a = answers.get(c["id"])
        verdict, detail = judge(c, a)
        ratio = size_ratio(c, a) if verdict == "right" else None
        blemishes = [n for n, p in BLEMISHES if verdict == "right" and re.search(p, a["ascii"])]
        tally[verdict] = tally.get(verdict, 0) + 1
        rows.append(dict(id=c["id"], verdict=verdict, detail=detail, ratio=ratio, blemishes=blemishes,
                         ascii=(a or {}).get("ascii"), ns=(a or {}).get("ns")))
        if ratio:
            ratios.append((ratio, c, a))
        if o.v or verdict != "right":
            print(f"{verdict:8}{c['id']}: d({c['expr']})/d{c['wrt']} {c.get('wrt_structure', '')} {c['kind']} {c['layout']}"
                  f"\n        got {(a or {}).get('ascii')}\n        want {c.get('expected', '(numeric truth)')}\n        {detail}")
        if blemishes:
            print(f"ugly    {c['id']}: {a['ascii']}: {', '.join(blemishes)}")
    for ratio, c, a in sorted(ratios, key=lambda r: -r[0]):
        if ratio > 1.5:
            print(f"long    {c['id']}: {ratio:.2f}\n        got  {a['ascii']}\n        want {c['expected']}")
    failures = judge_rejected(rejected, answers)
    print(*failures, sep="\n")
    ns = [a["ns"] for a in answers.values() if a.get("ns")]
    sizes = [r for r, _, _ in ratios]
    print(f"{tally.get('right', 0)} of {len(cases)} right; {tally}; "
          f"rejected {len(rejected) - len(failures)} of {len(rejected)}")
    if sizes:
        print(f"size ratio: median {statistics.median(sizes):.2f}, at most 1.5 in {100*sum(s <= 1.5 for s in sizes)/len(sizes):.1f} %"
              f" of {len(sizes)}")
    if ns:
        print(f"time: median {statistics.median(ns)/1e6:.3f} ms, p99 {quantile(ns, .99)/1e6:.2f} ms, worst {max(ns)/1e6:.1f} ms,"
              f" {seconds:.1f} s in all")
    if o.json:
        json.dump(rows, open(o.json, "w"), indent=1)
    return 0 if tally.get("right", 0) == len(cases) and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
