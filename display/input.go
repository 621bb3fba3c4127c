package display

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Input asks the person for a line of text. It panics when the input has ended
// or the front end allows none.
func Input(prompt string) string { return ask("display.Input", prompt, false) }

// Password asks without showing what is typed. It panics as Input does, and
// outside a notebook.
func Password(prompt string) string { return ask("display.Password", prompt, true) }

func ask(function, prompt string, password bool) string {
	text, err := answer(prompt, password)
	if err != nil {
		panic(fmt.Errorf("%s: %w", function, err))
	}
	return text
}

func answer(prompt string, password bool) (string, error) {
	if s := sink(); s != nil {
		return s.Input(prompt, password)
	}
	if password {
		return "", errors.New("there is no notebook that could hide what is typed")
	}
	fmt.Print(prompt)
	return readLine(os.Stdin)
}

// readLine reads byte by byte, so that what follows the line stays for others.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := r.Read(b)
		if n == 1 && b[0] == '\n' || err != nil && len(line) > 0 {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		if err == io.EOF {
			return "", errors.New("the standard input has ended")
		}
		if err != nil {
			return "", err
		}
		line = append(line, b[:n]...)
	}
}

// newID is a display id that no other process makes.
func newID() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
