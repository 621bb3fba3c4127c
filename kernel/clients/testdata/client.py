"""Conversations with the kernel through jupyter_client."""
import queue
import time

from jupyter_client.manager import KernelManager

LIMIT = 60


class Conversation:
    def __init__(self):
        self.km = KernelManager(kernel_name="nabla")
        self.km.start_kernel()
        self.connect()

    def connect(self):
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=LIMIT)

    def run(self, code, answers=(), **options):
        """Runs a cell, types the answers when asked; gives the reply and the outputs."""
        answers = list(answers)
        msg_id = self.kc.execute(code, allow_stdin=True, **options)
        outputs = []
        deadline = time.monotonic() + LIMIT
        while True:
            assert time.monotonic() < deadline, f"no end of {code!r}: {outputs}"
            if answers:
                try:
                    ask = self.kc.get_stdin_msg(timeout=0.05)
                    self.kc.input(answers.pop(0))
                    outputs.append(("input_request", ask["content"]))
                except queue.Empty:
                    pass
            try:
                m = self.kc.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                break
            if m["msg_type"] not in ("status", "execute_input"):
                outputs.append((m["msg_type"], m["content"]))
        return self.kc.get_shell_msg(timeout=LIMIT)["content"], outputs

    def value(self, code):
        reply, outputs = self.run(code)
        assert reply["status"] == "ok", reply
        return [c["data"]["text/plain"] for kind, c in outputs if kind == "execute_result"][-1]

    def text(self, outputs):
        return "".join(c["text"] for kind, c in outputs if kind == "stream")


def values(c):
    c.run("x := 20")
    assert c.value("x + 1") == "21"
    reply, outputs = c.run('for i := 0; i < 3; i++ { fmt.Println("line", i) }')
    assert c.text(outputs) == "line 0\nline 1\nline 2\n", outputs


def errors(c):
    reply, outputs = c.run('y := 1\ny + "a"')
    assert reply["status"] == "error", reply
    assert "mismatched types" in "\n".join(reply["traceback"]), reply
    reply, _ = c.run("y")
    assert reply["status"] == "error", "a cell that does not compile has changed something"


def stdin(c):
    _, outputs = c.run('display.Input("name? ")', ["Gauß"])
    assert ("execute_result" in [k for k, _ in outputs]) and "Gauß" in str(outputs), outputs
    _, outputs = c.run('display.Password("secret? ")', ["hush"])
    assert [o for k, o in outputs if k == "input_request"][0]["password"] is True, outputs


def interrupt(c):
    c.run("kept := 5")
    msg_id = c.kc.execute("for { }")
    time.sleep(0.5)
    c.km.interrupt_kernel()
    reply = c.kc.get_shell_msg(timeout=LIMIT)
    assert reply["parent_header"]["msg_id"] == msg_id and reply["content"]["status"] == "error", reply
    assert c.value("kept") == "5"


def restart(c):
    ports = c.km.get_connection_info()["shell_port"]
    c.kc.stop_channels()
    c.km.restart_kernel(now=False)
    assert c.km.get_connection_info()["shell_port"] == ports
    c.connect()
    reply, _ = c.run("kept")
    assert reply["status"] == "error", "a value has outlived the restart"
    assert c.value("1 + 1") == "2"


def complete(c):
    c.run("total := 3.5")
    for code, want in [("tot", "total"), ("strings.Con", "Contains"), ("%tim", "time")]:
        msg_id = c.kc.complete(code)
        reply = c.kc.get_shell_msg(timeout=LIMIT)
        assert reply["parent_header"]["msg_id"] == msg_id
        assert want in reply["content"]["matches"], (code, reply["content"])
    c.kc.inspect("import", 10)  # the cursor lies past the end
    assert c.kc.get_shell_msg(timeout=LIMIT)["content"]["status"] == "ok"


def mathematics(c):
    _, outputs = c.run('matcalc.Vars("A: n×n symmetric; x: n").Expr("x\'*A*x").Gradient("x")')
    data = [o["data"] for k, o in outputs if k == "execute_result"][0]
    assert "2Ax" in data["text/latex"].replace(" ", "").replace("\\", ""), data


def main():
    c = Conversation()
    try:
        for talk in (values, errors, stdin, interrupt, complete, mathematics, restart):
            talk(c)
            print(talk.__name__, "ok", flush=True)
    finally:
        c.kc.stop_channels()
        c.km.shutdown_kernel()
    print("all conversations held")


main()
