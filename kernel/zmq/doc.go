// Package zmq holds the five sockets of a kernel over go-zeromq/zmq4: shell,
// control and stdin (ROUTER), iopub (PUB) and the heartbeat (REP). It checks
// signatures and drops what is malformed or replayed; it does not know what a
// message means.
package zmq
