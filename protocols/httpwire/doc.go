// Package httpwire speaks HTTP/1.1 (RFC 9112) as one gateway protocol among
// others: a client codec for [protocols.Transport] and a server codec for
// [server.Server].
//
// It exists for fairness. A comparison of HTTP with uwsgi, FastCGI and SCGI is
// worth something only where all of them run through the same pool, buffers,
// deadlines and accept loop; net/http's own client and server do far more and
// are therefore targets and clients of their own.
//
// The client sends what the request says and nothing else: no default
// User-Agent, no Accept-Encoding. The server is strict, because a lenient
// parser behind a proxy invites request smuggling: a head that could be read
// in two ways is answered with 400 and the end of the connection.
//
// [protocols.Transport]: https://pkg.go.dev/github.com/gwbench/gwbench/protocols#Transport
package httpwire
