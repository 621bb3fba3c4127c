package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestCheckTask sends claims of every type and claims that cannot be judged.
func TestCheckTask(t *testing.T) {
	const vars = `"vars":{"A":{"shape":["n","n"]},"x":{"shape":["n"]},"h":{"shape":["n"]}}`
	for _, c := range []struct{ line, verdict, word string }{
		{`"type":"derivative","expr":"x'*A*x","wrt":"x","claimed":"2*A*x","kind":"gradient","layout":"denominator"`, "false", "symmetric A"},
		{`"type":"derivative","expr":"x'*A*x","wrt":"x","claimed":"x'*(A+A')","kind":"gradient","layout":"denominator"`, "shape-error", "numerator layout"},
		{`"type":"derivative","expr":"x'*A*x","wrt":"x","claimed":"(A+A')*x"`, "true", ""},
		{`"type":"differential","expr":"x'*x","wrt":"x","d":"h","claimed":"x'*h"`, "false", "factor 2"},
		{`"type":"identity","lhs":"x'*h","rhs":"-h*x"`, "shape-error", "transpose"},
		{`"type":"identity","lhs":"x'*A*h","rhs":"h'*A'*x"`, "true", ""},
		{`"lhs":"A*A'","rhs":"A'*A","lang":"zh"`, "false", "次序"},
		{`"type":"identity","lhs":"x'*u","rhs":"x"`, "", "undefined u"},
		{`"type":"derivative","expr":"x'*x","wrt":"v","claimed":"x"`, "", "undefined variable"},
		{`"type":7`, "", "wrong type"},
	} {
		var out bytes.Buffer
		if err := batch(strings.NewReader(`{"id":"c","task":"check",`+vars+`,`+c.line+`}`), &out); err != nil {
			t.Fatal(err)
		}
		var got judged
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		text := got.Reason
		if got.Error != nil {
			text = got.Error.Message
		}
		if got.Verdict != c.verdict || !strings.Contains(text, c.word) || c.verdict == "true" && text != "" {
			t.Errorf("%s\n gives %s", c.line, out.String())
		}
	}
}
