"""Jupyter's own tests of a kernel, every one of them switched on."""
import unittest

import jupyter_kernel_test


class NablaTests(jupyter_kernel_test.KernelTests):
    kernel_name = "nabla"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "careful")'
    completion_samples = [
        {"text": "strings.ToUpp", "matches": {"ToUpper", "ToUpperSpecial"}},
        {"text": "math.Sqrt2"},
        {"text": "undeclaredName."},
    ]
    complete_code_samples = ["1 + 1", "x := 1", "func f() int { return 1 }", "matcalc.Vars(`x: n`)"]
    incomplete_code_samples = ["func f() {", "fmt.Println(", "x := []int{1,"]
    invalid_code_samples = ["func )(", "x := ]"]
    code_page_something = "display.Page(display.Text(`long text`))"
    code_generate_error = 'panic("on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": '"ab"'},
        {"code": "[]int{1, 2, 3}"},
        {"code": "mat.NewDense(2, 2, []float64{1, 2, 3, 4})", "mime": "text/latex"},
        {"code": 'matcalc.Vars("A: n×n symmetric; x: n").Expr("x\'*A*x").Gradient("x")', "mime": "text/latex"},
    ]
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>bold</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.LaTeX("x^2"))', "mime": "text/latex"},
        {"code": "display.Show(plot.New())", "mime": "image/png"},
    ]
    code_history_pattern = "1 + ?"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.ToUpper"
    code_clear_output = "display.Clear(false)"


class NablaWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "nabla"
    support_iopub_welcome = True


del jupyter_kernel_test.KernelTests, jupyter_kernel_test.IopubWelcomeTests

if __name__ == "__main__":
    unittest.main()
