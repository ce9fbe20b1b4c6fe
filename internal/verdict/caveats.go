package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

const (
	// wideSpread is the quartile spread of the blocks' ratios, and wideInterval
	// the half-width of the interval, above which a verdict says so: beyond them
	// differences that people claim are lost.
	wideSpread   = 0.25
	wideInterval = 0.25
	// rareRequests is how many requests beyond a percentile it takes for it to be
	// more than the luck of a few.
	rareRequests = 10
)

// caveats lists what a reader has to know to trust the verdict as far as it
// goes, and no further.
func (s sample) caveats(v Verdict) []string {
	var found []string
	for _, w := range []string{
		s.unpairedBlocks(),
		s.unknownMetric(),
		s.invalidTrials(),
		s.generatorBound(),
		s.serviceTime(),
		s.ownRates(),
		s.notKeptUp(),
		s.neverSent(),
		s.fewBeyondPercentile(),
		s.disturbed(),
		s.noted(),
		s.unlike(v),
		s.spread(),
		wide(v),
	} {
		if w != "" {
			found = append(found, w)
		}
	}
	return found
}

func (s sample) unpairedBlocks() string {
	if s.unpaired == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s were not used: they lack a valid trial of one of the two cases", s.unpaired, count(s.blocks, "block"))
}

func (s sample) unknownMetric() string {
	if s.unknown == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s were not used: %s could not be measured in them", s.unknown, count(s.blocks, "block"), s.metric.Name)
}

func (s sample) invalidTrials() string {
	if len(s.invalid) == 0 {
		return ""
	}
	reasons := map[string]int{}
	for _, t := range s.invalid {
		for _, reason := range t.Invalid {
			reasons[reason]++
		}
	}
	text := count(len(s.invalid), "invalid trial") + " left out"
	if len(reasons) > 0 {
		text += ", for example: " + mostOften(reasons)
	}
	return text
}

// mostOften returns the key with the largest count, the first in alphabetical
// order on a tie.
func mostOften(counts map[string]int) string {
	return slices.MaxFunc(slices.Sorted(maps.Keys(counts)), func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
}

// share counts the trials with a property: "in 3 of 20 trials", or "".
func (s sample) share(has func(*results.Trial) bool) string {
	n := 0
	for _, t := range s.trials {
		if has(t) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("in %d of %s", n, count(len(s.trials), "trial"))
}

// ofGenerator tells whether what was compared is mostly the load generator's
// doing: the throughput of cases of which either had it as its bottleneck in
// most trials.
func (s sample) ofGenerator() bool {
	if s.metric.Name != "throughput" {
		return false
	}
	bound, all := map[string]int{}, map[string]int{}
	for _, t := range s.trials {
		all[t.Case]++
		if t.Bottleneck == results.BottleneckGenerator {
			bound[t.Case]++
		}
	}
	for id, n := range bound {
		if 2*n > all[id] {
			return true
		}
	}
	return false
}

// generatorBound applies to closed loads and to what searches find: under an
// open load the rate is fixed.
func (s sample) generatorBound() string {
	of := ""
	switch {
	case s.metric.Name == "throughput":
		of = "throughput measured the generator; read capacity"
	case s.metric.Name == "saturation":
		of = "the saturation there is the generator's, and the server's lies above it"
	case s.isLatency() && s.ofLoad.Closed() && s.overLoad.Closed():
		of = "its own delay is part of the latency; read an open load"
	default:
		return ""
	}
	in := s.share(func(t *results.Trial) bool { return t.Bottleneck == results.BottleneckGenerator })
	if in == "" {
		return ""
	}
	return "the load generator was the bottleneck " + in + ": " + of
}

// serviceTime explains what latency means without a schedule.
func (s sample) serviceTime() string {
	ofClosed, overClosed := s.ofLoad.Closed(), s.overLoad.Closed()
	switch {
	case !s.isLatency() || !ofClosed && !overClosed:
		return ""
	case ofClosed != overClosed:
		return "latency under the closed load is service time, under the open one it counts from the intended send: the two are not the same quantity"
	}
	return "latency under a closed load is service time: clients that wait send less, so that the waiting of a real crowd is not in it; read an open load"
}

// ownRates applies to searches, whose trials are their confirmations.
func (s sample) ownRates() string {
	if s.metric.Load == "search" || s.ofLoad.Search == nil && s.overLoad.Search == nil {
		return ""
	}
	return "the trial of a search is made at the rate that it found: the two cases had different rates; read an open load"
}

// notKeptUp applies to open loads with a rate of their own.
func (s sample) notKeptUp() string {
	if in := s.share(s.behind); in != "" {
		return "the rate was not kept up with " + in + ": latency there is that of a growing queue; lower the rate"
	}
	return ""
}

// neverSent applies to the same loads where the rate was kept up with all but.
func (s sample) neverSent() string {
	most := 0.0
	in := s.share(func(t *results.Trial) bool {
		if !s.isLatency() || !s.hasRate(t) || s.behind(t) || t.Counts.Dropped <= 0 {
			return false
		}
		most = max(most, float64(t.Counts.Dropped)/float64(max(t.Counts.Planned, t.Counts.Dropped)))
		return true
	})
	if in == "" {
		return ""
	}
	return fmt.Sprintf("some requests were never sent %s, up to %.1f %% of those planned: latency there leaves out who would have waited longest", in, math.Ceil(1000*most)/10)
}

func (s sample) behind(t *results.Trial) bool {
	return s.hasRate(t) && t.Bottleneck != results.BottleneckRate && t.Bottleneck != ""
}

// hasRate tells whether the trial's load is open and has a rate of its own.
func (s sample) hasRate(t *results.Trial) bool {
	load := s.ofLoad
	if t.Case == s.comparison.Over.ID() {
		load = s.overLoad
	}
	return !load.Closed() && load.Search == nil
}

// fewBeyondPercentile applies to the tails of short trials.
func (s sample) fewBeyondPercentile() string {
	_, statistic, _ := strings.Cut(s.metric.Name, ".")
	beyond := map[string]float64{"p50": 0.5, "p90": 0.1, "p99": 0.01, "p99_9": 0.001}[statistic]
	if beyond == 0 {
		return ""
	}
	in := s.share(func(t *results.Trial) bool { return float64(t.Counts.Correct)*beyond < rareRequests })
	if in == "" {
		return ""
	}
	return fmt.Sprintf("%s rests on fewer than %d requests %s: take longer trials", describe(s.metric.Name), rareRequests, in)
}

// disturbed counts the trials that the host disturbed, noted those with notes of
// their measurement, disturbed ones too: what such a note tells holds in them as well.
func (s sample) disturbed() string {
	return s.notes("the machine disturbed the measurement", results.Note.OfHost)
}

func (s sample) noted() string {
	return s.notes("something was noted", results.Note.OfMeasurement)
}

// notes is "something was noted in 5 of 22 trials: requests sent after their time (5)".
func (s sample) notes(what string, counts func(results.Note) bool) string {
	trials := map[string]int{} // by what the notes are about
	in := s.share(func(t *results.Trial) bool {
		found := map[string]bool{}
		for _, note := range t.Notes {
			if counts(note) {
				found[note.About()] = true
			}
		}
		for about := range found {
			trials[about]++
		}
		return len(found) > 0
	})
	if in == "" {
		return ""
	}
	parts := make([]string, 0, len(trials))
	for _, about := range slices.Sorted(maps.Keys(trials)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", about, trials[about]))
	}
	return what + " " + in + ": " + strings.Join(parts, ", ")
}

// unlike names what else differs between the two sides of the ratio, where no
// parts tell what is whose.
func (s sample) unlike(v Verdict) string {
	differ := results.Varying([]results.Case{s.comparison.Of, s.comparison.Over})
	if len(differ) < 2 || len(v.Parts) > 0 {
		return ""
	}
	text := "the two cases differ in " + Enumeration(differ) + ": the ratio is that of all of it together"
	if len(differ) <= mostParts {
		text += "; a run of all their combinations would tell the parts"
	}
	return text
}

func (s sample) spread() string {
	var ratios []float64
	for i := range s.of {
		if s.over[i] > 0 && s.of[i] > 0 {
			ratios = append(ratios, s.of[i]/s.over[i])
		}
	}
	d := stats.Describe(ratios)
	if d.Spread <= wideSpread {
		return ""
	}
	return fmt.Sprintf("the ratio varied much from block to block: its middle half spreads over %s %% of its median; a quieter host or longer trials would help",
		plain(math.Round(d.Spread*100)))
}

func wide(v Verdict) string {
	half := v.Ratio.HalfWidth()
	if math.IsInf(half, 1) || half <= wideInterval {
		return ""
	}
	return fmt.Sprintf("the interval is wide, %s %% of the ratio to either side: more blocks or longer trials would narrow it", plain(math.Round(half*100)))
}

// isLatency tells whether the metric depends on where latency counts from.
func (s sample) isLatency() bool { return strings.HasPrefix(s.metric.Name, "latency.") }
