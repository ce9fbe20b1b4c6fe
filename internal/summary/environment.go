package summary

import (
	"cmp"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
)

// Named is a name and what it is, both inert.
type Named struct{ Name, Text string }

// unknownFact is said where nobody knows: Unknown is for figures.
const unknownFact = "unknown"

// EnvironmentFacts say where a run was made, when, and with which versions of all that
// took part.
func EnvironmentFacts(d Data) []Named {
	e := d.Run.Environment
	text := func(s string) string { return cmp.Or(inert.Line(s), unknownFact) }
	number := func(v int64, unit string) string {
		if v <= 0 {
			return unknownFact
		}
		return strings.TrimSpace(Thousands(float64(v)) + " " + unit)
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return unknownFact
		}
		return t.UTC().Format(time.RFC3339)
	}
	facts := []Named{
		{"run", text(d.Run.ID)},
		{"tool", text(d.Run.Tool)},
		{"started", when(d.Run.Start)},
		{"ended", when(d.Run.End)},
		{"scenario file", text(d.Run.Scenario.File)},
		{"CPU", text(e.CPU)},
		{"CPUs", number(int64(e.CPUs), "")},
		{"placement", text(placementText(d.Run.Placement))},
		{"memory", number(e.MemoryMB, "MiB")},
		{"system", text(strings.Join([]string{e.OS, e.Kernel, e.Arch}, " "))},
		{"virtualisation", text(e.Virtual)},
		{"CPU governor", text(e.Governor)},
		{"Go", text(e.Go)},
		{"somaxconn", number(int64(e.Somaxconn), "")},
		{"port range", text(e.PortRange)},
		{"open files limit", number(e.FileLimit, "")},
	}
	for _, s := range d.Run.Targets {
		facts = append(facts, Named{"target " + text(s.Name), text(s.Version)})
	}
	for _, s := range d.Run.Fronts {
		facts = append(facts, Named{"front " + text(s.Name), text(s.Version)})
	}
	return facts
}
