package protocols

import (
	"net/http"
	"slices"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/fastcgi"
	"github.com/gwbench/gwbench/protocols/httpwire"
	"github.com/gwbench/gwbench/protocols/scgi"
	"github.com/gwbench/gwbench/protocols/server"
	"github.com/gwbench/gwbench/protocols/uwsgi"
)

// Spec describes one protocol in the registry.
type Spec struct {
	Name                 string   // "http", "uwsgi", "fastcgi", "scgi": also the URL scheme
	Title                string   // as prose writes it: "HTTP", "FastCGI"
	Aliases              []string // URL schemes beside the name: "fcgi"
	KeepAlive            bool     // whether a connection can carry more than one request
	StreamsUnknownLength bool     // whether a body of unknown length can be sent without buffering it first

	// NewCodec makes the client's side of one connection; g says what the CGI
	// variables are made from.
	NewCodec func(keepAlive bool, g *cgi.Gateway) Codec

	// NewServer makes a server; nil means http.DefaultServeMux.
	NewServer func(h http.Handler) *server.Server

	defaultPort string // "" where a URL must name the port
}

// specs is the registry. CGI protocols announce CONTENT_LENGTH before the
// body (RFC 3875, 4.1.2), so that only HTTP streams what has no length yet.
var specs = []Spec{
	{
		Name: "http", Title: "HTTP", KeepAlive: true, StreamsUnknownLength: true, defaultPort: "80",
		NewCodec:  func(keepAlive bool, _ *cgi.Gateway) Codec { return httpwire.NewCodec(keepAlive) },
		NewServer: httpwire.NewServer,
	},
	{
		Name: "uwsgi", Title: "uwsgi",
		NewCodec:  func(_ bool, g *cgi.Gateway) Codec { return uwsgi.NewCodec(g) },
		NewServer: uwsgi.NewServer,
	},
	{
		Name: "fastcgi", Title: "FastCGI", Aliases: []string{"fcgi"}, KeepAlive: true,
		NewCodec:  func(keepAlive bool, g *cgi.Gateway) Codec { return fastcgi.NewCodec(keepAlive, g) },
		NewServer: fastcgi.NewServer,
	},
	{
		Name: "scgi", Title: "SCGI",
		NewCodec:  func(_ bool, g *cgi.Gateway) Codec { return scgi.NewCodec(g) },
		NewServer: scgi.NewServer,
	},
}

// All returns every protocol in the order of all tables: http, uwsgi,
// fastcgi, scgi.
func All() []Spec { return slices.Clone(specs) }

// Lookup returns the protocol of that name or alias.
func Lookup(name string) (Spec, bool) {
	for _, s := range specs {
		if s.Name == name || slices.Contains(s.Aliases, name) {
			return s, true
		}
	}
	return Spec{}, false
}

// Names returns the names of all protocols, in the order of All.
func Names() []string {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	return names
}

var (
	_ Codec = (*httpwire.Codec)(nil)
	_ Codec = (*fastcgi.Codec)(nil)
	_ Codec = (*cgi.ClientCodec)(nil)
)
