package rt

import (
	"sync"
	"time"
)

// A Profile counts how often the lines of cells were reached and how long it
// took until the next one was: what a line calls counts for the line, but for
// functions of cells, whose lines have counts of their own. The goroutines of a
// cell share it.
type Profile struct {
	mu    sync.Mutex
	lines map[Mark]*Line
	at    *Line
	since time.Time
}

// A Line is what was counted of one line.
type Line struct {
	Hits int
	Time time.Duration
}

// profile is the one that runs, nil for none.
var profile struct {
	sync.RWMutex
	*Profile
}

// StartProfile makes a profile the one that At counts in.
func StartProfile() *Profile {
	p := &Profile{lines: map[Mark]*Line{}, since: time.Now()}
	profile.Lock()
	defer profile.Unlock()
	profile.Profile = p
	return p
}

// Stop ends the profile and gives its lines by place.
func (p *Profile) Stop() map[Mark]*Line {
	profile.Lock()
	defer profile.Unlock()
	if profile.Profile == p {
		profile.Profile = nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.charge(time.Now())
	return p.lines
}

// charge adds the time since the last line to it.
func (p *Profile) charge(now time.Time) {
	if p.at != nil {
		p.at.Time += now.Sub(p.since)
	}
	p.since = now
}

// At notes that a line begins to run.
func At(place int) {
	profile.RLock()
	p := profile.Profile
	profile.RUnlock()
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.charge(time.Now())
	line := p.lines[Mark(place)]
	if line == nil {
		line = &Line{}
		p.lines[Mark(place)] = line
	}
	line.Hits++
	p.at = line
	p.since = time.Now()
}
