package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// A Connection is what a connection file says: where the five sockets listen
// and how messages are signed. A port of 0 lets the kernel choose one.
type Connection struct {
	Transport       string `json:"transport"` // tcp or ipc
	IP              string `json:"ip"`
	ShellPort       Port   `json:"shell_port"`
	IOPubPort       Port   `json:"iopub_port"`
	StdinPort       Port   `json:"stdin_port"`
	ControlPort     Port   `json:"control_port"`
	HBPort          Port   `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`

	// Of a registration file (protocol 5.6) only.
	KernelID         string `json:"kernel_id,omitempty"`
	RegistrationIP   string `json:"registration_ip,omitempty"`
	RegistrationPort Port   `json:"registration_port,omitempty"`

	CurvePublicKey string `json:"curve_publickey,omitempty"`
	CurveSecretKey string `json:"curve_secretkey,omitempty"`
}

// A Port is a TCP port; files write it as a number or as a string.
type Port int

// UnmarshalJSON accepts 5555 and "5555".
func (p *Port) UnmarshalJSON(data []byte) error {
	text := string(data)
	if s, err := strconv.Unquote(text); err == nil {
		text = s
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%s is not a port (0 to 65535)", data)
	}
	*p = Port(n)
	return nil
}

// ReadConnection reads and checks a connection file or a registration file.
func ReadConnection(path string) (*Connection, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var pathErr *os.PathError
		if errors.As(err, &pathErr) {
			return nil, fmt.Errorf("connection file %s: %w", path, pathErr.Err)
		}
		return nil, err
	}
	c, err := ParseConnection(data)
	if err != nil {
		return nil, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil
}

// ParseConnection reads the text of a connection file. Unknown keys are allowed.
func ParseConnection(data []byte) (*Connection, error) {
	var keys map[string]json.RawMessage
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(data, &keys); {
	case errors.As(err, &mistyped):
		return nil, fmt.Errorf("a JSON %s, not an object", mistyped.Value)
	case err != nil:
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	c := &Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256"}
	if err := json.Unmarshal(data, c); err != nil {
		return nil, err
	}
	if c.Registers() {
		if c.RegistrationIP == "" {
			c.RegistrationIP = c.IP
		}
		return c, c.check()
	}
	for _, name := range []string{"shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"} {
		if _, ok := keys[name]; !ok {
			return nil, fmt.Errorf("the key %q is missing", name)
		}
	}
	return c, c.check()
}

// Registers tells whether the file asks the kernel to choose its ports and
// send them to a registration address.
func (c *Connection) Registers() bool { return c.RegistrationPort != 0 }

func (c *Connection) check() error {
	switch c.Transport {
	case "tcp", "ipc":
	default:
		return fmt.Errorf("unknown transport %q: tcp and ipc are known", c.Transport)
	}
	if c.IP == "" {
		return errors.New(`the key "ip" is empty`)
	}
	if c.CurvePublicKey != "" || c.CurveSecretKey != "" {
		return errors.New("CurveZMQ encryption is asked for, which Nabla cannot do: remove curve_publickey and curve_secretkey")
	}
	_, err := NewSigner(c.SignatureScheme, c.Key)
	return err
}

// Endpoint is the ZeroMQ address of a port.
func (c *Connection) Endpoint(port Port) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return "tcp://" + net.JoinHostPort(c.IP, strconv.Itoa(int(port)))
}
