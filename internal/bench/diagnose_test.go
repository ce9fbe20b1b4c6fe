package bench

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
)

func ptr[T any](v T) *T { return &v }

var (
	closedLoad = results.Load{Name: "saturate", Clients: 16}
	openLoad   = results.Load{Name: "steady", Rate: 2000}
)

func TestInvalid(t *testing.T) {
	good := results.Counts{Planned: 100, Sent: 100, Correct: 100}
	tests := []struct {
		name  string
		load  results.Load
		trial results.Trial
		want  string // part of the only reason; "" for a valid trial
	}{
		{"all is well", closedLoad, results.Trial{Counts: good, Usage: results.Usage{Steal: ptr(0.01)}}, ""},
		{"unknown steal is not steal", closedLoad, results.Trial{Counts: good}, ""},
		{"one wrong answer", closedLoad, results.Trial{
			Counts: results.Counts{Planned: 100, Sent: 100, Correct: 99},
			Errors: []results.ErrorCount{{Kind: "body", Count: 1, Sample: "got <h1>"}},
		}, "1 of 100 responses failed or were wrong (body: got <h1>)"},
		{"a late generator", openLoad, results.Trial{Counts: results.Counts{Planned: 100, Sent: 100, Correct: 100, Late: 11}}, "missed its schedule"},
		{"dropped hits", openLoad, results.Trial{Counts: results.Counts{Planned: 100, Sent: 80, Correct: 80, Dropped: 20}}, "20 dropped"},
		{"late because of the server", openLoad, results.Trial{
			Counts: results.Counts{Planned: 100, Sent: 100, Correct: 100, Late: 90}, Bottleneck: results.BottleneckServer,
		}, ""},
		{"late because of the front", openLoad, results.Trial{
			Counts: results.Counts{Planned: 100, Sent: 100, Correct: 100, Late: 90}, Bottleneck: results.BottleneckFront,
		}, ""},
		{"late because of the link", openLoad, results.Trial{
			Counts: results.Counts{Planned: 100, Sent: 100, Correct: 100, Late: 90}, Bottleneck: results.BottleneckNetwork,
		}, ""},
		{"some others", closedLoad, results.Trial{Counts: good, Usage: results.Usage{Others: ptr(0.14)}}, ""},
		{"a neighbour that always runs", closedLoad, results.Trial{Counts: good, Usage: results.Usage{Others: ptr(0.2)}}, "other programs took 20 % of the time of the run's CPUs"},
		{"pressure alone", closedLoad, results.Trial{Counts: good, Usage: results.Usage{Pressure: ptr(1.0)}}, ""},
		{"stolen time", closedLoad, results.Trial{Counts: good, Usage: results.Usage{Steal: ptr(0.25)}}, "hypervisor took 25 %"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reasons := invalid(test.load, test.trial)
			switch {
			case test.want == "" && len(reasons) > 0:
				t.Errorf("invalid: %v", reasons)
			case test.want != "" && (len(reasons) != 1 || !strings.Contains(reasons[0], test.want)):
				t.Errorf("reasons %q, want one with %q", reasons, test.want)
			}
		})
	}
	if reasons := invalid(closedLoad, results.Trial{}); len(reasons) == 0 {
		t.Error("a trial without a correct response is valid")
	}
}

// TestTheLastAttemptCounts: a machine that is never quiet is measured in spite of
// it, but a wrong response never counts.
func TestTheLastAttemptCounts(t *testing.T) {
	busyMachine := results.Trial{
		Counts: results.Counts{Planned: 10, Sent: 10, Correct: 10},
		Usage:  results.Usage{Steal: ptr(0.4), Others: ptr(0.5)},
	}
	for attempt, want := range map[int]int{1: 2, maxAttempts - 1: 2, maxAttempts: 0} {
		busyMachine.Attempt = attempt
		if reasons := invalid(closedLoad, busyMachine); len(reasons) != want {
			t.Errorf("attempt %d is invalid for %d reasons, want %d: %q", attempt, len(reasons), want, reasons)
		}
	}
	busyMachine.Attempt = maxAttempts
	busyMachine.Counts.Correct--
	if reasons := invalid(closedLoad, busyMachine); len(reasons) != 1 {
		t.Errorf("with a wrong response the last attempt is invalid for %q", reasons)
	}
}

func TestNotes(t *testing.T) {
	trial := results.Trial{
		Bottleneck: results.BottleneckServer,
		Counts:     results.Counts{Planned: 100, Sent: 99, Correct: 98, Dropped: 1, Late: 2},
		Errors:     []results.ErrorCount{{Kind: "eof", Count: 1, Sample: "closed"}},
		Metrics:    results.Metrics{"dials": 1},
		Usage: results.Usage{
			Steal: ptr(0.05), Others: ptr(0.1), FrequencyChange: ptr(-0.06), Throttles: ptr(int64(1)),
			ListenOverflows: ptr(int64(3)), Retransmits: ptr(int64(4)), ClientBusy: ptr(0.93),
		},
	}
	var kinds []string
	for _, note := range notes(openLoad, true, trial) {
		kinds = append(kinds, note.Kind)
	}
	want := "steal others frequency throttle listen-overflow retransmit late late connection errors bottleneck"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("notes %q, want %q", got, want)
	}
	quiet := results.Trial{
		Counts: results.Counts{Planned: 1, Sent: 1, Correct: 1}, Metrics: results.Metrics{"dials": 1},
		Usage: results.Usage{Steal: ptr(0.02), Others: ptr(0.07), Pressure: ptr(0.9), FrequencyChange: ptr(0.04), Throttles: ptr(int64(0))},
	}
	if list := notes(closedLoad, false, quiet); len(list) > 0 {
		t.Errorf("an undisturbed trial has notes: %v", list)
	}
}

// TestBusyMachineIsBlamedOnce: a machine that is always busy spoils every case
// of every block.
func TestBusyMachineIsBlamedOnce(t *testing.T) {
	c := &conductor{}
	for block := 1; block <= 3; block++ {
		c.warnOfHost(results.Trial{Block: block, Invalid: []string{"1 of 2 responses failed"}}) // not the machine's fault
		c.warnOfHost(results.Trial{Block: block, Usage: results.Usage{Others: ptr(0.2 + 0.1*float64(block))}})
		c.warnOfHost(results.Trial{Block: block, Usage: results.Usage{Steal: ptr(0.3)}})
	}
	if len(c.run.Warnings) != 2 || !strings.Contains(c.run.Warnings[0], "other programs") || !strings.Contains(c.run.Warnings[1], "hypervisor") ||
		!strings.Contains(c.run.Warnings[0], "even in the last of 3 attempts") { // nobody has looked at the others
		t.Errorf("%d warnings: %q", len(c.run.Warnings), c.run.Warnings)
	}
}

// TestMethodHasTheThresholds compares the table of docs/method.md with what is
// judged.
func TestMethodHasTheThresholds(t *testing.T) {
	text, err := os.ReadFile("../../docs/method.md")
	if err != nil {
		t.Fatal(err)
	}
	percent := func(share float64) string { return fmt.Sprintf("%.0f %%", share*100) }
	for start, cells := range map[string]string{
		"| steal: ":             "| " + percent(stealNote) + " | " + percent(results.StealLimit) + " |",
		"| others: ":            "| " + percent(othersNote) + " | " + percent(results.OthersLimit) + " |",
		"| late hits ":          "| " + percent(lateNote) + "; one never sent | " + percent(lateInvalid) + " |",
		"| change of the CPUs'": "| " + percent(frequencyNote) + " | |",
		"| `rate` |":            "at least " + percent(keptUp) + " of the planned hits were answered correctly, and at most " + percent(lateInvalid) + " went out late",
		"| `server` |":          "at least " + percent(busy) + " busy",
		"| `generator` |":       "at least " + percent(busy) + " busy",
		"| `network` |":         "at least " + percent(busy) + " of its speed",
	} {
		_, row, ok := strings.Cut(string(text), "\n"+start)
		row, _, _ = strings.Cut(row, "\n")
		if !ok || !strings.Contains(row, cells) {
			t.Errorf("docs/method.md: the row %q lacks %q: %s", start, cells, row)
		}
	}
}

func TestAddCost(t *testing.T) {
	m := results.Metrics{}
	addCost(m, results.Usage{ServerUser: ptr(0.25), ServerSystem: ptr(0.75), ClientUser: ptr(0.1), ServerRSS: ptr(int64(3 << 20))}, 10_000)
	want := results.Metrics{"server_cpu.user": 25, "server_cpu.system": 75, "server_cpu": 100, "capacity": 10_000, "server_rss": 3}
	for name, value := range want {
		if m[name] != value {
			t.Errorf("%s = %v, want %v", name, m[name], value)
		}
	}
	if _, ok := m["client_cpu"]; ok {
		t.Error("client_cpu is known although its system part is not")
	}
	empty := results.Metrics{}
	addCost(empty, results.Usage{ServerUser: ptr(0.0), ServerSystem: ptr(0.0)}, 0)
	if len(empty) > 0 {
		t.Errorf("without a correct response there is a cost: %v", empty)
	}
}
