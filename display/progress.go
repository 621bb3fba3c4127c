package display

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"time"
)

// A Bar shows how far a long computation has come. It is drawn again at most
// ten times a second, and may be used from any goroutine.
type Bar struct {
	mu     sync.Mutex
	label  string
	total  int
	done   int
	start  time.Time
	drawn  time.Time
	handle *Handle
}

const (
	barWidth = 30
	redraw   = 100 * time.Millisecond
)

// Progress shows a bar at 0 of total steps. A total of 0 or less is unknown:
// the bar then only counts.
func Progress(label string, total int) *Bar {
	b := &Bar{label: label, total: total, start: time.Now(), drawn: time.Now()}
	b.handle = Show(b)
	return b
}

// IsHandle tells an evaluator that a bar is no result: it is shown already.
func (*Bar) IsHandle() {}

// Add goes n steps on.
func (b *Bar) Add(n int) { b.change(func() { b.done += n }) }

// Set says how many steps are done.
func (b *Bar) Set(done int) { b.change(func() { b.done = done }) }

// Label changes the text before the bar.
func (b *Bar) Label(label string) { b.change(func() { b.label = label }) }

// Each counts the steps 0, 1, ..., total-1 and moves the bar after each:
// for i := range bar.Each() { ... }. A loop that ends early leaves the bar
// where it was.
func (b *Bar) Each() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range b.total {
			if !yield(i) {
				b.Draw()
				return
			}
			b.Add(1)
		}
	}
}

// change applies f and draws the bar if it is time to, or the end is reached.
func (b *Bar) change(f func()) {
	b.mu.Lock()
	f()
	due := time.Since(b.drawn) >= redraw || b.total > 0 && b.done >= b.total
	if due {
		b.drawn = time.Now()
	}
	b.mu.Unlock()
	if due {
		b.handle.Update(b)
	}
}

// Draw draws the bar now.
func (b *Bar) Draw() { b.handle.Update(b) }

// parts is the share that is done and what is written after the bar. The time
// that is left is said only while it runs: a finished bar is always the same.
func (b *Bar) parts() (share float64, after string) {
	if b.total <= 0 {
		return 0, fmt.Sprint(b.done)
	}
	share = min(max(float64(b.done)/float64(b.total), 0), 1)
	after = fmt.Sprintf("%3.0f %% %d/%d", 100*share, b.done, b.total)
	if elapsed := time.Since(b.start); share > 0 && share < 1 && elapsed > time.Second {
		left := time.Duration(float64(elapsed) * (1 - share) / share)
		after += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return share, after
}

// MIMEBundle draws the bar as HTML and as text.
func (b *Bar) MIMEBundle() Bundle {
	b.mu.Lock()
	defer b.mu.Unlock()
	share, after := b.parts()
	full := int(share * barWidth)
	text := strings.Repeat("━", full) + strings.Repeat("╌", barWidth-full)
	element := fmt.Sprintf(`<progress max="1" value="%.4g" style="width: 24em"></progress>`, share)
	if b.total <= 0 {
		text, element = "", ""
	}
	return Bundle{Data: map[string]any{
		MIMEText: strings.Join(strings.Fields(b.label+" "+text+" "+after), " "),
		MIMEHTML: fmt.Sprintf(`<div style="font-variant-numeric: tabular-nums">%s %s %s</div>`,
			html.EscapeString(b.label), element, html.EscapeString(after)),
	}}
}
