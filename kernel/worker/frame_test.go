package worker

import (
	"bufio"
	"bytes"
	"io"
	"math/rand"
	"strings"
	"testing"
	"time"
)

func TestFrames(t *testing.T) {
	var data []byte
	var want []frame
	for i, size := range []int{0, 1, 100, firstRead - 1, firstRead, 3*firstRead + 7} {
		f := frame{toKernel.first + kind(i), uint64(i) << 40, bytes.Repeat([]byte{byte(i)}, size)}
		var err error
		if data, err = appendFrame(data, f); err != nil {
			t.Fatal(err)
		}
		want = append(want, f)
	}
	r := bufio.NewReader(bytes.NewReader(data))
	for _, w := range want {
		f, err := readFrame(r, toKernel)
		if err != nil || f.kind != w.kind || f.id != w.id || !bytes.Equal(f.body, w.body) {
			t.Fatalf("frame %d of %d bytes: %v", f.kind, len(f.body), err)
		}
	}
	if _, err := readFrame(r, toKernel); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	if _, err := appendFrame(nil, frame{body: make([]byte, largest+1)}); err != errTooLarge {
		t.Errorf("a frame beyond the limit: %v", err)
	}
}

// FuzzFrame wants an error or a frame that is written as it was read.
func FuzzFrame(f *testing.F) {
	for _, seed := range []frame{{kindReady, 0, nil}, {kindStdout, 7, []byte("text")}, {kindExecute, 1, []byte("{}")}} {
		data, err := appendFrame(nil, seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)-1])
	}
	f.Add([]byte{255, 255, 255, 255, byte(kindStdout), 0, 0, 0, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for rest := data; ; {
			fr, err := readFrame(r, toKernel)
			if err != nil {
				return
			}
			again, err := appendFrame(nil, fr)
			if err != nil || !bytes.HasPrefix(rest, again) {
				t.Fatalf("%q is written as %q (%v)", rest, again, err)
			}
			rest = rest[len(again):]
		}
	})
}

// FuzzServe gives an engine's server arbitrary frames.
func FuzzServe(f *testing.F) {
	for k := toWorker.first; k <= toWorker.last; k++ {
		for _, body := range []string{"{}", `{"code":"x","cursor":-1}`, "null", "[", `{"number":1,"value":3}`} {
			data, err := appendFrame(nil, frame{k, 1, []byte(body)})
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { Serve(fake{}, bytes.NewReader(data), io.Discard, nil) })
}

// FuzzDeath reads arbitrary last words.
func FuzzDeath(f *testing.F) {
	f.Add("panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1\n", "exit status 2")
	f.Add("fatal error: stack overflow\n\nruntime stack:\n", "")
	f.Fuzz(func(t *testing.T, text, status string) {
		e := ending{text: text, status: status}
		fault := e.fault(&call{code: text, count: 1}, 1)
		if fault.Value == "" || len(fault.Traceback) < 2 || strings.Contains(fault.Value, "\n") && !strings.Contains(status, "\n") {
			t.Errorf("%+v", fault)
		}
	})
}

// TestText wants all printed text in the order of printing, whatever its sizes.
func TestText(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Log("seed", seed)
	random := rand.New(rand.NewSource(seed))
	r, w := io.Pipe()
	l := newLink(nil, w, toKernel)
	var want strings.Builder
	go func() {
		for i := range 2000 {
			text := strings.Repeat("x", random.Intn(200)) + "\n"
			if i%500 == 0 {
				text = strings.Repeat("y", 3*piece+i)
			}
			k := kindStdout
			if random.Intn(3) == 0 {
				k = kindStderr
			}
			want.WriteString(text)
			l.print(k, uint64(random.Intn(2)), text)
			if i%100 == 0 {
				time.Sleep(gather)
			}
		}
		l.send(kindResult, 1, nil)
		w.Close()
	}()
	var got strings.Builder
	for in := bufio.NewReader(r); ; {
		f, err := readFrame(in, toKernel)
		if err != nil {
			break
		}
		if len(f.body) > piece {
			t.Errorf("a piece of %d bytes", len(f.body))
		}
		got.Write(f.body)
	}
	if got.String() != want.String() {
		t.Errorf("%d bytes arrive of %d", got.Len(), want.Len())
	}
}
