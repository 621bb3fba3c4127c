package display

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// The rows of a table that are shown.
var viewRecords = view{most: 40, head: 20, tail: 5}

// maxFields is how many columns or fields a table has at most.
const maxFields = 30

// oneLine is the length up to which a map or struct stays as %v prints it.
const oneLine = 80

// tables renders slices of structs, of maps and of slices, and maps and structs
// as tables.
func tables(v any) (Bundle, bool) {
	rv := reflect.ValueOf(v)
	if hasText(v) {
		return Bundle{}, false
	}
	if rv.Kind() == reflect.Pointer {
		if rv = rv.Elem(); rv.Kind() != reflect.Struct && rv.Kind() != reflect.Map {
			return Bundle{}, false
		}
	}
	switch rv.Kind() {
	case reflect.Slice, reflect.Array:
		if s, ok := records(rv); ok {
			return s.bundle(), true
		}
	case reflect.Map:
		if rv.Len() > 0 {
			return short(v, entries(rv)), true
		}
	case reflect.Struct:
		if n := rv.NumField(); n > 0 && n <= maxFields {
			return short(v, fields(rv)), true
		}
	}
	return Bundle{}, false
}

// short is a table whose text is what %v prints when that is one short line
// and there is no formula in it.
func short(v any, s *sheet) Bundle {
	b := s.bundle()
	if s.hasFormula() {
		return b
	}
	if t := sprint(v); width(t) <= oneLine && !strings.Contains(t, "\n") {
		b.Data[MIMEText] = t
	}
	return b
}

// A record is one row: what it has in each column; a zero Value for nothing.
type record func(column int) reflect.Value

// records makes a table of a slice whose elements have parts.
func records(list reflect.Value) (*sheet, bool) {
	if list.Len() == 0 || implementsText(list.Type().Elem()) {
		return nil, false
	}
	head, rows, ok := columnsOf(list)
	if !ok || len(head) == 0 || len(head) > maxFields {
		return nil, false
	}
	s := &sheet{head: head, unnamed: isList(element(list, 0).Type())}
	shown := viewRecords.of(len(rows))
	for c := range head {
		var column []reflect.Value
		for _, i := range shown {
			if i != gap {
				column = append(column, rows[i](c))
			}
		}
		s.add(column)
	}
	s.cut(shown, len(rows), "rows")
	return s, true
}

// columnsOf finds what the elements of a list have in common.
func columnsOf(list reflect.Value) (head []string, rows []record, ok bool) {
	first := element(list, 0)
	if !first.IsValid() {
		return nil, nil, false
	}
	switch first.Kind() {
	case reflect.Struct:
		return structColumns(list, first.Type())
	case reflect.Map:
		return mapColumns(list)
	case reflect.Slice, reflect.Array:
		return listColumns(list)
	}
	return nil, nil, false
}

// element is the i-th element without interfaces and pointers to structs.
func element(list reflect.Value, i int) reflect.Value {
	e := list.Index(i)
	for e.Kind() == reflect.Interface {
		e = e.Elem()
	}
	if e.Kind() == reflect.Pointer && e.Type().Elem().Kind() == reflect.Struct {
		if e.CanInterface() && hasText(dressed(e.Interface())) {
			return reflect.Value{}
		}
		e = e.Elem()
	}
	return e
}

func structColumns(list reflect.Value, t reflect.Type) (head []string, rows []record, ok bool) {
	if implementsText(t) || isFormula(t) {
		return nil, nil, false
	}
	for i := range t.NumField() {
		head = append(head, t.Field(i).Name)
	}
	for i := range list.Len() {
		e := element(list, i)
		if !e.IsValid() || e.Type() != t || e.CanInterface() && hasText(dressed(e.Interface())) {
			return nil, nil, false
		}
		rows = append(rows, e.Field)
	}
	return head, rows, true
}

// mapColumns has a column for each key that some map has.
func mapColumns(list reflect.Value) (head []string, rows []record, ok bool) {
	all := map[string]bool{}
	for i := range list.Len() {
		e := element(list, i)
		if !e.IsValid() || e.Kind() != reflect.Map || e.Type().Key().Kind() != reflect.String {
			return nil, nil, false
		}
		for _, k := range e.MapKeys() {
			all[k.String()] = true
		}
		if len(all) > maxFields {
			return nil, nil, false
		}
	}
	for k := range all {
		head = append(head, k)
	}
	slices.Sort(head)
	for i := range list.Len() {
		e := element(list, i)
		rows = append(rows, func(c int) reflect.Value {
			return e.MapIndex(reflect.ValueOf(head[c]).Convert(e.Type().Key()))
		})
	}
	return head, rows, true
}

// listColumns numbers the columns of slices of slices; the shorter ones end
// early.
func listColumns(list reflect.Value) (head []string, rows []record, ok bool) {
	longest := 0
	for i := range list.Len() {
		e := element(list, i)
		if !e.IsValid() || !isList(e.Type()) || e.Type().Elem().Kind() == reflect.Uint8 {
			return nil, nil, false
		}
		longest = max(longest, e.Len())
		rows = append(rows, func(c int) reflect.Value {
			if c >= e.Len() {
				return reflect.Value{}
			}
			return e.Index(c)
		})
	}
	if longest > maxFields {
		return nil, nil, false
	}
	for c := range longest {
		head = append(head, fmt.Sprint(c))
	}
	return head, rows, true
}

// entries is the table of a map.
func entries(m reflect.Value) *sheet {
	s := &sheet{head: []string{"key", "value"}, header: 1}
	keys := sortedKeys(m)
	var left, right []reflect.Value
	shown := viewRecords.of(len(keys))
	for _, i := range shown {
		if i != gap {
			left, right = append(left, keys[i]), append(right, m.MapIndex(keys[i]))
		}
	}
	s.add(left)
	s.add(right)
	s.cut(shown, len(keys), "entries")
	return s
}

// fields is the table of a struct.
func fields(v reflect.Value) *sheet {
	s := &sheet{head: []string{"field", "value"}, header: 1}
	var left, right []reflect.Value
	for i := range v.NumField() {
		left, right = append(left, reflect.ValueOf(v.Type().Field(i).Name)), append(right, v.Field(i))
	}
	s.add(left)
	s.add(right)
	return s
}
