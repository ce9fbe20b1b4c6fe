package viewer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// mostPast bounds how many runs a history goes back: the table has a row for each of
// their cases.
const mostPast = 60

// historyPage shows a metric of a scenario over its runs.
func (f *Folder) historyPage(r *http.Request) (answer, error) {
	if err := f.scan(); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	f.settle(ctx)
	f.mu.Lock()
	entries := slices.Clone(f.entries)
	f.mu.Unlock()

	query := r.URL.Query()
	choice, err := choose(entries, query.Get("scenario"), query.Get("metric"))
	if err != nil {
		return answer{}, err
	}
	return choice.page()
}

// choice is the history that was asked for, and what else there is.
type choice struct {
	Scenario, Metric   string
	Scenarios, Metrics []string
	runs               []entry // of the scenario, the oldest first
	Older              int     // runs before those
	Reading            int     // runs that are not read yet and are, or may be, of the scenario
}

// choose finds the runs of a scenario; "" is the first of them, and the first metric
// that one of its runs knows.
func choose(entries []entry, scenario, metric string) (choice, error) {
	c := choice{Scenarios: scenariosOf(entries)}
	if len(c.Scenarios) == 0 {
		return c, problem{http.StatusNotFound, errors.New("there are no runs yet, and so no history")}
	}
	c.Scenario = cmp.Or(scenario, c.Scenarios[0])
	if !slices.Contains(c.Scenarios, c.Scenario) {
		return c, problem{http.StatusNotFound, fmt.Errorf("no run of a scenario %q is in the folder", c.Scenario)}
	}
	for _, e := range entries {
		switch {
		case e.err != nil || e.hasHead && e.head.scenario != c.Scenario:
		case e.digest == nil:
			c.Reading++ // of a bundle, maybe, that turns out to be of another scenario
		case e.digest.err == nil:
			c.runs = append(c.runs, e)
		}
	}
	slices.Reverse(c.runs)
	c.Older = max(0, len(c.runs)-mostPast)
	c.runs = c.runs[c.Older:]
	for _, m := range results.MetricList {
		if slices.ContainsFunc(c.runs, func(e entry) bool { return e.digest.figures[m.Name] != nil }) {
			c.Metrics = append(c.Metrics, m.Name)
		}
	}
	c.Metric = metric
	if c.Metric == "" && len(c.Metrics) > 0 {
		c.Metric = c.Metrics[0]
	}
	if _, ok := results.LookupMetric(c.Metric); !ok && c.Metric != "" {
		return c, problem{http.StatusNotFound, fmt.Errorf("there is no metric %q", c.Metric)}
	}
	return c, nil
}

// history lays the figures of the runs beside each other.
func (c choice) history() summary.History {
	metric, _ := results.LookupMetric(c.Metric)
	h := summary.History{Scenario: c.Scenario, Metric: metric}
	var axes []string // of all runs: a case that only one of them has is told apart too
	for i, e := range c.runs {
		past := summary.PastRun{Name: inert.Line(e.name), Start: e.head.start}
		if i > 0 {
			past.Changed = changed(c.runs[i-1], e)
		}
		h.Runs = append(h.Runs, past)
		for _, axis := range e.digest.axes {
			if !slices.Contains(axes, axis) {
				axes = append(axes, axis)
			}
		}
	}
	slices.SortFunc(axes, func(a, b string) int { return slices.Index(results.Axes, a) - slices.Index(results.Axes, b) })
	for i, e := range c.runs {
		for j, q := range e.digest.figures[c.Metric] {
			if q.n == 0 {
				continue
			}
			one := e.digest.cases[j]
			line := lineOf(loadOf(&h, e.digest, one.Load), one, axes, len(c.runs))
			line.Points[i] = summary.PastPoint{N: q.n, Low: q.low, Mid: q.mid, Up: q.up}
		}
	}
	return h
}

// loadOf returns the load of that name, which the newest run describes.
func loadOf(h *summary.History, d *digest, name string) *summary.PastLoad {
	i := slices.IndexFunc(h.Loads, func(l summary.PastLoad) bool { return l.Load.Name == name })
	if i < 0 {
		i = len(h.Loads)
		h.Loads = append(h.Loads, summary.PastLoad{})
	}
	h.Loads[i].Load = d.loads[name]
	h.Loads[i].Load.Name = name
	return &h.Loads[i]
}

func lineOf(l *summary.PastLoad, c results.Case, axes []string, runs int) *summary.PastCase {
	i := slices.IndexFunc(l.Lines, func(p summary.PastCase) bool { return p.Case == c })
	if i < 0 {
		i = len(l.Lines)
		l.Lines = append(l.Lines, summary.PastCase{Case: c, Label: summary.Label(c, axes, 0), Points: make([]summary.PastPoint, runs)})
	}
	return &l.Lines[i]
}

// changed says what figures of two runs depend on and is not the same in both.
func changed(before, after entry) []string {
	var all []string
	for _, text := range before.head.environment.Differences(after.head.environment) {
		all = append(all, inert.Line(text))
	}
	for name, load := range after.digest.loads {
		old, ok := before.digest.loads[name]
		was, is := summary.LoadText(old), summary.LoadText(load)
		if ok && was != is {
			all = append(all, fmt.Sprintf("load %s -> %s", was, is))
		}
	}
	if before.head.schema != after.head.schema {
		all = append(all, fmt.Sprintf("schema %d -> %d: figures may mean different things", before.head.schema, after.head.schema))
	}
	if before.head.quick != after.head.quick {
		all = append(all, map[bool]string{true: "quick, with shorter trials", false: "no longer quick: longer trials"}[after.head.quick])
	}
	slices.Sort(all)
	return all
}

// page renders the history.
func (c choice) page() (answer, error) {
	h := c.history()
	lead, err := fragment("history-lead", c)
	if err != nil {
		return answer{}, err
	}
	d := page.Document{Title: "History of " + cmp.Or(inert.Line(c.Scenario), "run"), Kind: "gwbench view", Lead: lead, Served: &page.Served{Style: styleSource}}
	if c.Metric == "" {
		body, err := fragment("history-nothing", c)
		if err != nil {
			return answer{}, err
		}
		d.Sections = []page.Section{{ID: "history", Title: "Nothing is known yet", Body: body}}
		return render(http.StatusOK, d)
	}
	figure, err := page.NewFigure(plots.History(h))
	if err != nil {
		return answer{}, err
	}
	drawn, err := figure.HTML()
	if err != nil {
		return answer{}, err
	}
	runs, err := pastRuns(c, h)
	if err != nil {
		return answer{}, err
	}
	figures, err := pastFigures(h)
	if err != nil {
		return answer{}, err
	}
	d.Sections = []page.Section{
		{ID: "history", Title: summary.Capital(h.Metric.Name), Body: drawn},
		{ID: "runs", Title: "The runs", Body: runs},
		{ID: "figures", Title: "The figures", Body: figures},
	}
	d.Charts = page.ChartData{Charts: map[string]page.Chart{"history": page.HistoryChart(h)}}
	return render(http.StatusOK, d)
}

// pastRuns is the table of what the numbers below the picture stand for.
func pastRuns(c choice, h summary.History) (template.HTML, error) {
	t := page.Table{
		ID: "past-runs", Cards: true, Caption: "What the numbers of the runs stand for, the newest first; times are UTC",
		Head: []page.Column{{Text: "run", Number: true}, {Text: "date (UTC)"}, {Text: "state"}, {Text: "machine"}, {Text: "what changed since the run before"}, {Text: "folder or file"}},
	}
	for i, e := range slices.Backward(c.runs) {
		number, err := fragment("history-run", struct {
			Key    string
			Number int
		}{e.key, i + 1})
		if err != nil {
			return "", err
		}
		name, err := fragment("file", inert.Line(e.name))
		if err != nil {
			return "", err
		}
		state, _ := stateOf(e)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Drawn: number, Head: true, Class: "number"},
			{Text: dateText(e.head.start), Class: "when"},
			{Text: state},
			{Text: machineText(e.head.environment)},
			{Text: cmp.Or(strings.Join(h.Runs[i].Changed, "; "), "nothing")},
			{Drawn: name},
		}})
	}
	return t.HTML()
}

// pastFigures is the table of the picture's figures.
func pastFigures(h summary.History) (template.HTML, error) {
	unit := h.Metric.Unit
	t := page.Table{
		ID: "past", Sortable: true, Filters: true, Cards: true,
		Caption: fmt.Sprintf("The %s by run and case: median and quartiles over the valid trials, in %s", h.Metric.Name, unit),
		Head: []page.Column{
			{Text: "run", Type: "number", Number: true},
			{Text: "date", Type: "text"},
			{Text: "case", Type: "text"},
			{Text: "load", Type: "text"},
			{Text: "median", Unit: unit, Type: "number", Number: true},
			{Text: "first quartile", Unit: unit, Type: "number", Number: true},
			{Text: "third quartile", Unit: unit, Type: "number", Number: true},
			{Text: "trials", Type: "number", Number: true},
		},
	}
	var cases []results.Case
	for _, load := range h.Loads {
		for _, line := range load.Lines {
			cases = append(cases, line.Case)
		}
	}
	axes := results.Varying(cases)
	for i := len(h.Runs) - 1; i >= 0; i-- {
		for _, load := range h.Loads {
			for _, line := range load.Lines {
				p := line.Points[i]
				if !p.Known() {
					continue
				}
				t.Rows = append(t.Rows, page.Row{Attrs: page.AxisAttrs(line.Case, axes), Cells: []page.Cell{
					{Text: fmt.Sprint(i + 1), Class: "number"},
					{Text: dateText(h.Runs[i].Start)},
					{Text: line.Label, Head: true},
					{Text: inert.Line(load.Load.Name)},
					page.FigureCell(p.Mid), page.FigureCell(p.Low), page.FigureCell(p.Up),
					{Text: fmt.Sprint(p.N), Class: "number"},
				}})
			}
		}
	}
	return t.HTML()
}
