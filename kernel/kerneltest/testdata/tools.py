"""The lines of the checklist that are about real clients: tools.py LINE."""
import asyncio
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

LIMIT = 120
BIN = os.path.dirname(sys.executable)


def notebook(*cells):
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "nabla", "display_name": "Go", "language": "go"}, "language_info": {"name": "go", "file_extension": ".go"}})
    for c in cells:
        source, tags = c if isinstance(c, tuple) else (c, [])
        nb.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags} if tags else {}))
    return nb


def execute(nb, **options):
    options.setdefault("timeout", LIMIT)
    client = NotebookClient(nb, kernel_name="nabla", **options)
    client.execute()
    nbformat.validate(nb)
    return client


def texts(nb):
    out = []
    for cell in nb.cells:
        for o in cell.get("outputs", []):
            out.append(o.get("text") or o.get("data", {}).get("text/plain") or o.get("ename") or "")
    return out


def nbconvert():
    with tempfile.TemporaryDirectory() as dir:
        path = os.path.join(dir, "n.ipynb")
        nbformat.write(notebook("x := 6", "x * 7", ('panic("on purpose")', ["raises-exception"]), 'display.HTML("<b>y</b>")'), path)
        for fmt, suffix, want in [("notebook", ".ipynb", "42"), ("html", ".html", "42"), ("markdown", ".md", "42"), ("script", ".go", "x * 7")]:
            subprocess.run([f"{BIN}/jupyter", "nbconvert", "--to", fmt, "--execute", "--output", "out", "--output-dir", dir,
                            "--ExecutePreprocessor.kernel_name=nabla", path], check=True, timeout=LIMIT, capture_output=True)
            assert want in pathlib.Path(dir, "out" + suffix).read_text(), fmt
        nbformat.write(notebook("1", 'panic("stops")', "2"), path)
        failed = subprocess.run([f"{BIN}/jupyter", "nbconvert", "--to", "notebook", "--execute", "--output", "bad", path], timeout=LIMIT, capture_output=True, text=True)
        assert failed.returncode != 0 and "stops" in failed.stderr, failed.stderr
        subprocess.run([f"{BIN}/jupyter", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--output", "allowed", path], check=True, timeout=LIMIT, capture_output=True)
        assert texts(nbformat.read(os.path.join(dir, "allowed.ipynb"), 4))[-1] == "2"


def timeout():
    nb = notebook("for { }", "6 * 7")
    execute(nb, timeout=2, interrupt_on_timeout=True, allow_errors=True)
    assert texts(nb)[-1] == "42", texts(nb)


def dead():
    nb = notebook("1", "time.Sleep(time.Hour)")
    client = NotebookClient(nb, kernel_name="nabla", timeout=LIMIT)
    killed = []

    def kill():
        while not (client.km and client.km.has_kernel and nb.cells[0].get("outputs")):
            time.sleep(0.01)
        time.sleep(0.3)
        killed.append(time.monotonic())
        os.kill(client.km.provisioner.pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    try:
        client.execute()
    except DeadKernelError:
        assert time.monotonic() - killed[0] < 30
    else:
        raise AssertionError("the death was not noticed")


def console():
    path = pathlib.Path(__file__).parent.parent.parent / "clients" / "testdata" / "console.py"
    subprocess.run([sys.executable, str(path)], check=True, timeout=LIMIT)
    with tempfile.TemporaryDirectory() as dir:
        script = pathlib.Path(dir, "s.go")
        script.write_text('x := 6\nfmt.Println("printed", x*7)\n')
        out = subprocess.run([f"{BIN}/jupyter", "run", "--kernel", "nabla", str(script)], timeout=LIMIT, capture_output=True, text=True)
        assert "printed 42" in out.stdout, out


def existing():
    from jupyter_client import BlockingKernelClient
    launcher = subprocess.Popen([f"{BIN}/jupyter", "kernel", "--kernel=nabla"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = ""
        while "Connection file: " not in said:
            line = launcher.stdout.readline()
            assert line, said
            said += line
        file = re.search(r"Connection file: (\S+)", said).group(1)
        clients = []
        for _ in range(2):
            kc = BlockingKernelClient(connection_file=file)
            kc.load_connection_file()
            kc.start_channels()
            kc.wait_for_ready(timeout=LIMIT)
            clients.append(kc)
        clients[0].execute_interactive("shared := 42", timeout=LIMIT)
        seen = []
        clients[1].execute_interactive("shared", timeout=LIMIT, output_hook=lambda m: seen.append(m["content"]))
        assert any(c.get("data", {}).get("text/plain") == "42" for c in seen), seen
        launcher.send_signal(signal.SIGINT)
        launcher.wait(timeout=LIMIT)
        assert not os.path.exists(file)
    finally:
        launcher.kill()


async def server_talk(base, token, port):
    from tornado.httpclient import AsyncHTTPClient, HTTPRequest
    from tornado.websocket import websocket_connect
    http = AsyncHTTPClient()
    head = {"Authorization": "token " + token}

    async def rest(method, path, body=None):
        r = await http.fetch(HTTPRequest(base + path, method=method, headers=head, request_timeout=LIMIT,
                                         body=json.dumps(body) if body is not None else None, allow_nonstandard_methods=True))
        return json.loads(r.body) if r.body else None

    for _ in range(400):
        try:
            await rest("GET", "api")
            break
        except OSError:
            await asyncio.sleep(0.1)
    kernel = await rest("POST", "api/kernels", {"name": "nabla"})
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel['id']}/channels?session_id=s"
    number = 0

    async def run(ws, code, interrupt=False):
        nonlocal number
        number += 1
        msg_id = f"m{number}"
        await ws.write_message(json.dumps({
            "header": {"msg_id": msg_id, "session": "s", "username": "u", "date": "2026-01-01T00:00:00Z", "msg_type": "execute_request", "version": "5.3"},
            "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}}))
        reply = result = None
        idle = False
        while not (reply and idle):
            m = json.loads(await asyncio.wait_for(ws.read_message(), LIMIT))
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            kind, content = m["header"]["msg_type"], m["content"]
            if kind == "execute_input" and interrupt:
                await asyncio.sleep(0.2)
                await rest("POST", f"api/kernels/{kernel['id']}/interrupt", {})
            if kind == "execute_result":
                result = content["data"]["text/plain"]
            if kind == "execute_reply":
                reply = content
            idle = idle or content.get("execution_state") == "idle"
        return reply, result

    ws = await websocket_connect(HTTPRequest(address, headers=head))
    reply, result = await run(ws, "x := 6; x * 7")
    assert result == "42", reply
    reply, _ = await run(ws, "for { }", interrupt=True)
    assert reply["status"] == "error", reply
    ws.close()
    ws = await websocket_connect(HTTPRequest(address, headers=head))
    reply, result = await run(ws, "x")
    assert result == "6", reply
    for _ in range(100):
        model = await rest("GET", "api/kernels/" + kernel["id"])
        if model["execution_state"] == "idle":
            break
        await asyncio.sleep(0.05)
    assert model["execution_state"] == "idle", model
    ws.close()  # the server may drop what comes on the newer of two sockets of one session
    await rest("POST", f"api/kernels/{kernel['id']}/restart", {})
    ws = await websocket_connect(HTTPRequest(address, headers=head))
    reply, _ = await run(ws, "x")
    assert reply["status"] == "error" and reply["execution_count"] == 1, reply
    await rest("DELETE", "api/kernels/" + kernel["id"])


def server():
    import socket
    with socket.socket() as s, tempfile.TemporaryDirectory() as dir:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
        s.close()
        process = subprocess.Popen([f"{BIN}/jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root",
                                    "--IdentityProvider.token=t", f"--ServerApp.root_dir={dir}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            asyncio.run(server_talk(f"http://127.0.0.1:{port}/", "t", port))
        finally:
            process.terminate()
            process.wait(timeout=LIMIT)


def papermill():
    import papermill as pm
    with tempfile.TemporaryDirectory() as dir:
        nbformat.write(notebook("x := 6", "x * 7"), os.path.join(dir, "in.ipynb"))
        pm.execute_notebook(os.path.join(dir, "in.ipynb"), os.path.join(dir, "out.ipynb"), kernel_name="nabla", progress_bar=False)
        assert texts(nbformat.read(os.path.join(dir, "out.ipynb"), 4)) == ["42"]


def valid():
    root = pathlib.Path(__file__).parent.parent.parent.parent / "notebooks"
    once, twice = (nbformat.read(root / "first.ipynb", 4) for _ in range(2))
    for nb in (once, twice):
        execute(nb, resources={"metadata": {"path": str(root)}})
    assert [c.get("outputs") for c in once.cells] == [c.get("outputs") for c in twice.cells]


def widgets():
    nb = notebook('c := display.OpenComm("jupyter.widget", map[string]any{"state": map[string]any{"_model_module": "m", "_model_module_version": "1", "_model_name": "N", "value": 1}})',
                  'c.Send(map[string]any{"method": "update", "state": map[string]any{"value": 2}})')
    execute(nb)
    state = nb.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert [s["state"]["value"] for s in state.values()] == [2], state


def parallel():
    books = [notebook(f"x := {i}", "time.Sleep(200 * time.Millisecond)", "x") for i in range(4)]
    threads = [threading.Thread(target=execute, args=(nb,)) for nb in books]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert [texts(nb) for nb in books] == [[str(i)] for i in range(4)]


def long():
    nb = notebook(*[f"{i}" for i in range(500)])
    start = time.monotonic()
    execute(nb)
    print(f"500 cells in {time.monotonic() - start:.1f} s")
    assert texts(nb) == [str(i) for i in range(500)]


LINES = {"L02": nbconvert, "L03": timeout, "L04": dead, "L05": console, "L06": existing, "L07": server, "L08": papermill,
         "L09": valid, "L10": widgets, "L11": parallel, "L12": long}

if __name__ == "__main__":
    LINES[sys.argv[1]]()
    print(sys.argv[1], "holds")
