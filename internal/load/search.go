package load

import (
	"math"
	"time"

	"github.com/gwbench/gwbench/results"
)

// Stages of a search, the values of results.Probe.Stage.
const (
	StageDoubling     = "doubling"     // twice the rate as long as the objectives hold, or half as long as they do not
	StageBisection    = "bisection"    // between the highest rate that held and the lowest that did not
	StageConfirmation = "confirmation" // a longer probe of what was found
)

// Why a search ends without an answer, in Answer.GaveUp.
const (
	gaveUpDisturbed = "too many probes were disturbed"
	gaveUpProbes    = "no rate was confirmed within the number of probes that a search may make"
)

const (
	highestRate    = 1e6 // per second; no search tries more
	lowestRate     = 1.0
	longestProbe   = 10 * time.Second // unless every trial is to be longer
	confirmTimes   = 3                // so much longer is a probe of the confirmation
	maxProbes      = 100
	maxDisturbed   = 10
	votes          = 3   // at most so many probes decide on one rate
	suspicious     = 2   // so many rates that held in a row cast doubt on one above that did not
	farBelow       = 16  // times less than the first rate, a generator that is late would be at any
	enoughRequests = 1.3 // times what a quantile takes: Poisson arrivals vary
	fewestRequests = 10  // of a probe, whatever it is to tell
)

// Try is the probe that a search wants next.
type Try struct {
	Stage    string
	Rate     float64       // requests per second
	Duration time.Duration // of the measurement
}

// Answer is how a search ended. At most one of Rate and GaveUp is given.
type Answer struct {
	Rate   float64 // the highest rate that was confirmed; 0: none
	GaveUp string  // why nothing is known
	// Missed is the lowest rate that did not hold, and Limit the outcome there:
	// results.ProbeServer or results.ProbeGenerator. 0 and "" where the highest
	// rate that a search tries held.
	Missed float64
	Limit  string
}

// Search finds the highest arrival rate at which objectives hold. It decides
// what to try next and sends nothing itself:
//
//	for try, ok := search.Next(); ok; try, ok = search.Next() {
//		search.Observe(outcome of a probe at try.Rate)
//	}
//	answer := search.Answer()
//
// The rate is doubled until the objectives are missed (halved, where the first
// one misses already), then the gap is bisected at geometric means until it is
// as narrow as the precision asks, then the lower end is confirmed by a longer
// probe. Where that misses, the search steps back by the precision, each time
// twice as far, and confirms again.
//
// One probe that misses decides nothing, as it may be noise: of each rate that
// missed, and of each rate of the bisection, two of three probes decide. A
// disturbed probe is repeated. Where several rates in a row held below one that
// missed, that one is probed again before it is believed. Every search ends: the
// number of probes is bounded.
type Search struct {
	goal     results.Search
	shortest time.Duration
	stage    string
	first    float64        // rate of the first probe
	rate     float64        // under way
	seen     map[string]int // outcomes at that rate
	held     float64        // highest rate that held; 0: none yet
	missed   []ceiling      // rates that did not hold, from high to low
	since    int            // rates that held since the last that did not
	again    float64        // the last ceiling that was probed again
	step     float64        // of the confirmation, as an exponent of 1 + precision
	made     int            // probes
	spoilt   int            // of these, disturbed
	ended    bool
	answer   Answer
}

// ceiling is a rate that did not hold.
type ceiling struct {
	rate    float64
	outcome string // results.ProbeServer or results.ProbeGenerator
}

// NewSearch returns the search for a goal. No probe is shorter than shortest.
func NewSearch(goal results.Search, shortest time.Duration) *Search {
	s := &Search{goal: goal, shortest: shortest, stage: StageDoubling, seen: map[string]int{}, step: 1}
	s.first = min(max(goal.From, s.lowest()), highestRate)
	s.rate = s.first
	return s
}

// Next returns the probe to make; ok is false once the search has ended. It
// returns the same until Observe is told of it.
func (s *Search) Next() (try Try, ok bool) {
	if s.ended {
		return Try{}, false
	}
	return Try{Stage: s.stage, Rate: s.rate, Duration: s.duration()}, true
}

// Answer is the result, once Next returns false.
func (s *Search) Answer() Answer { return s.answer }

// Observe takes the outcome of the probe that Next returned: one of
// results.ProbeHeld and so on.
func (s *Search) Observe(outcome string) {
	if s.ended {
		return
	}
	s.made++
	if outcome == results.ProbeDisturbed {
		s.spoilt++
	} else {
		s.seen[outcome]++
	}
	outcome, decided := s.decision()
	if decided {
		clear(s.seen)
		s.decide(outcome)
	}
	switch {
	case s.ended:
	case s.spoilt >= maxDisturbed:
		s.ended, s.answer.GaveUp = true, gaveUpDisturbed
	case s.made >= maxProbes:
		s.ended, s.answer.GaveUp = true, gaveUpProbes
	}
}

// decision counts the votes on the rate under way.
func (s *Search) decision() (outcome string, ok bool) {
	total := 0
	for outcome, n := range s.seen {
		if n > votes/2 {
			return outcome, true
		}
		total += n
	}
	switch {
	case total == 1 && s.seen[results.ProbeHeld] == 1 && s.stage != StageBisection:
		return results.ProbeHeld, true
	case total == votes:
		// One of each kind: it did not hold, and who is to blame is unknown, which
		// is as much as the generator's lateness tells.
		return results.ProbeGenerator, true
	}
	return "", false
}

// decide goes on from the rate under way, whose outcome is known.
func (s *Search) decide(outcome string) {
	held := outcome == results.ProbeHeld
	s.note(outcome)
	switch {
	case s.stage == StageConfirmation && held:
		s.end(s.rate)
	case !held && s.rate <= s.lowest(), s.held == 0 && outcome == results.ProbeGenerator && s.rate*farBelow <= s.first:
		s.end(0)
	case s.stage == StageConfirmation:
		s.rate = max(s.rate/math.Pow(1+s.goal.Precision, s.step), s.lowest())
		s.step *= 2
	case held && s.rate >= highestRate:
		s.stage = StageConfirmation
	case len(s.missed) == 0:
		s.stage, s.rate = StageDoubling, min(2*s.rate, highestRate)
	case s.held == 0:
		s.rate = max(s.rate/2, s.lowest())
	default:
		s.bisect()
	}
}

// note keeps what is known of the rate under way, in place of what a ceiling
// there told before it was probed again.
func (s *Search) note(outcome string) {
	top := len(s.missed) - 1
	if top >= 0 && s.missed[top].rate <= s.rate {
		s.missed = s.missed[:top]
	}
	if outcome != results.ProbeHeld {
		s.since = 0
		s.missed = append(s.missed, ceiling{s.rate, outcome})
		return
	}
	s.since++
	s.held = max(s.held, s.rate)
}

// bisect narrows the gap between a rate that held and one that did not.
func (s *Search) bisect() {
	top := s.missed[len(s.missed)-1].rate
	switch {
	case top > s.held*(1+s.goal.Precision):
		s.stage, s.rate = StageBisection, math.Sqrt(s.held*top)
	case s.since >= suspicious && s.again != top:
		s.stage, s.rate, s.again = StageBisection, top, top
	default:
		s.stage, s.rate = StageConfirmation, s.held
	}
}

// end ends the search with that rate, 0 for none.
func (s *Search) end(rate float64) {
	s.ended, s.answer.Rate = true, rate
	if n := len(s.missed); n > 0 {
		s.answer.Missed, s.answer.Limit = s.missed[n-1].rate, s.missed[n-1].outcome
	}
}

// lowest is the lowest rate that a probe can judge within its time.
func (s *Search) lowest() float64 {
	return max(lowestRate, s.requests()/s.longest().Seconds())
}

func (s *Search) longest() time.Duration { return max(longestProbe, s.shortest) }

// duration is how long a probe at the rate under way has to last: long enough
// for the requests that the objectives take, and for an overload by the
// precision to show. A queue that grows by that share of the time makes a
// request at quantile q of the probe wait for q x precision x duration.
func (s *Search) duration() time.Duration {
	seconds := max(s.shortest.Seconds(), s.requests()/s.rate)
	for _, o := range s.goal.SLO {
		if q := quantileOf(o.Metric); q > 0 {
			bound := o.Below / float64(time.Second/time.Millisecond)
			seconds = max(seconds, bound/(q*s.goal.Precision))
		}
	}
	d := time.Duration(min(seconds, s.longest().Seconds()) * float64(time.Second))
	if s.stage == StageConfirmation {
		d *= confirmTimes
	}
	return d
}

// requests is how many a probe has to send for its metrics to be known.
func (s *Search) requests() float64 {
	n := int64(fewestRequests)
	for _, o := range s.goal.SLO {
		for _, quantile := range quantiles {
			if hasStatistic(o.Metric, quantile.name) {
				n = max(n, quantile.samples)
			}
		}
	}
	return enoughRequests * float64(n)
}

// quantileOf is where in the order of requests a metric of latency looks; 0 for
// any other metric. The mean of what grows evenly is that of its middle.
func quantileOf(metric string) float64 {
	switch {
	case hasStatistic(metric, "max"):
		return 1
	case hasStatistic(metric, "mean"):
		return 0.5
	}
	for _, quantile := range quantiles {
		if hasStatistic(metric, quantile.name) {
			return quantile.q
		}
	}
	return 0
}

func hasStatistic(metric, name string) bool {
	return metric == "latency."+name || metric == "service."+name
}
