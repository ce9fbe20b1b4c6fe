package targets

import "testing"

// TestTargetIsARecipe makes a Python server a target with nothing but a
// recipe: the same application answers the same.
func TestTargetIsARecipe(t *testing.T) {
	r := parse(t, `
name: wsgiref
about: the server of Python's standard library
program: python3
install: apt-get install python3
version: [python3, --version]
check: [python3, -c, import wsgiref.simple_server]
env: {PYTHONPATH: "{apps}", PYTHONUNBUFFERED: "1"}
files:
  serve.py: |
    import importlib, sys
    from wsgiref.simple_server import make_server
    name, host, port = sys.argv[1:]
    application = importlib.import_module(name).application
    make_server(host, int(port), application).serve_forever()
serves:
  - protocols: [http]
    networks: [tcp]
    connections: [per-request]
    applications: [hello]
    command: [python3, "{dir}/serve.py", "{application}", "{host}", "{port}"]
stop: {signal: INT, grace: 2s}
`)
	if err := r.Available(); err != nil {
		t.Fatal(err) // CI has python3: a test that is skipped there would hide that it does not
	}
	if r.VersionOf(t.Context()) == "" {
		t.Error("the version is unknown")
	}
	i := start(t, r, options(t))
	if got := get(t, i.Endpoint(), false, "/"); got != "<h1>Hello, web!</h1>" {
		t.Errorf("answer %q", got)
	}
}
