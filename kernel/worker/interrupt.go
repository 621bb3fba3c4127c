package worker

import "time"

const (
	// together is the time within which interrupts count as one.
	together = 400 * time.Millisecond
	// patience is how long a cell may take to end after an interrupt before the
	// person is told about the second one.
	patience = time.Second
	// unresponsive is how long a worker may take to answer an interrupt. Its
	// reader does nothing else, so that a worker which is only busy answers. The
	// time is counted in ticks: a kernel that was itself not run for a while does
	// not take that for the worker's silence.
	unresponsive = 4 * time.Second
	tick         = 100 * time.Millisecond
)

// interrupt asks the cells that run to end. A worker that does not answer, or
// whose cells run on in spite of an earlier interrupt, is replaced.
func (l *life) interrupt() {
	now := time.Now()
	l.mu.Lock()
	running, again := 0, false
	for _, c := range l.calls {
		if c.out == nil {
			continue
		}
		running++
		switch {
		case c.interrupted.IsZero():
			c.interrupted = now
		case now.Sub(c.interrupted) >= together:
			again = true
		}
	}
	l.mu.Unlock()
	switch {
	case running == 0:
	case again:
		l.kill("a second interrupt found the cell still running")
	default:
		go l.cooperate(now)
	}
}

// cooperate sends the interrupt and waits for the answer.
func (l *life) cooperate(since time.Time) {
	answered := make(chan struct{})
	go func() {
		for range unresponsive / tick {
			select {
			case <-answered:
				return
			case <-time.After(tick):
			}
		}
		l.kill("it did not answer an interrupt for " + unresponsive.String())
	}()
	l.do(&call{kind: kindInterrupt}, nil)
	close(answered)
	time.Sleep(patience)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.calls {
		if c.out != nil && c.interrupted.Equal(since) {
			go c.out.Stream("stderr", "The interrupt has not ended this cell yet. Another one replaces the process that runs it, and all values are lost.\n")
		}
	}
}
