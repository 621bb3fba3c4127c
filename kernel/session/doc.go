// Package session is the Jupyter protocol without sockets and without Go:
// requests come in through Receive, replies and output leave through a Conn,
// and cells are run by an engine.Engine.
//
// A request travels Receive -> the queue of its shell (or of control) -> busy ->
// its row in the table of handlers -> outputs -> reply -> idle. Requests of one
// shell are handled in order; control and the subshells run beside it.
package session
