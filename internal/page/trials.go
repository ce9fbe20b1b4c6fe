package page

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// mostShown is how many trials are listed without being asked for.
const mostShown = 24

// trials lists every trial in the order in which it was measured, and what it is worth.
func (r *report) trials() (template.HTML, error) {
	if len(r.Trials) == 0 {
		return "<p>No trial was measured.</p>", nil
	}
	view := struct {
		Lines   []string
		Summary string
		Long    bool
		Table   template.HTML
		Noise   template.HTML
	}{Lines: summary.TrialLines(r.Data), Summary: "All " + summary.Plural(len(r.Trials), "trial"), Long: len(r.Trials) > mostShown}
	var err error
	if view.Table, err = r.trialsTable(); err != nil {
		return "", err
	}
	if view.Noise, err = r.noise(); err != nil {
		return "", err
	}
	return render("trials", view)
}

func (r *report) trialsTable() (template.HTML, error) {
	t := Table{ID: "trials-table", Caption: "Trials in the order in which they were measured", Sortable: true, Filters: true, Dense: true, Head: []Column{
		numberColumn("block", ""), numberColumn("order", ""), numberColumn("attempt", ""), textColumn("case"), textColumn("load"), textColumn("state"), textColumn("start"),
	}}
	_, all := summary.HasSearch(r.Run.Plan)
	rate, name := "throughput", "throughput"
	if all {
		rate, name = "saturation", "saturation"
	}
	t.Head = append(t.Head, numberColumn(name, "req/s"), numberColumn("capacity", "req/cpu-s"), numberColumn("p50", "ms"), numberColumn("p99", "ms"),
		textColumn("bottleneck"), textColumn("notes"))
	varying := results.Varying(r.Run.Plan.Cases)
	listed := map[string]int{} // cases that a row was given the axes of
	planned := map[string]results.Case{}
	for _, c := range r.Run.Plan.Cases {
		planned[c.ID()] = c
	}
	for _, trial := range r.Trials {
		c, known := planned[trial.Case]
		row := Row{}
		label := inert.Line(trial.Case)
		if known {
			label = summary.Label(c, r.axes, 0)
			first, again := listed[trial.Case]
			if !again {
				first = len(listed)
				listed[trial.Case], row.Attrs = first, AxisAttrs(c, varying)
			}
			// Rows of one case have the axes of the first of them, which saves 100 bytes each.
			row.Attrs = append(row.Attrs, template.HTMLAttr(`data-case="`+strconv.Itoa(first)+`"`))
		}
		state := string(summary.StateOf(trial))
		row.Attrs = append(row.Attrs, AxisAttr("state", state))
		start := Cell{Text: summary.Unknown}
		if !trial.Start.IsZero() {
			start.Text = trial.Start.UTC().Format("15:04:05")
		}
		row.Cells = []Cell{
			countCell(trial.Block), countCell(trial.Order), countCell(trial.Attempt),
			{Text: label, Class: "protocol " + protocolClass(c.Protocol)},
			{Text: cmp.Or(inert.Line(c.Load), summary.Unknown)},
			{Text: state},
			start,
		}
		for _, metric := range []string{rate, "capacity", "latency.p50", "latency.p99"} {
			v, ok := trial.Metrics[metric]
			row.Cells = append(row.Cells, figureCell(v, ok))
		}
		row.Cells = append(row.Cells, Cell{Text: cmp.Or(inert.Line(trial.Bottleneck), summary.Unknown)}, Cell{Text: trialNotes(trial), Class: "notes"})
		// There are many trials, and a page is to stay small: the style knows these
		// columns by their places.
		for i := range row.Cells {
			if row.Cells[i].Class == "number" {
				row.Cells[i].Class = ""
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t.HTML()
}

// trialNotes says why a trial is invalid, then what was noted.
func trialNotes(t results.Trial) string {
	parts := summary.CleanAll(t.Invalid)
	for _, note := range t.Notes {
		if text := strings.TrimSpace(inert.Line(note.Kind) + ": " + inert.Line(note.Text)); text != ":" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

// noise is what was measured of the machine; "" where nothing was.
func (r *report) noise() (template.HTML, error) {
	figures := summary.NoiseFigures(r.Data)
	if len(figures) == 0 {
		return "", nil
	}
	t := Table{ID: "noise-table", Caption: "What was measured of the machine in each trial", Cards: true, Head: []Column{
		{Text: "figure"}, {Text: "what"}, {Text: "median", Number: true}, {Text: "worst", Number: true}, {Text: "trials", Number: true},
	}}
	for _, f := range figures {
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: f.Name, Head: true}, {Text: f.About}, {Text: f.Show(f.Summary.Median), Class: "number"}, {Text: f.Show(f.Worst()), Class: "number"}, countCell(f.Summary.N),
		}})
	}
	table, err := t.HTML()
	if err != nil {
		return "", err
	}
	return render("noise", struct {
		Text  string
		Table template.HTML
	}{summary.HostText(r.Data), table})
}
