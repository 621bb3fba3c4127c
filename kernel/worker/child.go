package worker

import (
	"encoding/binary"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/nabla-go/nabla/kernel/pipe"
)

// New gives an engine whose cells run in a process of this program's command
// nabla worker. The process is started at once, in the background.
func New() *Client {
	return newClient(func() (process, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		return startChild(exec.Command(self, "worker"))
	})
}

// A child is a worker process. Its standard streams are pipes that only the
// kernel reads, so that the last words of Go's run time are not lost. (What
// cells print to os.Stdout and os.Stderr comes as frames.)
type child struct {
	command  *exec.Cmd
	requests *os.File // is written
	replies  *os.File // is read
	lines    *os.File // where the cells are, see mark
	group    group

	mu       sync.Mutex
	out, err *pipe.Tap
	to       func(name, text string)
	held     []byte // what may be the last words
	release  *time.Timer

	exited chan struct{}
}

// spawning is held while a worker is started: until it is known it looks like
// an orphan.
var spawning sync.Mutex

// startChild starts the command with the pipes.
func startChild(command *exec.Cmd) (*child, error) {
	c := &child{command: command, to: func(string, string) {}, exited: make(chan struct{})}
	theirs, err := c.pipes()
	if err != nil {
		closeAll(append(theirs, c.requests, c.replies, c.lines))
		return nil, err
	}
	started := make(chan error)
	go func() {
		// The kernel's death is told to the worker when this thread ends.
		runtime.LockOSThread()
		spawning.Lock()
		err := c.command.Start()
		if err == nil {
			c.group.begin(c.command)
		}
		spawning.Unlock()
		closeAll(theirs)
		started <- err
		if err == nil {
			c.command.Wait()
			c.group.end()
			close(c.exited)
		}
	}()
	if err := <-started; err != nil {
		closeAll([]*os.File{c.requests, c.replies, c.lines})
		return nil, err
	}
	return c, nil
}

// pipes makes them and gives those ends that belong to the worker.
func (c *child) pipes() (theirs []*os.File, err error) {
	in, requests, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	theirs, c.requests = append(theirs, in), requests
	replies, out, err := os.Pipe()
	if err != nil {
		return theirs, err
	}
	theirs, c.replies = append(theirs, out), replies
	var stdout, stderr *os.File
	if c.out, stdout, err = pipe.New(&c.mu, func(text string) { c.to("stdout", text) }); err != nil {
		return theirs, err
	}
	theirs = append(theirs, stdout)
	if c.err, stderr, err = pipe.New(&c.mu, c.complaint); err != nil {
		return theirs, err
	}
	theirs = append(theirs, stderr)
	c.command.Stdout, c.command.Stderr = stdout, stderr
	c.lines = newScratch()
	inherit(c.command, in, out, c.lines)
	return theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

func (c *child) Read(p []byte) (int, error)  { return c.replies.Read(p) }
func (c *child) Write(p []byte) (int, error) { return c.requests.Write(p) }

// Hang closes the pipe to the worker.
func (c *child) Hang() { c.requests.Close() }

// Kill ends the process and what it has started.
func (c *child) Kill() { c.group.kill() }

// Print tells where to deliver what is written to the standard streams.
func (c *child) Print(to func(name, text string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = to
}

// silence is how long nothing may follow what looks like the run time's last
// words, in a process that lives, before it is taken for something else. On a
// busy machine the run time needs seconds for the frames of a deep stack.
const silence = 10 * time.Second

// mostWords bounds the last words that are kept.
const mostWords = 1 << 20

// complaint takes what is written to the standard error. From what looks like
// the run time's last words it is held back: it belongs to the error of the
// cell when the process ends. The caller holds mu.
func (c *child) complaint(text string) {
	if len(c.held) == 0 {
		at := fatal(text)
		if at < 0 {
			c.to("stderr", text)
			return
		}
		if at > 0 {
			c.to("stderr", text[:at])
		}
		text = text[at:]
		c.release = time.AfterFunc(silence, c.letGo)
	}
	c.release.Reset(silence)
	if room := mostWords - len(c.held); len(text) > room {
		text = text[:room]
	}
	c.held = append(c.held, text...)
}

// letGo delivers what was held back, for the process lives.
func (c *child) letGo() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.exited:
	default:
		if len(c.held) > 0 {
			c.to("stderr", string(c.held))
			c.held = nil
		}
	}
}

// Printed delivers what was written so far.
func (c *child) Printed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Sweep()
	c.err.Sweep()
}

const (
	// lastWish is how long a process that has closed its pipe may take to end.
	lastWish = time.Second
	// lastWishes is how many times that may be when it writes a long traceback.
	lastWishes = 8
)

// Wait gives how the process ended.
func (c *child) Wait() ending {
	for said, n := -1, 0; ; n++ {
		select {
		case <-c.exited:
			return c.leave()
		case <-time.After(lastWish):
		}
		c.mu.Lock()
		silent := len(c.held) == max(said, 0)
		said = len(c.held)
		c.mu.Unlock()
		if silent || n == lastWishes {
			c.Kill()
			<-c.exited
			return c.leave()
		}
	}
}

// leave collects what the process has left.
func (c *child) leave() ending {
	c.Kill() // what it has started
	sweep()
	c.Printed()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Flush()
	c.err.Flush()
	c.replies.Close()
	return ending{text: string(c.held), status: c.command.ProcessState.String()}
}

// The file of lines is a ring of places, each the number of a call and the line
// where it is: it outlives the worker that writes it.
const (
	placeSize = 8
	places    = 64
)

// mark writes where a call is.
func mark(lines *os.File, call uint64, line int) {
	var place [placeSize]byte
	binary.BigEndian.PutUint32(place[:], uint32(call))
	binary.BigEndian.PutUint32(place[4:], uint32(line))
	lines.WriteAt(place[:], int64(call%places)*placeSize)
}

// Line is where a call was.
func (c *child) Line(call uint64) int {
	if c.lines == nil {
		return 0
	}
	defer c.lines.Close()
	var place [placeSize]byte
	if _, err := c.lines.ReadAt(place[:], int64(call%places)*placeSize); err != nil {
		return 0
	}
	if binary.BigEndian.Uint32(place[:]) != uint32(call) {
		return 0
	}
	return int(binary.BigEndian.Uint32(place[4:]))
}
