package page

import (
	"slices"
	"sync"
	"testing"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

// Runs are the pages that many tests look at, those in a browser too.
var Runs = []struct {
	Name   string
	render func(testing.TB) ([]byte, error)
}{
	{"hello", one(summarytest.Hello)},
	{"searched", one(summarytest.Searched)},
	{"fronts", one(summarytest.Fronts)},
	{"nothing valid", one(summarytest.NothingValid)},
	{"hostile", one(summarytest.Hostile)},
	{"comparison", several(summarytest.Compared)},
	{"hostile comparison", several(summarytest.ComparedHostile)},
}

// ReportOf is the page of a run, for tests in a browser.
var ReportOf = reportOf

func one(data func(testing.TB) summary.Data) func(testing.TB) ([]byte, error) {
	return func(t testing.TB) ([]byte, error) { return reportOf(data(t)) }
}

func several(data func(testing.TB) summary.Comparison) func(testing.TB) ([]byte, error) {
	return func(t testing.TB) ([]byte, error) {
		c := data(t)
		return Comparison(c, plots.Compared(c))
	}
}

// rendered keeps pages by name: each takes a second under the race detector.
var rendered sync.Map

// Rendered is the page of one of Runs.
func Rendered(t testing.TB, name string) []byte {
	t.Helper()
	type rendering struct {
		sync.Once
		html []byte
		err  error
	}
	kept, _ := rendered.LoadOrStore(name, new(rendering))
	r := kept.(*rendering)
	r.Do(func() {
		for at := range Runs {
			if Runs[at].Name == name {
				r.html, r.err = Runs[at].render(t)
			}
		}
	})
	if r.err != nil || r.html == nil {
		t.Fatalf("run %q: %v", name, r.err)
	}
	return slices.Clone(r.html)
}
