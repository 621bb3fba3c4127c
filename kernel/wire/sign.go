package wire

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"sort"
	"strings"
	"sync"
)

// schemes are the signature schemes of connection files (JEP 106).
var schemes = map[string]func() hash.Hash{
	"hmac-md5":    md5.New,
	"hmac-sha256": sha256.New,
	"hmac-sha512": sha512.New,
}

// A Signer makes and checks the signature of messages. With an empty key
// nothing is signed and everything is accepted.
type Signer struct {
	key  []byte
	macs sync.Pool // of hash.Hash
}

// NewSigner refuses a scheme that it does not know.
func NewSigner(scheme, key string) (*Signer, error) {
	h, ok := schemes[scheme]
	if !ok {
		names := make([]string, 0, len(schemes))
		for name := range schemes {
			names = append(names, name)
		}
		sort.Strings(names)
		return nil, fmt.Errorf("unknown signature_scheme %q: %s are known", scheme, strings.Join(names, ", "))
	}
	s := &Signer{key: []byte(key)}
	s.macs.New = func() any { return hmac.New(h, s.key) }
	return s, nil
}

// Sign gives the lower-case hexadecimal HMAC of the frames, empty without a key.
func (s *Signer) Sign(frames ...[]byte) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	for _, f := range frames {
		mac.Write(f)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// Verify compares in constant time.
func (s *Signer) Verify(signature []byte, frames ...[]byte) bool {
	return len(s.key) == 0 || hmac.Equal(signature, s.Sign(frames...))
}

// Keyless tells whether messages go unsigned.
func (s *Signer) Keyless() bool { return len(s.key) == 0 }

// replayWindow is how many signatures a Replay remembers.
const replayWindow = 1 << 16

// Replay remembers the signatures of the last 65 536 messages, to drop one
// that is sent again.
type Replay struct {
	seen map[string]struct{}
	ring []string
	next int
}

// Fresh tells whether the signature is new and remembers it. An empty
// signature is always fresh.
func (r *Replay) Fresh(signature []byte) bool {
	if len(signature) == 0 {
		return true
	}
	key := string(slices.Clone(signature))
	if _, dup := r.seen[key]; dup {
		return false
	}
	if r.seen == nil {
		r.seen = make(map[string]struct{})
	}
	if len(r.ring) < replayWindow {
		r.ring = append(r.ring, key)
	} else {
		delete(r.seen, r.ring[r.next])
		r.ring[r.next] = key
		r.next = (r.next + 1) % replayWindow
	}
	r.seen[key] = struct{}{}
	return true
}
