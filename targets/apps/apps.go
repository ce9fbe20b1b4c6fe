// Package apps holds the applications under test: each as a Python file for
// WSGI servers (Files), as an http.Handler for Go servers (Lookup), or both,
// which then answer alike.
package apps

import (
	"embed"
	"net/http"
)

// Files holds the Python applications, such as hello.py.
//
//go:embed *.py
var Files embed.FS

// handlers are the applications in Go, in the order of Names.
var handlers = []struct {
	name    string
	handler http.Handler
}{
	{"hello", http.HandlerFunc(hello)},
	{"probe", http.HandlerFunc(probe)},
}

// Lookup returns the application of that name as a handler, which is safe for
// concurrent use.
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
