package cell

import (
	"regexp"
	"sync"
)

// A pattern is a regular expression that is compiled when it is first used: the
// tables hold hundreds, which a process that starts need not pay for.
type pattern func() *regexp.Regexp

func newPattern(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
