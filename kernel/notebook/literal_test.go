package notebook

import "testing"

func TestLiteral(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"string", `say "hi"`, `"say \"hi\""`},
		{"string", "null", `"null"`},
		{"int", "7", "7"},
		{"int", "1 << 10", "1 << 10"},
		{"bool", "True", "true"},
		{"bool", "0", "false"},
		{"bool", "x > 1", "x > 1"},
		{"float64", "nan", "math.NaN()"},
		{"float64", "1e3", "1e3"},
		{"float32", "-Inf", "float32(math.Inf(-1))"},
		{"time.Duration", "1.5s", "time.Duration(1500000000)"},
		{"time.Duration", "2 * time.Second", "2 * time.Second"},
		{"time.Duration", "0", "0"},
		{"[]float64", "[1, 2.5]", "[]float64{1, 2.5}"},
		{"[]float64", "[]float64{1}", "[]float64{1}"},
		{"[]float64", "null", "[]float64{}"},
		{"[]string", `["a", "b c"]`, `[]string{"a", "b c"}`},
		{"[][]int", "[[1], []]", "[][]int{[]int{1}, []int{}}"},
		{"map[string]float64", `{"b": 2, "a": 1}`, `map[string]float64{"a": 1, "b": 2}`},
		{"map[string][]string", `{"a": ["x"]}`, `map[string][]string{"a": []string{"x"}}`},
		{"main.Mode", "Fast", "Fast"},
	} {
		if got := literal(c.name, c.value); got != c.want {
			t.Errorf("%s %s is %s, want %s", c.name, c.value, got, c.want)
		}
	}
}
