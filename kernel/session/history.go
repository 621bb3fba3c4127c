package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/nabla-go/nabla/kernel/wire"
)

// An Entry is one cell of the history.
type Entry struct {
	Session int     `json:"session,omitempty"` // 1 is the first session of the file
	Line    int     `json:"line"`              // execution count
	Input   string  `json:"input"`
	Output  *string `json:"output,omitempty"` // text/plain of the result
	OK      bool    `json:"ok"`
	Asked   bool    `json:"asked,omitempty"` // it has taken input
}

const (
	// longestOutput is how much of a result is kept, its beginning.
	longestOutput = 64 << 10
	// mostPresent is how many bytes of this session are kept in memory; its
	// oldest cells are then in the file only.
	mostPresent = 64 << 20
)

// shortened is the entry as it is kept.
func (e Entry) shortened() Entry {
	if e.Output != nil && len(*e.Output) > longestOutput {
		text := (*e.Output)[:boundary(*e.Output, longestOutput)] + "…"
		e.Output = &text
	}
	return e
}

// size is roughly what the entry takes.
func (e Entry) size() int {
	n := len(e.Input)
	if e.Output != nil {
		n += len(*e.Output)
	}
	return n
}

// A record is one line of the history file. A session is known by its key;
// its number is the place of its first record among those of other sessions,
// so that several kernels may append at once.
type record struct {
	Key string `json:"key"`
	Entry
}

// History keeps inputs: those of this session in memory, all in an
// append-only file of one JSON object a line. A kernel that is killed loses
// nothing that was written; a line that was cut is skipped.
type History struct {
	path string // "" keeps nothing on disk
	key  string

	mu      sync.Mutex
	present []Entry
	size    int // of present
	file    *os.File
}

// NewHistory uses the file at the path, made with the first entry; "" keeps
// the session in memory only.
func NewHistory(path string) *History { return &History{path: path, key: wire.NewID()} }

// Add appends an entry. A file that cannot be written is given up.
func (h *History) Add(e Entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e = e.shortened()
	h.present = append(h.present, e)
	for h.size += e.size(); h.size > mostPresent && len(h.present) > 1; h.present = h.present[1:] {
		h.size -= h.present[0].size()
	}
	if h.path == "" {
		return
	}
	if h.file == nil {
		if os.MkdirAll(filepath.Dir(h.path), 0o700) != nil {
			h.path = ""
			return
		}
		f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			h.path = ""
			return
		}
		h.file = f
	}
	line, err := json.Marshal(record{h.key, e})
	if err != nil {
		return
	}
	// A line begins with a newline too: another kernel may have been killed
	// while it wrote.
	if _, err := fmt.Fprintf(h.file, "\n%s\n", line); err != nil {
		h.file.Close()
		h.file, h.path = nil, ""
	}
}

// Present lists the cells of this session.
func (h *History) Present() []Entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Entry(nil), h.present...)
}

// all lists every session with numbers, oldest first, and gives the number of
// this session.
func (h *History) all() (entries []Entry, current int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	numbers := map[string]int{}
	if f, err := os.Open(h.path); h.path != "" && err == nil {
		defer f.Close()
		lines := bufio.NewReader(f)
		for {
			line, err := lines.ReadBytes('\n')
			var r record
			if json.Unmarshal(line, &r) == nil && r.Key != "" && r.Key != h.key {
				if numbers[r.Key] == 0 {
					numbers[r.Key] = len(numbers) + 1
				}
				r.Session = numbers[r.Key]
				entries = append(entries, r.Entry)
			}
			if err != nil {
				break
			}
		}
	}
	current = len(numbers) + 1
	for _, e := range h.present {
		e.Session = current
		entries = append(entries, e)
	}
	return entries, current
}

// historyContent is what a history_request asks.
type historyContent struct {
	Output  bool   `json:"output"`
	Raw     bool   `json:"raw"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// accesses are the ways to ask for history.
var accesses = map[string]func(all []Entry, current int, c historyContent) []Entry{
	"tail":   func(all []Entry, _ int, c historyContent) []Entry { return last(all, c.N) },
	"range":  between,
	"search": search,
}

func history(r *request) func() {
	var c historyContent
	if !r.parse(&c) {
		return nil
	}
	lines := [][]any{}
	access, ok := accesses[c.Access]
	if ok && r.session.History != nil {
		all, current := r.session.History.all()
		for _, e := range access(all, current, c) {
			if c.Output {
				lines = append(lines, []any{e.Session, e.Line, []any{e.Input, e.Output}})
			} else {
				lines = append(lines, []any{e.Session, e.Line, e.Input})
			}
		}
	}
	r.reply(object{"history": lines})
	return nil
}

func last(all []Entry, n *int) []Entry {
	if n == nil || *n >= len(all) {
		return all
	}
	return all[len(all)-max(*n, 0):]
}

// between picks lines [start, stop) of one session: a positive number is that
// session, 0 the present one, -1 the one before it.
func between(all []Entry, current int, c historyContent) []Entry {
	session := c.Session
	if session <= 0 {
		session += current
	}
	var out []Entry
	for _, e := range all {
		if e.Session == session && e.Line >= c.Start && (c.Stop == nil || e.Line < *c.Stop) {
			out = append(out, e)
		}
	}
	return out
}

// search picks inputs that match a glob.
func search(all []Entry, _ int, c historyContent) []Entry {
	pattern := c.Pattern
	if pattern == "" {
		pattern = "*"
	}
	var out []Entry
	seen := map[string]int{}
	for _, e := range all {
		if !glob(pattern, e.Input) {
			continue
		}
		if at, dup := seen[e.Input]; c.Unique && dup {
			out[at].Line = -1
		}
		seen[e.Input] = len(out)
		out = append(out, e)
	}
	kept := out[:0]
	for _, e := range out {
		if e.Line >= 0 {
			kept = append(kept, e)
		}
	}
	return last(kept, c.N)
}

// glob matches * and ? over the whole text, newlines and slashes too.
func glob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// HistoryPath is where the history lies in a user's data folder.
func HistoryPath(dataDir string) string { return filepath.Join(dataDir, "history.jsonl") }
