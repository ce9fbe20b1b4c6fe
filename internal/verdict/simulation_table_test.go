package verdict

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/scenarios"
)

var update = flag.Bool("update", false, "write the tables of the simulation into docs/method.md instead of comparing with them")

// How often each cell was simulated. The standard error of a share of 95 % is
// 0.7 points in 1000 runs, and 1.3 in 300.
const (
	runsPaired   = 1000
	runsUnpaired = 300
	runsOfOne    = 1000
	runsOfTen    = 500
)

// column is one of a table: the share of simulated runs in which something
// happened.
type column struct {
	name string
	runs int
	// happened simulates one run.
	happened func(conditions, *rand.Rand) bool
	// promised tells for which conditions the share has to be between lowest and
	// highest.
	promised        func(conditions) bool
	lowest, highest float64
}

// promisedEverywhere leaves out the conditions that break the assumptions.
func promisedEverywhere(c conditions) bool { return c.memory == 0 && c.noiseOfFirst == nil }

// promisedOnSteadyHosts leaves out the hosts that are not the same in both runs.
func promisedOnSteadyHosts(c conditions) bool { return promisedEverywhere(c) && c.host == nil }

func promisedNowhere(conditions) bool { return false }

// trueRatio is what the intervals have to cover.
const trueRatio = 1.3

var coverage = []column{
	covers("paired, 10 blocks", runsPaired, promisedEverywhere, paired(10)),
	covers("20", runsPaired, promisedEverywhere, paired(20)),
	covers("30", runsPaired, promisedEverywhere, paired(30)),
	covers("normalised, 10", runsUnpaired, promisedEverywhere, normalised(10)),
	covers("20", runsUnpaired, promisedEverywhere, normalised(20)),
	covers("absolute, 20", runsUnpaired, promisedOnSteadyHosts, absolute(20)),
	covers("in turn, t, 20", runsPaired, promisedNowhere, inTurn(20)),
}

func covers(name string, runs int, promised func(conditions) bool, interval func(conditions, *rand.Rand) (low, high float64)) column {
	return column{
		name: name, runs: runs, promised: promised, lowest: 0.93, highest: 0.99,
		happened: func(c conditions, r *rand.Rand) bool {
			low, high := interval(c, r)
			return low <= trueRatio && trueRatio <= high
		},
	}
}

func paired(blocks int) func(conditions, *rand.Rand) (low, high float64) {
	return func(c conditions, r *rand.Rand) (low, high float64) {
		run := c.interleaved(r, []float64{trueRatio, 1}, 1, blocks)
		ratio := stats.PairedRatio(run[0][0], run[1][0], 0.05)
		return ratio.Low, ratio.High
	}
}

// normalised compares two runs by what a case is worth in reference cases,
// block by block.
func normalised(blocks int) func(conditions, *rand.Rand) (low, high float64) {
	return func(c conditions, r *rand.Rand) (low, high float64) {
		inReferences := func(level float64) []float64 {
			run := c.interleaved(r, []float64{level, 1}, 1, blocks)
			x := make([]float64, blocks)
			for i := range x {
				x[i] = run[0][0][i] / run[1][0][i]
			}
			return x
		}
		ratio := stats.UnpairedRatio(inReferences(trueRatio), inReferences(1), 0.05, 1)
		return ratio.Low, ratio.High
	}
}

// absolute compares the values of two runs.
func absolute(blocks int) func(conditions, *rand.Rand) (low, high float64) {
	return func(c conditions, r *rand.Rand) (low, high float64) {
		levels := []float64{trueRatio, 1}
		of, over := c.interleaved(r, levels, 1, blocks), c.interleaved(r, levels, 1, blocks)
		ratio := stats.UnpairedRatio(of[0][0], over[1][0], 0.05, 1)
		return ratio.Low, ratio.High
	}
}

// inTurn is what one does without a tool: all trials of one case, then all of
// the other, and an interval of Student's t for the logarithms.
func inTurn(blocks int) func(conditions, *rand.Rand) (low, high float64) {
	return func(c conditions, r *rand.Rand) (low, high float64) {
		run := c.inTurn(r, []float64{trueRatio, 1}, blocks)
		logs := func(x []float64) []float64 {
			y := make([]float64, len(x))
			for i := range x {
				y[i] = math.Log(x[i])
			}
			return y
		}
		meanOf, varianceOf := stat.MeanVariance(logs(run[0][0]), nil)
		meanOver, varianceOver := stat.MeanVariance(logs(run[1][0]), nil)
		t := distuv.StudentsT{Sigma: 1, Nu: float64(2*blocks - 2)}.Quantile(0.975)
		reach := t * math.Sqrt((varianceOf+varianceOver)/float64(blocks))
		return math.Exp(meanOf - meanOver - reach), math.Exp(meanOf - meanOver + reach)
	}
}

var falseDecisions = []column{
	errs("1x, one comparison (A/A)", runsOfOne, sequential(1, 1)),
	errs("10x, one", runsOfOne, sequential(10, 1)),
	errs("1x, ten (A/A)", runsOfTen, sequential(1, 10)),
	errs("10x, ten", runsOfTen, sequential(10, 10)),
	{name: "until significant", runs: runsOfOne, happened: untilSignificant, promised: promisedNowhere},
}

func errs(name string, runs int, happened func(conditions, *rand.Rand) bool) column {
	return column{name: name, runs: runs, happened: happened, promised: promisedEverywhere, highest: Alpha}
}

// sequential is a run in which all true ratios are the factor that is claimed:
// whatever is decided is false. It tells whether anything was, at any look. A
// real run stops at the first look that decides everything and forgets what
// earlier ones said, and so errs less often.
func sequential(factor float64, comparisons int) func(conditions, *rand.Rand) bool {
	return func(c conditions, r *rand.Rand) bool {
		of, over := simulatedFamily(c, r, factor, comparisons, looks[len(looks)-1])
		for _, blocks := range looks {
			for _, outcome := range judgeSimulated(of, over, factor, blocks) {
				if outcome != Inconclusive {
					return true
				}
			}
		}
		return false
	}
}

var looks = stats.Looks(10, 30)

// simulatedFamily returns the values of both sides of each comparison: one of
// them is a pair of cases, ten are two pairs with five metrics.
func simulatedFamily(c conditions, r *rand.Rand, factor float64, comparisons, blocks int) (of, over [][]float64) {
	levels, metrics := []float64{factor, 1}, 1
	if comparisons > 1 {
		levels, metrics = []float64{factor, 1, factor, 1}, comparisons/2
	}
	run := c.interleaved(r, levels, metrics, blocks)
	for i := 0; i < len(run); i += 2 {
		of, over = append(of, run[i]...), append(over, run[i+1]...)
	}
	return of, over
}

// judgeSimulated does what Evaluate does, without its words: an interval is
// made only where its p-value says that it does not hold the factor.
func judgeSimulated(of, over [][]float64, factor float64, blocks int) []Outcome {
	p := make([]float64, len(of))
	for i := range of {
		x, _ := stats.LogRatios(of[i][:blocks], over[i][:blocks])
		p[i] = stats.SignedRankP(x, math.Log(factor))
	}
	outcomes := make([]Outcome, len(of))
	for i, rate := range rates(p, len(p), len(looks)) {
		outcomes[i] = Inconclusive
		if p[i] <= rate {
			outcomes[i] = decide(stats.PairedRatio(of[i][:blocks], over[i][:blocks], rate), scenarios.Factor{Op: scenarios.AtLeast, Value: factor})
		}
	}
	return outcomes
}

// untilSignificant looks after each block from the tenth on, at an interval of
// 95 % every time.
func untilSignificant(c conditions, r *rand.Rand) bool {
	of, over := simulatedFamily(c, r, 1, 1, looks[len(looks)-1])
	x, _ := stats.LogRatios(of[0], over[0])
	for blocks := looks[0]; blocks <= len(x); blocks++ {
		if stats.SignedRankP(x[:blocks], 0) <= Alpha {
			return true
		}
	}
	return false
}

// The proof of the instrument: what the method promises holds on data whose
// truth is known. docs/method.md shows the same figures.
func TestPromisesAreKept(t *testing.T) {
	var tables [3][][]float64
	// The group ends when its parallel members have.
	t.Run("simulate", func(t *testing.T) {
		tables[0] = simulate(t, everyKind, coverage)
		tables[1] = simulate(t, everyKind, falseDecisions)
		tables[2] = simulate(t, kinds, falseChanges)
	})
	text := render("Covered, of 100 intervals of 95 %", everyKind, coverage, tables[0]) +
		"\n" + render("Runs with a false decision, of 100", everyKind, falseDecisions, tables[1]) +
		"\n" + render("Comparisons with a false change, of 100", kinds, falseChanges, tables[2])
	t.Log("\n" + text)
	compareWithMethod(t, text)
}

// simulate returns the shares by kind and column.
func simulate(t *testing.T, of []conditions, columns []column) [][]float64 {
	shares := make([][]float64, len(of))
	for i, c := range of {
		shares[i] = make([]float64, len(columns))
		for j, column := range columns {
			t.Run(c.name+"/"+column.name, func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(uint64(i), uint64(j)))
				count := 0
				for range column.runs {
					if column.happened(c, random) {
						count++
					}
				}
				share := float64(count) / float64(column.runs)
				if column.promised(c) && (share < column.lowest || share > column.highest) {
					t.Errorf("in %.3f of %d runs, want %g to %g", share, column.runs, column.lowest, column.highest)
				}
				shares[i][j] = share
			})
		}
	}
	return shares
}

// render makes a Markdown table of percentages; those that nobody promised are
// in brackets.
func render(title string, of []conditions, columns []column, shares [][]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", title)
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for i, c := range of {
		fmt.Fprintf(&b, "| %s |", c.name)
		for j, column := range columns {
			format := " (%.1f) |"
			if column.promised(c) {
				format = " %.1f |"
			}
			fmt.Fprintf(&b, format, 100*shares[i][j])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// compareWithMethod finds the tables in docs/method.md between two comments.
func compareWithMethod(t *testing.T, tables string) {
	t.Helper()
	const path = "../../docs/method.md"
	const begin, end = "<!-- The tables are written by go test ./internal/verdict -run TestPromisesAreKept -update -->\n\n", "\n<!-- end of the tables -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, foundBegin := strings.Cut(string(page), begin)
	old, after, foundEnd := strings.Cut(rest, end)
	if !foundBegin || !foundEnd {
		t.Fatalf("%s lacks the comment %q or %q", path, begin, end)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+tables+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(old, tables); d != "" {
		t.Errorf("%s has other tables (-page +simulated); go test -update writes them anew\n%s", path, d)
	}
}
