// Package scgi speaks SCGI, the Simple Common Gateway Interface, on both
// sides: a codec for clients, and a server for http.Handlers that mirrors
// net/http/fcgi.
//
// A request is a netstring of variables, each name and value ended by a NUL,
// CONTENT_LENGTH first and SCGI=1 among them, and then the raw body of
// CONTENT_LENGTH bytes. The response is a CGI one, with a Status field; its
// end is that of the connection, which carries one request only.
//
// Source: python.ca/scgi/protocol.txt.
package scgi
