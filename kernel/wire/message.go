package wire

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"os/user"
	"sync"
	"time"
)

// ProtocolVersion is the version of the Jupyter protocol that is spoken.
const ProtocolVersion = "5.6"

// A Message is one Jupyter message in either direction. Header, Parent,
// Metadata and Content of a received message hold the bytes as sent.
type Message struct {
	// Idents is the routing prefix: of a request, to be sent back with its
	// reply; of an iopub message, the topic.
	Idents   [][]byte
	Header   json.RawMessage
	Parent   json.RawMessage
	Metadata json.RawMessage
	Content  json.RawMessage
	Buffers  [][]byte

	// Head holds the fields of Header that matter.
	Head Header
}

// A Header names a message. Date is ISO 8601, UTC, in microseconds.
type Header struct {
	ID       string  `json:"msg_id"`
	Session  string  `json:"session"`
	Username string  `json:"username"`
	Date     string  `json:"date"`
	Type     string  `json:"msg_type"`
	Version  string  `json:"version"`
	Subshell *string `json:"subshell_id,omitempty"`
}

// dateFormat has six fractional digits: jupyter_client reads no more.
const dateFormat = "2006-01-02T15:04:05.000000Z"

// Now is the present as the protocol writes it.
func Now() string { return time.Now().UTC().Format(dateFormat) }

// NewID makes a random identifier of 32 hexadecimal digits.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

var username = sync.OnceValue(func() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "kernel"
})

// NewHeader makes the header of a message that the kernel sends.
func NewHeader(session, msgType string) Header {
	return Header{ID: NewID(), Session: session, Username: username(), Date: Now(), Type: msgType, Version: ProtocolVersion}
}
