// Package fastcgi speaks FastCGI 1.0: as a web server, with the codec that
// [protocols.Transport] puts on a connection, and as an application, with
// Serve, which mirrors [net/http/fcgi].
//
// The application plays the Responder role. It serves one request at a time
// on a connection, and says so when a web server asks (FCGI_MPXS_CONNS is 0)
// or tries (FCGI_CANT_MPX_CONN); requests that wait on one connection, one
// after the other, are all served. A connection is kept where the web server
// wants it kept.
//
// Neither side pads its records, and both accept padding.
//
// Source: FastCGI Specification, Mark R. Brown, Open Market, document version
// 1.0 of 29 April 1996. Sections cited in this package are its sections.
//
// [protocols.Transport]: https://pkg.go.dev/github.com/gwbench/gwbench/protocols#Transport
package fastcgi

import (
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/server"
)

var _ server.Rejecter = (*serverCodec)(nil)

// NewServer returns a FastCGI server that answers with h. It has not started.
func NewServer(h http.Handler) *server.Server {
	return &server.Server{
		Handler:  h,
		NewCodec: func(conn net.Conn) server.Codec { return newServerCodec(conn) },
	}
}

// Serve accepts FastCGI connections on l and answers their requests with h,
// each in the goroutine of its connection. It returns when l does, always
// with an error. The CGI variables of a request: [cgi.Environ].
func Serve(l net.Listener, h http.Handler) error { return NewServer(h).Serve(l) }
