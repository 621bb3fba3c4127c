package kernel

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// statusTime is how long a running kernel may take to answer: its control socket
// does so while cells run.
const statusTime = 2 * time.Second

// showStatus prints a line for each kernel that answers; a connection file that
// was left behind by a kernel which is gone is passed over.
func showStatus(files []string) int {
	for _, file := range files {
		c, err := wire.ReadConnection(file)
		if err != nil {
			continue
		}
		m, err := zmq.Request(c, zmq.Control, "usage_request", map[string]any{}, statusTime)
		if err != nil {
			continue
		}
		var u usage
		if json.Unmarshal(m.Content, &u) != nil {
			continue
		}
		fmt.Printf("%s: %s\n", filepath.Base(file), u)
	}
	return 0
}

// A usage is what a kernel says of itself.
type usage struct {
	PID     int              `json:"pid"`
	Memory  int64            `json:"kernel_memory"`
	Dropped map[string]int64 `json:"dropped"`
}

func (u usage) String() string {
	text := fmt.Sprintf("process %d, %d MB", u.PID, u.Memory>>20)
	if len(u.Dropped) == 0 {
		return text + ", nothing dropped"
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(u.Dropped)) {
		parts = append(parts, fmt.Sprintf("%d %s", u.Dropped[reason], reason))
	}
	return text + ", dropped: " + strings.Join(parts, "; ")
}
