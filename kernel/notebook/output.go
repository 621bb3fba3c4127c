package notebook

import (
	"strings"

	"github.com/nabla-go/nabla/display"
)

// add appends an output to a cell and returns it; text printed in one go stays
// one output.
func (r *Runner) add(c *Cell, kind string, content map[string]any) map[string]any {
	out := map[string]any{"output_type": kind}
	for k, v := range content {
		if k != "transient" {
			out[k] = v
		}
	}
	if data, ok := out["data"].(map[string]any); ok {
		out["data"] = asText(data)
	}
	if kind == "stream" {
		fresh, _ := out["text"].(string)
		out["text"] = text(fresh)
		if n := len(c.Outputs); n > 0 && c.Outputs[n-1]["output_type"] == "stream" && c.Outputs[n-1]["name"] == out["name"] {
			c.Outputs[n-1]["text"] = c.Outputs[n-1]["text"].(text) + text(fresh)
			return out
		}
	}
	c.Outputs = append(c.Outputs, out)
	if transient, ok := content["transient"].(map[string]any); ok {
		if id, ok := transient["display_id"].(string); ok {
			r.shown[id] = append(r.shown[id], out)
		}
	}
	return out
}

// asText marks the forms that are text, to be written as lines.
func asText(data map[string]any) map[string]any {
	out := map[string]any{}
	for mime, v := range data {
		if s, ok := v.(string); ok && (strings.HasPrefix(mime, "text/") || mime == display.MIMESVG) {
			out[mime] = text(s)
			continue
		}
		out[mime] = v
	}
	return out
}

// update replaces what was shown under a display id.
func (r *Runner) update(content map[string]any) {
	transient, _ := content["transient"].(map[string]any)
	id, _ := transient["display_id"].(string)
	data, _ := content["data"].(map[string]any)
	for _, out := range r.shown[id] {
		out["data"], out["metadata"] = asText(data), content["metadata"]
	}
}
