package page

import (
	"cmp"
	"fmt"
	"html/template"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

// lead says what was run, where and when, and what to know before all else.
func (r *report) lead() (template.HTML, error) {
	var view struct {
		About   string
		Banners []string
		Facts   []summary.Named
	}
	if r.Scenario != nil {
		view.About = inert.Line(r.Scenario.About)
	}
	for _, text := range []string{summary.Partial(r.Data), summary.UnverifiedText(r.Data), summary.QuickText(r.Data)} {
		if text != "" {
			view.Banners = append(view.Banners, summary.Capital(text)+".")
		}
	}
	plan, machine := r.Run.Plan, r.Run.Environment
	cpus := ""
	if machine.CPUs > 0 {
		cpus = ", " + summary.Plural(machine.CPUs, "CPU")
	}
	view.Facts = []summary.Named{
		{Name: "Measured", Text: whenText(r.Run.Start) + lasted(r.Run.Start, r.Run.End)},
		{Name: "Cases", Text: fmt.Sprintf("%s under %s", summary.Plural(len(plan.Cases), "case"), summary.Plural(len(summary.ByLoad(r.cases)), "load"))},
		{Name: "Trials", Text: fmt.Sprintf("%s of %s, %s of them valid; %s", summary.Plural(len(r.Trials), "trial"), summary.DurationText(plan.Duration),
			summary.Thousands(float64(summary.ValidTrials(r.Data))), summary.BlocksText(r.Data))},
		{Name: "Machine", Text: cmp.Or(inert.Line(machine.CPU), "unknown CPU") + cpus},
		{Name: "Made by", Text: cmp.Or(inert.Line(r.Run.Tool), summary.Unknown)},
		{Name: "Run", Text: cmp.Or(inert.Line(r.Run.ID), summary.Unknown)},
	}
	return render("lead", view)
}

// whenText is "2 January 2026, 03:04 UTC".
func whenText(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2 January 2006, 15:04 UTC")
}

// lasted is ", for 2m2s".
func lasted(start, end time.Time) string {
	if start.IsZero() || !end.After(start) {
		return ""
	}
	return ", for " + end.Sub(start).Round(time.Second).String()
}
