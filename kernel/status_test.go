package kernel

import "testing"

func TestUsageString(t *testing.T) {
	for want, u := range map[string]usage{
		"process 7, 33 MB, nothing dropped":                           {PID: 7, Memory: 33 << 20},
		"process 7, 1 MB, dropped: 2 forged messages; 1 slow clients": {PID: 7, Memory: 1 << 20, Dropped: map[string]int64{"slow clients": 1, "forged messages": 2}},
		"process 8, 0 MB, dropped: 5 connections that did not speak":  {PID: 8, Dropped: map[string]int64{"connections that did not speak": 5}},
	} {
		if got := u.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
