package kerneltest

import "testing"

// tools are the lines about real clients.
var tools = map[string]func(*testing.T){}
