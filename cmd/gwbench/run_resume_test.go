package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/results"
)

// long is the scenario small with so many blocks.
func long(blocks int) string {
	return strings.Replace(small, "{min: 1, max: 1}", fmt.Sprintf("{min: %d, max: %d}", blocks, blocks), 1)
}

// stopped runs a scenario and stops it during its second block.
func stopped(t *testing.T, blocks int, signal os.Signal) (dir string, trials []results.Trial) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	cmd, mark := gwbench(t, "run", writeScenario(t, long(blocks)), "--out", dir, "--only", "builtin/tcp/few", "--seed", "7")
	awaitLine(t, cmd, "block 1 of", func() { _ = cmd.Process.Signal(signal) })
	expectNoneLeft(t, mark)
	run, trials, err := results.Read(dir)
	if err != nil || len(trials) == 0 || !run.End.IsZero() && run.Partial == "" {
		t.Fatalf("%d trials, partial %q, end %v, %v", len(trials), run.Partial, run.End, err)
	}
	return dir, trials
}

// TestRunIsResumed stops runs of real servers by an interrupt and by a kill,
// and goes on with them.
func TestRunIsResumed(t *testing.T) {
	const blocks = 4
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			dir, before := stopped(t, blocks, signal)
			if signal == syscall.SIGKILL { // as if it had been killed while it wrote
				half, err := os.OpenFile(filepath.Join(dir, results.TrialsFile), os.O_WRONLY|os.O_APPEND, 0)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := half.WriteString(`{"case":"builtin/`); err != nil {
					t.Fatal(err)
				}
				half.Close()
			}
			_, stderr, code := runGwbench(t, "run", "--resume", dir, "--json")
			// On a machine that others keep busy no trial may be valid, which is an
			// error, but no reason not to have measured.
			if code != exitOK && !strings.Contains(stderr, "not one of") {
				t.Fatalf("exit code %d\n%s", code, stderr)
			}
			run, trials, err := results.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			if run.Partial != "" || run.End.IsZero() || run.Seed != 7 || len(run.Resumed) != 1 || run.Trials != len(trials) {
				t.Errorf("partial %q, end %v, seed %d, resumed %v, %d of %d trials", run.Partial, run.End, run.Seed, run.Resumed, run.Trials, len(trials))
			}
			for i, trial := range before {
				if i >= len(trials) || trials[i].Case != trial.Case || !trials[i].Start.Equal(trial.Start) {
					t.Errorf("trial %d of before is lost", i+1)
				}
			}
			expectEachCaseOnce(t, run.Plan, trials, blocks)
			if _, stderr, code := runGwbench(t, "run", "--resume", dir); code != exitFailed || !strings.Contains(stderr, "there is nothing to resume") {
				t.Errorf("once more: exit code %d\n%s", code, stderr)
			}
		})
	}
}

// expectEachCaseOnce checks that each case of each block has a last trial, and
// each place of a block one case.
func expectEachCaseOnce(t *testing.T, plan results.Plan, trials []results.Trial, blocks int) {
	t.Helper()
	const attempts = 3 // that a case has at most
	type place struct{ block, order int }
	last, cases := map[string]int{}, map[place]string{}
	for _, trial := range trials {
		if trial.Valid || trial.Attempt == attempts {
			last[fmt.Sprint(trial.Block, " ", trial.Case)]++
		}
		at := place{trial.Block, trial.Order}
		if other, ok := cases[at]; ok && other != trial.Case {
			t.Errorf("%s and %s share place %d of block %d", other, trial.Case, at.order, at.block)
		}
		cases[at] = trial.Case
	}
	for block := 1; block <= blocks; block++ {
		for _, c := range plan.Cases {
			if n := last[fmt.Sprint(block, " ", c.ID())]; n != 1 {
				t.Errorf("case %s has %d last trials in block %d", c.ID(), n, block)
			}
		}
	}
	if want := blocks * len(plan.Cases); len(last) != want || len(cases) != want {
		t.Errorf("%d cases at %d places, want %d", len(last), len(cases), want)
	}
}

// TestOnlyOneResumes starts a second process while the first has the run.
func TestOnlyOneResumes(t *testing.T) {
	dir, _ := stopped(t, 500, syscall.SIGINT)
	first, mark := gwbench(t, "run", "--resume", dir)
	var second []byte
	var secondErr error
	awaitLine(t, first, "run folder", func() {
		second, secondErr = exec.Command("gwbench", "run", "--resume", dir).CombinedOutput()
		_ = first.Process.Signal(syscall.SIGINT)
	})
	if secondErr == nil || !strings.Contains(string(second), "another gwbench is writing this run") {
		t.Errorf("%v\n%s", secondErr, second)
	}
	if code := first.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("the first one exits with %d", code)
	}
	expectNoneLeft(t, mark)
}

func TestAnInterruptSaysHowToGoOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd, _ := gwbench(t, "run", writeScenario(t, long(500)), "--out", dir, "--only", "builtin/tcp/few")
	var last string
	lines := awaitLine(t, cmd, "block 1 of", func() { _ = cmd.Process.Signal(syscall.SIGINT) })
	for line := range strings.Lines(lines) {
		last = line
	}
	if !strings.HasSuffix(last, " trials are kept in "+dir+"; go on with gwbench run --resume "+dir+"\n") {
		t.Errorf("the last line is %q", last)
	}
}

// TestHowToGoOn looks at the ends that leave something to go on with.
func TestHowToGoOn(t *testing.T) {
	outcome := &bench.Outcome{Dir: "results/x"}
	for _, test := range []struct {
		remote bool
		want   string
	}{
		{false, "interrupted before the first trial had ended; go on with gwbench run --resume results/x"},
		{true, "interrupted before the first trial had ended; go on with gwbench run --resume results/x --allow-remote"},
	} {
		err := conclude(stdio{out: io.Discard, err: io.Discard}, nil, outcome, fmt.Errorf("a: %w", context.Canceled), runFlags{Choices: bench.Choices{AllowRemote: test.remote}})
		if exitCode(err) != exitInterrupted || err.Error() != test.want {
			t.Errorf("%d, %v; want %q", exitCode(err), err, test.want)
		}
	}
}

// TestADeadServerLeavesARunToGoOnWith: its server ends on its own during the
// second block.
func TestADeadServerLeavesARunToGoOnWith(t *testing.T) {
	needPython(t)
	files := documented(t, "server.py", "mine.yaml")
	server, err := os.ReadFile(filepath.Join(files, "server.py"))
	if err != nil {
		t.Fatal(err)
	}
	starts := filepath.Join(files, "starts") // a line for each: the check's, and one for each block
	write(t, filepath.Join(files, "server.py"), fmt.Sprintf("import sys\nprint('start', file=open(%q, 'a'))\nif len(open(%q).readlines()) > 3: sys.exit('enough')\n%s", starts, starts, server))
	scenario := filepath.Join(files, "scenario.yaml")
	write(t, scenario, strings.Replace(fmt.Sprintf(brief, "[{name: mine, recipe: ./mine.yaml}]"), "{min: 1, max: 1}", "{min: 9, max: 9}", 1))
	dir := filepath.Join(t.TempDir(), "run")
	_, stderr, code := runGwbench(t, "run", scenario, "--out", dir)
	_, trials, err := results.Read(dir)
	if err != nil || len(trials) == 0 {
		t.Fatalf("%d trials, %v\n%s", len(trials), err, stderr)
	}
	want := fmt.Sprintf("\n%d trials are kept in %s; go on with gwbench run --resume %s\n", len(trials), dir, dir)
	if code != exitFailed || !strings.Contains(stderr, "target mine: the server died") || !strings.HasSuffix(stderr, want) {
		t.Errorf("exit code %d, want the end %q\n%s", code, want, stderr)
	}
}

func TestResumeTakesNoPlan(t *testing.T) {
	dir := t.TempDir()
	for want, args := range map[string][]string{
		`takes the scenario from the run: leave out "hello"`: {"hello"},
		"leave out --seed":      {"--seed", "1"},
		"leave out --only":      {"--only", "uwsgi"},
		"leave out --quick":     {"--quick"},
		"leave out --recipe":    {"--recipe", "x.yaml"},
		"leave out --out":       {"--out", "x"},
		"leave out --no-verify": {"--no-verify"},
		"leave out --dry-run":   {"--dry-run"},
		"leave out --raw":       {"--raw"},
		"cannot go on":          {"--json", "--allow-remote", "--fail-on-inconclusive"}, // these may be, and the folder is empty
	} {
		_, stderr, code := runGwbench(t, append([]string{"run", "--resume", dir}, args...)...)
		if code != exitFailed || !strings.Contains(stderr, want) {
			t.Errorf("%q: exit code %d, %s; want %q", args, code, stderr, want)
		}
	}
}

// TestResumeWithARecipe goes on with a run of a server of the user's, from another
// folder: its recipe is that of the run, whatever became of the file.
func TestResumeWithARecipe(t *testing.T) {
	needPython(t)
	files := documented(t, "server.py", "mine.yaml")
	const recipe = "mine.yaml"
	text, err := os.ReadFile(filepath.Join(files, recipe))
	if err != nil {
		t.Fatal(err)
	}
	// Found only where the run began.
	write(t, filepath.Join(files, recipe), strings.Replace(string(text), "{recipe}/server.py", "server.py", 1))
	dir := filepath.Join(t.TempDir(), "run")
	scenario := strings.Replace(long(3), "targets: [builtin, gonet]", "targets: [builtin]", 1)
	cmd, mark := gwbench(t, "run", writeScenario(t, scenario), "--out", dir, "--recipe", recipe, "--only", "http/tcp/few/per-request")
	cmd.Dir = files
	awaitLine(t, cmd, "block 1 of", func() { _ = cmd.Process.Signal(syscall.SIGINT) })
	expectNoneLeft(t, mark)
	if err := os.Remove(filepath.Join(files, recipe)); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := runGwbench(t, "run", "--resume", dir)
	if code != exitOK && !strings.Contains(stderr, "not one of") {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	run, trials, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Plan.Cases) != 2 || len(run.Recipes) != 1 || run.Recipes[0].File != recipe || run.Folder != files {
		t.Errorf("%d cases, want those of builtin and mine; recipes %+v in folder %s", len(run.Plan.Cases), run.Recipes, run.Folder)
	}
	expectEachCaseOnce(t, run.Plan, trials, 3)
}
