package viewer

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// named returns the runs that a request names, in that order, as they are now.
func (f *Folder) named(keys []string) ([]entry, error) {
	if err := f.scan(); err != nil {
		return nil, err
	}
	var entries []entry
	for _, key := range keys {
		e, ok := f.lookup(key)
		if !ok {
			return nil, problem{http.StatusNotFound, errors.New("there is no such run in the folder: it was moved or removed, or never was here")}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// keyOfPage tells a page from any other: what it shows, and in which state.
func keyOfPage(kind string, entries []entry) string {
	var key strings.Builder
	key.WriteString(kind)
	for _, e := range entries {
		s := e.stamp
		fmt.Fprintf(&key, " %s %d %d %d %d", e.key, s.run.UnixNano(), s.runSize, s.trials.UnixNano(), s.trialsSize)
	}
	return key.String()
}

// runPage is the report of a run.
func (f *Folder) runPage(r *http.Request) (answer, error) {
	entries, err := f.named([]string{r.URL.Query().Get("id")})
	if err != nil {
		return answer{}, err
	}
	e := entries[0]
	return f.pages.get(keyOfPage("run", entries), func() (answer, error) {
		data, err := f.open(e)
		if err != nil {
			return answer{}, unreadable(e, err)
		}
		timed := summary.WithTimes(data)
		d, err := page.ReportDocument(timed, plots.Pictures(timed))
		if err != nil {
			return answer{}, fmt.Errorf("the report of %s: %w", inert.Line(e.name), err)
		}
		return render(http.StatusOK, fromList(d))
	})
}

// fromList makes a report a page of the viewer: with a way back.
func fromList(d page.Document) page.Document {
	d.Lead = `<p><a href="./">All runs</a></p>` + d.Lead
	d.Served = &page.Served{Style: styleSource}
	return d
}

// unreadable is the error about a run that is damaged, or has gone.
func unreadable(e entry, err error) error {
	code := http.StatusUnprocessableEntity
	if errors.Is(err, fs.ErrNotExist) {
		code = http.StatusNotFound
	}
	return problem{code, fmt.Errorf("%s: %w", e.name, err)}
}

// mostCompared bounds how many runs one comparison lays beside each other.
const mostCompared = 8

// comparePage lays runs beside each other, the oldest first.
func (f *Folder) comparePage(r *http.Request) (answer, error) {
	keys := r.URL.Query()["run"]
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if len(keys) < 2 || len(keys) > mostCompared {
		return answer{}, problem{http.StatusBadRequest, fmt.Errorf("a comparison takes 2 to %d runs, and %d were checked: go back and check as many", mostCompared, len(keys))}
	}
	entries, err := f.named(keys)
	if err != nil {
		return answer{}, err
	}
	return f.pages.get(keyOfPage("compare", entries), func() (answer, error) {
		runs := make([]summary.NamedData, len(entries))
		for i, e := range entries {
			data, err := f.open(e)
			if err != nil {
				return answer{}, unreadable(e, err)
			}
			runs[i] = summary.NamedData{Name: e.name, Data: data}
		}
		slices.SortStableFunc(runs, func(a, b summary.NamedData) int {
			return cmp.Or(a.Data.Run.Start.Compare(b.Data.Run.Start), strings.Compare(a.Name, b.Name))
		})
		compared, err := summary.Compare(runs)
		if err != nil {
			return answer{}, problem{http.StatusUnprocessableEntity, err}
		}
		d, err := page.ComparisonDocument(compared, plots.Compared(compared))
		if err != nil {
			return answer{}, fmt.Errorf("the comparison: %w", err)
		}
		return render(http.StatusOK, fromList(d))
	})
}
