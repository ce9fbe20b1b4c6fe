package scenarios

// vocabulary is what the tests' scenarios may name: a part of what gwbench
// knows, in its words.
var vocabulary = Vocabulary{
	Targets:      []string{"builtin", "gonet", "uwsgi", "gunicorn"},
	Protocols:    []string{"http", "uwsgi", "fastcgi", "scgi"},
	Networks:     []string{"tcp", "unix"},
	Connections:  []string{"per-request", "keep-alive"},
	Fronts:       []string{"none", "nginx"},
	Applications: []string{"hello", "probe", "middleware-0", "middleware-4", "middleware-16"},
	Clients:      []string{"gwbench", "net/http"},
	Metrics:      []string{"throughput", "capacity", "server_cpu", "latency.p50", "latency.p99", "latency.p99_9", "service.p50", "errors"},
	Axes:         []string{"target", "protocol", "network", "connection", "front", "application", "load", "request"},
}
