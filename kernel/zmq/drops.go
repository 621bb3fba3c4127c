package zmq

import (
	"fmt"
	"sync/atomic"
)

// A drop is a reason for which something from or to a client was dropped.
type drop int

const (
	dropHandshake drop = iota
	dropMalformed
	dropForged
	dropReplayed
	dropOversized
	dropUnknownClient
	dropSlowText
	dropSlowClient
	drops
)

// dropNames say each reason as in the log.
var dropNames = [drops]string{
	dropHandshake:     "connections that did not speak ZMTP or fell silent",
	dropMalformed:     "malformed messages",
	dropForged:        "messages with a wrong signature",
	dropReplayed:      "messages that came twice",
	dropOversized:     "connections that sent a message beyond the limit",
	dropUnknownClient: "replies to clients that have gone",
	dropSlowText:      "stretches of printed text for clients that read too slowly",
	dropSlowClient:    "clients that stopped reading",
}

// counters count what was dropped. Of a reason the 1st, 2nd, 4th, 8th, ... time
// is logged, so that no flood of bad messages becomes a flood of lines.
type counters struct {
	count [drops]atomic.Int64
	log   func(line string)
}

func (c *counters) add(d drop) {
	n := c.count[d].Add(1)
	if c.log != nil && n&(n-1) == 0 {
		c.log(fmt.Sprintf("dropped so far: %d %s", n, dropNames[d]))
	}
}

// Dropped counts, by reason, what was not accepted or could not be delivered.
func (s *Server) Dropped() map[string]int64 {
	out := map[string]int64{}
	for d, name := range dropNames {
		if n := s.drops.count[d].Load(); n > 0 {
			out[name] = n
		}
	}
	return out
}
