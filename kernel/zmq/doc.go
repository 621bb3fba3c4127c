// Package zmq holds the five sockets of a kernel over go-zeromq/zmq4: shell,
// control, stdin and the heartbeat (ROUTER) and iopub (XPUB). It does not know
// what a message means, but for printed text, which a slow reader may lose.
//
//	client -> listener: handshake with a deadline, in a goroutine for each client
//	       -> conn.Read: whole messages within limits, pings answered,
//	          subscriptions taken by the hub
//	       -> zmq4 -> Server.Serve: signature, replay -> the session
//
//	session -> Server.Send, Publish -> zmq4 -> conn.Write -> cutter -> outbox
//	       -> a goroutine for each client that writes
//
// zmq4 reads and writes only what is at hand, so that no client can make it wait.
// What waits for a client is bounded: of a slow subscriber the oldest printed text
// gives way to a line that says how much is missing, and one that lets other
// messages pile up is disconnected. What is dropped is counted.
package zmq
