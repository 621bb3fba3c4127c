package compile

import (
	"fmt"
	"slices"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// join puts steps that sweep the same rows together where that saves memory
// traffic. What they need comes before, all other steps after them.
func join(steps []step) []step {
	moved := map[int]int{} // numbers that the sweeps of a height move
	for _, s := range steps {
		if s.sweep != nil {
			for _, a := range s.sweep.rows {
				moved[s.sweep.height] += a.size()
			}
		}
	}
	var out []step
	for len(steps) > 0 {
		if s := steps[0].sweep; s != nil && moved[s.height] >= joinWords {
			if g := gather(steps); g.saved() >= joinWords {
				out = append(append(out, join(g.before)...), g.joined())
				steps = g.after
				continue
			}
		}
		out = append(out, steps[0])
		steps = steps[1:]
	}
	return out
}

// An access is what the steps of a group have done with a memory.
type access struct {
	readRows, readWhole   int
	wroteRows, wroteWhole int  // whole: it adds up
	made                  bool // by a member: nothing was there before
	read, written         bool // by steps that come after the group
}

// A group is a first step with those that can be done in the same sweep.
type group struct {
	height                 int
	members, before, after []step
	access                 map[*memory]*access
}

// A placed step knows where it was.
type placed struct {
	step
	at int
}

// gather sorts the steps by what they have to do with the first.
func gather(steps []step) *group {
	g := &group{height: steps[0].sweep.height, access: map[*memory]*access{}}
	var apart, after []placed
	for i, s := range steps {
		switch {
		case !g.waits(s) && g.fits(s):
			g.members = append(g.members, s)
			if out := g.of(s.out); *out == (access{}) {
				out.made = !s.sweep.adds
			}
			for _, a := range s.read {
				if s.sweep.byRows(a.mem) {
					g.of(a).readRows++
				} else {
					g.of(a).readWhole++
				}
			}
			if s.sweep.addsUp() {
				g.of(s.out).wroteWhole++
			} else {
				g.of(s.out).wroteRows++
			}
		case !g.waits(s) && g.apart(s):
			apart = append(apart, placed{s, i})
		default:
			after = append(after, placed{s, i})
			for _, a := range s.read {
				g.of(a).read = true
			}
			g.of(s.out).written = true
		}
	}
	g.divide(apart, after)
	return g
}

// divide sends the steps that have nothing to do with the members before them
// where they are needed, and after them where not.
func (g *group) divide(apart, after []placed) {
	needed, written := map[*memory]bool{}, map[*memory]bool{}
	for _, s := range g.members {
		needed[s.out.mem] = true // it may add to what is there
		for _, a := range s.read {
			needed[a.mem] = true
		}
	}
	for _, s := range slices.Backward(apart) {
		if !needed[s.out.mem] && !slices.ContainsFunc(s.read, func(a *array) bool { return written[a.mem] }) {
			after = append(after, s)
			continue
		}
		g.before = append(g.before, s.step)
		written[s.out.mem] = true
		for _, a := range s.read {
			needed[a.mem] = true
		}
	}
	slices.Reverse(g.before)
	slices.SortFunc(after, func(a, b placed) int { return a.at - b.at })
	for _, s := range after {
		g.after = append(g.after, s.step)
	}
}

func (g *group) of(a *array) *access {
	if g.access[a.mem] == nil {
		g.access[a.mem] = &access{}
	}
	return g.access[a.mem]
}

// waits reports a step that needs, or changes, what steps after the group write
// or read.
func (g *group) waits(s step) bool {
	out := g.of(s.out)
	return out.read || out.written || slices.ContainsFunc(s.read, func(a *array) bool { return g.of(a).written })
}

// apart reports a step that has nothing to do with what the group writes, and
// changes nothing that it reads.
func (g *group) apart(s step) bool {
	out := g.of(s.out)
	return out.readRows+out.readWhole+out.wroteRows+out.wroteWhole == 0 && !slices.ContainsFunc(s.read, func(a *array) bool {
		return g.of(a).wroteRows+g.of(a).wroteWhole > 0
	})
}

// fits reports a step that may take each panel after the members have.
func (g *group) fits(s step) bool {
	if s.sweep == nil || s.sweep.height != g.height {
		return false
	}
	for _, a := range s.read {
		if at := g.of(a); at.wroteWhole > 0 || at.wroteRows > 0 && !s.sweep.byRows(a.mem) {
			return false
		}
	}
	out := g.of(s.out)
	if s.sweep.addsUp() { // begins before all members, ends after them
		return s.sweep.adds || *out == access{}
	}
	return out.readWhole == 0 && (out.wroteWhole == 0 || s.sweep.adds)
}

// saved is how many numbers the join need not move through memory.
func (g *group) saved() (words int) {
	for m, at := range g.access {
		if times := at.readRows + at.wroteRows; times > 1 {
			words += (times - 1) * m.size
		}
	}
	return words
}

// joined is the group as one step.
func (g *group) joined() step {
	width := 1
	for _, s := range g.members {
		for _, a := range s.sweep.rows {
			width = max(width, a.size()/g.height)
		}
	}
	rows := max(panelRows, panelWords/width/panelRows*panelRows)
	share := (g.height + lanes - 1) / lanes
	share = (share + panelRows - 1) / panelRows * panelRows
	lane := func(i int) {
		for from := i * share; from < min(g.height, (i+1)*share); from += rows {
			p := panel{g.height, from, min(g.height, (i+1)*share, from+rows), i}
			for k := range g.members {
				g.members[k].sweep.part(p)
			}
		}
	}
	s := step{name: fmt.Sprintf("one sweep over %d rows", g.height), out: g.members[len(g.members)-1].out, members: g.members, strips: map[*memory]int{}}
	for m, at := range g.access {
		if at.made && at.wroteWhole+at.readWhole == 0 && !m.fixed {
			s.strips[m] = (min(rows, share)*m.size/g.height + 7) / 8 * 8
		}
	}
	for _, m := range g.members {
		s.flops += m.flops
		s.bytes += m.bytes
		s.read = append(append(s.read, m.out), m.read...)
	}
	s.bytes -= 8 * float64(g.saved())
	s.run = func() error {
		for k := range g.members {
			if begin := g.members[k].sweep.begin; begin != nil {
				begin()
			}
		}
		blas.Parallel(lanes, lane)
		for k := range g.members {
			if end := g.members[k].sweep.end; end != nil {
				end()
			}
		}
		return nil
	}
	return s
}

// strip lets what no other step needs exist a panel at a time.
func strip(steps []step) {
	users := map[*memory]int{}
	for _, s := range steps {
		seen := map[*memory]bool{}
		for _, a := range append([]*array{s.out}, s.read...) {
			if !seen[a.mem] {
				seen[a.mem] = true
				users[a.mem]++
			}
		}
	}
	for _, s := range steps {
		for m, words := range s.strips {
			if users[m] == 1 {
				m.strip = words
			}
		}
	}
}
