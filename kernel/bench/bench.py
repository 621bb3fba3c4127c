#!/usr/bin/env python3
"""Measures Jupyter kernels side by side over raw sockets.

    python kernel/bench/bench.py NAME=COMMAND... [--rounds N]

COMMAND starts a kernel; {f} in it stands for the connection file. Without
commands, nabla (on PATH), ipykernel and xeus-python (of this Python, if they are
installed) are measured. Rounds alternate between the kernels, so that a busy
machine is unfair to all alike. Needs pyzmq; sockets reconnect after 5 ms.
"""
import argparse
import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

import zmq

PATIENCE = 20_000  # ms
LANGUAGES = {
    "go": {"one": "1+1", "lines": "for i := 0; i < 1000000; i++ { fmt.Println(i) }", "loop": "for { }"},
    "python": {"one": "1+1", "lines": "for i in range(1000000): print(i)", "loop": "while True: pass"},
}


class Kernel:
    """One process and a raw client of it."""

    def __init__(self, command):
        self.dir = tempfile.mkdtemp(prefix="bench-")
        self.key = uuid.uuid4().hex
        self.ports = self.free_ports()
        names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]
        self.file = os.path.join(self.dir, "c.json")
        with open(self.file, "w") as f:
            json.dump({"transport": "tcp", "ip": "127.0.0.1", "key": self.key, "signature_scheme": "hmac-sha256", **dict(zip(names, self.ports))}, f)
        self.context = zmq.Context()
        self.sockets = {}
        for name, port, kind in [("shell", self.ports[0], zmq.DEALER), ("iopub", self.ports[1], zmq.SUB), ("control", self.ports[3], zmq.DEALER)]:
            s = self.context.socket(kind)
            s.linger = 0
            s.rcvhwm = s.sndhwm = 0
            s.reconnect_ivl = 5
            if kind == zmq.SUB:
                s.subscribe(b"")
            s.connect(f"tcp://127.0.0.1:{port}")
            self.sockets[name] = s
        env = dict(os.environ, NABLA_HISTORY="off", IPYTHONDIR=self.dir, JUPYTER_RUNTIME_DIR=self.dir)
        self.log = open(os.path.join(self.dir, "log"), "wb")
        self.start = time.perf_counter()
        self.process = subprocess.Popen([a.replace("{f}", self.file) for a in command], env=env, start_new_session=True,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    @staticmethod
    def free_ports():
        holders = [socket.socket() for _ in range(5)]
        for s in holders:
            s.bind(("127.0.0.1", 0))
        ports = [s.getsockname()[1] for s in holders]
        for s in holders:
            s.close()
        return ports

    def frames(self, kind, content):
        msg_id = uuid.uuid4().hex
        parts = [json.dumps({"msg_id": msg_id, "session": "bench", "username": "b", "date": "2026-01-01T00:00:00Z", "msg_type": kind, "version": "5.4"}).encode(),
                 b"{}", b"{}", json.dumps(content).encode()]
        mac = hmac.new(self.key.encode(), digestmod=hashlib.sha256)
        for p in parts:
            mac.update(p)
        return msg_id, [b"<IDS|MSG>", mac.hexdigest().encode(), *parts]

    def receive(self, name):
        s = self.sockets[name]
        if not s.poll(PATIENCE):
            raise TimeoutError(f"nothing came on {name}")
        frames = s.recv_multipart()
        at = frames.index(b"<IDS|MSG>")
        return json.loads(frames[at + 2]), json.loads(frames[at + 3]) or {}, frames[at + 5]

    def ask(self, kind, content, channel="shell"):
        msg_id, frames = self.frames(kind, content)
        self.sockets[channel].send_multipart(frames)
        while True:
            _, parent, body = self.receive(channel)
            if parent.get("msg_id") == msg_id:
                return msg_id, body

    def idle(self, msg_id):
        """Waits for idle; gives what was published before."""
        out = []
        while True:
            head, parent, body = self.receive("iopub")
            if parent.get("msg_id") != msg_id:
                continue
            out.append((head["msg_type"], body))
            if head["msg_type"] == "status" and b'"idle"' in body:
                return out

    def execute(self, code):
        return self.ask("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})

    def memory(self):
        """Resident and proportional MB of the processes of the kernel."""
        rss = pss = 0
        for pid in os.listdir("/proc"):
            if not pid.isdigit():
                continue
            try:
                if os.getpgid(int(pid)) != self.process.pid and os.getsid(int(pid)) != self.process.pid:
                    continue
                for line in open(f"/proc/{pid}/smaps_rollup"):
                    if line.startswith("Rss:"):
                        rss += int(line.split()[1])
                    if line.startswith("Pss:"):
                        pss += int(line.split()[1])
            except (OSError, ProcessLookupError):
                continue
        return rss / 1024, pss / 1024

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.context.destroy(linger=0)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def measure(command):
    """One round: figures by name."""
    figures = {}
    k = Kernel(command)
    try:
        _, body = k.ask("kernel_info_request", {})
        figures["start to kernel_info, ms"] = 1000 * (time.perf_counter() - k.start)
        code = LANGUAGES[json.loads(body)["language_info"]["name"]]
        msg_id, _ = k.execute(code["one"])
        k.idle(msg_id)
        figures["start to first idle, ms"] = 1000 * (time.perf_counter() - k.start)
        times = []
        for _ in range(1000):
            t = time.perf_counter()
            msg_id, _ = k.execute(code["one"])
            times.append(1000 * (time.perf_counter() - t))
            k.idle(msg_id)
        times.sort()
        figures["execute to reply, median ms"], figures["execute to reply, p99 ms"] = times[500], times[990]
        prepared = [k.frames("kernel_info_request", {})[1] for _ in range(5000)]
        t = time.perf_counter()
        for i, f in enumerate(prepared):  # 200 on their way: ipykernel drops replies beyond its high water mark
            k.sockets["shell"].send_multipart(f)
            if i >= 200:
                k.receive("shell")
        for _ in range(200):
            k.receive("shell")
        figures["kernel_info, pipelined, a second"] = 5000 / (time.perf_counter() - t)
        t = time.perf_counter()
        msg_id, _ = k.execute(code["lines"])
        out = k.idle(msg_id)
        figures["1e6 printed lines, s"] = time.perf_counter() - t
        text = "".join(json.loads(b)["text"] for kind, b in out if kind == "stream")
        figures["1e6 printed lines, messages"] = len(out)
        figures["1e6 printed lines, complete"] = float(text.count("\n") == 1_000_000)
        _, frames = k.frames("execute_request", {"code": code["loop"], "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
        k.sockets["shell"].send_multipart(frames)
        time.sleep(0.3)
        t = time.perf_counter()
        if "nabla" in command[0]:
            k.ask("interrupt_request", {}, "control")
        else:
            os.killpg(k.process.pid, signal.SIGINT)
        k.receive("shell")
        figures["interrupt to reply, ms"] = 1000 * (time.perf_counter() - t)
        figures["resident, MB"], figures["proportional, MB"] = k.memory()
    except (TimeoutError, zmq.ZMQError) as e:
        figures["failed: " + str(e)] = 1
    finally:
        k.end()
    return figures


def defaults():
    out = {}
    if path := shutil.which("nabla"):
        out["nabla"] = [path, "kernel", "{f}"]
    if importlib.util.find_spec("ipykernel"):
        out["ipykernel"] = [sys.executable, "-m", "ipykernel_launcher", "-f", "{f}"]
    if importlib.util.find_spec("xpython_launcher"):
        out["xeus-python"] = [sys.executable, "-m", "xpython_launcher", "-f", "{f}"]
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", metavar="NAME=COMMAND")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    kernels = dict((name, command.split()) for name, command in (k.split("=", 1) for k in options.kernels)) or defaults()
    if not kernels:
        parser.error("no kernel is installed: name one, such as nabla='./nabla kernel {f}'")
    rounds = {name: [] for name in kernels}
    for _ in range(options.rounds):
        for name, command in kernels.items():
            rounds[name].append(measure(command))
    rows = list(dict.fromkeys(f for all in rounds.values() for r in all for f in r))
    width = max(map(len, rows))
    print(" " * width, *(f"{name:>24}" for name in kernels))
    for row in rows:
        cells = []
        for name in kernels:
            values = [r[row] for r in rounds[name] if row in r]
            cells.append(f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})" if values else "-")
        print(f"{row:<{width}}", *(f"{c:>24}" for c in cells))


if __name__ == "__main__":
    main()
