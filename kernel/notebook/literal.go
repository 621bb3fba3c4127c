package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A writing turns what a person gave for a variable of some types into Go; ok is
// false when it is none of its kind, and then taken for a Go expression.
type writing struct {
	types func(name string) bool
	text  func(name, value string) (text string, ok bool)
}

var writings []writing

func init() {
	writings = []writing{
		{is("string"), func(_, v string) (string, bool) { return strconv.Quote(v), true }},
		{is("bool"), boolText},
		{is("float64", "float32"), floatText},
		{is("time.Duration"), durationText},
		{begins("[]"), listText},
		{begins("map[string]"), mapText},
	}
}

// literal is the Go of a value for a variable whose type is named as by %T.
func literal(name, value string) string {
	for _, w := range writings {
		if w.types(name) {
			if text, ok := w.text(name, value); ok {
				return text
			}
		}
	}
	return value
}

func is(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

func begins(prefix string) func(string) bool {
	return func(name string) bool { return strings.HasPrefix(name, prefix) }
}

func boolText(_, v string) (string, bool) {
	b, err := strconv.ParseBool(strings.TrimSpace(v))
	return strconv.FormatBool(b), err == nil
}

// floatText writes what no Go literal can say.
func floatText(name, v string) (string, bool) {
	text := map[string]string{"nan": "math.NaN()", "inf": "math.Inf(1)", "+inf": "math.Inf(1)", "-inf": "math.Inf(-1)"}[strings.ToLower(strings.TrimSpace(v))]
	if text != "" && name != "float64" {
		text = name + "(" + text + ")"
	}
	return text, text != ""
}

func durationText(_, v string) (string, bool) {
	d, err := time.ParseDuration(strings.TrimSpace(v))
	return fmt.Sprintf("time.Duration(%d)", d), err == nil && strings.TrimSpace(v) != "0"
}

// listText reads a JSON array.
func listText(name, v string) (string, bool) {
	var all []json.RawMessage
	if json.Unmarshal([]byte(v), &all) != nil {
		return "", false
	}
	texts := make([]string, len(all))
	for i, x := range all {
		texts[i] = literal(name[len("[]"):], plainJSON(x))
	}
	return name + "{" + strings.Join(texts, ", ") + "}", true
}

// mapText reads a JSON object.
func mapText(name, v string) (string, bool) {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(v), &all) != nil {
		return "", false
	}
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		texts = append(texts, strconv.Quote(key)+": "+literal(name[len("map[string]"):], plainJSON(all[key])))
	}
	return name + "{" + strings.Join(texts, ", ") + "}", true
}

// plainJSON is a JSON value as a person would give it: text without quotes.
func plainJSON(x json.RawMessage) string {
	var text string
	if json.Unmarshal(x, &text) == nil {
		return text
	}
	return string(x)
}
