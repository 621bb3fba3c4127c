"""Types into jupyter console through a pseudo-terminal."""
import os
import re
import sys

import pexpect

console = pexpect.spawn(
    os.path.join(os.path.dirname(sys.executable), "jupyter-console"),
    ["--kernel", "nabla", "--ZMQTerminalInteractiveShell.simple_prompt=True"],
    encoding="utf-8", timeout=60, dimensions=(40, 120))
console.expect_exact("In [1]:")
console.sendline("x := 6 * 7")
console.expect_exact("In [2]:")
console.sendline("x + 1")
console.expect(r"43")
console.expect_exact("In [3]:")
console.sendline('matcalc.Vars("A: n×n symmetric; x: n").Expr("x\'*A*x").Gradient("x")')
console.expect_exact("2Ax")
console.expect_exact("In [4]:")
console.sendline("x.nothing")
console.expect("undefined")
console.expect(re.compile(r"In \[\d\]:"))
console.sendline('fmt.Println(display.Input("your " + "name? "))')  # the echo must not look like the prompt
console.expect_exact("your name?")
console.sendline("Cauchy")
console.expect("Cauchy\r\nCauchy")
console.sendeof()
console.expect([re.compile("exit"), pexpect.EOF])
console.close(force=True)
print("console answered")
