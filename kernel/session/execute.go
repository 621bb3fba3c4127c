package session

import (
	"encoding/json"
	"maps"
	"sync/atomic"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/wire"
)

// executeContent is what an execute_request asks; absent fields have the
// defaults of the protocol.
type executeContent struct {
	Code            *string                    `json:"code"`
	Silent          bool                       `json:"silent"`
	StoreHistory    *bool                      `json:"store_history"`
	UserExpressions map[string]json.RawMessage `json:"user_expressions"`
	AllowStdin      bool                       `json:"allow_stdin"`
	StopOnError     *bool                      `json:"stop_on_error"`
}

func execute(r *request) func() {
	var c executeContent
	sh := r.shell
	if err := json.Unmarshal(r.msg.Content, &c); err != nil || c.Code == nil {
		content := errorContent(&engine.Error{Name: "BadRequest", Value: "the execute_request has no code"})
		content["execution_count"] = sh.count
		r.reply(content)
		return nil
	}
	if r.aborted {
		r.reply(object{"status": "aborted", "execution_count": sh.count})
		return nil
	}
	stored := !c.Silent && (c.StoreHistory == nil || *c.StoreHistory)
	if stored {
		sh.count++
	}
	run := &execution{request: r, content: c, count: sh.count, stored: stored, started: wire.Now()}
	run.run()
	return nil
}

// An execution is one cell on its way.
type execution struct {
	*request
	content executeContent
	count   int
	stored  bool
	started string
	asked   atomic.Bool // it has taken input
}

func (x *execution) run() {
	if !x.content.Silent {
		x.publish("execute_input", object{"code": *x.content.Code, "execution_count": x.count})
	}
	out := newOutput(x)
	expressions, unread := texts(x.content.UserExpressions)
	result := x.session.Engine.Execute(engine.Request{
		Code:            *x.content.Code,
		Count:           x.count,
		Subshell:        x.shell.id,
		CellID:          x.cellID(),
		Silent:          x.content.Silent,
		AllowStdin:      x.content.AllowStdin,
		UserExpressions: expressions,
	}, out)
	out.finish()
	if result.Err != nil {
		x.fail(result)
		return
	}
	if result.Value != nil && !x.content.Silent {
		x.publish("execute_result", object{"execution_count": x.count, "data": data(*result.Value), "metadata": metadata(*result.Value)})
	}
	x.record(result)
	content := object{
		"execution_count":  x.count,
		"user_expressions": evaluated(result.UserExpressions, unread),
		"payload":          out.payloads(),
	}
	x.replyWith(content, x.metadata(result, "ok"))
}

func (x *execution) fail(result engine.Result) {
	content := errorContent(result.Err)
	delete(content, "status")
	if !x.content.Silent {
		x.publish("error", maps.Clone(content))
	}
	x.record(result)
	content["status"] = "error"
	content["execution_count"] = x.count
	stop := x.content.StopOnError == nil || *x.content.StopOnError
	if stop && !x.content.Silent {
		x.shell.queue.abort()
	}
	x.replyWith(content, x.metadata(result, "error"))
}

func (x *execution) metadata(result engine.Result, status string) object {
	m := object{"started": x.started, "dependencies_met": true, "engine": x.session.id, "status": status}
	maps.Copy(m, result.Metadata)
	return m
}

func (x *execution) record(result engine.Result) {
	if !x.stored || x.session.History == nil {
		return
	}
	entry := Entry{Line: x.count, Input: *x.content.Code, OK: result.Err == nil, Asked: x.asked.Load()}
	if result.Value != nil {
		if text, ok := result.Value.Data[display.MIMEText].(string); ok {
			entry.Output = &text
		}
	}
	if x.shell.id == "" {
		x.session.History.Add(entry)
	}
}

// cellID is the notebook's name for the cell, which JupyterLab sends along.
func (x *execution) cellID() string {
	var m struct {
		CellID string `json:"cellId"`
	}
	if json.Unmarshal(x.msg.Metadata, &m) != nil {
		return ""
	}
	return m.CellID
}

// texts sorts the user expressions into code and those that are no text.
func texts(all map[string]json.RawMessage) (code map[string]string, unread []string) {
	for name, raw := range all {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			unread = append(unread, name)
			continue
		}
		if code == nil {
			code = map[string]string{}
		}
		code[name] = text
	}
	return code, unread
}

func evaluated(values map[string]engine.Evaluated, unread []string) object {
	out := object{}
	for name, v := range values {
		switch {
		case v.Err != nil:
			out[name] = errorContent(v.Err)
		case v.Bundle != nil:
			out[name] = object{"status": "ok", "data": data(*v.Bundle), "metadata": metadata(*v.Bundle)}
		default:
			out[name] = object{"status": "ok", "data": object{}, "metadata": object{}}
		}
	}
	for _, name := range unread {
		out[name] = errorContent(&engine.Error{Name: "BadRequest", Value: "a user expression must be text"})
	}
	return out
}

func data(b display.Bundle) object {
	if b.Data == nil {
		return object{}
	}
	return b.Data
}

func metadata(b display.Bundle) object {
	if b.Metadata == nil {
		return object{}
	}
	return b.Metadata
}
