package results

import (
	"time"

	"pgregory.net/rapid"
)

// word draws a value of an axis.
var word = rapid.StringMatching(`[a-z][a-z0-9._-]{0,8}`)

// anyText draws what a scenario or a server may say.
var anyText = rapid.StringN(0, 20, -1)

func genTime(t *rapid.T, label string) time.Time {
	return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, label), rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns")).UTC()
}

func genCase(t *rapid.T) Case {
	return Case{
		Target: word.Draw(t, "target"), Protocol: word.Draw(t, "protocol"), Network: word.Draw(t, "network"),
		Connection: word.Draw(t, "connection"), Front: word.Draw(t, "front"), Application: word.Draw(t, "application"),
		Load: word.Draw(t, "load"), Request: rapid.OneOf(rapid.Just(""), word).Draw(t, "request"),
	}
}

// genRun draws a run that may be stored.
func genRun(t *rapid.T) Run {
	cases := rapid.SliceOfNDistinct(rapid.Custom(genCase), 1, 5, rapid.ID[Case]).Draw(t, "cases")
	loads := make(map[string]Load)
	for _, c := range cases {
		loads[c.Load] = Load{Name: c.Load, Rate: rapid.Float64Range(0, 1e6).Draw(t, "rate"), Arrivals: word.Draw(t, "arrivals")}
	}
	cpus := rapid.SliceOfN(rapid.IntRange(0, 63), 0, 3)
	return Run{
		Tool:     anyText.Draw(t, "tool"),
		Start:    genTime(t, "start"),
		Folder:   anyText.Draw(t, "folder"),
		Scenario: Source{Name: anyText.Draw(t, "scenario"), File: anyText.Draw(t, "file"), YAML: anyText.Draw(t, "yaml")},
		Seed:     rapid.Uint64().Draw(t, "seed"),
		Plan: Plan{
			Cases: cases, Loads: loads,
			Warmup:    time.Duration(rapid.Int64().Draw(t, "warmup")),
			MinBlocks: rapid.Int().Draw(t, "min"),
			Looks:     rapid.SliceOf(rapid.Int()).Draw(t, "looks"),
			Precision: rapid.Float64Range(0, 1).Draw(t, "precision"),
		},
		Environment: Environment{CPU: anyText.Draw(t, "cpu"), MemoryMB: rapid.Int64().Draw(t, "memory")},
		Targets:     []Server{{Name: cases[0].Target, Version: anyText.Draw(t, "version"), Recipe: anyText.Draw(t, "recipe")}},
		Fronts:      []Server{{Name: cases[0].Front, Version: anyText.Draw(t, "version")}},
		Placement:   Placement{Servers: cpus.Draw(t, "servers"), Generator: cpus.Draw(t, "generator")},
		Warnings:    rapid.SliceOfN(anyText, 0, 2).Draw(t, "warnings"),
		Exceptions:  []Exception{{Case: cases[0].ID(), Differs: anyText.Draw(t, "differs"), Why: anyText.Draw(t, "why")}},
		Unverified:  rapid.Bool().Draw(t, "unverified"),
		Raw:         rapid.Bool().Draw(t, "raw"),
	}
}

// genTrial draws a trial of one of the run's cases.
func genTrial(t *rapid.T, r Run) Trial {
	count := rapid.Int64Range(0, 1e12)
	sent := count.Draw(t, "sent")
	dropped := count.Draw(t, "dropped")
	trial := Trial{
		Case:    rapid.SampledFrom(r.Plan.Cases).Draw(t, "case").ID(),
		Block:   rapid.IntRange(1, 100).Draw(t, "block"),
		Order:   rapid.IntRange(1, 10).Draw(t, "order"),
		Attempt: rapid.IntRange(1, 3).Draw(t, "attempt"),
		Start:   genTime(t, "start"),
		Seconds: rapid.Float64Range(1e-9, 1e4).Draw(t, "seconds"),
		Valid:   rapid.Bool().Draw(t, "valid"),
		Metrics: rapid.MapOfN(rapid.SampledFrom(MetricNames()), rapid.Float64Range(0, 1e300), 0, 5).Draw(t, "metrics"),
		Counts: Counts{
			Planned: sent + dropped, Sent: sent, Dropped: dropped,
			Correct: rapid.Int64Range(0, sent).Draw(t, "correct"), Late: rapid.Int64Range(0, sent).Draw(t, "late"),
		},
		Errors:  []ErrorCount{{Kind: "reset", Count: count.Draw(t, "errors"), Sample: anyText.Draw(t, "sample")}},
		Latency: "service",
		Usage: Usage{
			ServerUser:  rapid.Ptr(rapid.Float64Range(0, 1e6), true).Draw(t, "server user"),
			FrontUser:   rapid.Ptr(rapid.Float64Range(0, 1e6), true).Draw(t, "front user"),
			FrontRSS:    rapid.Ptr(count, true).Draw(t, "front rss"),
			Retransmits: rapid.Ptr(count, true).Draw(t, "retransmits"),
		},
		Bottleneck: BottleneckServer,
		Notes:      []Note{{Kind: "steal", Text: anyText.Draw(t, "note")}},
	}
	if !trial.Valid {
		trial.Invalid = rapid.SliceOfN(anyText, 0, 2).Draw(t, "invalid")
	}
	return trial
}

// example is a run of two cases, for tests that need just any.
func example() Run {
	c := Case{
		Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: PerRequest,
		Front: "none", Application: "hello", Load: "saturate",
	}
	other := c
	other.Protocol = "fastcgi"
	return Run{
		Tool:     "gwbench test",
		Start:    time.Date(2026, 1, 2, 15, 4, 5, 6, time.UTC),
		Scenario: Source{Name: "hello"},
		Plan:     Plan{Cases: []Case{c, other}, Loads: map[string]Load{"saturate": {Name: "saturate", Clients: 16}}},
	}
}

// exampleTrial is a trial of the example's first case.
func exampleTrial(block int) Trial {
	return Trial{
		Case: example().Plan.Cases[0].ID(), Block: block, Order: 1, Attempt: 1, Valid: true,
		Start:   time.Date(2026, 1, 2, 15, 4, 6, 0, time.UTC),
		Seconds: 0.3, Metrics: Metrics{"throughput": 20000, "latency.p50": 0.75},
	}
}
