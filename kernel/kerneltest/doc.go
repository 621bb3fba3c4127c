// Package kerneltest holds the tests of the Jupyter protocol and what they are
// made of: a Client that talks to a kernel over any Link and holds every message
// against the specification, an in-memory connection to a session, an Engine
// that does what its cells say, and conversations written as text.
//
// testdata/checklist.txt lists the lines of the protocol's checklist; each is a
// test of the same name. testdata/*.talk are conversations.
package kerneltest
