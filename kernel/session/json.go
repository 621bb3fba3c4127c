package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
)

// encode never fails: what JSON cannot carry is replaced by its text.
func encode(v any) json.RawMessage {
	data, err := marshal(v)
	if err == nil {
		return data
	}
	if data, err = marshal(plain(reflect.ValueOf(v), 0)); err != nil {
		return json.RawMessage("{}")
	}
	return data
}

// marshal leaves <, > and & as they are: no message is part of a page.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes()[:b.Len()-1], nil
}

// encodeObject writes {} for nil.
func encodeObject(v any) json.RawMessage {
	if v == nil {
		return json.RawMessage("{}")
	}
	data := encode(v)
	if string(data) == "null" {
		return json.RawMessage("{}")
	}
	return data
}

// deepest is how far plain follows a value that JSON refused.
const deepest = 64

// plain rebuilds a value of values that JSON has: NaN and infinities,
// functions, channels and cycles become text.
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
	case reflect.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			out[fmt.Sprint(it.Key())] = plain(it.Value(), depth+1)
		}
		return out
	case reflect.Slice, reflect.Array:
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
