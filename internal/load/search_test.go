package load

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
)

// goal is what the tests search for unless they say otherwise.
func goal(from, precision float64) results.Search {
	return results.Search{
		SLO:  []results.Objective{{Metric: "latency.p99", Below: 10}, {Metric: "errors", Below: 0.001}},
		From: from, Precision: precision,
	}
}

// carryOut makes the probes of a search on a server, or whatever probe stands
// for one, and returns what was tried.
func carryOut(s *Search, probe func(Try) string) (tries []Try) {
	for try, ok := s.Next(); ok; try, ok = s.Next() {
		tries = append(tries, try)
		s.Observe(probe(try))
	}
	return tries
}

// sharp is a server that holds up to a rate and not beyond.
func sharp(knee float64) func(Try) string {
	return func(try Try) string {
		if try.Rate <= knee {
			return results.ProbeHeld
		}
		return results.ProbeServer
	}
}

func TestSearchFindsASharpKnee(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := rapid.Float64Range(0.01, 0.5).Draw(t, "precision")
		knee := math.Exp(rapid.Float64Range(math.Log(20), math.Log(highestRate)).Draw(t, "ln knee"))
		s := NewSearch(goal(rapid.Float64Range(1, 100_000).Draw(t, "from"), precision), 300*time.Millisecond)
		tries := carryOut(s, sharp(knee))
		a := s.Answer()
		if a.GaveUp != "" || a.Rate > knee || a.Rate*(1+precision) < knee*(1-1e-9) {
			t.Fatalf("%+v, the knee is at %g", a, knee)
		}
		if a.Limit != results.ProbeServer || a.Missed <= knee || a.Missed > a.Rate*(1+precision)*(1+1e-9) {
			t.Fatalf("%+v, the knee is at %g", a, knee)
		}
		if last := tries[len(tries)-1]; last.Stage != StageConfirmation || last.Rate != a.Rate {
			t.Fatalf("the last probe was %+v, the answer %+v", last, a)
		}
		// Without noise: at most 20 rates of the doubling, or 14 of the halving with
		// 2 probes each; 7 of the bisection and a ceiling probed again with 2 each; and
		// the confirmation.
		if len(tries) > 2*14+2*7+2+1 {
			t.Fatalf("%d probes", len(tries))
		}
	})
}

// TestSearchEndsWhateverItSees draws outcomes at random.
func TestSearchEndsWhateverItSees(t *testing.T) {
	outcomes := []string{results.ProbeHeld, results.ProbeServer, results.ProbeGenerator, results.ProbeDisturbed}
	rapid.Check(t, func(t *rapid.T) {
		s := NewSearch(goal(rapid.Float64Range(0.001, 1e7).Draw(t, "from"), rapid.Float64Range(0.01, 0.9).Draw(t, "precision")), time.Millisecond)
		confirmed := map[float64]bool{}
		tries := carryOut(s, func(try Try) string {
			if !(try.Rate >= s.lowest() && try.Rate <= highestRate) || try.Duration <= 0 {
				t.Fatalf("%+v", try)
			}
			outcome := rapid.SampledFrom(outcomes).Draw(t, "outcome")
			if try.Stage == StageConfirmation && outcome == results.ProbeHeld {
				confirmed[try.Rate] = true
			}
			return outcome
		})
		a := s.Answer()
		switch {
		case len(tries) > maxProbes:
			t.Fatalf("%d probes", len(tries))
		case a.Rate > 0 && (a.GaveUp != "" || !confirmed[a.Rate]):
			t.Fatalf("%+v was never confirmed", a)
		case a.Rate == 0 && a.GaveUp == "" && a.Missed != s.lowest() && !(a.Limit == results.ProbeGenerator && a.Missed*farBelow <= s.first):
			t.Fatalf("%+v, the lowest rate is %g, the first was %g", a, s.lowest(), s.first)
		case a.Rate > 0 && a.Limit == "" && a.Rate != highestRate:
			t.Fatalf("nothing limits %+v", a)
		}
		if _, ok := s.Next(); ok {
			t.Fatal("it goes on")
		}
	})
}

// TestSearchFindsANoisyKnee has a server whose probes miss at random: more and
// more often around its knee, and one in twenty far below it.
func TestSearchFindsANoisyKnee(t *testing.T) {
	const (
		knee, precision  = 20_000.0, 0.05
		searches, atMost = 400, 8 // that may be off by more than three times the precision
		hiccups, softly  = 0.05, 0.02
	)
	rng := rand.New(rand.NewPCG(1, 2))
	off, most := 0, 0
	var sum float64
	for range searches {
		from := 100 * math.Pow(2, rng.Float64())
		s := NewSearch(goal(from, precision), 300*time.Millisecond)
		tries := carryOut(s, func(try Try) string {
			miss := 1 / (1 + math.Exp(-math.Log(try.Rate/knee)/softly))
			if rng.Float64() < hiccups+(1-hiccups)*miss {
				return results.ProbeServer
			}
			return results.ProbeHeld
		})
		most = max(most, len(tries))
		distance := math.Log(s.Answer().Rate / knee)
		sum += distance
		if math.Abs(distance) > 3*math.Log(1+precision) {
			off++
		}
	}
	t.Logf("%d of %d searches off, %.1f %% on average, at most %d probes", off, searches, 100*sum/searches, most)
	if off > atMost || math.Abs(sum/searches) > precision || most > 60 {
		t.Errorf("%d of %d searches are off, all by %.1f %% on average, with up to %d probes", off, searches, 100*sum/searches, most)
	}
}

func TestSearchTellsTheGeneratorFromTheServer(t *testing.T) {
	generator := func(limit, knee float64) func(Try) string {
		return func(try Try) string {
			if try.Rate > limit {
				return results.ProbeGenerator
			}
			return sharp(knee)(try)
		}
	}
	for _, test := range []struct {
		name        string
		limit, knee float64
		want        string
	}{
		{"generator first", 15_000, 50_000, results.ProbeGenerator},
		// 100 doubles to 25,600, which the generator holds no more.
		{"server just before the generator", 20_000, 17_000, results.ProbeServer},
		{"server first", 50_000, 15_000, results.ProbeServer},
	} {
		s := NewSearch(goal(100, 0.05), 300*time.Millisecond)
		carryOut(s, generator(test.limit, test.knee))
		a, truth := s.Answer(), min(test.limit, test.knee)
		if a.Limit != test.want || a.Rate > truth || a.Rate*1.05 < truth {
			t.Errorf("%s: %+v", test.name, a)
		}
	}
}

func TestSearchAtItsBounds(t *testing.T) {
	always := func(outcome string) func(Try) string { return func(Try) string { return outcome } }
	for _, test := range []struct {
		name  string
		from  float64
		probe func(Try) string
		want  Answer
	}{
		{"all held", 1000, always(results.ProbeHeld), Answer{Rate: highestRate}},
		{"nothing held", 1000, always(results.ProbeServer), Answer{Missed: 13, Limit: results.ProbeServer}},
		{"nothing sent in time", 1000, always(results.ProbeGenerator), Answer{Missed: 62.5, Limit: results.ProbeGenerator}},
		{"the lowest held", 1000, sharp(13), Answer{Rate: 13, Missed: 13.1, Limit: results.ProbeServer}},
		{"from below the lowest", 0.5, sharp(13), Answer{Rate: 13, Missed: 13.1, Limit: results.ProbeServer}},
		{"all disturbed", 1000, always(results.ProbeDisturbed), Answer{GaveUp: gaveUpDisturbed}},
	} {
		s := NewSearch(goal(test.from, 0.05), 300*time.Millisecond)
		carryOut(s, test.probe)
		a := s.Answer()
		// The highest rate that held is known to the precision.
		near := math.Abs(a.Missed-test.want.Missed) <= 0.05*test.want.Missed
		if a.Rate != test.want.Rate || !near || a.Limit != test.want.Limit || a.GaveUp != test.want.GaveUp {
			t.Errorf("%s: %+v, want %+v", test.name, a, test.want)
		}
	}
}

// TestSearchVotes says how many probes it takes to decide on a rate.
func TestSearchVotes(t *testing.T) {
	const held, server, generator, disturbed = results.ProbeHeld, results.ProbeServer, results.ProbeGenerator, results.ProbeDisturbed
	for _, test := range []struct {
		name     string
		outcomes []string
		stage    string // then
		rate     float64
	}{
		{"one that held is enough at first", []string{held}, StageDoubling, 2000},
		{"one that missed is repeated", []string{server}, StageDoubling, 1000},
		{"two that missed decide", []string{held, server, server}, StageBisection, math.Sqrt2 * 1000},
		{"one of three is noise", []string{server, held, held}, StageDoubling, 2000},
		{"two of three decide", []string{held, server, held, server}, StageBisection, math.Sqrt2 * 1000},
		{"a late generator is asked again", []string{generator}, StageDoubling, 1000},
		{"a late generator ends the doubling", []string{held, generator, generator}, StageBisection, math.Sqrt2 * 1000},
		{"a disturbed probe has no vote", []string{disturbed, server, disturbed, held}, StageDoubling, 1000},
		{"half of a first rate that missed", []string{server, server}, StageDoubling, 500},
		{"held once in the bisection is not enough", []string{held, server, server, held}, StageBisection, math.Sqrt2 * 1000},
		{"held twice is", []string{held, server, server, held, held}, StageBisection, math.Sqrt(2*math.Sqrt2) * 1000},
	} {
		s := NewSearch(goal(1000, 0.05), time.Second)
		for _, outcome := range test.outcomes {
			s.Observe(outcome)
		}
		try, ok := s.Next()
		if !ok || try.Stage != test.stage || math.Abs(try.Rate-test.rate) > 1e-6 {
			t.Errorf("%s: %+v, want %s at %g", test.name, try, test.stage, test.rate)
		}
	}
}

// TestSearchStepsBack has a knee that only the longer probe sees.
func TestSearchStepsBack(t *testing.T) {
	s := NewSearch(goal(1000, 0.05), time.Second)
	var confirmed []float64
	carryOut(s, func(try Try) string {
		if try.Stage != StageConfirmation {
			return sharp(10_000)(try)
		}
		if n := len(confirmed); n == 0 || confirmed[n-1] != try.Rate {
			confirmed = append(confirmed, try.Rate)
		}
		return sharp(8_600)(try)
	})
	if len(confirmed) != 3 || s.Answer().Rate != confirmed[2] || s.Answer().Missed != confirmed[1] {
		t.Fatalf("%v, %+v", confirmed, s.Answer())
	}
	for i, steps := range []float64{1, 2} {
		if ratio := confirmed[i] / confirmed[i+1]; math.Abs(ratio-math.Pow(1.05, steps)) > 1e-9 {
			t.Errorf("step %d: from %g to %g", i+1, confirmed[i], confirmed[i+1])
		}
	}
}

func TestSearchDurations(t *testing.T) {
	slo := func(metric string, below float64) []results.Objective {
		return []results.Objective{{Metric: metric, Below: below}, {Metric: "errors", Below: 0.001}}
	}
	for _, test := range []struct {
		name     string
		slo      []results.Objective
		from     float64
		shortest time.Duration
		want     time.Duration
	}{
		{"as long as a trial", slo("latency.p99", 10), 10_000, 500 * time.Millisecond, 500 * time.Millisecond},
		{"100 requests for a p99", slo("latency.p99", 10), 100, 500 * time.Millisecond, 1300 * time.Millisecond},
		{"1000 for a p99.9", slo("service.p99_9", 10), 1000, 500 * time.Millisecond, 1300 * time.Millisecond},
		{"10 for anything", slo("latency.p50", 1), 10, 500 * time.Millisecond, 1300 * time.Millisecond},
		{"an overload of 5 % of the time has to reach 100 ms", slo("latency.max", 100), 10_000, 500 * time.Millisecond, 2 * time.Second},
		{"and half of the requests have to see it", slo("latency.p50", 100), 10_000, 500 * time.Millisecond, 4 * time.Second},
		{"no longer than that", slo("latency.p50", 5000), 10_000, 500 * time.Millisecond, longestProbe},
		{"unless trials are", slo("latency.p50", 5000), 10_000, time.Minute, time.Minute},
		{"errors take no time", slo("errors", 0.5), 10_000, 500 * time.Millisecond, 500 * time.Millisecond},
	} {
		s := NewSearch(results.Search{SLO: test.slo, From: test.from, Precision: 0.05}, test.shortest)
		try, _ := s.Next()
		if try.Duration.Round(time.Microsecond) != test.want {
			t.Errorf("%s: %v, want %v", test.name, try.Duration, test.want)
		}
		s.stage = StageConfirmation
		if try, _ := s.Next(); try.Duration.Round(time.Microsecond) != confirmTimes*test.want {
			t.Errorf("%s: confirmation of %v", test.name, try.Duration)
		}
	}
}
