package page

import (
	"html/template"
	"maps"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
)

// LiveCharts are those of Charts that take no merging of histograms, which takes too
// long for a run under way.
func LiveCharts(d summary.Data) ChartData {
	cases, axes := summary.Cases(d), summary.CaseAxes(d.Run.Plan)
	return collect(map[string]Chart{
		"drift":      driftChart(d),
		"saturation": saturationChart(cases, axes),
		"trends":     trendsChart(d, cases),
	})
}

// LiveSections are those sections of a report that are worth watching while a run is
// under way, without the drawings, which would take too long: verdicts, cases, and
// room for the charts.
func LiveSections(d summary.Data, charts ChartData) ([]Section, error) {
	r := &report{Data: d, cases: summary.Cases(d), axes: summary.CaseAxes(d.Run.Plan), figures: map[string]template.HTML{}}
	verdicts, err := r.verdicts()
	if err != nil {
		return nil, err
	}
	cases, err := r.casesTable()
	if err != nil {
		return nil, err
	}
	var drawn template.HTML
	for _, name := range slices.Sorted(maps.Keys(charts.Charts)) {
		figure, err := Figure{Name: name, Caption: "Drawn from the blocks so far. The report has it as a picture too, and curves of latency."}.HTML()
		if err != nil {
			return nil, err
		}
		drawn += figure
	}
	if drawn == "" {
		drawn = `<p class="muted">There is nothing to draw yet.</p>`
	}
	// The same sections each time: a page replaces what is in them.
	return []Section{
		{ID: "verdicts", Title: "Verdicts so far", Body: verdicts}, {ID: "cases", Title: "Cases so far", Body: cases}, {ID: "curves", Title: "Block by block", Body: drawn},
	}, nil
}
