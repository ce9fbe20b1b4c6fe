package summarytest

import (
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// SixtyCases has names that are long and differ at their ends or in their middles.
func SixtyCases(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	d.Trials, d.Claims, d.Run.Plan.Cases = nil, nil, nil
	for _, target := range []string{"uwsgi-http-router", "uwsgi-2.0.21-threads", "uwsgi-2.0.22-threads"} {
		for _, front := range []string{"none", "nginx"} {
			for _, request := range []string{"down-1", "down-1024", "down-1048576", "up-1024", "up-1048576"} {
				for _, load := range []string{"saturate", "steady"} {
					d.Run.Plan.Cases = append(d.Run.Plan.Cases, results.Case{
						Target: target, Protocol: "http", Network: "tcp", Connection: results.KeepAlive,
						Front: front, Application: "hello", Load: load, Request: request,
					})
				}
			}
		}
	}
	return d
}
