package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// ended is a run that may become a baseline, with its trials.
func ended() (Run, []Trial) {
	r := example()
	r.Schema, r.ID, r.End = SchemaVersion, "20260102T150405Z-hello", r.Start.Add(time.Minute)
	return r, []Trial{exampleTrial(1), exampleTrial(2)}
}

// TestBaselineKeepsTheFigures checks that all that comparisons read survives.
func TestBaselineKeepsTheFigures(t *testing.T) {
	b := Baselines{Root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		run := genRun(t)
		run.Schema = SchemaVersion
		trials := genTrials(t, run)
		for i := range trials {
			trials[i].Histograms = Histograms{Latency: "HISTOGRAM", Lag: "HISTOGRAM"}
		}
		file, err := b.Save("main", run, trials, true)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil || strings.Contains(string(text), "HISTOGRAM") {
			t.Errorf("histograms are kept (%v)", err)
		}
		run.Folder = "" // which no comparison reads
		got, gotTrials, err := b.Open("main")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(run, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("run (-want +got):\n%s", diff)
		}
		left := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Trial{}, "Histograms"), cmpopts.IgnoreFields(ErrorCount{}, "Sample")}
		if diff := cmp.Diff(trials, gotTrials, left); diff != "" {
			t.Errorf("trials (-want +got):\n%s", diff)
		}
		for i := range trials {
			if trials[i].Histograms.Latency == "" {
				t.Error("the caller's trials were changed")
			}
		}
	})
}

func TestBaselines(t *testing.T) {
	root := t.TempDir()
	b := Baselines{Root: root}
	names := func(want ...string) {
		t.Helper()
		if got, err := b.Names(); err != nil || !cmp.Equal(want, got, cmpopts.EquateEmpty()) {
			t.Errorf("names %q, %v; want %q", got, err, want)
		}
	}
	names()
	if _, _, err := b.Open("main"); err == nil || !strings.Contains(err.Error(), "gwbench baseline save") {
		t.Errorf("%v, want an error that says how to make one", err)
	}
	run, trials := ended()
	for _, name := range []string{"release-1.0", "main"} {
		file, err := b.Save(name, run, trials, false)
		if err != nil || file != filepath.Join(root, "baselines", name+".json") {
			t.Fatalf("%s, %v", file, err)
		}
	}
	write(t, filepath.Join(root, BaselinesFolder), "notes.txt", "")
	if err := os.Mkdir(filepath.Join(root, BaselinesFolder, "folder.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	names("main", "release-1.0")

	if _, err := b.Save("main", run, trials[:1], false); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("%v, want an error: there is one of that name", err)
	}
	if _, kept, err := b.Open("main"); err != nil || len(kept) != 2 {
		t.Errorf("%d trials, %v: the refused one must not have been written", len(kept), err)
	}
	if _, err := b.Save("main", run, trials[:1], true); err != nil {
		t.Error(err)
	}
	if _, kept, err := b.Open("main"); err != nil || len(kept) != 1 {
		t.Errorf("%d trials, %v; want the one of the replacement", len(kept), err)
	}

	if err := b.Drop("mian"); err == nil || !strings.Contains(err.Error(), "did you mean main?") {
		t.Errorf("%v, want an error with the nearest name", err)
	}
	if err := b.Drop("something else"); err == nil || !strings.Contains(err.Error(), "there are main, release-1.0") {
		t.Errorf("%v, want an error with all names", err)
	}
	if err := b.Drop("main"); err != nil {
		t.Error(err)
	}
	names("release-1.0")
}

func TestBaselineNames(t *testing.T) {
	run, trials := ended()
	b := Baselines{Root: t.TempDir()}
	for _, name := range []string{"", ".", "..", ".hidden", "-x", "--force", "a/b", `a\b`, "a b", "größe", "a\n", strings.Repeat("x", 101)} {
		if file, err := b.Save(name, run, trials, true); err == nil || !strings.Contains(err.Error(), "cannot be the name of a baseline") {
			t.Errorf("%q was kept in %s (%v)", name, file, err)
		}
	}
	if entries, err := os.ReadDir(b.Root); err != nil || len(entries) > 0 {
		t.Errorf("refused names left %v (%v)", entries, err)
	}
	for _, name := range []string{"main", "v1.2.3", "release_1-0", "0", strings.Repeat("x", 100)} {
		if _, err := b.Save(name, run, trials, false); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestUnfit(t *testing.T) {
	for want, change := range map[string]func(*Run, []Trial){
		"nothing":                  func(*Run, []Trial) {},
		"ended early: interrupted": func(r *Run, _ []Trial) { r.Partial = "interrupted" },
		"has no end":               func(r *Run, _ []Trial) { r.End = time.Time{} },
		"quick":                    func(r *Run, _ []Trial) { r.Plan.Quick = true },
		"--no-verify":              func(r *Run, _ []Trial) { r.Unverified = true },
		"not one of its trials is": func(_ *Run, all []Trial) { all[0].Valid, all[1].Valid = false, false },
	} {
		run, trials := ended()
		change(&run, trials)
		got := "nothing"
		if err := Unfit(run, trials); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s speaks against it, want %q", got, want)
		}
	}
}
