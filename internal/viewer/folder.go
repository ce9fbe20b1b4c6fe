package viewer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Judge judges the claims of a run that was read; name is where it was read from.
type Judge func(name string, run results.Run, trials []results.Trial) (summary.Data, error)

// mostRuns bounds what is listed, and so what is remembered of runs.
const mostRuns = 2000

// Folder is a folder of runs: run folders, bundles, and baselines in a folder of their
// own. It is safe for concurrent use, and writes nothing. What lies outside the folder
// is not read, whatever links say.
type Folder struct {
	name  string // as the user has it
	root  *os.Root
	files fs.FS // of the root
	judge Judge
	wake  chan struct{} // holds one element while the worker has something to look at

	pages cache

	scanning sync.Mutex // held while the folder is looked at; before mu
	mu       sync.Mutex
	entries  []entry       // of the last scan, newest first
	left     int           // runs that were not listed
	waiting  chan struct{} // closed once every entry has a digest
}

// OpenFolder opens a folder, which has to be closed. Work reads the trials of its runs.
func OpenFolder(dir string, judge Judge) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot look for runs: %w", err)
	}
	f := &Folder{name: dir, root: root, files: root.FS(), judge: judge, wake: make(chan struct{}, 1)}
	if err := f.scan(); err != nil {
		root.Close()
		return nil, fmt.Errorf("cannot look for runs: %w", err)
	}
	return f, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Len is the number of runs that were found last, the damaged ones included.
func (f *Folder) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.entries)
}

// Kinds of entries.
const (
	kindRun      = "run"
	kindBundle   = "bundle"
	kindBaseline = "baseline"
)

// entry is one run of the list. What it points to does not change.
type entry struct {
	key     string // stands for the run in requests
	name    string // within the folder, parted by slashes
	kind    string
	stamp   stamp
	head    head
	hasHead bool    // the head was read; that of a bundle is read with its trials
	err     error   // why there is no head
	digest  *digest // nil: not read yet
}

// stamp tells whether files changed.
type stamp struct {
	run, trials         time.Time
	runSize, trialsSize int64
}

// head is what the list shows of a run without its trials.
type head struct {
	scenario      string
	unended       string // that of summary
	ended         bool
	start         time.Time
	environment   results.Environment
	cases, schema int
	quick         bool
}

// keyOf names a run in requests, so that no path ever comes from one.
func keyOf(name string) string {
	const bytes = 8
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:bytes])
}

// list looks at the folder anew.
func (f *Folder) list() ([]entry, error) {
	if err := f.scan(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.entries), nil
}

// scan finds the runs, reads the heads of those run folders that are new or changed, and
// wakes the worker for the rest. Bundles, which are read whole or not at all, are the
// worker's: no page waits for them.
func (f *Folder) scan() error {
	f.scanning.Lock()
	defer f.scanning.Unlock()
	found, err := f.find()
	if err != nil {
		return err
	}
	// Names of run folders begin with their time: the newest are at the end.
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(b.name, a.name) })
	left := max(0, len(found)-mostRuns)
	found = found[:len(found)-left]
	f.mu.Lock()
	recall(found, f.entries)
	f.mu.Unlock()
	for i := range found {
		if e := &found[i]; e.kind == kindRun && !e.hasHead && e.err == nil {
			e.read(f.root)
		}
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	recall(found, f.entries) // what the worker read meanwhile
	pending := 0
	for _, e := range found {
		if e.digest == nil && e.err == nil {
			pending++
		}
	}
	newestFirst(found)
	f.entries, f.left = found, left
	if f.waiting == nil || isClosed(f.waiting) {
		f.waiting = make(chan struct{})
	}
	if pending == 0 {
		close(f.waiting)
		return nil
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
	return nil
}

// recall fills in what is known of runs whose files did not change.
func recall(found, before []entry) {
	known := map[string]entry{}
	for _, e := range before {
		known[e.key] = e
	}
	for i, e := range found {
		if old, ok := known[e.key]; ok && old.stamp == e.stamp && e.err == nil {
			found[i] = old
		}
	}
}

// newestFirst sorts runs; those without a head come last.
func newestFirst(entries []entry) {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(b.head.start.Compare(a.head.start), strings.Compare(b.name, a.name))
	})
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// read reads the head of a run folder.
func (e *entry) read(root *os.Root) {
	run, err := survive(func() (results.Run, error) { return results.HeadIn(root, e.name) })
	if err != nil {
		e.err = err
		return
	}
	e.head, e.hasHead = headOf(run), true
}

func headOf(run results.Run) head {
	return head{
		scenario: inert.Line(run.Scenario.Name), unended: summary.Unended(run), ended: !run.End.IsZero(), start: run.Start,
		environment: run.Environment, cases: len(run.Plan.Cases), schema: run.Schema, quick: run.Plan.Quick,
	}
}

// find lists what may be a run, of the folder itself, what lies in it, and what lies in
// its baselines/.
func (f *Folder) find() ([]entry, error) {
	top, err := fs.ReadDir(f.files, ".")
	if err != nil {
		return nil, err
	}
	var found []entry
	add := func(name, kind string) {
		if s, ok := f.stampOf(name, kind); ok {
			found = append(found, entry{key: keyOf(name), name: name, kind: kind, stamp: s})
		}
	}
	add(".", kindRun)
	for _, d := range top {
		switch {
		case d.IsDir() && d.Name() == results.BaselinesFolder:
			kept, err := fs.ReadDir(f.files, d.Name())
			if err != nil {
				// The other runs are as good as ever.
				found = append(found, entry{key: keyOf(d.Name()), name: d.Name(), kind: kindBaseline, err: err})
			}
			for _, b := range kept {
				add(path.Join(d.Name(), b.Name()), kindBaseline)
			}
		case d.IsDir():
			add(d.Name(), kindRun)
		default:
			add(d.Name(), kindBundle)
		}
	}
	return found, nil
}

// stampOf returns what tells whether a run changed; ok is false where there is none. A
// folder that has lost one of its files is one all the same, a damaged one.
func (f *Folder) stampOf(name, kind string) (s stamp, ok bool) {
	if kind != kindRun {
		info, err := f.root.Lstat(name)
		ok = err == nil && info.Mode().IsRegular() && path.Ext(name) == ".json" && path.Base(name) != results.RunFile
		if !ok || kind == kindBundle && !f.looksLikeBundle(name) {
			return stamp{}, false
		}
		return stamp{run: info.ModTime(), runSize: info.Size()}, true
	}
	if info, err := f.root.Lstat(path.Join(name, results.RunFile)); err == nil {
		s.run, s.runSize, ok = info.ModTime(), info.Size(), true
	}
	if info, err := f.root.Lstat(path.Join(name, results.TrialsFile)); err == nil {
		s.trials, s.trialsSize, ok = info.ModTime(), info.Size(), true
	}
	return s, ok
}

// looksLikeBundle tells a bundle, be it damaged, from any other JSON file.
func (f *Folder) looksLikeBundle(name string) bool {
	file, err := f.root.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	const beginning = 64 // bytes
	text, err := io.ReadAll(io.LimitReader(file, beginning))
	return err == nil && strings.Contains(string(text), `"gwbench bundle"`)
}

// lookup returns the run that a request names.
func (f *Folder) lookup(key string) (entry, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.entries, func(e entry) bool { return e.key == key })
	if i < 0 {
		return entry{}, false
	}
	return f.entries[i], true
}

// open reads a run whole, and judges it.
func (f *Folder) open(e entry) (summary.Data, error) {
	run, trials, err := results.OpenIn(f.root, e.name)
	if err != nil {
		return summary.Data{}, err
	}
	return f.judge(e.name, run, trials)
}

// Work reads the trials of the runs in the list, newest first, one run at a time, until
// ctx ends.
func (f *Folder) Work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		for ctx.Err() == nil && f.digestNext() {
		}
	}
}

// digestNext reads one run that was not read yet; false: there is none.
func (f *Folder) digestNext() bool {
	f.mu.Lock()
	i := slices.IndexFunc(f.entries, func(e entry) bool { return e.digest == nil && e.err == nil })
	if i < 0 {
		if !isClosed(f.waiting) {
			close(f.waiting)
		}
		f.mu.Unlock()
		return false
	}
	e := f.entries[i]
	f.mu.Unlock()
	f.digest(&e)
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.entries {
		if f.entries[i].key == e.key && f.entries[i].stamp == e.stamp {
			f.entries[i] = e
		}
	}
	newestFirst(f.entries)
	return true
}

// digest reads the trials of a run, and its head where that was not read yet.
func (f *Folder) digest(e *entry) {
	var run results.Run
	d, err := survive(func() (*digest, error) {
		data, err := f.open(*e)
		run = data.Run
		return newDigest(data, err), nil
	})
	if err != nil {
		d = newDigest(summary.Data{}, err)
	}
	e.digest = d
	if !e.hasHead && d.err == nil {
		e.head, e.hasHead = headOf(run), true
	}
}

// settle waits until every run of the last scan was read, or ctx ends.
func (f *Folder) settle(ctx context.Context) {
	f.mu.Lock()
	waiting := f.waiting
	f.mu.Unlock()
	select {
	case <-waiting:
	case <-ctx.Done():
	}
}
