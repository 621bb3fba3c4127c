// Package wire is the Jupyter wire format: connection files, message headers,
// signatures, and the frames of a message. It knows neither sockets nor what a
// message means.
package wire
