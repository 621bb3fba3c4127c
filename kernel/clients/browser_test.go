package clients

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is the path of Chromium.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("NABLA_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("NABLA_REQUIRE") == "all" {
		t.Fatal("chromium is not installed (apt-get install chromium)")
	}
	t.Skip("chromium is not installed")
	return ""
}

// A page is one tab of JupyterLab.
type page struct {
	*testing.T
	ctx context.Context
}

// lab serves a folder with JupyterLab and opens a path of it in the browser.
func lab(t *testing.T, h *home, root, path string) *page {
	t.Helper()
	chromium := browser(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	const token = "test"
	server := h.command(t, 10*time.Minute, "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--allow-root",
		"--port="+strconv.Itoa(port), "--ServerApp.port_retries=0", "--IdentityProvider.token="+token,
		"--ServerApp.root_dir="+root, "--LabApp.user_settings_dir="+settings(t))
	var log strings.Builder
	server.Stdout, server.Stderr = &log, &log
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Process.Signal(os.Interrupt) // the second one is the answer to its question
		_ = server.Wait()
		if t.Failed() {
			t.Logf("JupyterLab said:\n%s", log.String())
		}
	})
	url := fmt.Sprintf("http://127.0.0.1:%d/", port)
	await(t, time.Minute, "JupyterLab to answer", func() bool {
		response, err := http.Get(url + "api")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return show(t, chromium, url+"lab/tree/"+path+"?reset&token="+token)
}

// settings is a folder of JupyterLab settings under which all cells of a
// notebook are in the page at once.
func settings(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "@jupyterlab", "notebook-extension")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "tracker.jupyterlab-settings"), []byte(`{"windowingMode": "none"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// show opens a tab.
func show(t *testing.T, chromium, url string) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 1000))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(string, ...any) {}
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	t.Cleanup(func() { cancel(); cancelAllocator() })
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as this context
		t.Fatal(err)
	}
	p := &page{t, ctx}
	p.do(chromedp.Navigate(url))
	return p
}

// do carries out actions of the browser.
func (p *page) do(actions ...chromedp.Action) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Minute)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.keep("failed")
		p.Fatal(err)
	}
}

// eval gives the value of a JavaScript expression.
func eval[T any](p *page, script string) (value T) {
	p.Helper()
	p.do(chromedp.Evaluate(script, &value))
	return value
}

// until waits for a JavaScript condition.
func (p *page) until(what, script string) {
	p.Helper()
	defer func() {
		if p.Failed() {
			p.keep("failed")
		}
	}()
	await(p.T, 40*time.Second, what, func() bool { return eval[bool](p, "!!("+script+")") })
}

// count is the number of elements that match a selector.
func (p *page) count(selector string) int {
	p.Helper()
	return eval[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", selector))
}

// keep writes a screenshot into the folder that NABLA_SCREENSHOTS names.
func (p *page) keep(name string) {
	p.Helper()
	folder := os.Getenv("NABLA_SCREENSHOTS")
	if folder == "" {
		return
	}
	var picture []byte
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&picture)); err != nil {
		p.Log(err)
		return
	}
	path := filepath.Join(folder, strings.ReplaceAll(p.Name(), "/", "-")+"-"+name+".png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		p.Log(err)
	}
}

// await polls until a condition holds.
func await(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", limit, what)
		}
	}
}
