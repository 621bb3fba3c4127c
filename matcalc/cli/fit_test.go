package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// truth is testdata/regression.json: requests with certified or independently
// verified answers.
type truth struct {
	Linear    []map[string]any  `json:"linear"`
	Nonlinear []map[string]any  `json:"nonlinear"`
	Cases     []json.RawMessage `json:"cases"` // as written: parameters of a start are in order
}

func loadTruth(t *testing.T) truth {
	t.Helper()
	data, err := os.ReadFile("testdata/regression.json")
	if err != nil {
		t.Fatal(err)
	}
	var all truth
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func answer(t *testing.T, request any) map[string]any {
	t.Helper()
	line, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := fitBatch(bytes.NewReader(append(line, '\n')), &out); err != nil {
		t.Fatal(err)
	}
	var result map[string]any
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatalf("%v: %s", err, out.Bytes())
	}
	return result
}

func toFloat(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case string:
		x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err == nil {
			return x
		}
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return math.NaN()
}

// digits is the least number of right digits over got, -log10 of the relative
// error (of the absolute one where zero is wanted), at most 16.
func digits(got, want any) float64 {
	if list, ok := want.([]any); ok {
		values, ok := got.([]any)
		if !ok || len(values) != len(list) {
			return -1
		}
		least := 16.0
		for i := range list {
			least = min(least, digits(values[i], list[i]))
		}
		return least
	}
	if want == nil || got == nil {
		if want == got {
			return 16
		}
		return -1
	}
	g, w := toFloat(got), toFloat(want)
	e := math.Abs(g - w)
	if math.Abs(w) > 1e-14 { // what R has of a zero is noise
		e /= math.Abs(w)
	}
	switch {
	case e == 0:
		return 16
	case e != e:
		return -1
	}
	return min(16, -math.Log10(e))
}

func check(t *testing.T, result map[string]any, name string, want any, least float64) {
	t.Helper()
	if d := digits(result[name], want); d < least {
		t.Errorf("%s: %.1f digits, want %.1f\n got %v\nwant %v", name, d, least, result[name], want)
	} else {
		t.Logf("%s: %.1f digits", name, d)
	}
}

func TestFitCertifiedLinear(t *testing.T) {
	for _, c := range loadTruth(t).Linear {
		t.Run(c["name"].(string), func(t *testing.T) {
			result := answer(t, c)
			exact := c["exact30"].(map[string]any)
			for _, name := range []string{"coef", "se", "residual_sd", "r_squared"} {
				check(t, result, name, exact[name], 15)
			}
		})
	}
}

func TestFitCertifiedNonlinear(t *testing.T) {
	for _, c := range loadTruth(t).Nonlinear {
		for _, start := range []string{"start1", "start2"} {
			t.Run(c["name"].(string)+"/"+start, func(t *testing.T) {
				request := map[string]any{"id": "x", "task": "nls", "columns": c["columns"], "response": c["response"], "model": c["model"]}
				var b strings.Builder
				for i, p := range c["params"].([]any) {
					if i > 0 {
						b.WriteByte(',')
					}
					b.WriteString(strconv.Quote(p.(string)) + ":" + strconv.Quote(c[start].([]any)[i].(string)))
				}
				request["start"] = json.RawMessage("{" + b.String() + "}")
				result := answer(t, request)
				refined := c["refined25"].(map[string]any)
				for _, name := range []string{"coef", "se", "rss"} {
					check(t, result, name, refined[name], 14)
				}
			})
		}
	}
}

// leastDigits of each quantity; what R printed from doubles has fewer than the
// coefficients, which are from exact arithmetic.
var leastDigits = map[string]float64{"coef": 13, "se": 13, "stat": 11, "p": 11, "cov": 11, "cooks": 10, "rstudent": 10, "null_deviance": 11, "F_p": 11}

func TestFitCases(t *testing.T) {
	for _, line := range loadTruth(t).Cases {
		var c map[string]any
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c["id"].(string), func(t *testing.T) {
			result := answer(t, line)
			if result["id"] != c["id"] {
				t.Errorf("id %v", result["id"])
			}
			encoded, _ := json.Marshal(map[string]any{"w": result["warnings"], "e": result["error"]})
			expect, _ := c["expect"].(string)
			if expect != "" && expect != "ok" && !strings.Contains(string(encoded), `"class":"`+expect+`"`) {
				t.Errorf("no %s in %s", expect, encoded)
			}
			if expect == "" && string(encoded) != `{"e":null,"w":[]}` && result["condition"].(float64) < 1e5 {
				t.Errorf("unexpected %s", encoded)
			}
			t.Logf("%s", encoded)
			for name, want := range c["expected"].(map[string]any) {
				switch name {
				case "levels", "iterations", "predict_first2":
					continue
				case "terms", "aliased":
					if got, _ := json.Marshal(result[name]); string(got) != mustJSON(want) {
						t.Errorf("%s is %s, want %s", name, got, mustJSON(want))
					}
					continue
				}
				least, ok := leastDigits[name]
				if !ok {
					least = 12
				}
				check(t, result, name, want, least)
			}
		})
	}
}

func mustJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestFitFile(t *testing.T) {
	path := t.TempDir() + "/d.csv"
	if err := os.WriteFile(path, []byte("y,x\n1,1\n3,2\n4,3\n8,4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := fitFile(&out, "linear", "en", "y ~ x", path, 0); err != nil || !strings.Contains(out.String(), "R-squared") {
		t.Error(err, out.String())
	}
	if err := fitFile(&out, "linear", "en", "y ~ z", path, 0); err == nil || !strings.Contains(err.Error(), "no column z") {
		t.Error(err)
	}
	if err := fitFile(&out, "cubic", "en", "y ~ x", path, 0); err == nil {
		t.Error("no error for an unknown model")
	}
}
