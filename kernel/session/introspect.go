package session

import (
	"encoding/json"
	"unicode/utf8"
)

// cursorContent is the part that complete and inspect requests share.
type cursorContent struct {
	Code   string          `json:"code"`
	Cursor json.RawMessage `json:"cursor_pos"`
	Detail int             `json:"detail_level"`
}

// cursor is the position in code points; one that is missing or lies outside
// the code is moved to its end or start.
func (c cursorContent) cursor() int {
	length := utf8.RuneCountInString(c.Code)
	var at float64
	if len(c.Cursor) == 0 || string(c.Cursor) == "null" || json.Unmarshal(c.Cursor, &at) != nil {
		return length
	}
	return int(min(max(at, 0), float64(length)))
}

func complete(r *request) func() {
	var c cursorContent
	if !r.parse(&c) {
		return nil
	}
	found := r.session.Engine.Complete(c.Code, c.cursor())
	matches, types := []string{}, []object{}
	for _, m := range found.Matches {
		matches = append(matches, m.Text)
		types = append(types, object{"text": m.Text, "type": m.Type, "signature": m.Signature, "start": found.Start, "end": found.End})
	}
	r.reply(object{
		"matches":      matches,
		"cursor_start": found.Start,
		"cursor_end":   found.End,
		"metadata":     object{"_jupyter_types_experimental": types},
	})
	return nil
}

func inspect(r *request) func() {
	var c cursorContent
	if !r.parse(&c) {
		return nil
	}
	found := r.session.Engine.Inspect(c.Code, c.cursor(), c.Detail)
	content := object{"found": found.Found, "data": object{}, "metadata": object{}}
	if found.Found && found.Bundle != nil {
		content["data"], content["metadata"] = data(*found.Bundle), metadata(*found.Bundle)
	}
	r.reply(content)
	return nil
}

func isComplete(r *request) func() {
	var c struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(r.msg.Content, &c) != nil { // status is the answer: there is no room for an error
		r.reply(object{"status": "unknown"})
		return nil
	}
	state := r.session.Engine.IsComplete(c.Code)
	content := object{"status": state.Status}
	if state.Status == "incomplete" {
		content["indent"] = state.Indent
	}
	r.reply(content)
	return nil
}
