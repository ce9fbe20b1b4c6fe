package load

import (
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/gwbench/gwbench/results"
)

// BenchmarkClosedLoad measures what a request costs the generator and the
// server together, over this package's clients and over vegeta as it comes.
// Run it on one CPU (taskset -c 0), where the sum is what limits.
func BenchmarkClosedLoad(b *testing.B) {
	const clients = 16
	endpoint := serve(b, sayHello)
	for _, client := range []string{ClientGwbench, ClientNetHTTP} {
		b.Run(client, func(b *testing.B) {
			p := closedPlan(endpoint, client)
			p.Load = results.Load{Clients: clients}
			p.Duration = time.Second
			g := newGenerator(b, p)
			for b.Loop() {
				result, err := g.Measure(b.Context())
				if err != nil || len(result.Errors) > 0 {
					b.Fatal(err, result.Errors)
				}
				b.ReportMetric(result.Metrics["throughput"], "req/s")
			}
		})
	}
	b.Run("stock vegeta", func(b *testing.B) {
		for b.Loop() {
			attacker := vegeta.NewAttacker(vegeta.Workers(clients), vegeta.MaxWorkers(clients))
			targeter := vegeta.NewStaticTargeter(vegeta.Target{Method: "GET", URL: endpoint})
			var m vegeta.Metrics
			for result := range attacker.Attack(targeter, vegeta.ConstantPacer{}, time.Second, "") {
				m.Add(result)
			}
			m.Close()
			b.ReportMetric(m.Rate, "req/s")
		}
	})
}
