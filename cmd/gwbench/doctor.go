package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/doctor"
	"github.com/gwbench/gwbench/results"
)

type doctorFlags struct {
	aa, quick, asJSON bool
	slowdown          share
	budget            time.Duration
	out               string
}

func newDoctorCommand(std stdio) *cobra.Command {
	f := doctorFlags{slowdown: 0.05}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Is this machine fit to measure on? And does gwbench measure right here?",
		Long: `Look at what decides how good figures from this machine are: CPUs, their clock,
the hypervisor, other programs, memory, ports, queues, limits, timers. Each
check passes, warns or fails, and says what to do. That takes a second and
changes nothing.

With --aa gwbench is put to the proof, in two to three minutes. First its own
server is compared with itself, 40 times: no more than two verdicts may say that
there is a difference. Then it is compared with itself slowed down by a known
amount, which must be found within the budget. The scatter of both says what
the smallest change is that this machine shows in a minute.

Exit codes: 0 fit, also with warnings; 1 gwbench could not tell, as the machine
is too noisy right now for one; 2 a check failed, or gwbench was put to the
proof and failed; 130 interrupted.`,
		Example: `  gwbench doctor
  gwbench doctor --json | jq '.checks[] | select(.result == "warn")'
  gwbench doctor --aa
  gwbench doctor --aa --slowdown 2% --budget 3m`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd.Flags().Changed); err != nil {
				return err
			}
			return runDoctor(cmd.Context(), std, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.asJSON, "json", false, "print everything as JSON; the table goes to stderr")
	flags.BoolVar(&f.aa, "aa", false, "prove the instrument: equal targets, then a known slowdown")
	flags.Var(&f.slowdown, "slowdown", "with --aa: the known slowdown, in CPU time per request")
	flags.DurationVar(&f.budget, "budget", time.Minute, "with --aa: time for finding the slowdown, "+doctor.LeastBudget.String()+" or more")
	flags.BoolVar(&f.quick, "quick", false, "with --aa: few short blocks: see that everything works; it proves nothing")
	flags.StringVarP(&f.out, "out", "o", "", "with --aa: folder that keeps the two run folders (default: none is kept)")
	return cmd
}

// check refuses flags that mean nothing.
func (f doctorFlags) check(given func(string) bool) error {
	for _, name := range []string{"slowdown", "budget", "quick", "out"} {
		if given(name) && !f.aa {
			return fmt.Errorf("--%s is about the proof: add --aa", name)
		}
	}
	if f.budget < doctor.LeastBudget {
		return fmt.Errorf("--budget %s is too short to find anything in: pass --budget %s or more", f.budget, doctor.LeastBudget)
	}
	return nil
}

// diagnosis is what --json prints.
type diagnosis struct {
	Checks  []doctor.Check `json:"checks"`
	Summary doctor.Summary `json:"summary"`
	Verdict string         `json:"verdict"`
	Proof   *doctor.Proof  `json:"proof,omitempty"` // with --aa
}

func runDoctor(ctx context.Context, std stdio, f doctorFlags) error {
	human := std.out
	if f.asJSON {
		human = std.err
	}
	checks, err := doctor.Examine(ctx)
	if err != nil {
		return endedBySignal(err)
	}
	summary := doctor.Summarise(checks)
	d := diagnosis{Checks: checks, Summary: summary, Verdict: summary.String()}
	if err := printDiagnosis(human, d); err != nil {
		return err
	}
	var proveErr error
	if f.aa {
		fmt.Fprintln(human)
		d.Proof, proveErr = prove(ctx, std.err, f)
		if err := printProof(human, d.Proof); err != nil {
			return err
		}
	}
	if f.asJSON {
		encoder := json.NewEncoder(std.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(d); err != nil {
			return err
		}
	}
	if proveErr != nil {
		return endedBySignal(proveErr)
	}
	return d.judge()
}

// judge turns failures into the exit code.
func (d diagnosis) judge() error {
	switch {
	case d.Proof != nil && len(d.Proof.Failures) > 0:
		return &exitError{exitGate, fmt.Errorf("gwbench does not measure right on this machine: %s", strings.Join(d.Proof.Failures, "; "))}
	case !d.Summary.Fit:
		return &exitError{exitGate, fmt.Errorf("this machine is not fit to measure on: %s", strings.Join(d.Summary.Failed, ", "))}
	}
	return nil
}

// prove measures in a folder of its own, with live progress.
func prove(ctx context.Context, w io.Writer, f doctorFlags) (*doctor.Proof, error) {
	root := f.out
	if root == "" {
		var err error
		if root, err = os.MkdirTemp("", "gwbench-doctor-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(root)
	}
	measure := func(ctx context.Context, plan *bench.Plan, source results.Source, watch func(bench.Event)) (*bench.Outcome, error) {
		progress := newProgress(w, plan)
		defer progress.close()
		return bench.Run(ctx, bench.Config{
			Plan: plan, Source: source, Dir: filepath.Join(root, source.Name), Seed: rand.Uint64(), Tool: tool(),
			Observe: func(e bench.Event) {
				progress.observe(e)
				watch(e)
			},
		})
	}
	return doctor.Prove(ctx, doctor.Settings{Slowdown: float64(f.slowdown), Budget: f.budget, Quick: f.quick}, measure)
}
