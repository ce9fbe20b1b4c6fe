package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// drifting is a run whose cases all lose that much of their speed from the
// first block to the last, on top of a little noise of the host.
func drifting(plan results.Plan, blocks int, lost, noise float64, seed uint64) []results.Trial {
	random := rand.New(rand.NewPCG(seed, 3))
	l := newLab(seed, 1.5, noise)
	var trials []results.Trial
	for block := 1; block <= blocks; block++ {
		speed := math.Pow(1-lost, float64(block-1)/float64(blocks-1)) * math.Exp(noise*random.NormFloat64())
		for _, t := range l.block(plan, block) {
			for name, v := range t.Metrics {
				v = 1000 * math.Exp(noise*random.NormFloat64())
				if name == "latency.p50" || name == "server_cpu" {
					t.Metrics[name] = v / speed
				} else {
					t.Metrics[name] = v * speed
				}
			}
			trials = append(trials, t)
		}
	}
	return trials
}

func driftOf(t *testing.T, drifts []Drift, metric string) Drift {
	t.Helper()
	i := slices.IndexFunc(drifts, func(d Drift) bool { return d.Metric == metric })
	if i < 0 {
		t.Fatalf("no drift of %s in %v", metric, drifts)
	}
	return drifts[i]
}

func TestDriftIsFound(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	drifts := Drifts(plan, drifting(plan, 12, 0.1, 0.01, 1))
	if len(drifts) != 3 {
		t.Fatalf("%d drifts, want those of throughput, capacity and latency: %v", len(drifts), drifts)
	}
	for metric, change := range map[string]float64{"throughput": -0.1, "capacity": -0.1, "latency.p50": 1/0.9 - 1} {
		d := driftOf(t, drifts, metric)
		if !d.Told() || d.Change.Low > change || d.Change.High < change || d.Blocks != 12 {
			t.Errorf("%s: %+v, want a change of %.3f", metric, d, change)
		}
	}
	// Throughput is that of closed loads: half of the cases.
	if d := driftOf(t, drifts, "throughput"); d.Cases*2 != driftOf(t, drifts, "capacity").Cases {
		t.Errorf("throughput of %d cases, capacity of %d", d.Cases, driftOf(t, drifts, "capacity").Cases)
	}
}

func TestNoDriftIsSeldomFound(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	const runs = 200
	found := 0
	for seed := range uint64(runs) {
		if driftOf(t, Drifts(plan, drifting(plan, 12, 0, 0.05, seed)), "capacity").Told() {
			found++
		}
	}
	if found > runs*9/100 { // 5 % are promised; this is 2.6 standard deviations more
		t.Errorf("a drift in %d of %d runs that had none", found, runs)
	}
}

func TestSmallDriftIsNotTold(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	d := driftOf(t, Drifts(plan, drifting(plan, 12, 0.02, 0.0005, 1)), "capacity")
	if d.Change.Sign() != -1 || d.Told() {
		t.Errorf("2 %%, which the blocks tell from none, is told: %+v", d)
	}
}

// TestDriftKnowsNoCase: what the cases are, and trials that are not valid, make no
// difference.
func TestDriftKnowsNoCase(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	rapid.Check(t, func(t *rapid.T) {
		trials := drifting(plan, rapid.IntRange(1, 9).Draw(t, "blocks")+1, 0.1, 0.05, rapid.Uint64().Draw(t, "seed"))
		want := Drifts(plan, trials)
		scale := map[string]float64{}
		for i := range trials {
			if scale[trials[i].Case] == 0 {
				scale[trials[i].Case] = rapid.Float64Range(0.01, 100).Draw(t, "scale")
			}
			for name := range trials[i].Metrics {
				trials[i].Metrics[name] *= scale[trials[i].Case]
			}
		}
		spoiled := trials[0]
		spoiled.Valid, spoiled.Attempt, spoiled.Metrics = false, 9, results.Metrics{"capacity": 1e9}
		got := Drifts(plan, append(trials, spoiled))
		for i := range want {
			if math.Abs(want[i].Change.Estimate-got[i].Change.Estimate) > 1e-9 || want[i].Cases != got[i].Cases {
				t.Fatalf("%+v became %+v", want[i], got[i])
			}
		}
	})
}

func TestDriftLeavesOutSearches(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	trials := drifting(plan, 12, 0.1, 0.01, 1)
	plan.Loads = map[string]results.Load{
		"saturate": {Name: "saturate", Clients: 16},
		"steady":   {Name: "steady", Search: &results.Search{}},
	}
	if d := driftOf(t, Drifts(plan, trials), "latency.p50"); d.Cases*2 != len(plan.Cases) {
		t.Errorf("%d of %d cases, half of which search", d.Cases, len(plan.Cases))
	}
}

func TestDriftOfNothing(t *testing.T) {
	plan := planOf(hello(), 10, 20)
	if drifts := Drifts(plan, nil); len(drifts) > 0 {
		t.Errorf("%v without trials", drifts)
	}
	one := drifting(plan, 2, 0.5, 0.01, 1)
	for _, d := range Drifts(plan, one) {
		if d.Told() || d.Change.HasInterval() {
			t.Errorf("two blocks tell %v", d)
		}
	}
}

func TestDriftInWords(t *testing.T) {
	change := func(estimate, low, high float64) Drift {
		return Drift{Metric: "throughput", Blocks: 12, Change: stats.Location{Estimate: estimate, Low: low, High: high, Achieved: 0.96}}
	}
	none := Drift{Metric: "latency.p50", Blocks: 3}
	bent := change(0.01, -0.02, 0.05)
	bent.Levels = []Level{{1, 0.91}, {2, 1.05}, {3, 0.92}}
	long := change(0.05, 0.04, 0.06)
	long.Metric = "capacity"
	for _, c := range []struct {
		drift Drift
		want  string
	}{
		{change(-0.08, -0.1104, -0.0501), "throughput fell by 8.0 % [5.0, 11.1]"},
		{change(0.125, 0.05, 0.2), "throughput rose by 12.5 % [5.0, 20.0]"},
		{change(0.01, -0.02, 0.05), "no steady rise or fall of throughput (+1.0 % [-2.0, 5.0])"},
		{bent, "no steady rise or fall of throughput (+1.0 % [-2.0, 5.0]; blocks between 91 and 105 %)"},
		{change(0.02, 0.01, 0.03), "throughput changed by less than 3 % (+2.0 % [1.0, 3.0])"},
		{none, "no steady rise or fall of median latency can be told from noise in 3 blocks"},
		{long, "capacity rose by 5.0 % [4.0, 6.0]"},
	} {
		if got := c.drift.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
