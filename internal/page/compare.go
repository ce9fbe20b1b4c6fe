package page

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// Comparison is report.html of several runs beside each other and their pictures, in one file. An error is
// that of a picture.
func Comparison(c summary.Comparison, pictures []plots.Picture) ([]byte, error) {
	doc, err := ComparisonDocument(c, pictures)
	if err != nil {
		return nil, err
	}
	return doc.bytes()
}

// ComparisonDocument is Comparison before it is written, for those who add to it.
func ComparisonDocument(c summary.Comparison, pictures []plots.Picture) (Document, error) {
	figures, err := drawAll(pictures, ChartData{}) // the chart stands beside the drawings
	if err != nil {
		return Document{}, err
	}
	p := comparison{Comparison: c, axes: c.Axes(), loads: len(c.ByLoad()), figures: figures, chart: comparedLatencyChart(c)}
	charts := ChartData{Charts: map[string]Chart{}}
	if len(p.chart.Panels) > 0 {
		charts.Charts["latency"] = p.chart
	}
	doc := Document{Title: c.Title(), Kind: "gwbench comparison", Charts: charts}
	if doc.Lead, err = p.lead(); err != nil {
		return Document{}, err
	}
	doc.Sections, err = sections([]part{
		{"runs", "The runs", p.runs},
		{"changes", "What changed", p.changes},
		{"answer", "What this means for you", p.answer},
		{"cases", "Cases", p.cases},
		{"throughput", "Throughput and capacity", p.throughput},
		{"latency", "Latency", p.latency},
		{"environment", "Environment and versions", p.environment},
		{"verdicts", "Verdicts of each run", p.verdicts},
		{"caveats", "Caveats", p.caveats},
		{"data", "Data", p.data},
	})
	return doc, err
}

// comparison is several runs on their way to a page.
type comparison struct {
	summary.Comparison
	axes    []string // that tell the cases of a load apart
	loads   int      // under which there are cases
	figures map[string]template.HTML
	chart   Chart
}

// run names a run by letter and name.
func (p comparison) run(i int) string { return summary.Letter(i) + " (" + p.Names[i] + ")" }

// pictures are figures beneath each other, of those that there are.
func (p comparison) pictures(names ...string) template.HTML { return beneath(p.figures, names) }

func (p comparison) throughput() (template.HTML, error) {
	return p.pictures("compare-throughput", "compare-saturation", "compare-capacity"), nil
}

// lead says what all comparisons came to, and what to know before all else.
func (p comparison) lead() (template.HTML, error) {
	var view struct {
		Badge   Badge
		Text    string
		Banners []string
	}
	view.Badge = NewBadge(string(p.Outcome()))
	view.Text = fmt.Sprintf("%s, %s of %s in all of them.", summary.Plural(len(p.Runs), "run"),
		summary.Thousands(float64(p.Matched())), summary.Plural(len(p.Cases), "case"))
	for i, d := range p.Runs {
		for _, text := range []string{summary.Partial(d), summary.UnverifiedText(d), summary.QuickText(d)} {
			if text != "" {
				view.Banners = append(view.Banners, p.run(i)+" is "+text+".")
			}
		}
	}
	return render("compare-lead", view)
}

// runs lists the runs, and what each is.
func (p comparison) runs() (template.HTML, error) {
	t := Table{
		ID: "runs-table", Cards: true, Caption: "What is compared",
		Head: []Column{{Text: "letter"}, {Text: "run"}, {Text: "scenario"}, {Text: "measured"}, {Text: "machine"}, {Text: "complete blocks", Number: true}, {Text: "valid trials", Number: true}},
	}
	for i, d := range p.Runs {
		name := Cell{Text: p.Names[i]}
		if id := inert.Line(d.Run.ID); id != p.Names[i] {
			name.Text += ", " + id
		}
		machine := inert.Line(d.Run.Environment.CPU)
		if machine == "" {
			machine = "unknown CPU"
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: summary.Letter(i), Head: true},
			name,
			{Text: summary.ScenarioName(d)},
			{Text: whenText(d.Run.Start) + lasted(d.Run.Start, d.Run.End)},
			{Text: strings.Trim(machine+", "+inert.Line(d.Run.Environment.Kernel), ", ")},
			{Text: summary.BlocksOf(d), Class: "number"},
			{Text: fmt.Sprintf("%d of %d", summary.ValidTrials(d), len(d.Trials)), Class: "number"},
		}})
	}
	table, err := t.HTML()
	if err != nil {
		return "", err
	}
	return render("compare-runs", table)
}

func (p comparison) answer() (template.HTML, error) { return render("answers", p.Answers()) }

// latency has the figures, then the curves: small ones, and all of them in a chart.
func (p comparison) latency() (template.HTML, error) {
	rows := p.pictures("compare-latency")
	if rows == "" && p.figures["compare-curves"] == "" {
		return "", nil
	}
	curves, err := render("compare-curves", struct {
		Figure  template.HTML
		Charted bool
	}{p.figures["compare-curves"], len(p.chart.Panels) > 0})
	return rows + curves, err
}

// environment has what the runs say of themselves, what differs first in the eye.
func (p comparison) environment() (template.HTML, error) {
	var view struct {
		Different []string
		Table     template.HTML
	}
	for i, changes := range p.Changes {
		for _, text := range summary.CleanAll(changes.Different) {
			view.Different = append(view.Different, fmt.Sprintf("A to %s: %s", summary.Letter(i+1), text))
		}
	}
	t := Table{ID: "facts-table", Caption: "Bold: not the same in all runs", Head: []Column{{Text: "what"}}}
	for i := range p.Runs {
		t.Head = append(t.Head, Column{Text: p.run(i)})
	}
	for _, fact := range p.Facts() {
		cells := []Cell{{Text: fact.Name, Head: true}}
		for _, value := range fact.Values {
			cell := Cell{Text: value}
			if fact.Differ {
				cell.Class = "best"
			}
			cells = append(cells, cell)
		}
		if fact.Differ {
			cells[0].Note = "differs"
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	var err error
	if view.Table, err = t.HTML(); err != nil {
		return "", err
	}
	return render("compare-environment", view)
}

// caveats are those of the runs together, and what each says of itself.
func (p comparison) caveats() (template.HTML, error) {
	lines := summary.CleanAll(p.Warnings)
	for i, d := range p.Runs {
		for _, text := range summary.CleanAll(d.Run.Warnings) {
			lines = append(lines, p.run(i)+": "+text)
		}
		for _, text := range summary.TrialLines(d) {
			lines = append(lines, p.run(i)+": "+text)
		}
	}
	if len(lines) == 0 {
		return "", nil
	}
	return render("list", lines)
}

// data is the runs themselves.
func (p comparison) data() (template.HTML, error) {
	type files struct {
		Title string
		Files runFiles
	}
	var view []files
	for i, d := range p.Runs {
		view = append(view, files{p.run(i), newRunFiles(summary.Letter(i)+"-"+fileName(d.Run.ID), d)})
	}
	return render("compare-data", view)
}
