package report

import (
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// Files writes report.md and the plots it shows into dir, which must exist,
// and returns their names in the order written: throughput (where the plan has
// a closed load), latency and ratio (where there are claims or gates), each as
// SVG and PNG. A file appears whole or not at all, and replaces one of the same
// name. Equal data give equal bytes.
func Files(dir string, d summary.Data) ([]string, error) {
	pages := plots.Pictures(d)
	var names []string
	write := func(name string, content []byte) error {
		if err := renameio.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		names = append(names, name)
		return nil
	}
	for _, p := range pages {
		svg, err := p.SVG()
		if err != nil {
			return names, err
		}
		if err := write(p.Name+".svg", svg); err != nil {
			return names, err
		}
		png, err := p.PNG()
		if err != nil {
			return names, err
		}
		if err := write(p.Name+".png", png); err != nil {
			return names, err
		}
	}
	markdown, err := markdownReport(d, pages)
	if err != nil {
		return names, err
	}
	return names, write("report.md", markdown)
}
