package page

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// trends are how metrics change along axes of numbers: pictures, and a table of
// slopes where the scenario asks for them.
func (r *report) trends() (template.HTML, error) {
	view := struct {
		Pictures, Table    template.HTML
		Sentences, Caveats []string
	}{}
	view.Pictures = r.pictures(r.others()...)
	t := Table{ID: "trends-table", Caption: "Slopes, by least squares within each block", Cards: true, Head: []Column{
		{Text: "trend"},
		{Text: "cases"},
		{Text: "metric"},
		{Text: "slope", Number: true},
		{Text: "95% interval", Number: true},
		{Text: "per"},
		{Text: "at 0", Number: true},
		{Text: "R2", Number: true},
		{Text: "blocks", Number: true},
	}}
	for _, trend := range r.Trends {
		says := cmp.Or(inert.Line(trend.Trend.Says), inert.Line(trend.Trend.Name), summary.Unknown)
		group := cmp.Or(inert.Line(trend.Group), "all")
		view.Sentences = append(view.Sentences, summary.TrendText(trend))
		for _, w := range summary.CleanAll(trend.Warnings) {
			view.Caveats = append(view.Caveats, says+" ("+group+"): "+w)
		}
		if trend.Blocks == 0 {
			continue
		}
		bounds, r2 := "no interval", summary.Unknown
		if trend.Slope.HasInterval() {
			bounds = verdict.Interval(trend.Slope.Low, trend.Slope.High)
		}
		if trend.R2 != nil {
			r2 = fmt.Sprintf("%.3f", math.Floor(*trend.R2*1000)/1000) // never rounded up to 1
		}
		unit := inert.Line(trend.Unit)
		step := strings.TrimSpace(summary.TrimFloat(trend.Trend.Per) + " " + cmp.Or(inert.Line(trend.Trend.Unit), "of "+inert.Line(trend.Trend.Along)))
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: says, Head: true},
			{Text: group},
			textCell(trend.Trend.Metric),
			{Text: summary.Significant(trend.Slope.Estimate) + " " + unit, Class: "number"},
			{Text: bounds, Class: "number"},
			{Text: step},
			{Text: summary.Significant(trend.Intercept.Estimate) + " " + unit, Class: "number"},
			{Text: r2, Class: "number"},
			countCell(trend.Blocks),
		}})
	}
	if len(t.Rows) > 0 {
		var err error
		if view.Table, err = t.HTML(); err != nil {
			return "", err
		}
	}
	if view.Pictures == "" && len(r.Trends) == 0 {
		return "", nil
	}
	return render("trends", view)
}
