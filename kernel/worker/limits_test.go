package worker

import (
	"strings"
	"testing"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"1024": 1024, "2GiB": 2 << 30, "500MB": 500e6, " 1.5 gb ": 1.5e9, "3m": 3 << 20, "7B": 7, "50%": 4000, "off": 0, "0": 0,
	} {
		if got, err := parseSize(text, 8000); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "much", "-1", "1e300", "NaN", "GB", "1 2", "%"} {
		if got, err := parseSize(text, 8000); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestGauge(t *testing.T) {
	var out strings.Builder
	g := &gauge{limit: 1000e6, w: &out}
	for _, used := range []int64{100e6, 900e6, 950e6, 800e6, 900e6, 600e6, 900e6} {
		g.look(used)
	}
	if n := strings.Count(out.String(), "warning: the cells use 900 MB of the 1.0 GB"); n != 2 {
		t.Errorf("%d warnings: %s", n, out.String())
	}
}
