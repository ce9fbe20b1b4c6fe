package verdict

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
)

func TestLabel(t *testing.T) {
	c := results.Case{Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: "per-request", Front: "none", Application: "hello", Load: "saturate"}
	on := func(target, protocol string) results.Case {
		return c.With(map[string]string{"target": target, "protocol": protocol})
	}
	for _, test := range []struct {
		of   results.Case
		axes string
		want string
	}{
		{c, "protocol connection", "uwsgi per-request"},
		{c, "protocol request load", "uwsgi saturate"},
		{c, "", "builtin/uwsgi/tcp/per-request/none/hello/saturate"},
		{c, "target protocol", "builtin uwsgi"},
		{on("uwsgi", "fastcgi"), "target protocol connection", "target uwsgi fastcgi per-request"},
		{on("uwsgi", "uwsgi"), "target protocol connection", "target uwsgi protocol uwsgi per-request"},
		{on("uwsgi", "uwsgi"), "target load", "target uwsgi saturate"},
		{on("uwsgi", "uwsgi"), "protocol load", "uwsgi saturate"},
		{on("other", "other"), "target protocol", "other protocol other"},
	} {
		if got := Label(test.of, strings.Fields(test.axes)); got != test.want {
			t.Errorf("label on %q is %q, want %q", test.axes, got, test.want)
		}
	}
}
