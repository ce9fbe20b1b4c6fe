package main

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/targets"
)

// TestOriginRuns runs the shipped scenario that needs the most to work
// together: a front, two real servers, two protocols, two applications.
func TestOriginRuns(t *testing.T) {
	for _, name := range []string{"uwsgi", "pygateway"} {
		r, err := targets.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Available(); err != nil {
			required.Missing(t, err)
		}
	}
	run, trials, out := measure(t, "origin", "--quick")
	if len(run.Plan.Cases) != 8 || len(run.Skipped) > 0 {
		t.Errorf("%d cases, skipped %+v", len(run.Plan.Cases), run.Skipped)
	}
	for _, trial := range trials {
		if len(trial.Errors) > 0 {
			t.Errorf("%s: %+v", trial.Case, trial.Errors)
		}
	}
	for _, want := range []string{"comes from the target (uwsgi instead of pygateway)", "from the protocol (uwsgi instead of fastcgi)", "front CPU"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
