package kerneltest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// crowding are the lines about many clients and load.
var crowding = map[string]func(*testing.T){
	"K01": func(t *testing.T) {
		k := launch(t)
		a, b := k.client(), k.client()
		d := a.OK(`fmt.Print("x"); 1`)
		if got, want := Types(b.UntilIdle(d.ID)), Types(d.IOPub); got != want {
			t.Errorf("%s and %s", got, want)
		}
		b.Quiet(session.Shell, 20*time.Millisecond, Any)
	},
	"K02": func(t *testing.T) {
		k := launch(t)
		var wg sync.WaitGroup
		for i := range 50 {
			c := k.client()
			wg.Go(func() {
				for j := range 20 {
					id := c.Start(fmt.Sprint(i*100 + j))
					if m, err := c.Find(session.Shell, 2*Patience, func(m *Message) bool { return m.Parent == id }); err != nil || m.Status() != "ok" {
						t.Errorf("client %d, cell %d: %v", i, j, err)
						return
					}
				}
			})
		}
		wg.Wait()
	},
	"K03": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		c.OK("x := 1")
		for range 5 {
			again := NewClient(t)
			again.Session = c.Session
			k.clientAs(again)
			if got := again.OK("x").Value(); got != "1" {
				t.Errorf("x is %s", got)
			}
			c = again
		}
	},
	"K04": func(t *testing.T) {
		k := launch(t)
		a, b := k.client(), k.client()
		id := a.Start(`time.Sleep(100 * time.Millisecond); x := 7`)
		b.Published(id, "execute_input")
		a.leave()
		b.UntilIdle(id)
		if got := b.OK("x").Value(); got != "7" {
			t.Errorf("x is %s", got)
		}
	},
	"K05": func(t *testing.T) {
		k := launch(t)
		p := k.dial(k.c.ShellPort, "DEALER", "")
		const n = 100_000
		start := time.Now()
		go func() {
			for i := range n {
				m := &wire.Message{Header: fmt.Appendf(nil, `{"msg_id":"%d","session":"s","msg_type":"kernel_info_request"}`, i)}
				if p.Send(wire.Encode(m, k.signer)...) != nil {
					return
				}
			}
		}()
		for i := range n {
			if _, _, err := p.Recv(Patience); err != nil {
				t.Fatalf("after %d: %v", i, err)
			}
		}
		t.Logf("%.0f kernel_info a second", n/time.Since(start).Seconds())
		c := k.client()
		if used := c.memory(); used > 500<<20 {
			t.Errorf("%d MB", used>>20)
		}
	},
	"K06": func(t *testing.T) {
		k := launch(t)
		a, b := k.client(), k.client()
		p := a.peer(session.Shell)
		done := make(chan struct{})
		defer close(done)
		go func() {
			for {
				select {
				case <-done:
					return
				default:
					m := a.Message(a.Header("kernel_info_request"), map[string]any{})
					if p.Send(wire.Encode(m, k.signer)...) != nil {
						return
					}
				}
			}
		}()
		var times []time.Duration
		for range 20 {
			start := time.Now()
			b.Reply(session.Control, b.Send(session.Control, "kernel_info_request", map[string]any{}))
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		t.Logf("control beside a flood: median %s, longest %s", times[10], times[19])
		if times[10] > 2*time.Second {
			t.Errorf("control starves: %s", times)
		}
	},
	"K08": func(t *testing.T) {
		k := launch(t)
		dead := k.client()
		id := dead.Start(`time.Sleep(50 * time.Millisecond); 1`)
		dead.leave()
		c := k.client()
		for range 100 {
			p := k.dial(k.c.ShellPort, "DEALER", "")
			if err := p.Send(wire.Encode(c.Message(c.Header("kernel_info_request"), map[string]any{}), k.signer)...); err != nil {
				t.Fatal(err)
			}
			p.Close()
		}
		c.UntilIdle(c.Send(session.Shell, "kernel_info_request", map[string]any{}))
		c.Survives()
		_ = id
	},
	"K09": func(t *testing.T) {
		c := fresh(t)
		k := c.kernelOf()
		for range 1000 {
			p := k.dial(k.c.IOPubPort, "SUB", "")
			if err := p.Subscribe(""); err != nil {
				t.Fatal(err)
			}
			p.Close()
		}
		c.Survives()
	},
	"K10": func(t *testing.T) {
		c := fresh(t)
		var times []time.Duration
		for range 200 {
			start := time.Now()
			id := c.Start("1")
			c.Reply(session.Shell, id)
			times = append(times, time.Since(start))
			c.UntilIdle(id)
		}
		slices.Sort(times)
		t.Logf("execute to reply: median %s, 99 %% %s", times[100], times[198])
		if times[100] > 200*time.Millisecond {
			t.Errorf("median %s", times[100])
		}
	},
}
