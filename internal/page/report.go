package page

import (
	"html/template"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// Report is report.html: everything about one run and its pictures, in one file. An error
// is that of a picture.
func Report(of summary.Timed, pictures []plots.Picture) ([]byte, error) {
	doc, err := ReportDocument(of, pictures)
	if err != nil {
		return nil, err
	}
	return doc.bytes()
}

// ReportDocument is Report before it is written, for those who add to it.
func ReportDocument(of summary.Timed, pictures []plots.Picture) (Document, error) {
	charts := Charts(of)
	doc := Document{Title: summary.ScenarioName(of.Data), Kind: "gwbench run report", Charts: charts}
	r, err := newReport(of.Data, pictures, charts)
	if err != nil {
		return Document{}, err
	}
	if doc.Lead, err = r.lead(); err != nil {
		return Document{}, err
	}
	doc.Sections, err = sections([]part{
		{"verdicts", "Verdicts", r.verdicts},
		{"answer", "What this means for you", r.answer},
		{"cases", "Cases", r.casesTable},
		{"why", "Why", r.why},
		{"latency", "Latency", r.latency},
		{"throughput", "Throughput", r.throughput},
		{"saturation", "Saturation", r.saturation},
		{"trends", "Trends", r.trends},
		{"trials", "Trials", r.trials},
		{"environment", "Environment", r.environment},
		{"method", "Method", r.method},
		{"data", "Data", r.data},
	})
	return doc, err
}

// report is a run on its way to a page: what several sections need is worked out once.
type report struct {
	summary.Data
	cases   []summary.Case
	axes    []string                 // that tell the cases of a load apart
	drawn   []string                 // names of pictures, in their order
	figures map[string]template.HTML // by name; a picture that the run has no data for is missing
}

func newReport(d summary.Data, pictures []plots.Picture, charts ChartData) (*report, error) {
	figures, err := drawAll(pictures, charts)
	if err != nil {
		return nil, err
	}
	r := &report{Data: d, cases: summary.Cases(d), axes: summary.CaseAxes(d.Run.Plan), figures: figures}
	for _, p := range pictures {
		r.drawn = append(r.drawn, p.Name)
	}
	return r, nil
}
