package zmq

import (
	"strings"
	"testing"
	"time"
)

// TestDeafSubscribers publishes printed text to many that never read: together
// they get no more room than two of them alone.
func TestDeafSubscribers(t *testing.T) {
	f := tcp(t)
	var peers []*Peer
	for range 8 {
		p := f.dial(t, f.c.IOPubPort, "SUB", "")
		if err := p.Subscribe(""); err != nil {
			t.Fatal(err)
		}
		f.receive(t, p)
		peers = append(peers, p)
	}
	guard, most := f.iopub.guard, int64(0)
	content := `{"name":"stdout","text":"` + strings.Repeat("x", 1<<20) + `"}`
	for range 16 {
		f.publish("stream", "", content)
		most = max(most, guard.waiting.Load())
	}
	room := int64(guard.all()[0].out.room)
	if most > (together+1)*room {
		t.Errorf("%d MB waited, in rooms of %d", most>>20, room>>20)
	}
	for _, p := range peers {
		p.Close()
	}
	for end := time.Now().Add(patience); guard.waiting.Load() > 0 || guard.present.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes wait for %d clients that have gone", guard.waiting.Load(), guard.present.Load())
		}
	}
	f.works(t)
}
