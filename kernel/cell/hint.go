package cell

import (
	"slices"
	"strings"
)

// A hint is a row of the table: where a person who is new to Go or to notebooks
// stumbles, and how to go on. Message is matched against the compiler's words,
// Line against the line of the fault; an empty one always fits. Groups named in
// the patterns may be used in the texts as {name}.
type hint struct {
	name          string
	message, line pattern
	text          Text
	// fill adds more names for the texts; false says that the row does not fit.
	fill func(groups map[string]string, around Surroundings) bool
}

// Surroundings are what hints know of the session.
type Surroundings struct {
	Names     []string // what lives, packages and predeclared names
	IsPackage func(name string) bool
	IsLive    func(name string) bool
	Members   func(pkg string) []string // what a package exports
	Fields    func(typ string) []string // the fields and methods of a live type
}

// Hint gives the hint for one fault of a cell in a language, "" where there is
// none.
func Hint(code string, fault Error, around Surroundings, language string) string {
	line := ""
	if lines := strings.Split(code, "\n"); fault.Line > 0 && fault.Line <= len(lines) {
		line = strings.TrimSpace(lines[fault.Line-1])
	}
	for _, h := range hints {
		groups := map[string]string{}
		if !matched(h.message, fault.Message, groups) || !matched(h.line, line, groups) {
			continue
		}
		if h.fill != nil && !h.fill(groups, around) {
			continue
		}
		return expanded(h.text.In(language), groups)
	}
	return ""
}

// PanicHint gives the hint for the message of a run-time panic, "" where there is
// none.
func PanicHint(message, language string) string {
	for _, h := range panicHints {
		if groups := map[string]string{}; matched(h.message, message, groups) {
			return expanded(h.text.In(language), groups)
		}
	}
	return ""
}

// matched tells whether the pattern fits and keeps its named groups.
func matched(p pattern, text string, groups map[string]string) bool {
	if p == nil {
		return true
	}
	m := p().FindStringSubmatch(text)
	if m == nil {
		return false
	}
	for i, name := range p().SubexpNames() {
		if name != "" {
			groups[name] = strings.TrimSpace(m[i])
		}
	}
	return true
}

func expanded(text string, groups map[string]string) string {
	for name, value := range groups {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// row makes a hint of its patterns.
func row(name, message, line, en, zh string) hint {
	h := hint{name: name, text: Text{En: en, Zh: zh}}
	if message != "" {
		h.message = newPattern(message)
	}
	if line != "" {
		h.line = newPattern(line)
	}
	return h
}

func (h hint) with(fill func(map[string]string, Surroundings) bool) hint {
	h.fill = fill
	return h
}

// nearName finds a known name like {name}, as {near}.
func nearName(groups map[string]string, around Surroundings) bool {
	name := groups["name"]
	for _, n := range around.Names {
		if n != name && strings.EqualFold(n, name) {
			groups["near"] = n
			return true
		}
	}
	if len(around.Names) == 0 || len(name) < 3 {
		return false
	}
	near := Nearest(name, around.Names, 1)[0]
	groups["near"] = near
	return Edits(name, near) <= 1+len(name)/5 && near != name
}

// nearMember finds a member of the package {pkg} like {name}, as {near}.
func nearMember(groups map[string]string, around Surroundings) bool {
	if around.Members == nil {
		return false
	}
	return nearName(groups, Surroundings{Names: around.Members(groups["pkg"])})
}

// mostFields is how many fields and methods a hint lists.
const mostFields = 6

// nearField finds the field or method of a live type that was meant, or lists
// what there is, as {near} of the type {owner}.
func nearField(groups map[string]string, around Surroundings) bool {
	typ, name := groups["type"]+groups["of"], groups["name"]+groups["field"]
	if around.Fields == nil {
		return false
	}
	have := around.Fields(typ)
	if len(have) == 0 {
		return false
	}
	groups["owner"], groups["near"] = typ, strings.Join(have[:min(len(have), mostFields)], ", ")
	if near := Nearest(name, have, 1)[0]; Edits(strings.ToLower(name), strings.ToLower(near)) <= 1+len(name)/4 {
		groups["near"] = near
	}
	return true
}

// common are the packages that a bare name is looked for in, the likely ones
// first.
var common = []string{"fmt", "math", "strings", "strconv", "os", "time", "errors", "sort", "slices", "maps", "mat", "floats", "stat", "matcalc", "display", "plot", "rand", "json", "http", "regexp", "sync", "io"}

// exporter finds the package that has {name}, as {near}.
func exporter(groups map[string]string, around Surroundings) bool {
	if around.Members == nil {
		return false
	}
	for _, pkg := range common {
		if slices.Contains(around.Members(pkg), groups["name"]) {
			groups["near"] = pkg + "." + groups["name"]
			return true
		}
	}
	return false
}

// shadows tells that {name} is a live name that hides a package.
func shadows(groups map[string]string, around Surroundings) bool {
	return around.IsPackage != nil && around.IsPackage(groups["name"]) && around.IsLive != nil && around.IsLive(groups["name"])
}

// translated looks {name} up in a table of words, as {go}.
func translated(words map[string]string) func(map[string]string, Surroundings) bool {
	return func(groups map[string]string, _ Surroundings) bool {
		word, ok := words[groups["name"]]
		groups["go"] = word
		return ok
	}
}
