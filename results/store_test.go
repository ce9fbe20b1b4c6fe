package results

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// create makes a store that the test closes.
func create(t *testing.T, root string, r Run) *Store {
	t.Helper()
	s, err := Create(root, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRoundTrip(t *testing.T) {
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		run := genRun(t)
		s, err := Create(root, run)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		trials := genTrials(t, run)
		for _, trial := range trials {
			if err := s.Append(trial); err != nil {
				t.Fatal(err)
			}
		}
		end := genTime(t, "end")
		if err := s.Finish(end, "interrupted", func(r *Run) { r.Tool = "edited" }); err != nil {
			t.Fatal(err)
		}

		got, gotTrials, err := Read(s.Dir)
		if err != nil {
			t.Fatal(err)
		}
		run.Schema, run.ID, run.End, run.Partial, run.Tool = SchemaVersion, filepath.Base(s.Dir), end, "interrupted", "edited"
		run.Trials = len(trials)
		if diff := cmp.Diff(run, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("run (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(trials, gotTrials, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("trials (-want +got):\n%s", diff)
		}
	})
}

func TestFolder(t *testing.T) {
	root := filepath.Join(t.TempDir(), "not", "yet")
	want := []string{"20260102T150405Z-hello", "20260102T150405Z-hello-2", "20260102T150405Z-hello-3"}
	for _, name := range want {
		s := create(t, root, example())
		if got := filepath.Base(s.Dir); got != name {
			t.Errorf("folder %s, want %s", got, name)
		}
		var found []string
		entries, err := os.ReadDir(s.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			found = append(found, e.Name())
		}
		if diff := cmp.Diff([]string{LogsFolder, RunFile, TrialsFile}, found); diff != "" {
			t.Errorf("%s holds (-want +got):\n%s", name, diff)
		}
		r, trials, err := Read(s.Dir)
		if err != nil || len(trials) != 0 || r.ID != name || !r.End.IsZero() {
			t.Errorf("a new run reads as ID %q, end %v, %d trials, error %v", r.ID, r.End, len(trials), err)
		}
	}
}

// TestNoSharedFolder checks that stores made at the same time for the same
// second and scenario get a folder each.
func TestNoSharedFolder(t *testing.T) {
	root := t.TempDir()
	var mu sync.Mutex
	seen := make(map[string]bool)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			s, err := Create(root, example())
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			mu.Lock()
			defer mu.Unlock()
			if seen[s.Dir] {
				t.Errorf("%s was given out twice", s.Dir)
			}
			seen[s.Dir] = true
		})
	}
	wg.Wait()
}

func TestCreateAt(t *testing.T) {
	root := t.TempDir()
	t.Run("absent", func(t *testing.T) {
		dir := filepath.Join(root, "a", "b")
		s, err := CreateAt(dir, example())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if r, _, err := Read(dir); err != nil || r.ID != "20260102T150405Z-hello" {
			t.Errorf("ID %q, error %v", r.ID, err)
		}
		if _, err := CreateAt(dir, example()); err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Errorf("a second run in the same folder: %v, want an error", err)
		}
	})
	t.Run("only one of many", func(t *testing.T) {
		dir := t.TempDir()
		made := make(chan *Store, 16)
		var wg sync.WaitGroup
		for range cap(made) {
			wg.Go(func() {
				if s, err := CreateAt(dir, example()); err == nil {
					made <- s
				}
			})
		}
		wg.Wait()
		close(made)
		if len(made) != 1 {
			t.Errorf("%d stores share a folder", len(made))
		}
		for s := range made {
			s.Close()
		}
		if _, _, err := Read(dir); err != nil {
			t.Error(err)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	for name, breakIt := range map[string]func(*Run){
		"no start":       func(r *Run) { r.Start = time.Time{} },
		"no cases":       func(r *Run) { r.Plan.Cases = nil },
		"case twice":     func(r *Run) { r.Plan.Cases[1] = r.Plan.Cases[0] },
		"case slash":     func(r *Run) { r.Plan.Cases[0].Target = "a/b" },
		"case empty":     func(r *Run) { r.Plan.Cases[0].Front = "" },
		"load unknown":   func(r *Run) { r.Plan.Loads = nil },
		"not a number":   func(r *Run) { r.Plan.Precision = math.NaN() },
		"year not JSON":  func(r *Run) { r.End = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"infinite value": func(r *Run) { r.Plan.Loads["saturate"] = Load{Rate: math.Inf(1)} },
	} {
		root := t.TempDir()
		r := example()
		breakIt(&r)
		if _, err := Create(root, r); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, err := os.ReadDir(root); err != nil || len(left) > 0 {
			t.Errorf("%s: left %v behind (%v)", name, left, err)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	s := create(t, t.TempDir(), example())
	if err := s.Append(exampleTrial(1)); err != nil {
		t.Fatal(err)
	}
	nan, negative, minus := math.NaN(), -0.5, int64(-1)
	for want, breakIt := range map[string]func(*Trial){
		"recorded twice":        func(t *Trial) { t.Block = 1 },
		"not in the run's plan": func(t *Trial) { t.Case = "builtin/gopher/tcp/per-request/none/hello/saturate" },
		"block 0":               func(t *Trial) { t.Block = 0 },
		"order 0":               func(t *Trial) { t.Order = 0 },
		"attempt -1":            func(t *Trial) { t.Attempt = -1 },
		"latency.p50":           func(t *Trial) { t.Metrics = Metrics{"latency.p50": nan} },
		"+Inf seconds":          func(t *Trial) { t.Seconds = math.Inf(1) },
		"-1 seconds":            func(t *Trial) { t.Seconds = -1 },
		"took no time":          func(t *Trial) { t.Seconds = 0 },
		"reason not to be":      func(t *Trial) { t.Invalid = []string{"late"} },
		"a count is negative":   func(t *Trial) { t.Counts.Late = -1 },
		"contradict each other": func(t *Trial) { t.Counts = Counts{Planned: 3, Sent: 3, Correct: 4} },
		"-5 errors":             func(t *Trial) { t.Errors = []ErrorCount{{Kind: "reset", Count: -5}} },
		"metric throughput":     func(t *Trial) { t.Metrics = Metrics{"throughput": -1} },
		"front_user_s":          func(t *Trial) { t.Usage.FrontUser = &nan },
		"server_busy":           func(t *Trial) { t.Usage.ServerBusy = &nan },
		"server_user_s":         func(t *Trial) { t.Usage.ServerUser = &negative },
		"retransmits":           func(t *Trial) { t.Usage.Retransmits = &minus },
		"probe 2":               func(t *Trial) { t.Probes = []Probe{{Rate: 100}, {Rate: -100}} },
	} {
		trial := exampleTrial(2)
		breakIt(&trial)
		if err := s.Append(trial); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
	if err := s.Append(exampleTrial(2)); err != nil {
		t.Errorf("after refused trials: %v", err)
	}
	if _, trials, err := Read(s.Dir); err != nil || len(trials) != 2 {
		t.Errorf("%d trials, %v; want the two good ones", len(trials), err)
	}
}

func TestConcurrentAppend(t *testing.T) {
	s := create(t, t.TempDir(), example())
	const blocks = 40
	var wg sync.WaitGroup
	for block := 1; block <= blocks; block++ {
		wg.Go(func() {
			if err := s.Append(exampleTrial(block)); err != nil {
				t.Error(err)
			}
		})
		if block%10 == 0 {
			wg.Go(func() {
				if err := s.Finish(time.Now(), "", nil); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	_, trials, err := Read(s.Dir)
	if err != nil || len(trials) != blocks {
		t.Errorf("%d trials, %v; want %d", len(trials), err, blocks)
	}
}

func TestFinishKeepsWhatIdentifiesTheRun(t *testing.T) {
	s := create(t, t.TempDir(), example())
	if err := s.Append(exampleTrial(1)); err != nil {
		t.Fatal(err)
	}
	err := s.Finish(example().Start.Add(time.Minute), "", func(r *Run) {
		r.Schema, r.ID, r.Plan = 7, "other", Plan{}
		r.Warnings = append(r.Warnings, "kept")
	})
	if err != nil {
		t.Fatal(err)
	}
	r, trials, err := Read(s.Dir)
	if err != nil || len(trials) != 1 {
		t.Fatalf("%d trials, %v", len(trials), err)
	}
	if r.Schema != SchemaVersion || r.ID != filepath.Base(s.Dir) || len(r.Plan.Cases) != 2 || len(r.Warnings) != 1 {
		t.Errorf("schema %d, ID %q, %d cases, warnings %v", r.Schema, r.ID, len(r.Plan.Cases), r.Warnings)
	}
	if err := s.Finish(time.Now(), "", func(r *Run) {
		r.Plan.Precision, r.Environment.OS = 1, "x"
		r.End = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	}); err == nil {
		t.Error("a time that JSON cannot hold was written")
	}
	if again, _, err := Read(s.Dir); err != nil || again.Environment.OS != "" {
		t.Errorf("a failed Finish changed the run: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := create(t, t.TempDir(), example())
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Append(exampleTrial(1)); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("%v, want an error", err)
	}
	// It has let go of its lock, and what follows may be another store's.
	other, _, _, err := Reopen(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Append(exampleTrial(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(time.Now(), "", nil); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("%v, want an error", err)
	}
	if r, trials, err := Read(s.Dir); err != nil || len(trials) != 1 || !r.End.IsZero() {
		t.Errorf("a closed store has ended the run: end %v, %d trials, %v", r.End, len(trials), err)
	}
}

// fullDisk writes a part of a line only, and may not be able to undo it.
type fullDisk struct {
	*os.File
	stuck bool
}

var errFull = errors.New("no space left on device")

func (f *fullDisk) Write(b []byte) (int, error) {
	n, err := f.File.Write(b[:len(b)/2])
	return n, errors.Join(err, errFull)
}

func (f *fullDisk) Truncate(size int64) error {
	if f.stuck {
		return errFull
	}
	return f.File.Truncate(size)
}

func TestFullDisk(t *testing.T) {
	for _, stuck := range []bool{false, true} {
		s := create(t, t.TempDir(), example())
		if err := s.Append(exampleTrial(1)); err != nil {
			t.Fatal(err)
		}
		file := s.trials.(*os.File)
		s.trials = &fullDisk{file, stuck}
		if err := s.Append(exampleTrial(2)); !errors.Is(err, errFull) {
			t.Errorf("%v, want the error of the disk", err)
		}
		s.trials = file // there is space again
		err := s.Append(exampleTrial(2))
		if stuck != (err != nil) {
			t.Errorf("half a line left behind %v, next trial %v", stuck, err)
		}
		_, trials, err := Read(s.Dir)
		if want := map[bool]int{true: 1, false: 2}[stuck]; err != nil || len(trials) != want {
			t.Errorf("half a line left behind %v: %d trials, %v; want %d", stuck, len(trials), err, want)
		}
	}
}

func TestUnwritableRoot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Create(file, example())
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("%v, want an error that names the file", err)
	}
}

func TestNoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind root")
	}
	root := t.TempDir()
	s := create(t, root, example())
	for path, mode := range map[string]os.FileMode{filepath.Join(s.Dir, TrialsFile): 0, filepath.Join(s.Dir, RunFile): 0, root: 0o500} {
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if path == root {
			_, err = Create(root, example())
		} else {
			_, _, err = Read(s.Dir)
		}
		if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want an error about permissions that names %s", err, path)
		}
		if err := os.Chmod(path, before.Mode()); err != nil {
			t.Fatal(err)
		}
	}
}
