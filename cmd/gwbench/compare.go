package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// compareFlags are the flags of gwbench compare as they were written.
type compareFlags struct {
	base, new, method, threshold, metrics, reference, only, format string
	asJSON, failOnInconclusive, wide                               bool
}

// compareFormats are the values of --format.
var compareFormats = []string{"table", "markdown", "json", "junit", "github"}

func newCompareCommand(std stdio) *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare BASE NEW | compare RUN --base CASES --new CASES",
		Short: "Say what became better or worse since an earlier run",
		Long: `Compare a run with an earlier one, or some cases of a run with others: for each
case and metric the change, its interval, and whether it is worse, better, the
same within a threshold, or not to be told. The exit code is 2 if anything is
worse.

BASE and NEW are run folders, bundles or baselines (gwbench baseline). Figures do
not travel between machines and days, so each case is first divided by gwbench's
own HTTP server, measured in the same run, where both runs have that
(--method normalised); else the figures themselves are compared, which only one
machine allows (--method absolute). Sharpest is to measure both builds in one
run, as two targets, and to compare its cases with each other (--base, --new).
docs/compare.md says more.`,
		Example: `  gwbench compare results/20260102T150405Z-hello results/20260103T150405Z-hello
  gwbench compare ci run --threshold 10%
  gwbench compare run --base target=old --new target=new --threshold capacity=5%,latency.p99=20%
  gwbench compare ci run --metrics capacity --format markdown`,
		Args: func(cmd *cobra.Command, args []string) error { return f.checkArguments(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			changes, err := f.compare(args)
			if err != nil {
				return err
			}
			if err := f.show(std, *changes); err != nil {
				return err
			}
			return exitOfChanges(*changes, f.failOnInconclusive)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.base, "base", "", "cases of RUN that stand for the earlier state, as axis=value, separated by commas")
	flags.StringVar(&f.new, "new", "", "cases of RUN that stand for the later state, likewise")
	flags.StringVar(&f.method, "method", "auto", "auto, paired, normalised or absolute")
	flags.StringVar(&f.threshold, "threshold", "", "change that counts: 8% of all metrics, or throughput=5%,latency.p99=10%, which judges these too (default: 5% to 25%, by metric)")
	flags.StringVar(&f.metrics, "metrics", "", "metrics to judge, separated by commas (default: throughput, saturation, capacity, latency.p50, latency.p99)")
	flags.StringVar(&f.reference, "reference", "", "axes of the case that others are divided by (default: target=builtin,protocol=http,connection=keep-alive,front=none)")
	flags.StringVar(&f.only, "only", "", "compare only cases that match, as in gwbench run")
	flags.StringVarP(&f.format, "format", "f", "table", "one of "+strings.Join(compareFormats, ", "))
	flags.BoolVar(&f.asJSON, "json", false, "short for --format json")
	flags.BoolVar(&f.wide, "wide", false, wideHelp)
	flags.BoolVar(&f.failOnInconclusive, "fail-on-inconclusive", false, "exit with 3 if anything is inconclusive")
	notBoth(cmd, "json", "format", "--json is short for --format json: leave one of the two out")
	bothOrNone(cmd, "base", "new", "they name the two sides of one run")
	return cmd
}

// checkArguments asks for two runs, or for one and the sides of it.
func (f *compareFlags) checkArguments(cmd *cobra.Command, args []string) error {
	want, what := 2, "two runs, BASE and NEW"
	if f.base != "" || f.new != "" {
		want, what = 1, "one RUN with --base and --new"
	}
	if len(args) != want {
		return fmt.Errorf("gwbench compare takes %s, not %d: gwbench compare --help shows examples", what, len(args))
	}
	if f.asJSON {
		f.format = "json"
	}
	return oneOf("--format", f.format, compareFormats)
}

// oneOf refuses a flag's value that is none of the known ones.
func oneOf(flag, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return fmt.Errorf("%s %q: %suse one of %s", flag, value, spelling.Hint(value, known), strings.Join(known, ", "))
}

func (f *compareFlags) compare(args []string) (*verdict.Changes, error) {
	options, err := f.options()
	if err != nil {
		return nil, err
	}
	base, err := readSide(args[0])
	if err != nil {
		return nil, err
	}
	if f.base != "" {
		return f.compareCases(base, options)
	}
	new, err := readSide(args[1])
	if err != nil {
		return nil, err
	}
	return verdict.Compare(base, new, options)
}

// compareCases compares the cases of one run that stand for its two sides.
func (f *compareFlags) compareCases(run verdict.Side, options verdict.CompareOptions) (*verdict.Changes, error) {
	base, err := parseSelector("--base", f.base)
	if err != nil {
		return nil, err
	}
	new, err := parseSelector("--new", f.new)
	if err != nil {
		return nil, err
	}
	return verdict.ComparePaired(run, base, new, options)
}

// options reads the flags.
func (f *compareFlags) options() (o verdict.CompareOptions, err error) {
	if err := oneOf("--method", f.method, []string{"auto", string(verdict.Paired), string(verdict.Normalised), string(verdict.Absolute)}); err != nil {
		return o, err
	}
	if f.method != "auto" {
		o.Method = verdict.Method(f.method)
	}
	if o.Thresholds, o.Threshold, err = parseThresholds(f.threshold); err != nil {
		return o, err
	}
	if f.metrics != "" {
		for name := range strings.SplitSeq(f.metrics, ",") {
			o.Metrics = append(o.Metrics, strings.TrimSpace(name))
		}
	}
	if f.reference != "" {
		if o.Reference, err = parseSelector("--reference", f.reference); err != nil {
			return o, err
		}
	}
	if f.only != "" {
		if _, err := bench.Matches(f.only, results.Case{}); err != nil {
			return o, err
		}
		o.Only = func(c results.Case) bool {
			ok, _ := bench.Matches(f.only, c)
			return ok
		}
	}
	return o, nil
}

// readSide reads a run with its stored scenario, if that can be read.
func readSide(name string) (verdict.Side, error) {
	run, trials, err := openRun(name)
	if err != nil {
		return verdict.Side{}, err
	}
	side := verdict.Side{Run: run, Trials: trials}
	if scenario, err := storedScenario(run); err == nil {
		side.Scenario = scenario
	}
	return side, nil
}

// storedScenario is the scenario that a run was measured with. It may name
// targets that this gwbench does not know.
func storedScenario(run results.Run) (*scenarios.Scenario, error) {
	words := bench.Vocabulary()
	words.Stored = true
	return scenarios.Parse(run.Scenario.File, []byte(run.Scenario.YAML), words)
}

// show writes the changes. What only machines read leaves the table to the
// log, where people look first.
func (f *compareFlags) show(std stdio, changes verdict.Changes) error {
	var err error
	switch f.format {
	case "markdown":
		return report.ChangesMarkdown(std.out, changes)
	case "json":
		err = report.ChangesJSON(std.out, changes)
	case "junit":
		err = export.JUnitChanges(std.out, changes)
	case "github":
		var summary, annotations bytes.Buffer
		if err = errors.Join(report.ChangesMarkdown(&summary, changes), export.GitHubChanges(&annotations, changes)); err == nil {
			err = deliverToGitHub(std, "", summary.Bytes(), annotations.Bytes())
		}
	default:
		return report.ChangesTerminal(std.out, changes, styleOf(std.out, f.wide))
	}
	if err != nil {
		return err
	}
	return report.ChangesTerminal(std.err, changes, styleOf(std.err, f.wide))
}

// exitOfChanges turns changes into the exit code.
func exitOfChanges(changes verdict.Changes, failOnInconclusive bool) error {
	n := map[verdict.ChangeOutcome]int{}
	for _, c := range changes.Changes {
		n[c.Outcome]++
	}
	switch {
	case n[verdict.Worse] > 0:
		return &exitError{exitGate, fmt.Errorf("%d of %d changes are for the worse", n[verdict.Worse], len(changes.Changes))}
	case !failOnInconclusive || changes.Outcome != verdict.Undetermined:
		return nil
	}
	var open []string
	if n[verdict.Undetermined] > 0 {
		open = append(open, fmt.Sprintf("%d of %d changes are inconclusive", n[verdict.Undetermined], len(changes.Changes)))
	}
	if len(changes.OnlyBase) > 0 {
		open = append(open, "NEW lacks cases of BASE: "+strings.Join(changes.OnlyBase, ", "))
	}
	return &exitError{exitInconclusive, errors.New(strings.Join(open, "; "))}
}
