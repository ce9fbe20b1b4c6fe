package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestNoiseGoldens(t *testing.T) {
	d := summarytest.Noisy(t)
	summarytest.Golden(t, "terminal-noisy-80.txt", terminal(t, d, Style{Width: 80}))
	markdown, err := markdownReport(d, nil, SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "report-noisy.md", markdown)
}

// Two counts of disturbed trials, one with the invalid and one without, read as a mistake.
func TestTerminalCountsDisturbedTrialsOnce(t *testing.T) {
	text := string(terminal(t, summarytest.Noisy(t), Style{}))
	if n := strings.Count(strings.ToLower(text), "disturbed"); n != 2 { // the other is a warning of a verdict
		t.Errorf("it says disturbed %d times:\n%s", n, text)
	}
	if want := "CPU time taken by other programs: 6.0 % in the median trial, 35.5 % at most."; !strings.Contains(text, want) {
		t.Errorf("it does not say %q:\n%s", want, text)
	}
}

func TestQuietMachineIsNotMentionedInTheTerminal(t *testing.T) {
	d := summarytest.Hello(t)
	steal := 0.01
	for i := range d.Trials {
		d.Trials[i].Usage.Steal = &steal
	}
	for _, word := range []string{"in the median trial", "Drift"} {
		if text := string(terminal(t, d, Style{})); strings.Contains(text, word) {
			t.Errorf("%q is said of a quiet machine:\n%s", word, text)
		}
	}
	markdown, err := markdownReport(d, nil, SVG)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Noise of the machine", "no steady rise or fall of throughput", "The machine disturbed no trial.", "CPU time taken by the hypervisor"} {
		if !strings.Contains(string(markdown), text) {
			t.Errorf("report.md of a quiet machine does not say %q", text)
		}
	}
	if strings.Contains(string(markdown), "| others") {
		t.Error("report.md has a figure that no trial knows")
	}
}

func TestNoiseAsJSON(t *testing.T) {
	var got struct {
		Drift []driftJSON
		Noise noiseJSON
	}
	var out strings.Builder
	if err := JSON(&out, summarytest.Noisy(t)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Drift) != 3 || !got.Drift[0].Told || math.Abs(float64(*got.Drift[0].Change)+0.1) > 0.03 {
		t.Errorf("drift %+v, want a throughput that fell by 10 %%", got.Drift)
	}
	number := func(v number) *number { return &v }
	if diff := cmp.Diff(noiseFigureJSON{N: 124, Median: number(0.06), Min: number(0.01), Max: number(0.355)}, got.Noise.Figures["others"]); diff != "" {
		t.Errorf("others %s", diff)
	}
	if diff := cmp.Diff([]summary.Count{{Name: "others", N: 27}}, got.Noise.Notes); diff != "" || got.Noise.Disturbed != 27 {
		t.Errorf("%d disturbed; %s", got.Noise.Disturbed, diff)
	}
}
