package kerneltest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// IOPub is the channel of messages for all; the others are those of a session.
const IOPub session.Channel = 100

// A check tells what is wrong with a value of a content, "" if nothing.
type check func(v any) string

func kind(name string, ok func(v any) bool) check {
	return func(v any) string {
		if !ok(v) {
			return fmt.Sprintf("%v is not %s", v, name)
		}
		return ""
	}
}

var (
	text    = kind("text", func(v any) bool { _, ok := v.(string); return ok })
	boolean = kind("true or false", func(v any) bool { _, ok := v.(bool); return ok })
	whole   = kind("a whole number", func(v any) bool { f, ok := v.(float64); return ok && f == float64(int64(f)) })
	number  = kind("a number", func(v any) bool { _, ok := v.(float64); return ok })
	object  = kind("an object", func(v any) bool { m, ok := v.(map[string]any); return ok && m != nil })
	list    = kind("a list", func(v any) bool { l, ok := v.([]any); return ok && l != nil })
	texts   = kind("a list of texts", func(v any) bool { return all(v, func(v any) bool { _, ok := v.(string); return ok }) })
	bundle  = kind("a bundle of MIME types", isBundle)
	plain   = kind("text without colours", func(v any) bool { s, ok := v.(string); return ok && !strings.Contains(s, "\x1b[") })
)

func all(v any, ok func(any) bool) bool {
	l, is := v.([]any)
	for _, e := range l {
		is = is && ok(e)
	}
	return is && l != nil
}

func one(of ...string) check {
	return kind("one of "+strings.Join(of, ", "), func(v any) bool {
		for _, s := range of {
			if v == s {
				return true
			}
		}
		return false
	})
}

var mimeType = regexp.MustCompile(`^[\w\-+.]+/[\w\-+.]+$`)

func isBundle(v any) bool {
	m, ok := v.(map[string]any)
	for name, data := range m {
		_, text := data.(string)
		ok = ok && mimeType.MatchString(name) && (text || strings.HasSuffix(name, "json"))
	}
	return ok
}

type fields map[string]check

// specification says which fields a content must have; a ? before the type
// means a reply with status ok.
var specification = map[string]fields{
	"?execute_reply":         {"execution_count": whole, "user_expressions": object, "payload": list},
	"?inspect_reply":         {"found": boolean, "data": bundle, "metadata": object},
	"?complete_reply":        {"matches": texts, "cursor_start": whole, "cursor_end": whole, "metadata": object},
	"?history_reply":         {"history": list},
	"?is_complete_reply":     {},
	"?comm_info_reply":       {"comms": object},
	"?shutdown_reply":        {"restart": boolean},
	"?interrupt_reply":       {},
	"?create_subshell_reply": {"subshell_id": text},
	"?list_subshell_reply":   {"subshell_id": texts},
	"?delete_subshell_reply": {},
	"?usage_reply": {"hostname": text, "pid": whole, "kernel_cpu": number, "kernel_memory": whole,
		"cpu_count": whole, "host_virtual_memory": object},
	"?kernel_info_reply": {"protocol_version": text, "implementation": text, "implementation_version": text,
		"language_info": object, "banner": text, "help_links": list, "supported_features": texts},
	"?connect_reply": {},

	"status":              {"execution_state": one("busy", "idle", "starting")},
	"execute_input":       {"code": text, "execution_count": whole},
	"execute_result":      {"execution_count": whole, "data": bundle, "metadata": object},
	"display_data":        {"data": bundle, "metadata": object, "transient": object},
	"update_display_data": {"data": bundle, "metadata": object, "transient": object},
	"stream":              {"name": one("stdout", "stderr"), "text": text},
	"error":               {"ename": plain, "evalue": plain, "traceback": texts},
	"clear_output":        {"wait": boolean},
	"comm_open":           {"comm_id": text, "target_name": text, "data": object},
	"comm_msg":            {"comm_id": text, "data": object},
	"comm_close":          {"comm_id": text, "data": object},
	"iopub_welcome":       {"subscription": text},
	"shutdown_reply":      {"restart": boolean},
	"input_request":       {"prompt": text, "password": boolean},
}

var replyError = fields{"ename": plain, "evalue": plain, "traceback": texts}

var dateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)$`)

// Check holds a message of a kernel against the specification.
func Check(ch session.Channel, m *wire.Message) error {
	content := map[string]any{}
	for name, part := range map[string]json.RawMessage{"parent_header": m.Parent, "metadata": m.Metadata, "content": m.Content} {
		var v map[string]any
		if err := json.Unmarshal(part, &v); err != nil || v == nil {
			return fmt.Errorf("%s of %s is no object: %.100s", name, m.Head.Type, part)
		}
		if name == "content" {
			content = v
		}
	}
	if err := checkHeader(m.Header); err != nil {
		return err
	}
	want, err := fieldsOf(ch, m.Head.Type, content)
	if err != nil {
		return err
	}
	for field, check := range want {
		v, ok := content[field]
		if !ok {
			return fmt.Errorf("%s has no %s: %.300s", m.Head.Type, field, m.Content)
		}
		if fault := check(v); fault != "" {
			return fmt.Errorf("%s of %s: %s", field, m.Head.Type, fault)
		}
	}
	return nil
}

func checkHeader(header json.RawMessage) error {
	var h map[string]any
	if err := json.Unmarshal(header, &h); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	for _, field := range []string{"msg_id", "session", "username", "date", "msg_type", "version"} {
		if s, ok := h[field].(string); !ok || s == "" {
			return fmt.Errorf("header without %s: %s", field, header)
		}
	}
	date := h["date"].(string)
	at, err := time.Parse(time.RFC3339Nano, date)
	switch {
	case !dateForm.MatchString(date) || err != nil:
		return fmt.Errorf("date %q", date)
	case time.Since(at).Abs() > 5*time.Minute: // a busy machine may be late to read
		return fmt.Errorf("date %q is not now", date)
	case h["version"].(string) < "5.2":
		return fmt.Errorf("version %v", h["version"])
	}
	return nil
}

// fieldsOf picks the row of the specification.
func fieldsOf(ch session.Channel, msgType string, content map[string]any) (fields, error) {
	if ch == IOPub || ch == session.Stdin {
		want, ok := specification[msgType]
		if !ok {
			return nil, fmt.Errorf("a message of type %s is not for this channel", msgType)
		}
		return want, nil
	}
	want, ok := specification["?"+msgType]
	if !ok {
		return nil, fmt.Errorf("unknown reply %s", msgType)
	}
	if msgType == "is_complete_reply" {
		return fields{"status": one("complete", "incomplete", "invalid", "unknown")}, nil
	}
	switch content["status"] {
	case "ok":
		return want, nil
	case "error":
		if msgType == "execute_reply" {
			return fields{"ename": plain, "evalue": plain, "traceback": texts, "execution_count": whole}, nil
		}
		return replyError, nil
	case "aborted":
		return fields{}, nil
	}
	return nil, fmt.Errorf("status %v of %s", content["status"], msgType)
}
