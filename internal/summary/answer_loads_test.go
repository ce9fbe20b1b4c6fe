package summary_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
)

// What holds of servers that are busy need not hold of servers that idle: answers name
// the loads that they are about, and say what is known of the others.
func TestAnswersNameTheirLoads(t *testing.T) {
	one, both := []string{"builtin"}, []string{results.PerRequest, results.KeepAlive}
	loads := maps.Clone(closedLoad)
	maps.Copy(loads, openLoad)
	d := lab{
		cases: append(grid("saturate", one, both), grid("steady", one, both)...), loads: loads, blocks: 12,
		good: func(c results.Case) results.Metrics {
			cpu := map[string]float64{"http": 100, "fastcgi": 120}[c.Protocol]
			switch {
			case c.Load == "saturate" && c.Connection == results.KeepAlive:
				cpu /= 4
			case c.Load == "steady" && c.Protocol == "fastcgi":
				cpu = 50 // the other way round
			}
			return results.Metrics{"server_cpu": cpu, "capacity": 1e6 / cpu}
		},
		trial: func(trial *results.Trial) {
			trial.Usage = results.Usage{ServerUser: ptr(0.5), ServerSystem: ptr(0.5)}
		},
	}.data()
	for heading, want := range map[string][]string{
		protocolHeading: {" under saturate; only the two protocols"},
		axesHeading: {
			"What changes capacity under saturate, most first: the connection mode, 4.00x [",
			"Under steady, where the rate is fixed, the same comparisons give: the connection mode 1.00x [", "; the protocol 0.500x [",
			"The intervals of all the pairs under saturate hold together with 95 % confidence, and so do those under steady.",
		},
		costHeading: {"The kernel takes 50 % of the servers' CPU time under saturate (", "costs them under saturate 75.1 to 90.0 us more"},
	} {
		text := answered(d, heading)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not in: %s", heading, w, text)
			}
		}
	}
	d.Run.Plan.Cases = d.Run.Plan.Cases[:4]
	for _, heading := range []string{protocolHeading, axesHeading, costHeading} {
		if text := answered(d, heading); text == "" || strings.Contains(text, "under saturate") {
			t.Errorf("one load needs no name: %s", text)
		}
	}
}
