package eval

import (
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/kernel/rt"
)

// The interpreter does not tell which line of a function has panicked. Lowered
// functions keep the line in a variable of type rt.Mark, and this file finds the
// variables: Go's traceback names the frame of each interpreted call by its
// address. That holds while the panic is under way, when all frames are alive.
// If another release of the interpreter or of Go has other words or fields,
// nothing is found, and a panic is told with the line of the cell alone.

func init() { rt.Walk = walk }

// interpreted is a call of the interpreter's loop in a traceback: its arguments
// are the node that it begins with and the frame.
var interpreted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/interp\.runCfg\(0x([0-9a-f]+), 0x([0-9a-f]+),`) })

// longestTrace bounds the text of a traceback.
const longestTrace = 1 << 16

var (
	nodeType  = fieldType(reflect.TypeFor[interp.Interpreter](), "roots", 1)
	frameType = fieldType(reflect.TypeFor[interp.Interpreter](), "frame", 1)
	markType  = reflect.TypeFor[rt.Mark]()
)

// fieldType is what a field of a struct points to, nil without such a field.
func fieldType(t reflect.Type, name string, pointers int) reflect.Type {
	f, ok := t.FieldByName(name)
	if !ok {
		return nil
	}
	t = f.Type
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for range pointers {
		if t.Kind() != reflect.Pointer {
			return nil
		}
		t = t.Elem()
	}
	return t
}

// walk gives the calls of lowered functions on the stack of the goroutine that
// calls, innermost first.
func walk() (calls []rt.Call) {
	defer func() {
		if recover() != nil { // a layout that this file does not know
			calls = nil
		}
	}()
	if frameType == nil {
		return nil
	}
	buf := make([]byte, longestTrace)
	buf = buf[:runtime.Stack(buf, false)]
	last := uintptr(0)
	for _, m := range interpreted().FindAllSubmatch(buf, -1) {
		at := address(m[2])
		if at == 0 || at == last {
			continue
		}
		last = at
		frame := object(at, frameType)
		v := newVariables(address(m[1]), frame)
		if mark, ok := v.mark(); ok {
			calls = append(calls, rt.Call{Mark: mark, Function: v.function(), Lookup: v.lookup})
		}
	}
	return calls
}

func address(hex []byte) uintptr {
	n, _ := strconv.ParseUint(string(hex), 16, 64) // 0 is no address
	return uintptr(n)
}

// object is what lies at an address that the traceback tells.
func object(at uintptr, t reflect.Type) reflect.Value {
	return reflect.NewAt(t, *(*unsafe.Pointer)(unsafe.Pointer(&at))).Elem()
}

// slots are the variables of a frame.
func slots(frame reflect.Value) []reflect.Value {
	return *(*[]reflect.Value)(unsafe.Pointer(frame.FieldByName("data").UnsafeAddr()))
}

// variables are those of one interpreted call.
type variables struct {
	def   reflect.Value // the node that defines the function
	frame reflect.Value
}

// newVariables is for a call that begins with the node.
func newVariables(node uintptr, frame reflect.Value) *variables {
	v := &variables{frame: frame}
	if nodeType == nil || node == 0 {
		return v
	}
	if scope := object(node, nodeType).FieldByName("scope"); !scope.IsNil() {
		if def := scope.Elem().FieldByName("def"); !def.IsNil() {
			v.def = def.Elem()
		}
	}
	return v
}

// mark is the place that the call has reached; ok is false when it has none.
func (v *variables) mark() (mark rt.Mark, ok bool) {
	for _, slot := range slots(v.frame) {
		if slot.IsValid() && slot.Type() == markType && slot.Int() != 0 {
			return rt.Mark(slot.Int()), true
		}
	}
	if !v.def.IsValid() {
		return 0, false
	}
	children := v.def.FieldByName("child")
	if children.Len() < 4 {
		return 0, false
	}
	statements := children.Index(3).Elem().FieldByName("child")
	for i := statements.Len() - 1; i >= 0; i-- {
		labelled := statements.Index(i).Elem().FieldByName("child")
		if labelled.Len() == 0 {
			continue
		}
		if mark, ok := rt.Labelled(labelled.Index(0).Elem().FieldByName("ident").String()); ok {
			return mark, true
		}
	}
	return 0, false
}

// function is the name of the function, "" for a literal.
func (v *variables) function() string {
	if !v.def.IsValid() {
		return ""
	}
	children := v.def.FieldByName("child")
	if children.Len() < 2 || children.Index(1).IsNil() {
		return ""
	}
	return children.Index(1).Elem().FieldByName("ident").String()
}

// lookup finds the variables whose lowered names are made of the name.
func (v *variables) lookup(name string) (values []reflect.Value) {
	defer func() {
		if recover() != nil { // as in walk
			values = nil
		}
	}()
	if !v.def.IsValid() {
		return nil
	}
	found := map[string]reflect.Value{}
	v.uses(v.def, name+"_", found)
	for _, use := range found {
		frame := v.frame
		for range use.FieldByName("level").Int() {
			frame = frame.FieldByName("anc").Elem()
		}
		values = append(values, slots(frame)[use.FieldByName("findex").Int()])
	}
	return values
}

// uses collects by name the nodes below a node that use variables made of a
// name, in this function alone.
func (v *variables) uses(node reflect.Value, prefix string, found map[string]reflect.Value) {
	ident := node.FieldByName("ident").String()
	if number, ok := strings.CutPrefix(ident, prefix); ok && isNumber(number) && node.FieldByName("findex").Int() >= 0 && !node.FieldByName("sym").IsNil() {
		scope := node.FieldByName("scope")
		if !scope.IsNil() && scope.Elem().FieldByName("def").Pointer() == v.def.Addr().Pointer() {
			found[ident] = node
		}
	}
	children := node.FieldByName("child")
	for i := range children.Len() {
		if c := children.Index(i); !c.IsNil() {
			v.uses(c.Elem(), prefix, found)
		}
	}
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}
