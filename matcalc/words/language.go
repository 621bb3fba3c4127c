package words

import (
	"os"
	"strings"
	"sync/atomic"
)

var language atomic.Value

// SetLanguage chooses the language that people read: "zh" or "en"; "" is that
// of the environment variable LANG.
func SetLanguage(lang string) { language.Store(lang) }

// Language is the one chosen, or that of LANG.
func Language() string {
	if l, ok := language.Load().(string); ok && l != "" {
		return l
	}
	if strings.HasPrefix(os.Getenv("LANG"), "zh") {
		return "zh"
	}
	return "en"
}
