// Package server is what all of gwbench's own gateway servers share: the
// accept loop, the buffering, the response writer, one flush per response,
// graceful shutdown. A protocol adds a Codec and nothing else, so that a
// comparison of two protocols compares their codecs.
//
// # For handlers
//
// Handlers find what net/http promises them, with these differences:
//
//   - One goroutine serves a connection: it reads, calls the handler, writes.
//     Nothing watches the connection meanwhile, so the request's context does
//     not end when the client goes away during the handler; a write or a read
//     of the body will fail. It ends when ServeHTTP returns, the connection
//     ends, or the server is closed.
//   - Interim responses (1xx other than 101) are dropped: CGI cannot carry them.
//   - Hijack, Push and trailers are not supported; Flush, io.ReaderFrom,
//     io.StringWriter and the deadlines of http.ResponseController are.
//   - A handler that panics breaks off the connection. Over uwsgi and SCGI only
//     the connection's end ends a response without a Content-Length: what has
//     gone out of such a one then looks whole to the client.
//   - The ResponseWriter and its Header are used again for the next request:
//     using them after ServeHTTP has returned, which net/http forbids too, is a
//     data race here. The Request may be kept.
package server
