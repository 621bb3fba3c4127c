package rt

// Present gives the value as package reflect should see it.
func Present(v any) any {
	if b, ok := Unwrap(v).(Box); ok {
		return b.V
	}
	return v
}

// Shown is the value as the display shows it: a struct and its like as a person
// wrote them, numbers and strings of named types as what they are.
func (b Box) Shown() any { return b }
