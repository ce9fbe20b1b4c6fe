package report

import (
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
	Notes     []count                    `json:"notes"`
	Figures   map[string]noiseFigureJSON `json:"figures"`
}

type noiseFigureJSON struct {
	N      int     `json:"n"`
	Median *number `json:"median"`
	Min    *number `json:"min"`
	Max    *number `json:"max"`
	Unit   string  `json:"unit"` // "" of a share
}

func newDriftJSON(d Data) []driftJSON {
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

func newNoiseJSON(d Data) noiseJSON {
	trials, kinds := disturbedByHost(d)
	j := noiseJSON{Disturbed: trials, Notes: kinds, Figures: map[string]noiseFigureJSON{}}
	for _, f := range noiseFigures(d) {
		unit := f.unit
		if unit == "%" {
			unit = ""
		}
		j.Figures[f.name] = noiseFigureJSON{N: f.summary.N, Median: known(f.summary.Median, true), Min: known(f.summary.Min, true), Max: known(f.summary.Max, true), Unit: unit}
	}
	return j
}
