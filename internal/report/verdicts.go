package report

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// verdictLines is the block of verdicts: claims, then gates. Of each: the
// verdict and the sentence tested, a line of figures per comparison, what the
// most telling one means in plain words, and the caveats.
func verdictLines(d summary.Data, s Style) []string {
	var lines []string
	for _, gates := range []bool{false, true} {
		heading := "Verdicts"
		if gates {
			heading = "Gates"
		}
		for _, c := range d.Claims {
			if c.Gate != gates {
				continue
			}
			if heading != "" {
				if len(lines) > 0 {
					lines = append(lines, "")
				}
				lines = append(lines, s.bold(heading, true))
				heading = ""
			}
			lines = append(lines, claimLines(d, c, s)...)
		}
	}
	return lines
}

func claimLines(d summary.Data, c verdict.ClaimResult, s Style) []string {
	lines := s.wrap("", s.outcome(c.Outcome)+" "+summary.ClaimText(c))
	for _, v := range summary.InOrder(c) {
		lines = append(lines, s.wrap("  ", fmt.Sprintf("%s, %s: %s", inert.Line(v.Metric), summary.Scope(d.Run.Plan.Cases, v.Of, v.Over, 0), summary.Figures(v)))...)
		if next := summary.FurtherBlocks(v); next != "" {
			lines = append(lines, s.wrap("    ", next)...)
		}
		if text := inert.Line(v.Explanation); text != "" {
			lines = append(lines, s.wrap("    ", text)...)
		}
	}
	if v, ok := summary.Telling(c); ok && inert.Line(v.Sentence) != "" {
		lines = append(lines, s.wrap("  ", "In words: "+inert.Line(v.Sentence))...)
	}
	if text := summary.BottleneckText(d, c); text != "" {
		lines = append(lines, s.wrap("  ", text)...)
	}
	for _, warning := range summary.ClaimWarnings(c) {
		lines = append(lines, s.wrap("  ", "Warning: "+warning)...)
	}
	return lines
}
