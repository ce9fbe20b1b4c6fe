// Package cgi holds what uwsgi, FastCGI and SCGI have in common: a request
// becomes a list of CGI variables (RFC 3875), and an answer starts with a head
// of fields. A protocol adds only the framing around the two.
//
// On the way out, Gateway.AppendVars turns an http.Request into Vars, and a
// Head reads the answer's head. On the way in, NewRequest turns Vars into the
// http.Request that a handler gets, and AppendHead writes the answer's head.
//
// The package is strict where leniency lets two parties read one message
// differently (lengths, line folding, names that collide), and lenient where
// existing servers differ harmlessly (LF and CRLF, a missing reason phrase).
package cgi
