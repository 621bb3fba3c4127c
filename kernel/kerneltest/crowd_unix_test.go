//go:build !windows

package kerneltest

import (
	"fmt"
	"os"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
)

func init() {
	crowding["K07"] = func(t *testing.T) {
		cells := 1000
		if os.Getenv("NABLA_FULL") == "1" {
			cells = 5000
		}
		c := fresh(t)
		c.OK("x := 0")
		for range 200 {
			c.OK("x++")
		}
		pids := c.processes()
		rss, fds := c.memory(), descriptors(t, pids)
		threads := c.OK("runtime.NumGoroutine()").Value()
		for i := range cells {
			switch i % 10 {
			case 0:
				c.Run("undefined")
			case 1:
				c.Run(`panic("x")`)
			case 2:
				c.Ask(session.Shell, "complete_request", map[string]any{"code": "fmt.", "cursor_pos": 4})
			default:
				c.OK(`x++; fmt.Println(x)`)
			}
		}
		after := c.OK("runtime.NumGoroutine()").Value()
		t.Logf("%d cells: %d MB, then %d MB; %d and %d descriptors; %s and %s goroutines", cells, rss>>20, c.memory()>>20, fds, descriptors(t, pids), threads, after)
		if grown := c.memory() - rss; grown > 100<<20 {
			t.Errorf("%d cells cost %d MB", cells, grown>>20)
		}
		if more := descriptors(t, pids) - fds; more > 5 {
			t.Errorf("%d more descriptors", more)
		}
		var before, now int
		if _, err := fmt.Sscan(threads+" "+after, &before, &now); err != nil || now > before+20 {
			t.Errorf("goroutines: %s, then %s, %v", threads, after, err)
		}
	}
}
