package page

import (
	"html/template"
	"maps"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
)

// LiveSections are those sections of a report that are worth watching while a run is
// under way, without the drawings, which would take too long: verdicts, cases, and
// room for the charts that the script draws from Charts.
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
		figure, err := Figure{Name: name, Caption: "Drawn by the page's script; report.html has it as a picture too."}.HTML()
		if err != nil {
			return nil, err
		}
		drawn += figure
	}
	sections := []Section{{ID: "verdicts", Title: "Verdicts so far", Body: verdicts}, {ID: "cases", Title: "Cases", Body: cases}}
	if drawn != "" {
		sections = append(sections, Section{ID: "curves", Title: "Curves", Body: drawn})
	}
	return sections, nil
}
