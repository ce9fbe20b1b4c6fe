// Package apps holds the applications under test, see All: as Python files for
// WSGI servers and PHP files for php-fpm (Files), and some as an http.Handler
// for Go servers (Lookup). What there is in several languages answers alike.
package apps

import (
	"embed"
	"net/http"
)

// Files holds the applications in Python and PHP, such as hello.py.
//
//go:embed *.py *.php
var Files embed.FS

// handlers are the applications that exist in Go, in the order of Names.
var handlers = []struct {
	name    string
	handler http.Handler
}{
	{"hello", http.HandlerFunc(hello)},
	{"probe", http.HandlerFunc(probe)},
}

// Lookup returns the application of that name as a handler, which is safe for
// concurrent use. Only some of All are there in Go.
func Lookup(name string) (http.Handler, bool) {
	for _, h := range handlers {
		if h.name == name {
			return h.handler, true
		}
	}
	return nil, false
}

// Names returns the names that Lookup knows.
func Names() []string {
	names := make([]string, len(handlers))
	for i, h := range handlers {
		names[i] = h.name
	}
	return names
}
