package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// resumable is a scenario as text, since that is what a run is resumed from: of
// four cases, two for each of two servers, that is decided at no look before the
// last one.
const resumable = `
name: resumable
targets: [{name: mine, url: "%s"}]
protocols: [http]
networks: [tcp]
connections: [per-request, keep-alive]
load: [{name: few, clients: 2}, {name: many, clients: 4}]
warmup: 1ms
duration: 5ms
blocks: {min: 2, max: 8}
claims:
  - name: undecided
    says: one connection for each request costs nothing
    metrics: [errors]
    of: {connection: per-request, load: few}
    over: {connection: keep-alive, load: few}
    factor: ">= 1"
`

// resumableConfig is a run of it, in a folder of the test's.
func resumableConfig(t *testing.T) Config {
	t.Helper()
	text := fmt.Sprintf(resumable, serve(t, "http", helloApp(t)))
	scenario, err := scenarios.Parse("resumable.yaml", []byte(text), Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := NewPlan(scenario, Choices{})
	if err != nil {
		t.Fatal(err)
	}
	return Config{
		Plan: plan, Source: results.Source{Name: scenario.Name, File: "resumable.yaml", YAML: text},
		Dir: filepath.Join(t.TempDir(), "run"), Seed: 42, Tool: "test",
	}
}

// stopAfter makes a run end, as an interrupt does, when so many cases are
// settled, over all blocks; 0: never.
func stopAfter(t *testing.T, cfg Config, done int) (context.Context, Config) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	observe := cfg.Observe
	cfg.Observe = func(e Event) {
		if e.Phase == PhaseEnded && e.Done == done {
			cancel()
		}
		if observe != nil {
			observe(e)
		}
	}
	return ctx, cfg
}

// resume goes on with a run to its end, or until so many cases are settled.
func resume(t *testing.T, dir string, done int, observe func(Event)) error {
	t.Helper()
	run, err := OpenInterrupted(t.Context(), dir, "test", false)
	if err != nil {
		t.Fatal(err)
	}
	run.Observe = observe
	ctx, cfg := stopAfter(t, run.Config, done)
	run.Config = cfg
	_, err = Resume(ctx, run)
	return err
}

// expectWhole checks that a run has each case of each of its blocks settled
// once, at the place that the seed gives it.
func expectWhole(t *testing.T, plan *Plan, dir string) results.Run {
	t.Helper()
	run, trials, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if run.Partial != "" || run.End.IsZero() || run.Trials != len(trials) {
		t.Errorf("partial %q, end %v, %d of %d trials", run.Partial, run.End, run.Trials, len(trials))
	}
	type where struct {
		id           string
		block, order int
	}
	got := map[where]int{}
	for _, trial := range trials {
		if settles(trial) {
			got[where{trial.Case, trial.Block, trial.Order}]++
		}
	}
	want := map[where]int{}
	for block := 1; block <= plan.MaxBlocks; block++ {
		for _, group := range plan.order(run.Seed, block) {
			for _, p := range group {
				want[where{p.of.ID(), block, p.order}] = 1
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases settled by place (-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(trials, byPlace) {
		t.Error("the trials are not in the order of blocks and places")
	}
	return run
}

func byPlace(a, b results.Trial) int {
	return slices.Compare([]int{a.Block, a.Order, a.Attempt}, []int{b.Block, b.Order, b.Attempt})
}

// TestResume interrupts a run at many points, some runs more than once.
func TestResume(t *testing.T) {
	for _, stops := range [][]int{{1}, {4}, {31}, {2, 3, 22}} {
		t.Run(fmt.Sprint(stops), func(t *testing.T) {
			ctx, cfg := stopAfter(t, resumableConfig(t), stops[0])
			if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v, want the context's", err)
			}
			for _, more := range stops[1:] {
				if err := resume(t, cfg.Dir, more, nil); !errors.Is(err, context.Canceled) {
					t.Fatalf("error %v, want the context's", err)
				}
			}
			if err := resume(t, cfg.Dir, 0, nil); err != nil {
				t.Fatal(err)
			}
			run := expectWhole(t, cfg.Plan, cfg.Dir)
			caveats := 0
			for _, w := range run.Warnings {
				if strings.Contains(w, "(interrupted) and was resumed at") {
					caveats++
				}
			}
			if len(run.Resumed) != len(stops) || caveats != len(stops) {
				t.Errorf("%d times resumed, and %d caveats, want %d", len(run.Resumed), caveats, len(stops))
			}
			if _, err := OpenInterrupted(t.Context(), cfg.Dir, "test", false); err == nil || !strings.Contains(err.Error(), "nothing to resume") {
				t.Errorf("a run that is whole now: %v", err)
			}
		})
	}
}

// TestResumeAfterACrash takes the folder of a run as it is at some moment, with
// half a line more, and goes on there: also right after the last trial of all,
// before the look at it.
func TestResumeAfterACrash(t *testing.T) {
	cfg := resumableConfig(t)
	root := t.TempDir()
	var copies []string
	cfg.Observe = func(e Event) {
		if e.Phase != PhaseEnded || e.Done%10 != 2 {
			return
		}
		dir := filepath.Join(root, fmt.Sprint(e.Done, "-", e.Trial.Attempt))
		if err := os.CopyFS(dir, os.DirFS(cfg.Dir)); err != nil {
			t.Error(err)
		}
		half, err := os.OpenFile(filepath.Join(dir, results.TrialsFile), os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := half.WriteString(`{"case":"mine/ht`); err != nil {
			t.Error(err)
		}
		half.Close()
		copies = append(copies, dir)
	}
	if _, err := Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if len(copies) < 4 {
		t.Fatalf("%d copies", len(copies))
	}
	for _, dir := range copies {
		if err := resume(t, dir, 0, nil); err != nil {
			t.Errorf("%s: %v", filepath.Base(dir), err)
			continue
		}
		expectWhole(t, cfg.Plan, dir)
	}
}

// TestLooksGoOn checks that the looks that an interrupted run has had are not
// taken again, and that all others are.
func TestLooksGoOn(t *testing.T) {
	for _, test := range []struct {
		stop int // cases, of 4 in a block
		want []int
	}{
		{8, []int{2, 3, 4, 6, 8}}, // between block 2 and 3: what the look at 2 sees is the same again
		{9, []int{3, 4, 6, 8}},
		{30, []int{8}},
	} {
		ctx, cfg := stopAfter(t, resumableConfig(t), test.stop)
		if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want the context's", err)
		}
		var looks []int
		if err := resume(t, cfg.Dir, 0, func(e Event) {
			if e.Phase == PhaseLook {
				looks = append(looks, e.Block)
			}
			if e.Phase == PhaseStarted && (e.Done > e.Total || e.Left < 0) {
				t.Errorf("block %d: %d of %d trials are done, %s left", e.Block, e.Done, e.Total, e.Left)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(looks, test.want) {
			t.Errorf("after %d cases it looks after the blocks %v, want %v", test.stop, looks, test.want)
		}
	}
}

// TestResumeRefusesWhatChanged writes the run anew as if it had been made
// otherwise.
func TestResumeRefusesWhatChanged(t *testing.T) {
	ctx, cfg := stopAfter(t, resumableConfig(t), 6)
	if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want the context's", err)
	}
	run, trials, err := results.Read(cfg.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*results.Run, []results.Trial) []results.Trial{
		"program gwbench 0.0.1 -> test": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Tool = "gwbench 0.0.1"
			return all
		},
		"kernel 1.2.3 -> ": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Environment.Kernel = "1.2.3"
			return all
		},
		"CPUs of the servers [61 62] -> ": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Placement.Servers = []int{61, 62}
			return all
		},
		"target mine has another recipe": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Targets = []results.Server{{Name: "mine", Recipe: "name: mine"}}
			return all
		},
		"plan: looks [2,8] -> [2,3,4,6,8]": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Plan.Looks = []int{2, 8}
			return all
		},
		"plan: duration_ns 20000000 -> 5000000": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Plan.Duration = 20 * time.Millisecond
			return all
		},
		"plan: there is no more case gone/http/tcp/": func(r *results.Run, all []results.Trial) []results.Trial {
			more := r.Plan.Cases[0]
			more.Target = "gone"
			r.Plan.Cases = append(slices.Clone(r.Plan.Cases), more)
			return all
		},
		"plan: there is a new case mine/http/tcp/": func(r *results.Run, all []results.Trial) []results.Trial {
			last := len(r.Plan.Cases) - 1
			lost := r.Plan.Cases[last]
			r.Plan.Cases = r.Plan.Cases[:last]
			return slices.DeleteFunc(slices.Clone(all), func(t results.Trial) bool { return t.Case == lost.ID() })
		},
		"the cases are in another order": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Plan.Cases = slices.Clone(r.Plan.Cases)
			slices.Reverse(r.Plan.Cases)
			return all
		},
		"/resumable.yaml:3": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Scenario.YAML = strings.Replace(r.Scenario.YAML, `{name: mine, url:`, `{name: mine, uri:`, 1)
			return all
		},
		"where the seed puts it at": func(r *results.Run, all []results.Trial) []results.Trial {
			r.Seed++
			return all
		},
		"lacks case": func(_ *results.Run, all []results.Trial) []results.Trial {
			return all[1:]
		},
	} {
		changed := run
		dir := rewritten(t, &changed, change(&changed, trials))
		before, _, err := results.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time shows that the first let go of the folder
			if _, err := OpenInterrupted(t.Context(), dir, "test", false); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("%v, want an error with %q", err, want)
			}
		}
		if after, _, err := results.Read(dir); err != nil || !cmp.Equal(before, after) {
			t.Errorf("%s: a run that cannot go on was changed: %v", want, err)
		}
	}
}

// rewritten makes a folder of a run that was interrupted.
func rewritten(t *testing.T, run *results.Run, trials []results.Trial) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	store, err := results.CreateAt(dir, *run)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range trials {
		if err := store.Append(trial); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(store.Finish(run.End, "interrupted", nil), store.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// interrupted is a run that was stopped when so many cases were settled.
func interrupted(t *testing.T, cfg Config, done int) (results.Run, []results.Trial) {
	t.Helper()
	ctx, cfg := stopAfter(t, cfg, done)
	if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want the context's", err)
	}
	run, trials, err := results.Read(cfg.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return run, trials
}

// TestAnUnknownVersionIsNoOther: a server that did not answer in time, then or
// now, does not keep a run from going on; the run says so.
func TestAnUnknownVersionIsNoOther(t *testing.T) {
	run, trials := interrupted(t, resumableConfig(t), 30)
	run.Targets = []results.Server{{Name: "mine", Version: "1.0"}}
	dir := rewritten(t, &run, trials)
	if err := resume(t, dir, 0, nil); err != nil {
		t.Fatal(err)
	}
	run, _, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(run.Warnings, func(w string) bool { return strings.HasPrefix(w, `target mine told its version only once, "1.0"`) }) {
		t.Errorf("warnings %q", run.Warnings)
	}
}

func TestServerChanges(t *testing.T) {
	server := func(version, recipe string) []results.Server {
		return []results.Server{{Name: "other", Version: "7"}, {Name: "mine", Version: version, Recipe: recipe}}
	}
	for _, test := range []struct {
		before, now   []results.Server
		list, doubted bool
	}{
		{server("1.0", ""), server("1.0", ""), false, false},
		{server("", ""), server("", ""), false, false},
		{server("1.0", ""), server("1.1", ""), true, false},
		{server("1.0", ""), server("", ""), false, true},
		{server("", ""), server("1.0", ""), false, true},
		{server("1.0", "a"), server("", "b"), true, false},
		{server("1.0", ""), nil, false, false}, // caseChanges tells
	} {
		list, doubts := serverChanges("target", test.before, test.now)
		if len(list) > 0 != test.list || len(doubts) > 0 != test.doubted {
			t.Errorf("%v and %v: changes %q, doubts %q", test.before, test.now, list, doubts)
		}
	}
}

func TestAMachineWithoutANameMayGoOn(t *testing.T) {
	for _, test := range []struct {
		before, now results.Environment
		want        int
	}{
		{results.Environment{}, results.Environment{}, 0},
		{results.Environment{Hostname: "a"}, results.Environment{Hostname: "a"}, 0},
		{results.Environment{Hostname: "a"}, results.Environment{}, 1},
		{results.Environment{}, results.Environment{Kernel: "6.1"}, 1},
	} {
		if got := machineChanges(test.before, test.now); len(got) != test.want {
			t.Errorf("%+v and %+v: %q", test.before, test.now, got)
		}
	}
}

// TestAnInterruptIsNoChange: no server tells its version to a context that has
// ended.
func TestAnInterruptIsNoChange(t *testing.T) {
	cfg := resumableConfig(t)
	run, trials := interrupted(t, cfg, 6)
	run.Environment.Kernel = "1.2.3"
	dir := rewritten(t, &run, trials)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenInterrupted(ctx, dir, "test", false); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}

// TestRawGoesOn: trials that keep every result and such that do not are not
// compared.
func TestRawGoesOn(t *testing.T) {
	cfg := resumableConfig(t)
	cfg.Raw = true
	run, trials := interrupted(t, cfg, 30)
	if err := resume(t, cfg.Dir, 0, nil); err != nil {
		t.Fatal(err)
	}
	_, all, err := results.Read(cfg.Dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(cfg.Dir, results.RawFolder))
	if err != nil {
		t.Fatal(err)
	}
	if !run.Raw || len(all) <= len(trials) || len(files) != len(all) {
		t.Errorf("raw %t, %d trials, then %d, and %d files", run.Raw, len(trials), len(all), len(files))
	}
}

// TestFilesAreWhereTheyWere plans a run again in another folder.
func TestFilesAreWhereTheyWere(t *testing.T) {
	there := t.TempDir()
	for name, text := range map[string]string{
		"server":     "",
		"filed.yaml": strings.Replace("name: filed"+gone, "no-such-server", "./server", 1),
	} {
		if err := os.WriteFile(filepath.Join(there, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	text := `
name: files
targets:
  - {name: filed, recipe: ./filed.yaml}
  - {name: varied, recipe: ./filed.yaml, program: ./server}
  - name: inline
    recipe:
      program: "{recipe}/server"
      serves: [{protocols: [http], networks: [tcp], connections: [per-request], command: ["{program}"]}]
protocols: [http]
load: {clients: 1}
`
	t.Chdir(t.TempDir())
	plan, err := planAgain(results.Run{
		Folder:   there,
		Scenario: results.Source{File: "files.yaml", YAML: text},
		Recipes:  []results.Source{{Name: "given", File: "given.yaml", YAML: strings.Replace("name: given"+gone, "no-such-server", "./server", 1)}},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Cases) != 4 {
		t.Errorf("cases %q", ids(plan.Cases))
	}
}

// TestNoScratchFolder: a run that cannot begin, or go on, leaves all as it is.
func TestNoScratchFolder(t *testing.T) {
	cfg, fresh := resumableConfig(t), resumableConfig(t)
	before, _ := interrupted(t, cfg, 6)
	missing := filepath.Join(t.TempDir(), "missing")
	again, err := OpenInterrupted(t.Context(), cfg.Dir, "test", false)
	if err != nil {
		t.Fatal(err)
	}
	tmp := os.TempDir()
	t.Setenv("TMPDIR", missing)
	if _, err := Resume(t.Context(), again); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("%v, want an error about the folder", err)
	}
	if _, err := Run(t.Context(), fresh); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("%v, want an error about the folder", err)
	}
	if _, err := os.Stat(fresh.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a run that did not begin has a folder: %v", err)
	}
	if after, _, err := results.Read(cfg.Dir); err != nil || !cmp.Equal(before, after) {
		t.Errorf("a run that could not go on was changed: %v\n%s", err, cmp.Diff(before, after))
	}
	t.Setenv("TMPDIR", tmp)
	if err := resume(t, cfg.Dir, 0, nil); err != nil {
		t.Error(err)
	}
}

// TestOrder checks that a block holds each case once, those of a server
// together, and that it depends on seed and block alone.
func TestOrder(t *testing.T) {
	plan := resumableConfig(t).Plan
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		seed, block := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 1000).Draw(t, "block")
		var cases []string
		for _, group := range plan.order(seed, block) {
			for _, p := range group {
				if p.of.Connection != group[0].of.Connection {
					t.Errorf("%s and %s share no server", p.of.ID(), group[0].of.ID())
				}
				cases = append(cases, p.of.ID())
				if p.order != len(cases) {
					t.Errorf("place %d where %d comes", p.order, len(cases))
				}
			}
		}
		seen[strings.Join(cases, " ")] = true
		if !cmp.Equal(plan.order(seed, block), plan.order(seed, block), cmp.AllowUnexported(placed{})) {
			t.Error("the order differs from one time to the next")
		}
		slices.Sort(cases)
		if len(slices.Compact(cases)) != len(plan.Cases) {
			t.Errorf("%d different cases of %d", len(slices.Compact(cases)), len(plan.Cases))
		}
	})
	if len(seen) != 8 { // two groups of two cases each
		t.Errorf("%d different orders, want all 8", len(seen))
	}
}
