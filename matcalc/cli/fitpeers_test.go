package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// Fits of R on synthetic data, written by bench/peers.R: the first line is the
// data, each other one a request with R's answer. Everything R says is
// compared; R's own digits set the tolerance.
func TestFitAsR(t *testing.T) {
	file, err := os.Open("testdata/peers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	lines.Scan()
	var shared struct {
		Data, Levels json.RawMessage
	}
	if err := json.Unmarshal(lines.Bytes(), &shared); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		var request map[string]any
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			t.Fatal(err)
		}
		want := request["want"].(map[string]any)
		request["columns"], request["levels"], request["id"] = shared.Data, shared.Levels, 1
		t.Run(fmt.Sprint(request["task"], " ", request["formula"], request["model"]), func(t *testing.T) {
			got := answer(t, request)
			if got["error"] != nil {
				t.Fatal(got["error"])
			}
			for field, value := range want {
				compareWithR(t, field, got[field], value, request["task"] == "nls")
			}
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// compareWithR allows an error relative to the largest entry, since what R
// leaves of zero is noise.
func compareWithR(t *testing.T, field string, got, want any, loose bool) {
	t.Helper()
	g, isList := got.([]any)
	w, wantList := want.([]any)
	if isList != wantList {
		g, w = []any{got}, []any{want}
	}
	if !isList && !wantList {
		g, w = []any{got}, []any{want}
	}
	if len(g) != len(w) {
		t.Errorf("%s: %v, want %v", field, got, want)
		return
	}
	scale := 0.0
	for _, v := range w {
		if x := toFloat(v); !math.IsNaN(x) {
			scale = max(scale, math.Abs(x))
		}
	}
	limit := 1e-9
	if loose {
		limit = 2e-6
	}
	for i := range w {
		x, y := toFloat(g[i]), toFloat(w[i])
		if _, text := w[i].(string); text || w[i] == nil || g[i] == nil {
			if g[i] != w[i] {
				t.Errorf("%s[%d]: %v, want %v", field, i, g[i], w[i])
			}
			continue
		}
		if !(math.Abs(x-y) <= limit*max(scale, 1e-12)) {
			t.Errorf("%s[%d]: %v, want %v", field, i, g[i], w[i])
		}
	}
}
