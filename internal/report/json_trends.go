package report

import (
	"github.com/gwbench/gwbench/internal/verdict"
)

type trendJSON struct {
	Name       string      `json:"name"`
	Says       string      `json:"says"`
	Metric     string      `json:"metric"`
	Unit       string      `json:"unit"`
	Along      string      `json:"along"`
	Per        number      `json:"per"`
	Step       string      `json:"step"`
	Group      string      `json:"group"`
	Points     []pointJSON `json:"points"`
	Slope      *number     `json:"slope"`
	Low        *number     `json:"low"`
	High       *number     `json:"high"`
	Confidence number      `json:"confidence"`
	Intercept  *number     `json:"intercept"`
	R2         *number     `json:"r2"`
	Blocks     int         `json:"blocks"`
	Warnings   []string    `json:"warnings"`
	Sentence   string      `json:"sentence"`
}

type pointJSON struct {
	Case   string  `json:"case"`
	X      number  `json:"x"`
	Median *number `json:"median"`
}

func newTrendJSON(t verdict.TrendResult) trendJSON {
	interval := t.Slope.HasInterval()
	j := trendJSON{
		Name: t.Trend.Name, Says: t.Trend.Says, Metric: t.Trend.Metric, Unit: t.Unit,
		Along: t.Trend.Along, Per: number(t.Trend.Per), Step: t.Trend.Unit, Group: t.Group, Points: []pointJSON{},
		Slope: known(t.Slope.Estimate, t.Blocks > 0), Low: known(t.Slope.Low, interval), High: known(t.Slope.High, interval),
		Confidence: number(t.Slope.Confidence), Intercept: known(t.Intercept.Estimate, t.Blocks > 0),
		Blocks: t.Blocks, Warnings: list(t.Warnings), Sentence: t.Sentence,
	}
	for i, c := range t.Cases {
		p := pointJSON{Case: c.ID(), X: number(t.X[i])}
		if i < len(t.Y) {
			p.Median = known(t.Y[i], true)
		}
		j.Points = append(j.Points, p)
	}
	if t.R2 != nil {
		j.R2 = known(*t.R2, true)
	}
	return j
}
