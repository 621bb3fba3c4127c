package lower

import (
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func fitsInt(v constant.Value) bool {
	if v.Kind() != constant.Int {
		return true
	}
	_, ok := constant.Int64Val(v)
	return ok
}

// A dispatcher is the function that calls a method by the dynamic type of its
// receiver.
type dispatcher struct {
	name, method string
	sig          *types.Signature
	text         string
	written      bool
}

// dispatcher gives the dispatcher of a method.
func (s *Session) dispatcher(method string, sig *types.Signature) *dispatcher {
	key := method + s.signature(sig)
	if d, ok := s.dispatch[key]; ok {
		return d
	}
	d := &dispatcher{name: s.fresh("call" + strings.TrimLeft(method, "_")), method: method, sig: sig, text: signatureText(sig)}
	put(s, s.dispatch, key, d)
	return d
}

// dispatchers writes the dispatchers of this cell: a switch over the types
// that are known now; others are found in their tables of methods.
func (s *Session) dispatchers() {
	for _, d := range s.descs {
		s.register(d)
	}
	var open []*dispatcher
	for _, d := range s.dispatch {
		if !d.written {
			open = append(open, d)
		}
	}
	if len(s.queue) > 0 || len(open) == 0 {
		return
	}
	for _, d := range open {
		d.written = true
		d := d
		s.undo = append(s.undo, func() { d.written = false })
		s.text = append(s.text, s.dispatchText(d))
	}
}

func (s *Session) dispatchText(d *dispatcher) string {
	var params, args, zero []string
	for i := range d.sig.Params().Len() {
		n := "a" + strconv.Itoa(i)
		params = append(params, n+" "+s.param(d.sig, i))
		if d.sig.Variadic() && i == d.sig.Params().Len()-1 {
			n += "..."
		}
		args = append(args, n)
		zero = append(zero, s.param(d.sig, i))
	}
	list := strings.Join(args, ", ")
	results := s.resultTypes(d.sig)
	ret := returns(d.sig)
	var b strings.Builder
	b.WriteString("func " + d.name + "(x interface{}" + comma(strings.Join(params, ", ")) + ")" + results + " {\n")
	var cases []string
	for _, t := range s.descs {
		if call, ok := s.direct(t, d, list); ok {
			end := "\n"
			if ret == "" {
				end = "\nreturn\n"
			}
			cases = append(cases, "case "+s.refer(t).expr()+":\n"+ret+call+end)
		}
	}
	if len(cases) > 0 {
		b.WriteString("b, ok := x.(" + Runtime + ".Box)\nif ok {\nswitch b.T {\n" + strings.Join(cases, "") + "}\n}\n")
	}
	proto := "func(interface{}" + comma(strings.Join(zero, ", ")) + ")" + results
	b.WriteString("v, f := " + Runtime + ".Find(x, " + strconv.Quote(d.method) + ", (" + proto + ")(nil))\n")
	b.WriteString(ret + "f.(" + proto + ")(v" + comma(list) + ")\n}\n")
	return b.String()
}

// direct is the call of a lowered method for values of type t.
func (s *Session) direct(t *desc, d *dispatcher, args string) (string, bool) {
	if t.rt.Methods[d.method] != d.text {
		return "", false
	}
	n, ok := s.isOwn(deref(t.typ))
	if !ok || isInterface(t.typ) {
		return "", false
	}
	m, path := methodOf(t.typ, n, d.method)
	if m == nil {
		return "", false
	}
	f := s.loose(nil)
	text := "b.V"
	if !s.isOpaque(t.typ) {
		text = "b.V.(" + s.goType(t.typ) + ")"
	}
	text, typ := f.walk(text, t.typ, path[:len(path)-1])
	to := f.resolve(typ, m)
	if to.pointer {
		if _, isPointer := typ.Underlying().(*types.Pointer); !isPointer {
			return "", false // not addressable here; the table has it
		}
	}
	return f.callMethod(text, typ, to, args), true
}

func methodOf(t types.Type, n *types.Named, name string) (*types.Func, []int) {
	obj, path, _ := types.LookupFieldOrMethod(t, false, n.Obj().Pkg(), name)
	m, _ := obj.(*types.Func)
	return m, path
}

// describeMethods notes the method set of a type.
func (s *Session) describeMethods(d *desc) {
	set := types.NewMethodSet(d.typ)
	if set.Len() == 0 {
		return
	}
	d.rt.Methods = map[string]string{}
	for sel := range set.Methods() {
		d.rt.Methods[sel.Obj().Name()] = signatureText(sel.Type().(*types.Signature))
	}
}

// register gives the run-time Type its methods as functions.
func (s *Session) register(d *desc) {
	if s.registered[d] || isInterface(d.typ) || s.isPlain(d.typ) {
		return
	}
	put(s, s.registered, d, true)
	f := s.loose(nil)
	typ := s.goType(d.typ)
	if _, ok := d.typ.Underlying().(*types.Pointer); ok {
		s.refer(d)
		s.late = append(s.late, Runtime+".Canon("+d.expr()+", ("+typ+")(nil))")
	}
	set := types.NewMethodSet(d.typ)
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		sig := s.substitute(sel.Type(), nil).(*types.Signature)
		params, args := f.parameters(sig)
		open := "v.(" + typ + ")"
		if s.isOpaque(d.typ) {
			open = "v"
		}
		path := sel.Index()
		text, t := f.walk("x", d.typ, path[:len(path)-1])
		call := f.callMethod(text, t, f.resolve(t, m), args)
		name := s.fresh("method")
		s.text = append(s.text, "func "+name+"(v interface{}"+comma(params)+")"+s.resultTypes(sig)+" {\nx := "+open+"\n"+returns(sig)+call+"\n}\n")
		s.late = append(s.late, Runtime+".Register("+s.refer(d).expr()+", "+strconv.Quote(m.Name())+", "+name+")")
	}
}
