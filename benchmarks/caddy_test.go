package benchmarks

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy/fastcgi"

	"github.com/gwbench/gwbench/protocols"
)

// caddyContext is provisioned once: Caddy keeps global state. Logging is cut
// down to errors, as in production; the default of a bare context is a
// development logger that writes a line for each request.
var caddyContext = sync.OnceValues(func() (caddy.Context, error) {
	return caddy.ProvisionContext(&caddy.Config{
		Admin: &caddy.AdminConfig{Disabled: true},
		Logging: &caddy.Logging{Logs: map[string]*caddy.CustomLog{
			caddy.DefaultLoggerName: {BaseLog: caddy.BaseLog{Level: "ERROR"}},
		}},
	})
})

// newCaddy returns Caddy's FastCGI transport, and a request with the context
// that Caddy's HTTP server would have given it. Building that context is not
// part of what is measured.
func newCaddy(b *testing.B, e protocols.Endpoint) (http.RoundTripper, *http.Request) {
	b.Helper()
	ctx, err := caddyContext()
	if err != nil {
		b.Fatal(err)
	}
	transport := &fastcgi.Transport{Root: "/srv"}
	if err := transport.Provision(ctx); err != nil {
		b.Fatal(err)
	}
	r := newRequest(b, e.URL())
	r.RemoteAddr = "127.0.0.1:40000"
	values := context.WithValue(r.Context(), caddyhttp.ServerCtxKey, &caddyhttp.Server{})
	values = context.WithValue(values, caddy.ReplacerCtxKey, caddy.NewReplacer())
	values = context.WithValue(values, caddyhttp.OriginalRequestCtxKey, *r)
	return transport, r.WithContext(values)
}
