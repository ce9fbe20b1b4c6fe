package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/doctor"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// seen is what --json prints, with the keys of its parts.
type seen struct {
	top, summary map[string]any
	checks       []map[string]any
	proof        map[string]any // nil: none
}

// runDoctorJSON runs doctor with --json. How fit the machine is that the test
// runs on is not the test's business: only that the exit code says the same.
func runDoctorJSON(t *testing.T, args ...string) seen {
	t.Helper()
	stdout, stderr, code := runGwbench(t, append([]string{"doctor", "--json"}, args...)...)
	var s seen
	parts := struct {
		Checks  *[]map[string]any
		Summary *map[string]any
		Proof   *map[string]any
	}{&s.checks, &s.summary, &s.proof}
	for _, into := range []any{&s.top, &parts} {
		if err := json.Unmarshal([]byte(stdout), into); err != nil {
			t.Fatalf("%v\n%s\n%s", err, stdout, stderr)
		}
	}
	want := exitOK
	if fit, ok := s.summary["fit"].(bool); !ok || !fit {
		want = exitGate
	}
	if code != want {
		t.Errorf("exit code %d, want %d\n%s", code, want, stderr)
	}
	if !strings.Contains(stderr, "cpus ") {
		t.Errorf("there is no table on stderr:\n%s", stderr)
	}
	return s
}

func TestDoctorAsJSON(t *testing.T) {
	s := runDoctorJSON(t)
	expectKeys(t, "the whole", s.top, "checks summary verdict")
	expectKeys(t, "the summary", s.summary, "failed fit unknown warnings")
	if len(s.checks) == 0 || s.summary["failed"] == nil {
		t.Errorf("%d checks, failed %v", len(s.checks), s.summary["failed"])
	}
	for _, c := range s.checks {
		keys := "finding name result why"
		if _, ok := c["advice"]; ok {
			keys = "advice " + keys
		}
		expectKeys(t, "a check", c, keys)
	}
}

func TestDoctorPrintsATable(t *testing.T) {
	stdout, stderr, code := runGwbench(t, "doctor")
	if code != exitOK && code != exitGate {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	for line := range strings.Lines(stdout) {
		if len(strings.TrimRight(line, "\n")) > lineWidth && !strings.Contains(line, "/sys/") {
			t.Errorf("a line is %d bytes long: %s", len(line), line)
		}
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "fit") && !strings.HasPrefix(last, "not fit") {
		t.Errorf("the last line is no verdict: %s", last)
	}
}

func TestDoctorProvesInMiniature(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	s := runDoctorJSON(t, "--aa", "--quick", "--slowdown", "20%", "--out", out)
	expectKeys(t, "the whole", s.top, "checks proof summary verdict")
	expectKeys(t, "the proof", s.proof, "detectable equal failures quick slowdown")
	equal, slowdown := s.proof["equal"].(map[string]any), s.proof["slowdown"].(map[string]any)
	expectKeys(t, "equal", equal, "blocks comparisons excluding false_verdicts intervals invalid median seconds trials widest widest_of")
	delete(slowdown, "blocks_needed") // where it is known
	expectKeys(t, "slowdown", slowdown, "blocks budget_seconds burn_ns expected found ratio seconds server_cpu wanted")
	if equal["comparisons"] != 8.0 || slowdown["wanted"] != 0.2 || slowdown["found"] != false || s.proof["quick"] != true {
		t.Errorf("%v", s.proof)
	}
	for _, one := range s.proof["detectable"].([]any) {
		expectKeys(t, "detectable", one.(map[string]any), "blocks change metric")
	}
	for folder, targets := range map[string]string{"doctor-aa": "a b", "doctor-slowdown": "base slowed"} {
		run, trials, err := results.Read(filepath.Join(out, folder))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, server := range run.Targets {
			names = append(names, server.Name)
		}
		if got := strings.Join(names, " "); got != targets || len(trials) < 3*len(run.Plan.Cases) {
			t.Errorf("%s: targets %s with %d trials", folder, got, len(trials))
		}
	}
}

func TestDoctorIsInterrupted(t *testing.T) { interruptServing(t, "doctor", "--aa") }

func TestDoctorRefusesItsFlags(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"--quick"}, "--quick is about the proof: add --aa"},
		{[]string{"--slowdown", "5%"}, "--slowdown is about the proof: add --aa"},
		{[]string{"--aa", "--slowdown", "5"}, `"5" is no percentage: write it as 5%`},
		{[]string{"--aa", "--slowdown", "0%"}, "want a percentage above 0% and up to 100%, such as 5%"},
		{[]string{"--aa", "--slowdown", "101%"}, "want a percentage above 0% and up to 100%"},
		{[]string{"--aa", "--slowdown", "NaN%"}, "is no percentage"},
		{[]string{"--aa", "--budget", "5s"}, "--budget 5s is too short to find anything in: pass --budget 10s or more"},
		{[]string{"--aa", "--budget", "-1m"}, "--budget -1m0s is too short"},
		{[]string{"--aa", "--quick", "--budget", "0s"}, "--budget 0s is too short"},
		{[]string{"now"}, "unknown command"},
	}
	for _, tt := range tests {
		_, stderr, code := runGwbench(t, append([]string{"doctor"}, tt.args...)...)
		if code != exitFailed || !strings.Contains(stderr, tt.want) {
			t.Errorf("%v: exit code %d, %q, want %q", tt.args, code, stderr, tt.want)
		}
	}
}

func TestDiagnosisAsText(t *testing.T) {
	checks := []doctor.Check{
		{Name: "cpus", Result: doctor.Pass, Finding: "2", Why: "not shown"},
		{Name: "governor", Result: doctor.Warn, Finding: "powersave", Why: "a clock that follows the load makes light load look dear", Advice: "sudo cpupower frequency-set -g performance"},
		{Name: "turbo", Result: doctor.Unknown, Finding: "the system does not tell", Why: "not shown either"},
	}
	summary := doctor.Summarise(checks)
	var text bytes.Buffer
	if err := printDiagnosis(&text, diagnosis{Checks: checks, Summary: summary, Verdict: summary.String()}); err != nil {
		t.Fatal(err)
	}
	want := `check     result   finding
-------------------------------------------
cpus      pass     2
governor  warn     powersave
turbo     unknown  the system does not tell

governor: a clock that follows the load makes light load look dear.
  sudo cpupower frequency-set -g performance
fit, with 1 warning and 1 unknown
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

func TestProofAsText(t *testing.T) {
	change := 0.021
	proof := doctor.Proof{
		Equal: &doctor.Equal{
			Comparisons: 40, Blocks: 20, Seconds: 85.4, Trials: 402, Invalid: 2,
			Excluding: 3, Intervals: 40, Median: 0.031, Widest: 0.41, WidestOf: "latency.p99 of scgi unix per-request",
		},
		Slowdown: &doctor.Slowdown{
			Wanted: 0.05, Burn: 650, ServerCPU: 13, Expected: 0.952, Found: true, Blocks: 38, Seconds: 23, Budget: 60,
			Ratio: stats.Ratio{Estimate: 0.95, Low: 0.921, High: 0.983, Confidence: 0.99, Achieved: 0.99, N: 38},
		},
		Detectable: []doctor.Detectable{{Metric: "capacity", Blocks: 180, Change: &change}, {Metric: "latency.p99", Blocks: 180}},
	}
	lost := proof
	lost.Failures = []string{"a slowdown was not found"}
	lost.Equal = &doctor.Equal{Comparisons: 40, FalseVerdicts: []string{"a is twice as fast as b"}}
	lost.Slowdown = &doctor.Slowdown{Wanted: 0.05, Burn: 650, ServerCPU: 13, Expected: 0.952, Blocks: 38, Seconds: 60, Needed: 90}
	lost.Detectable = nil
	tests := []struct {
		proof *doctor.Proof
		want  string
	}{
		{nil, ""},
		{&doctor.Proof{}, ""},
		{&doctor.Proof{Quick: true}, "a quick look: everything works, nothing is proved\n"},
		{&proof, `equal targets: false verdicts: 0 in 40 comparisons of builtin with itself (20
  blocks, 1m25s; 2 of 402 trials were invalid). Taken each by itself, 3 of 40
  intervals at 95 % exclude 1x, where 2 are to be expected; half-widths: median
  3.1 %, widest 41 % (latency.p99 of scgi unix per-request).
known slowdown: 5 % more CPU time per request (650 ns on top of 13.0 us) was
  found by capacity after 23s and 38 blocks: ratio 0.950x [0.921, 0.983],
  expected 0.952x.

metric       smallest change found in a minute (180 blocks)
-----------------------------------------------------------
capacity     2.1 %
latency.p99  unknown

proved: gwbench finds no difference where there is none, and finds one that is
  there.
`},
		{&lost, `equal targets: false verdicts: 1 in 40 comparisons of builtin with itself (0
  blocks, 0s; 0 of 0 trials were invalid).
false: a is twice as fast as b
known slowdown: 5 % more CPU time per request (650 ns on top of 13.0 us) was
  not found within 1m0s and 38 blocks: ratio unknown, expected 0.952x. It would
  take about 90 blocks.
`},
	}
	for _, tt := range tests {
		var text bytes.Buffer
		if err := printProof(&text, tt.proof); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, text.String()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDoctorsVerdictIsTheExitCode(t *testing.T) {
	tests := []struct {
		name string
		d    diagnosis
		want int
	}{
		{"fit", diagnosis{Summary: doctor.Summary{Fit: true, Warnings: 3}}, exitOK},
		{"not fit", diagnosis{Summary: doctor.Summary{Failed: []string{"steal"}}}, exitGate},
		{"proved", diagnosis{Summary: doctor.Summary{Fit: true}, Proof: &doctor.Proof{}}, exitOK},
		{"failed", diagnosis{Summary: doctor.Summary{Fit: true}, Proof: &doctor.Proof{Failures: []string{"x"}}}, exitGate},
	}
	for _, tt := range tests {
		if got := exitCode(tt.d.judge()); got != tt.want {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, tt.want)
		}
	}
	if !os.IsNotExist(endedBySignal(os.ErrNotExist)) {
		t.Error("an error that is no interruption is lost")
	}
}
