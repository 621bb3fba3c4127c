package clients

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestKernelTest runs the tests that the Jupyter project has for any kernel:
// all 13 of them, none skipped.
func TestKernelTest(t *testing.T) {
	out := open(t).python(t, 2*time.Minute, "kernel_test.py", "-v")
	if !strings.Contains(out, "Ran 13 tests") || !regexp.MustCompile(`(?m)^OK$`).MatchString(out) {
		t.Errorf("want 13 tests, none skipped:\n%s", out)
	}
}

// TestClient holds conversations through jupyter_client; see the script.
func TestClient(t *testing.T) {
	out := open(t).python(t, 5*time.Minute, "client.py")
	if !strings.Contains(out, "all conversations held") {
		t.Error(out)
	}
}

// TestConsole types into jupyter console through a pseudo-terminal.
func TestConsole(t *testing.T) {
	out := open(t).python(t, 3*time.Minute, "console.py")
	if !strings.Contains(out, "console answered") {
		t.Error(out)
	}
}
