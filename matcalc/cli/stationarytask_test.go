package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestStationaryTask sends questions with and without a closed form and
// questions that have no answer.
func TestStationaryTask(t *testing.T) {
	const vars = `"vars":{"X":{"shape":["m","n"],"props":["tall"]},"w":{"shape":["n"]},"y":{"shape":["m"]},"a":{"shape":["n"]}}`
	for _, c := range []struct{ line, numpy, kind, word string }{
		{`"expr":"norm2(X*w-y)^2","wrt":"w"`, "np.linalg.inv", "min", "full column rank"},
		{`"expr":"norm2(w)^2","wrt":"w","constraint":"a'*w = 1"`, "a", "min", ""},
		{`"expr":"-norm2(w)^2+a'*w","wrt":"w","lang":"zh"`, "0.5", "max", ""},
		{`"expr":"sum(softplus(X*w))-y'*X*w","wrt":"w"`, "", "min", "sigmoid(X*w)"},
		{`"expr":"X*w","wrt":"w"`, "", "", "scalar"},
		{`"expr":"norm2(w)","wrt":"v"`, "", "", "undefined variable"},
		{`"expr":["w"]`, "", "", "wrong type"},
	} {
		var out bytes.Buffer
		if err := batch(strings.NewReader(`{"id":1,"task":"stationary",`+vars+`,`+c.line+`}`), &out); err != nil {
			t.Fatal(err)
		}
		var got solved
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Kind != c.kind || !strings.Contains(got.NumPy, c.numpy) || c.numpy == "" && got.NumPy != "" || !strings.Contains(out.String(), c.word) {
			t.Errorf("%s\n gives %s", c.line, out.String())
		}
	}
}
