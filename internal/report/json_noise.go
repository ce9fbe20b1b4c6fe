package report

import (
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

type driftJSON struct {
	Metric     string  `json:"metric"`
	Change     *number `json:"change"`
	Low        *number `json:"low"`
	High       *number `json:"high"`
	Confidence number  `json:"confidence"`
	Blocks     int     `json:"blocks"`
	Cases      int     `json:"cases"`
	Told       bool    `json:"told"`
	Sentence   string  `json:"sentence"`
}

type noiseJSON struct {
	Disturbed int                        `json:"disturbed"`
	Notes     []summary.Count            `json:"notes"`
	Figures   map[string]noiseFigureJSON `json:"figures"`
}

type noiseFigureJSON struct {
	N      int     `json:"n"`
	Median *number `json:"median"`
	Min    *number `json:"min"`
	Max    *number `json:"max"`
	Unit   string  `json:"unit"` // "" of a share
}

func newDriftJSON(d summary.Data) []driftJSON {
	list := []driftJSON{}
	for _, drift := range verdict.Drifts(d.Run.Plan, d.Trials) {
		ok := drift.Change.HasInterval()
		list = append(list, driftJSON{
			Metric: drift.Metric, Change: known(drift.Change.Estimate, true), Low: known(drift.Change.Low, ok), High: known(drift.Change.High, ok),
			Confidence: number(drift.Change.Confidence), Blocks: drift.Blocks, Cases: drift.Cases, Told: drift.Told(), Sentence: drift.String(),
		})
	}
	return list
}

func newNoiseJSON(d summary.Data) noiseJSON {
	trials, _, kinds := summary.DisturbedByHost(d)
	j := noiseJSON{Disturbed: trials, Notes: kinds, Figures: map[string]noiseFigureJSON{}}
	for _, f := range summary.NoiseFigures(d) {
		unit := f.Unit
		if unit == "%" {
			unit = ""
		}
		j.Figures[f.Name] = noiseFigureJSON{N: f.Summary.N, Median: known(f.Summary.Median, true), Min: known(f.Summary.Min, true), Max: known(f.Summary.Max, true), Unit: unit}
	}
	return j
}
