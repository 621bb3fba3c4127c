package clients

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestLab works with the first notebook in JupyterLab as a person does.
func TestLab(t *testing.T) {
	h := open(t)
	root := t.TempDir()
	text, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "first.ipynb"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	p := lab(t, h, root, "first.ipynb")
	p.idle()
	p.menu("Edit", "Clear Outputs of All Cells")
	p.until("the outputs to be cleared", `document.querySelectorAll(".jp-OutputArea-output").length == 0`)
	p.menu("Run", "Run All Cells")
	p.finished()
	if n := p.count(".jp-OutputArea-output mjx-container"); n < 5 {
		t.Errorf("%d typeset formulas in the outputs, want several", n)
	}
	if p.count(".jp-OutputArea-output img") == 0 {
		t.Error("no picture in the outputs")
	}
	if n := p.count("[data-mjx-error]"); n > 0 {
		t.Errorf("%d formulas with a TeX error", n)
	}
	p.derivation()
	p.newCell()
	p.completes()
	p.explains()
	p.interrupts()
	p.asks()
	p.restarts()
}

// idle waits for our kernel to be there and idle.
func (p *page) idle() {
	p.Helper()
	p.until("the kernel to be idle", `
		document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status == "idle" &&
		[...document.querySelectorAll(".jp-Toolbar-kernelName, .jp-KernelName")].some(e => e.textContent.includes("Nabla"))`)
}

// finished waits until no cell is queued or runs.
func (p *page) finished() {
	p.Helper()
	p.until("the cells to end", `
		[...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")].every(e => !e.textContent.includes("*")) &&
		[...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")].some(e => /\d/.test(e.textContent)) &&
		document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status == "idle"`)
}

// menu chooses an item by the mouse.
func (p *page) menu(bar, item string) {
	p.Helper()
	p.mouse(".lm-MenuBar-itemLabel", bar)
	p.mouse(".lm-Menu-itemLabel", item)
}

// mouse clicks on the element of a kind that has a label.
func (p *page) mouse(kind, label string) {
	p.Helper()
	at := fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.textContent == %q).map(e => e.getBoundingClientRect()).map(r => [r.x+r.width/2, r.y+r.height/2])`, kind, label)
	p.until(label, at+".length == 1")
	place := eval[[][]float64](p, at)[0]
	p.do(chromedp.MouseEvent(input.MouseMoved, place[0], place[1]), chromedp.MouseClickXY(place[0], place[1]))
}

// derivation keeps a picture of the derivation.
func (p *page) derivation() {
	p.Helper()
	p.until("a derivation", `[...document.querySelectorAll(".jp-OutputArea-output")].some(e => {
		if (!e.querySelector("mjx-container") || !/read off/.test(e.textContent)) return false;
		e.closest(".jp-Cell").scrollIntoView({block: "center"}); return true })`)
	p.keep("derivation")
}

// newCell appends an empty cell and puts the cursor into it.
func (p *page) newCell() {
	p.Helper()
	before := p.count(".jp-CodeCell")
	p.do(chromedp.Evaluate(`document.querySelector(".jp-Notebook .jp-Cell:last-child").scrollIntoView()`, nil))
	p.do(chromedp.Click(".jp-Notebook-footer", chromedp.ByQuery))
	p.until("a new cell", fmt.Sprintf(`document.querySelectorAll(".jp-CodeCell").length == %d`, before+1))
	p.do(chromedp.Click(".jp-Notebook .jp-Cell:last-child .cm-content", chromedp.ByQuery))
	p.until("the cursor in it", `document.activeElement.classList.contains("cm-content")`)
}

// write puts the cursor into the active cell, if it is not in a cell already.
func (p *page) write() {
	p.Helper()
	if !eval[bool](p, `document.activeElement.classList.contains("cm-content")`) {
		p.do(chromedp.KeyEvent(kb.Enter))
	}
	p.until("a cell with the cursor in it", `document.activeElement.classList.contains("cm-content")`)
}

// run types a cell, runs it with Shift+Enter (which appends another) and
// returns the text of its output.
func (p *page) run(code string) string {
	p.Helper()
	p.write()
	p.do(chromedp.KeyEvent(code), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(8)))
	p.finished()
	return p.last()
}

// last is the text of the outputs of the last cell that ran.
func (p *page) last() string {
	p.Helper()
	return eval[string](p, `[...document.querySelectorAll(".jp-CodeCell")].filter(e => /\d/.test(e.querySelector(".jp-InputArea-prompt").textContent)).pop().querySelector(".jp-Cell-outputArea")?.innerText ?? ""`)
}

func (p *page) completes() {
	p.Helper()
	p.do(chromedp.KeyEvent("strings.ToUpp"), chromedp.KeyEvent(kb.Tab))
	p.until("the completion", `document.querySelectorAll(".jp-Completer-item").length >= 2 || document.activeElement.innerText.includes("ToUpper")`)
	p.keep("completion")
	p.do(chromedp.KeyEvent(kb.Enter))
	if out := p.run("(`typed`)"); !strings.Contains(out, "TYPED") {
		p.Errorf("the completed cell gave %q", out)
	}
}

func (p *page) explains() {
	p.Helper()
	p.do(chromedp.KeyEvent("strings.Repeat("), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(8)))
	p.until("the tooltip", `document.querySelector(".jp-Tooltip")?.innerText.includes("count int")`)
	p.keep("tooltip")
	if out := p.run("`ab`, 2)"); !strings.Contains(out, "abab") {
		p.Errorf("the explained cell gave %q", out)
	}
}

func (p *page) interrupts() {
	p.Helper()
	if out := p.run("kept := 17; kept"); !strings.Contains(out, "17") {
		p.Errorf("the cell gave %q", out)
	}
	p.write()
	p.do(chromedp.KeyEvent("for { }"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(8)))
	p.until("the loop to run", `document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status == "busy"`)
	p.menu("Kernel", "Interrupt Kernel")
	p.finished()
	if out := p.run("kept + 1"); !strings.Contains(out, "18") {
		p.Errorf("after the interrupt the cell gave %q", out)
	}
}

func (p *page) asks() {
	p.Helper()
	p.write()
	p.do(chromedp.KeyEvent("answer := display.Input(`your name? `)\nanswer"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(8)))
	p.do(chromedp.WaitVisible(".jp-Stdin-input", chromedp.ByQuery), chromedp.SendKeys(".jp-Stdin-input", "Sofja\r", chromedp.ByQuery))
	p.finished()
	if out := p.last(); !strings.Contains(out, `"Sofja"`) {
		p.Errorf("the question gave %q", out)
	}
}

func (p *page) restarts() {
	p.Helper()
	p.menu("Kernel", "Restart Kernel…")
	p.do(chromedp.Click(".jp-Dialog .jp-mod-accept", chromedp.ByQuery))
	p.until("the restart", `!document.querySelector(".jp-Dialog")`)
	p.idle()
	p.newCell()
	p.do(chromedp.KeyEvent("kept"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(8)))
	p.until("the error", `[...document.querySelectorAll(".jp-OutputArea-output")].some(e => e.innerText.includes("undefined: kept"))`)
	p.keep("restarted")
}
