package targets

import (
	"testing"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// TestHelloOnOneConnection: the three lines announce no length, so that it is up
// to the server to say where the answer ends. One that leaves that to the end of
// the connection has no keep-alive, whatever it calls itself.
func TestHelloOnOneConnection(t *testing.T) {
	for _, name := range Names() {
		r, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		applications := []string{"hello"}
		if name == "uwsgi" { // has a line of its own for each kind of application
			applications = []string{"hello", "flask", "django", "middleware-1"}
		}
		for _, application := range applications {
			for _, protocol := range protocols.Names() {
				if r.Supports(protocol, tcp, keepAlive, application) != nil {
					continue
				}
				t.Run(name+"/"+protocol+"/"+application, func(t *testing.T) {
					t.Parallel()
					needs(t, r)
					o := options(t)
					o.Protocol, o.Connection, o.Application = protocol, keepAlive, application
					i := start(t, r, o)
					e := i.Endpoint()
					transport := &protocols.Transport{
						Endpoint: &e, KeepAlive: true, Timeout: patience,
						Gateway: cgi.Gateway{ScriptFilename: i.Script()},
					}
					defer transport.CloseIdleConnections()
					for range 3 {
						got, err := question{method: "GET", path: "/"}.ask(transport)
						if err != nil {
							t.Fatal(err)
						}
						if got.status != 200 || string(got.body) != "<h1>Hello, web!</h1>" {
							t.Errorf("answer %d %s", got.status, excerpt(got.body))
						}
						if length := got.header["Content-Length"]; length != "" && length != "20" {
							t.Errorf("Content-Length: %s", length)
						}
					}
					if dials := transport.Stats().Dials; dials != 1 {
						t.Errorf("3 requests took %d connections", dials)
					}
				})
			}
		}
	}
}
