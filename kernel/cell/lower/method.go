package lower

import (
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
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
	slices.SortFunc(open, func(a, b *dispatcher) int { return strings.Compare(a.name, b.name) })
	for _, d := range open {
		d.written = true
		s.undo = append(s.undo, func() { d.written = false })
		s.text = append(s.text, s.dispatchText(d))
	}
}

func (s *Session) dispatchText(d *dispatcher) string {
	var params, args []string
	for i := range d.sig.Params().Len() {
		n := "a" + strconv.Itoa(i)
		params = append(params, n+" "+s.param(d.sig, i))
		if d.sig.Variadic() && i == d.sig.Params().Len()-1 {
			n += "..."
		}
		args = append(args, n)
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
		b.WriteString("t, v := " + Runtime + ".Split(x)\nswitch t {\n" + strings.Join(cases, "") + "}\n_ = v\n")
	}
	find, call := s.find("x", "p", "f", d.method, d.sig)
	other := find + "\n" + ret + call(list) + "\n}\n"
	if len(cases) == 0 {
		return b.String() + other
	}
	// The variables of what is seldom needed would cost every call.
	seldom := s.fresh("find" + d.method)
	b.WriteString(ret + seldom + "(x" + comma(list) + ")\n}\n")
	return b.String() + "func " + seldom + "(x interface{}" + comma(strings.Join(params, ", ")) + ")" + results + " {\n" + other
}

// find gives the statement that finds a method of the value x, as the variables p
// and f, and its call with arguments.
func (s *Session) find(x, p, f, method string, sig *types.Signature) (statement string, call func(args string) string) {
	var params []string
	for i := range sig.Params().Len() {
		params = append(params, s.param(sig, i))
	}
	proto := "func(" + s.alias(types.Unsafe) + ".Pointer" + comma(strings.Join(params, ", ")) + ")" + s.resultTypes(sig)
	statement = p + ", " + f + " := " + Runtime + ".Find(" + x + ", " + strconv.Quote(method) + ", (" + proto + ")(nil))"
	return statement, func(args string) string { return f + ".(" + proto + ")(" + p + comma(args) + ")" }
}

// direct is the call of a lowered method for values of type t.
func (s *Session) direct(t *desc, d *dispatcher, args string) (string, bool) {
	if !t.rt.Has(d.method, d.text) {
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
	text := "x"
	if !s.isOpaque(t.typ) {
		text = s.view("v", t.typ)
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

// describeMethods notes the method set of a type, and that of the pointer to it
// for a type that has methods of its own.
func (s *Session) describeMethods(d *desc) {
	var exported []rt.Method
	own := methodTexts(types.NewMethodSet(d.typ))
	ofPtr := own
	if s.hasMethods(d.typ) {
		set := s.methodSet(d.typ)
		ofPtr = methodTexts(set)
		for sel := range set.Methods() {
			name := sel.Obj().Name()
			if !sel.Obj().Exported() {
				continue
			}
			_, value := own[name]
			exported = append(exported, rt.Method{Name: name, Pointer: !value, Type: s.desc(withoutReceiver(sel)).rt})
		}
	}
	d.own, d.ofPtr = len(own), len(ofPtr)
	d.rt.SetMethods(own, ofPtr, exported)
}

func withoutReceiver(sel *types.Selection) *types.Signature {
	sig := sel.Type().(*types.Signature)
	return types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
}

func methodTexts(set *types.MethodSet) map[string]string {
	out := map[string]string{}
	for sel := range set.Methods() {
		out[sel.Obj().Name()] = signatureText(sel.Type().(*types.Signature))
	}
	return out
}

// hasMethods tells a type that may have methods, its own or those of what it
// embeds: a declared type or a struct. A pointer to an opaque type is no pointer
// to what compiled packages see, so its methods are apart.
func (s *Session) hasMethods(t types.Type) bool {
	if isInterface(t) {
		return false
	}
	if s.pointsToOpaque(t) {
		return true
	}
	_, named := t.(*types.Named)
	_, structure := t.Underlying().(*types.Struct)
	_, pointer := t.Underlying().(*types.Pointer)
	return (named || structure) && !pointer
}

func (s *Session) pointsToOpaque(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && s.isOpaque(p.Elem())
}

// methodSet has the methods that are kept with a type: those of pointers to it.
func (s *Session) methodSet(t types.Type) *types.MethodSet {
	if s.isOpaque(t) || s.pointsToOpaque(t) {
		return types.NewMethodSet(t)
	}
	return types.NewMethodSet(types.NewPointer(t))
}

// register gives the run-time Type what the interpreter knows of it: its own
// type, and the methods as functions of a pointer to the value.
func (s *Session) register(d *desc) {
	if s.registered[d] || isInterface(d.typ) || d.rt.Exact {
		return
	}
	put(s, s.registered, d, true)
	typ := s.goType(d.typ)
	if s.isOpaque(d.typ) {
		typ = s.goType(d.typ.Underlying())
	}
	define := s.refer(d).expr() + ", (*" + typ + ")(nil)"
	if s.hasMethods(d.typ) {
		for sel := range s.methodSet(d.typ).Methods() {
			if !sel.Obj().Exported() && !s.own(sel.Obj().Pkg()) {
				continue // of a compiled type that is embedded: no code here can call it
			}
			define += ", " + strconv.Quote(sel.Obj().Name()) + ", " + s.methodFunc(d, typ, sel)
		}
	}
	s.defines = append(s.defines, define)
}

// methodFunc writes a method as a function of a pointer to the value.
func (s *Session) methodFunc(d *desc, typ string, sel *types.Selection) string {
	f := s.loose(nil)
	sig := s.substitute(withoutReceiver(sel), nil).(*types.Signature)
	params, args := f.parameters(sig)
	text, t := "x", types.Type(types.NewPointer(d.typ))
	switch {
	case s.isOpaque(d.typ):
		text, t = s.close("*x", d.typ), d.typ
	case s.pointsToOpaque(d.typ):
		text, t = "(*x)", d.typ
	}
	path := sel.Index()
	text, t = f.walk(text, t, path[:len(path)-1])
	call := f.callMethodIn(claim, text, t, f.resolve(t, sel.Obj().(*types.Func)), args)
	name := s.fresh("method")
	s.text = append(s.text, "func "+name+"(x *"+typ+comma(params)+")"+s.resultTypes(sig)+" {\n"+returns(sig)+call+"\n}\n")
	return name
}
