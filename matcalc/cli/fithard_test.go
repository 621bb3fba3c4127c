package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// Each line has the class of the error or warning that must be reported; "ok"
// wants neither an error nor a warning.
var hard = []struct{ name, request, class, mentions string }{
	{"complete separation", `{"task":"logistic","formula":"y~x","columns":{"y":[0,0,0,1,1,1],"x":[1,2,3,4,5,6]}}`, "separation", "x"},
	{"quasi separation", `{"task":"logistic","formula":"y~x","columns":{"y":[0,0,0,0,1,1,1],"x":[1,2,3,4,4,5,6]}}`, "separation", "x"},
	{"group all one", `{"task":"logistic","formula":"y~g","columns":{"y":[0,1,0,1,1,1],"g":["a","a","a","a","b","b"]}}`, "separation", "gb"},
	{"one class", `{"task":"logistic","formula":"y~x","columns":{"y":[1,1,1,1],"x":[1,2,4,3]}}`, "separation", "Intercept"},
	{"all failures grouped", `{"task":"logistic","formula":"cbind(s,f)~g","columns":{"s":[0,5,0,3],"f":[9,4,7,6],"g":["a","b","a","b"]}}`, "separation", ""},
	{"zero counts in a group", `{"task":"poisson","formula":"y~g","columns":{"y":[3,4,2,0,0],"g":["a","a","a","b","b"]}}`, "separation", "gb"},
	{"all counts zero", `{"task":"poisson","formula":"y~x","columns":{"y":[0,0,0],"x":[1,2,4]}}`, "separation", ""},
	{"large but finite slope", `{"task":"logistic","formula":"y~x","columns":{"y":[0,0,0,0,1,0,1,1,1,1],"x":[1,2,3,4,4.999,5,6,7,8,9]}}`, "ok", ""},
	{"exact copy", `{"task":"ols","formula":"y~x+z","columns":{"y":[1,2,4,3,7],"x":[0.1,0.7,0.3,1.1,0.9],"z":[0.1,0.7,0.3,1.1,0.9]}}`, "aliased", "z"},
	{"multiple in doubles", `{"task":"ols","formula":"y~x+z","columns":{"y":[1,2,4,3,7],"x":[0.1,0.7,0.3,1.1,0.9],"z":[0.030000000000000002,0.21,0.09,0.33000000000000007,0.27]}}`, "aliased", "z"},
	{"saturated", `{"task":"ols","formula":"y~x","columns":{"y":[1,2],"x":[1,3]}}`, "saturated", ""},
	{"fewer rows after dropping", `{"task":"ols","formula":"y~x","columns":{"y":[1,null,3],"x":[1,3,null]}}`, "underdetermined", "1 rows"},
	{"no rows", `{"task":"ols","formula":"y~x","columns":{"y":[],"x":[]}}`, "empty", ""},
	{"all missing", `{"task":"ols","formula":"y~x","columns":{"y":[null,1],"x":[2,null]}}`, "empty", ""},
	{"negative weight", `{"task":"wls","formula":"y~x","columns":{"y":[1,2,4],"x":[1,3,2]},"weights":[1,-1,1]}`, "bad_weight", "row 2"},
	{"NaN weight", `{"task":"wls","formula":"y~x","columns":{"y":[1,2,4],"x":[1,3,2]},"weights":[1,NaN,1]}`, "bad_weight", "row 2"},
	{"zero weights", `{"task":"wls","formula":"y~x","columns":{"y":[1,2,4],"x":[1,3,2]},"weights":[0,0,0]}`, "bad_weight", ""},
	{"too few weights", `{"task":"wls","formula":"y~x","columns":{"y":[1,2,4],"x":[1,3,2]},"weights":[1,2]}`, "ragged", "2 weights"},
	{"response not binary", `{"task":"logistic","formula":"y~x","columns":{"y":[0,1,2],"x":[1,3,2]}}`, "bad_response", "row 3"},
	{"three classes", `{"task":"logistic","formula":"y~x","columns":{"y":["a","b","c"],"x":[1,3,2]}}`, "bad_response", "3 classes"},
	{"negative count", `{"task":"poisson","formula":"y~x","columns":{"y":[0,-1,2],"x":[1,3,2]}}`, "bad_response", "row 2"},
	{"text response", `{"task":"ols","formula":"y~x","columns":{"y":["a","b","c"],"x":[1,3,2]}}`, "bad_response", "y"},
	{"NaN", `{"task":"ols","formula":"y~x","columns":{"y":[1,NaN,3],"x":[1,3,2]}}`, "non_finite", "row 2"},
	{"infinity", `{"task":"ols","formula":"y~x","columns":{"y":[1,2,3],"x":[1,"inf",2]}}`, "non_finite", "column x, row 2"},
	{"infinite number", `{"task":"ols","formula":"y~x","columns":{"y":[1,2,3],"x":[1,1e999,2]}}`, "non_finite", "row 2"},
	{"squares overflow", `{"task":"ols","formula":"y~x","columns":{"y":[1,2,1e300,4],"x":[1,3,2,5]}}`, "non_finite", "rescale"},
	{"squares vanish", `{"task":"ols","formula":"y~x","columns":{"y":[1,2,3,5],"x":[1e-300,3e-300,2e-300,0]}}`, "non_finite", "x reaches"},
	{"nearly separated", `{"task":"logistic","formula":"y~x","columns":{"y":[0,0,0,0,1,0,1,1,1,1],"x":[1,2,3,4,"4.9999999",5,6,7,8,9]}}`, "ok", ""},
	{"separated by little", `{"task":"logistic","formula":"y~x","columns":{"y":[1,0,1,1,1,1],"x":[1,3.001,-1,-2.999,3,-2]}}`, "separation", "x"},
	{"one level", `{"task":"ols","formula":"y~g+x","columns":{"y":[1,2,4,3],"x":[1,2,3,5],"g":["a","a","a","a"]}}`, "aliased", "g"},
	{"no weights", `{"task":"wls","formula":"y~x","columns":{"y":[1,2,4],"x":[1,3,2]}}`, "bad_weight", "weights"},
	{"constant counts", `{"task":"poisson","formula":"y~x","columns":{"y":[3,3,3,3],"x":[1,3,2,5]}}`, "constant_response", "y"},
	{"log of zero", `{"task":"ols","formula":"y~log(x)","columns":{"y":[1,2,3],"x":[1,0,2]}}`, "non_finite", "log(x)"},
	{"misspelt", `{"task":"ols","formula":"y~weigth","columns":{"y":[1,2,3],"weight":[1,0,2]}}`, "unknown_name", "did you mean weight"},
	{"unknown function", `{"task":"ols","formula":"y~lg(x)","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "unknown_name", "log"},
	{"unknown response", `{"task":"ols","formula":"z~x","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "unknown_name", "z"},
	{"ragged", `{"task":"ols","formula":"y~x","columns":{"y":[1,2,3],"x":[1,4]}}`, "ragged", "x"},
	{"negative lambda", `{"task":"ridge","lambda":-1,"formula":"y~x","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "bad_lambda", "-1"},
	{"NaN lambda", `{"task":"ridge","lambda":NaN,"formula":"y~x","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "bad_lambda", ""},
	{"no lambda", `{"task":"ridge","formula":"y~x","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "bad_lambda", ""},
	{"constant response", `{"task":"ols","formula":"y~x","columns":{"y":[0.1,0.1,0.1,0.1],"x":[1,4,2,7]}}`, "constant_response", "y"},
	{"parameters not told apart", `{"task":"nls","response":"y","model":"a*b*x","start":{"a":1,"b":1},"columns":{"y":[1,2,3.5],"x":[1,2,3]}}`, "singular_gradient", ""},
	{"parameter without effect", `{"task":"nls","response":"y","model":"a*x + 0*b","start":{"a":1,"b":1},"columns":{"y":[1,2,3.5],"x":[1,2,3]}}`, "singular_gradient", "b"},
	{"sum of parameters", `{"task":"nls","response":"y","model":"exp((a+b)*x)","start":{"a":0.1,"b":0.1},"columns":{"y":[1,2,3.5,5],"x":[1,2,3,4]}}`, "singular_gradient", ""},
	{"unknown parameter", `{"task":"nls","response":"y","model":"a*exp(c*x)","start":{"a":0.1,"b":0.1},"columns":{"y":[1,2,3.5,5],"x":[1,2,3,4]}}`, "unknown_name", "c"},
	{"syntax", `{"task":"ols","formula":"y~x+","columns":{"y":[1,2,3],"x":[1,4,2]}}`, "syntax", ""},
	{"not an object", `[1]`, "bad_input", ""},
	{"perfect fit", `{"task":"ols","formula":"y~x","columns":{"y":[0.1,0.2,0.3,0.4],"x":[1,2,3,4]}}`, "ok", ""},
}

func TestFitHardCases(t *testing.T) {
	for _, h := range hard {
		t.Run(h.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := fitBatch(strings.NewReader(h.request), &out); err != nil {
				t.Fatal(err)
			}
			var got struct {
				Error    *struct{ Class, Message string }
				Warnings []struct{ Class, Message string }
				Coef     []*float64
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			class, message := "ok", ""
			if got.Error != nil {
				class, message = got.Error.Class, got.Error.Message
			} else if len(got.Warnings) > 0 {
				class, message = got.Warnings[0].Class, got.Warnings[0].Message
			}
			t.Log(class, message)
			if class != h.class || !strings.Contains(message, h.mentions) {
				t.Errorf("%s: %s; want %s mentioning %q", class, message, h.class, h.mentions)
			}
			if bytes.Contains(out.Bytes(), []byte("NaN")) && !strings.Contains(message, "NaN") {
				t.Errorf("NaN in %s", out.Bytes())
			}
		})
	}
}

func FuzzFitLine(f *testing.F) {
	for _, h := range hard {
		f.Add(h.request)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if len(line) > 2000 {
			t.Skip("long")
		}
		if _, err := json.Marshal(fitLine([]byte(line))); err != nil {
			t.Error(err)
		}
	})
}
