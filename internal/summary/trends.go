package summary

import (
	"cmp"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
)

// TrendText is a trend's sentence, else what it would have said.
func TrendText(t verdict.TrendResult) string {
	if text := inert.Line(t.Sentence); text != "" {
		return text
	}
	return cmp.Or(inert.Line(t.Trend.Says), inert.Line(t.Trend.Name), Unknown) + ": " + Unknown
}
