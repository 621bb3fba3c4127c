#!/usr/bin/env python3
"""Runs the case tables through Nabla and through the libraries that also differentiate matrix expressions.

usage: peers.py [--command "nabla derive --batch"] [--seconds 10] [--sample N] [--json OUT] [FILE...]

Each FILE holds cases as in matcalc/testdata (default: all of them). Every engine gets the same expression, and its
answer is evaluated on the same random data and compared with the case's own numeric derivative (see truth.py). A peer
that is not installed is left out (`pip install sympy tensorgrad`). A table is printed, and below it every case where
a peer is right and Nabla is not.
"""
import argparse, json, pathlib, signal, statistics, sys, time
import numpy as np
import casesyntax as cs
import judge
import truth

HERE = pathlib.Path(__file__).parent


class Cannot(Exception):
    """The peer has no way to write this expression."""


class TooLong(Exception):
    pass


def alarm(_signal, _frame):
    raise TooLong()


def peers():
    found = []
    for module in ("peer_sympy", "peer_tensorgrad"):
        try:
            found.append(__import__(module))
        except ImportError as e:
            print(f"{module}: not installed ({e.name})", file=sys.stderr)
    return found


def matches(case, env, got):
    want = np.asarray(truth.derivative(case, env))
    off = truth.disagreement(np.asarray(got, dtype=float), want)
    return not isinstance(off, str) and off <= max(truth.tolerance(case), 1e-6)


def ask_peer(peer, case, seconds):
    """-> (verdict, seconds): right, wrong, refused (cannot be written or fails), slow."""
    envs = [next(iter(truth.environments(case)))]
    start = time.perf_counter()
    signal.alarm(seconds)
    try:
        good = all(matches(case, env, peer.derivative(case, env)) for _, env in envs)
        verdict = "right" if good else "wrong"
    except TooLong:
        verdict = "slow"
    except Cannot:
        verdict = "no syntax"
    except Exception:
        verdict = "fails"
    finally:
        signal.alarm(0)
    return verdict, time.perf_counter() - start


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*")
    ap.add_argument("--command", default="go run . derive --batch")
    ap.add_argument("--seconds", type=int, default=10, help="a peer's time for one case")
    ap.add_argument("--sample", type=int, default=1, help="take every N-th case")
    ap.add_argument("--json", help="write every verdict here")
    o = ap.parse_args()
    files = o.files or [HERE.parent/"testdata"/"derivatives.json", *sorted((HERE.parent/"testdata"/"cases").glob("*.json"))]
    cases = [dict(c, id=f"{pathlib.Path(f).stem}/{c['id']}") for f in files for c in json.load(open(f))][::o.sample]
    answers, _ = judge.ask(o.command, cases)
    rows = {c["id"]: {"nabla": judge.judge(c, answers.get(c["id"]))[0]} for c in cases}
    times = {"nabla": [a["ns"]/1e9 for a in answers.values() if a.get("ns")]}
    signal.signal(signal.SIGALRM, alarm)
    names = ["nabla"]
    for peer in peers():
        names.append(peer.NAME)
        times[peer.NAME] = []
        for c in cases:
            verdict, seconds = ask_peer(peer, c, o.seconds)
            rows[c["id"]][peer.NAME] = verdict
            if verdict != "no syntax":
                times[peer.NAME].append(seconds)
    verdicts = ["right", "wrong", "fails", "slow", "no syntax", "refused", "missing"]
    print(f"{'of ' + str(len(cases)) + ' cases':14}" + "".join(f"{v:>10}" for v in verdicts) + f"{'median':>12}{'p99':>12}")
    for name in names:
        tally = [sum(r.get(name) == v for r in rows.values()) for v in verdicts]
        t = times[name]
        print(f"{name:14}" + "".join(f"{k:>10}" for k in tally)
              + (f"{1e3*statistics.median(t):>9.2f} ms{1e3*judge.quantile(t, .99):>9.1f} ms" if t else ""))
    behind = [(c, [n for n in names[1:] if rows[c["id"]][n] == "right"]) for c in cases if rows[c["id"]]["nabla"] != "right"]
    for c, who in behind:
        if who:
            print(f"{', '.join(who)} is right where we are not: {c['id']}: d({c['expr']})/d{c['wrt']}")
    if o.json:
        json.dump(rows, open(o.json, "w"), indent=1)


if __name__ == "__main__":
    import peers as this  # the peers raise this module's exceptions
    this.main()
