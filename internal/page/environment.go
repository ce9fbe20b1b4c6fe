package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// environment is all that it takes to run the same again, and to doubt it.
func (r *report) environment() (template.HTML, error) {
	return render("environment", struct {
		Facts                         []summary.Named
		Skipped, Exceptions, Warnings []string
	}{summary.EnvironmentFacts(r.Data), summary.SkippedLines(r.Data), summary.ExceptionLines(r.Data), summary.CleanAll(r.Run.Warnings)})
}

// source is a file as it was read.
type source struct{ Title, Text string }

// method is how the run was measured, in prose and in its own words.
func (r *report) method() (template.HTML, error) {
	var sources []source
	add := func(title, text string) {
		if text = inert.Text(text); text != "" {
			sources = append(sources, source{inert.Line(title), text})
		}
	}
	add("The scenario, "+r.Run.Scenario.File, r.Run.Scenario.YAML)
	for _, recipe := range r.Run.Recipes {
		add("The recipe "+recipe.Name+", "+recipe.File, recipe.YAML)
	}
	for _, servers := range [][]results.Server{r.Run.Targets, r.Run.Fronts} {
		for _, s := range servers {
			add("The recipe of "+s.Name, s.Recipe)
		}
	}
	return render("method", struct {
		Paragraphs []string
		Facts      []summary.Named
		Sources    []source
	}{summary.MethodText(r.Data), r.planFacts(), sources})
}

// planFacts are what was decided before the first trial.
func (r *report) planFacts() []summary.Named {
	plan := r.Run.Plan
	facts := []summary.Named{
		{Name: "seed", Text: strconv.FormatUint(r.Run.Seed, 10)},
		{Name: "blocks planned", Text: summary.PlannedBlocks(plan)},
		{Name: "complete blocks", Text: strconv.Itoa(summary.CompleteBlocks(r.Data))},
		{Name: "trial", Text: fmt.Sprintf("%s after %s of warm-up", summary.DurationText(plan.Duration), summary.DurationText(plan.Warmup))},
		{Name: "comparisons", Text: strconv.Itoa(plan.Family)},
	}
	if len(plan.Looks) > 0 {
		facts = append(facts, summary.Named{Name: "may stop after blocks", Text: strings.Trim(strings.ReplaceAll(fmt.Sprint(plan.Looks), " ", ", "), "[]")})
	}
	if plan.Precision > 0 {
		facts = append(facts, summary.Named{Name: "precision that is enough", Text: summary.Percent(plan.Precision) + " %"})
	}
	if only := inert.Line(plan.Only); only != "" {
		facts = append(facts, summary.Named{Name: "only", Text: only})
	}
	for _, g := range summary.ByLoad(r.cases) {
		facts = append(facts, summary.Named{Name: "load", Text: summary.LoadText(g.Load)})
	}
	return facts
}
