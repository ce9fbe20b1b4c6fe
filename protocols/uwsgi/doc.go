// Package uwsgi speaks the uwsgi protocol, the native one of the uWSGI server,
// on both sides: a codec for clients, and a server for http.Handlers that
// mirrors net/http/fcgi.
//
// A request is a header of four bytes (modifier1, the size of the block as
// 16 bits little-endian, modifier2), the block of variables, each name and
// value behind its length as 16 bits little-endian, and then the raw body of
// CONTENT_LENGTH bytes. The response is an HTTP one, or a CGI one with a Status
// field; its end is that of the connection, which carries one request only.
//
// Sources: uwsgi-docs, Protocol.rst; uwsgi, core/protocol.c and proto/base.c.
package uwsgi
