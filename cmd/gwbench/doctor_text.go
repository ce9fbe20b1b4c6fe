package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/doctor"
	"github.com/gwbench/gwbench/internal/stats"
)

// printDiagnosis prints the table of the checks, what to do about those that
// did not pass, and the verdict.
func printDiagnosis(w io.Writer, d diagnosis) error {
	rows := [][]string{{"check", "result", "finding"}}
	for _, c := range d.Checks {
		rows = append(rows, []string{c.Name, string(c.Result), c.Finding})
	}
	if err := printTable(w, rows); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, c := range d.Checks {
		if c.Result != doctor.Warn && c.Result != doctor.Fail {
			continue
		}
		printWrapped(w, c.Name+": ", c.Why+".")
		if c.Advice != "" {
			fmt.Fprintf(w, "  %s\n", strings.Join(wrap(c.Advice, lineWidth-len("  ")), "\n  "))
		}
	}
	_, err := fmt.Fprintln(w, d.Verdict)
	return err
}

// printProof prints what is there of a proof.
func printProof(w io.Writer, p *doctor.Proof) error {
	if p == nil {
		return nil
	}
	if p.Equal != nil {
		printEqual(w, p.Equal)
	}
	if p.Slowdown != nil {
		printSlowdown(w, p.Slowdown)
	}
	if len(p.Detectable) > 0 {
		fmt.Fprintln(w)
		if err := printDetectable(w, p.Detectable); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	switch {
	case p.Quick:
		fmt.Fprintln(w, "a quick look: everything works, nothing is proved")
	case p.Holds():
		printWrapped(w, "proved: ", "gwbench finds no difference where there is none, and finds one that is there.")
	}
	return nil
}

func printEqual(w io.Writer, e *doctor.Equal) {
	text := fmt.Sprintf("false verdicts: %d in %d comparisons of builtin with itself (%d blocks, %s; %d of %d trials were invalid).",
		len(e.FalseVerdicts), e.Comparisons, e.Blocks, seconds(e.Seconds), e.Invalid, e.Trials)
	if e.Intervals > 0 {
		text += fmt.Sprintf(" Taken each by itself, %d of %d intervals at 95 %% exclude 1x, where %.0f are to be expected; half-widths: median %s, widest %s (%s).",
			e.Excluding, e.Intervals, float64(e.Intervals)/20, percent(e.Median), percent(e.Widest), e.WidestOf)
	}
	printWrapped(w, "equal targets: ", text)
	for _, sentence := range e.FalseVerdicts {
		printWrapped(w, "false: ", sentence)
	}
}

func printSlowdown(w io.Writer, s *doctor.Slowdown) {
	found := "was found by capacity after"
	if !s.Found {
		found = "was not found within"
	}
	text := fmt.Sprintf("%s more CPU time per request (%d ns on top of %.1f us) %s %s and %d blocks: ratio %s, expected %.3fx.",
		percent(s.Wanted), s.Burn, s.ServerCPU, found, seconds(s.Seconds), s.Blocks, interval(s.Ratio), s.Expected)
	if !s.Found && s.Needed > 0 {
		text += fmt.Sprintf(" It would take about %d blocks.", s.Needed)
	}
	printWrapped(w, "known slowdown: ", text)
}

func printDetectable(w io.Writer, list []doctor.Detectable) error {
	rows := [][]string{{"metric", fmt.Sprintf("smallest change found in a minute (%d blocks)", list[0].Blocks)}}
	for _, d := range list {
		change := "unknown"
		if d.Change != nil {
			change = percent(*d.Change)
		}
		rows = append(rows, []string{d.Metric, change})
	}
	return printTable(w, rows)
}

// percent shows a share with two significant digits.
func percent(share float64) string { return fmt.Sprintf("%.2g %%", 100*share) }

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

func interval(r stats.Ratio) string {
	switch {
	case r.N == 0:
		return "unknown"
	case !r.HasInterval():
		return fmt.Sprintf("%.3fx, with no interval", r.Estimate)
	}
	return fmt.Sprintf("%.3fx [%.3f, %.3f]", r.Estimate, r.Low, r.High)
}
