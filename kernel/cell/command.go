package cell

// A Text is what a person reads, in both languages.
type Text struct{ En, Zh string }

// In is the text in a language, "zh" or "en".
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.Zh
	}
	return t.En
}

// Takes says what stands behind the name of a magic.
type Takes uint8

// The kinds of argument.
const (
	Nothing Takes = iota
	Files
	GoCode
	Expression // of matcalc, with wrt, where and options
	MagicName
	Variable // of the environment
	Values   // one of Words
)

// A Command describes one magic: a row of the table that %help prints, that
// completion offers and that an unknown name is compared with.
type Command struct {
	Name  string   // without the percent sign
	Alias []string // other names of the same magic
	Usage string   // as it is typed, with its arguments
	Help  Text     // one line
	More  Text     // what else there is to know, with an example; may be empty
	Takes Takes    // what completion offers behind the name
	Words []string // the values when it takes words
	// Answer runs a magic that needs nothing of the interpreter. It calls show
	// with each part of its answer: a string is printed, any other value shown.
	Answer func(m Magic, show func(any)) error
}

// Named tells whether the command goes by a name.
func (c Command) Named(name string) bool {
	if c.Name == name {
		return true
	}
	for _, a := range c.Alias {
		if a == name {
			return true
		}
	}
	return false
}
