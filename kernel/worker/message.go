package worker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/nabla-go/nabla/display"
)

// The bodies of frames are JSON but for printed text, which stands as it is.
// kindExecute carries an engine.Request, kindResult what the call returns,
// kindPayload a JSON object.

// asked is the body of kindComplete, kindInspect and kindIsComplete.
type asked struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor,omitempty"`
	Detail int    `json:"detail,omitempty"`
}

// shown is the body of kindDisplay.
type shown struct {
	Bundle display.Bundle `json:"bundle"`
	ID     string         `json:"id,omitempty"`
	Update bool           `json:"update,omitempty"`
}

// question is the body of kindQuestion and kindInput; Number finds the reader
// of the answer.
type question struct {
	Number   uint64          `json:"number"`
	Text     string          `json:"text"` // the question, or the prompt
	Argument json.RawMessage `json:"argument,omitempty"`
	Password bool            `json:"password,omitempty"`
}

// answer is the body of kindAnswer. Ended stands for io.EOF.
type answer struct {
	Number uint64          `json:"number"`
	Value  json.RawMessage `json:"value,omitempty"`
	Err    string          `json:"err,omitempty"`
	Ended  bool            `json:"ended,omitempty"`
}

// encode never fails: what JSON cannot carry is replaced by its text.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err == nil {
		return data
	}
	data, err = json.Marshal(plain(reflect.ValueOf(v), 0))
	if err != nil {
		return []byte("{}")
	}
	return data
}

// decode keeps numbers as they are written, so that what a cell shows arrives
// digit by digit.
func decode(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}

// deepest is how far plain follows a value that JSON refused.
const deepest = 64

// plain rebuilds a value from what JSON has: NaN, infinities, functions,
// channels and cycles become text.
func plain(v reflect.Value, depth int) any {
	if !v.IsValid() {
		return nil
	}
	if depth > deepest {
		return "…"
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Sprint(f)
		}
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem(), depth+1)
	case reflect.Struct:
		return plainFields(v, depth)
	case reflect.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			out[fmt.Sprint(it.Key())] = plain(it.Value(), depth+1)
		}
		return out
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break // as encoding/json writes it
		}
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plain(v.Index(i), depth+1)
		}
		return out
	}
	if v.CanInterface() {
		if data, err := json.Marshal(v.Interface()); err == nil {
			return json.RawMessage(data)
		}
	}
	return fmt.Sprint(v)
}

// plainFields writes a struct under the names of its tags.
func plainFields(v reflect.Value, depth int) any {
	out := map[string]any{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		if strings.Contains(options, "omitempty") && v.Field(i).IsZero() {
			continue
		}
		out[name] = plain(v.Field(i), depth+1)
	}
	return out
}
