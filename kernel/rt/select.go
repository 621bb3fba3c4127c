package rt

import "reflect"

// The kinds of clauses that Select knows.
const (
	Send      = 's' // operands: the channel, a pointer to the value
	Receive   = 'r' // operands: the channel, a pointer to where the value goes
	Discard   = 'd' // operand: the channel
	Otherwise = 'o' // the default clause, without operands
)

// Select is the statement: clauses has one kind for each clause. It gives the
// number of the clause that was chosen, and whether its value was sent to the
// channel rather than received because the channel is closed. It ends with -1
// when over is closed.
func Select(over <-chan struct{}, clauses string, operands ...any) (chosen int, ok bool) {
	cases := make([]reflect.SelectCase, len(clauses), len(clauses)+1)
	targets := make([]reflect.Value, len(clauses))
	waits := true
	next := func() reflect.Value {
		v := reflect.ValueOf(operands[0])
		operands = operands[1:]
		return v
	}
	for i := range cases {
		switch clauses[i] {
		case Otherwise:
			cases[i].Dir, waits = reflect.SelectDefault, false
		case Send:
			cases[i] = reflect.SelectCase{Dir: reflect.SelectSend, Chan: next(), Send: next().Elem()}
		case Receive:
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: next()}
			targets[i] = next().Elem()
		case Discard:
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: next()}
		}
	}
	if waits {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(over)})
	}
	chosen, value, ok := reflect.Select(cases)
	if chosen == len(clauses) {
		return -1, false
	}
	if targets[chosen].IsValid() {
		targets[chosen].Set(value)
	}
	return chosen, ok
}
