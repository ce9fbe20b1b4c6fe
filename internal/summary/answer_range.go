package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
)

func rangeHeading(d Data) string {
	switch search, _ := HasSearch(d.Run.Plan); {
	case search && len(d.Trends) > 0:
		return "Saturation and trends"
	case search:
		return "Saturation"
	}
	return "Trends"
}

// rangeAnswer says what holds over a range: the rates that searches found, and
// slopes along axes of numbers.
func rangeAnswer(d Data, cases []Case) string {
	return strings.Join(append(searchSentences(d, cases), trendSentences(d)...), " ")
}

func searchSentences(d Data, cases []Case) (sentences []string) {
	for _, g := range ByLoad(cases) {
		if g.Load.Search == nil {
			continue
		}
		least, most, _, _, ok := span(g.Cases, func(c Case) (float64, bool) { return c.Median("saturation") })
		load := "The " + strings.TrimPrefix(LoadText(g.Load), inert.Line(g.Load.Name)+": ")
		switch {
		case !ok:
			sentences = append(sentences, load+": no case held any.")
			continue
		case least.Case == most.Case:
			sentences = append(sentences, fmt.Sprintf("%s: %s.", load, heldText(d, most)))
		default:
			sentences = append(sentences, fmt.Sprintf("%s: from %s to %s.", load, heldText(d, least), heldText(d, most)))
		}
		if n := countBound(g.Cases); n > 0 {
			sentences = append(sentences, fmt.Sprintf("In %d of %s the load generator was the limit of most searches: those rates are lower bounds.", n, Plural(len(g.Cases), "case")))
		}
	}
	return sentences
}

// heldText is "4,200 req/s (builtin fastcgi; middle half of the trials 4,193 to 4,212)".
func heldText(d Data, c Case) string {
	return heldRate(c, caseName(d, c))
}

func countBound(cases []Case) (n int) {
	for _, c := range cases {
		if c.GeneratorBound() {
			n++
		}
	}
	return n
}

// trendSentences are one for each trend of the scenario: its own where it has one
// group of cases, else the least and the largest of its slopes that can be told
// from none.
func trendSentences(d Data) (sentences []string) {
	var names []string
	for _, t := range d.Trends {
		if !slices.Contains(names, t.Trend.Name) {
			names = append(names, t.Trend.Name)
		}
	}
	for _, name := range names {
		var told []verdict.TrendResult
		groups := 0
		says := ""
		for _, t := range d.Trends {
			if t.Trend.Name != name {
				continue
			}
			groups++
			says = cmp.Or(inert.Line(t.Trend.Says), inert.Line(t.Trend.Name), Unknown)
			if t.Blocks > 0 && t.Slope.Sign() != 0 {
				told = append(told, t)
			}
		}
		switch {
		case len(told) == 0:
			sentences = append(sentences, Capital(says)+": no trend that can be told from noise.")
		case groups == 1:
			sentences = append(sentences, Capital(TrendText(told[0])))
		default:
			by := func(a, b verdict.TrendResult) int { return cmp.Compare(a.Slope.Estimate, b.Slope.Estimate) }
			least, most := slices.MinFunc(told, by), slices.MaxFunc(told, by)
			text := fmt.Sprintf("%s: %s", Capital(says), slopeText(least))
			if len(told) > 1 {
				text += " to " + slopeText(most)
			}
			text += fmt.Sprintf(" (the least and the most of %s, each interval 95 %% by itself)", Plural(len(told), "slope"))
			if rest := groups - len(told); rest > 0 {
				text += fmt.Sprintf("; no trend that can be told from noise in %d of %d", rest, groups)
			}
			sentences = append(sentences, text+".")
		}
	}
	return sentences
}

// slopeText is "0.136 us/req [0.132, 0.140] per 1024 B (http down)".
func slopeText(t verdict.TrendResult) string {
	step := strings.TrimSpace(TrimFloat(t.Trend.Per) + " " + cmp.Or(inert.Line(t.Trend.Unit), "of "+inert.Line(t.Trend.Along)))
	return fmt.Sprintf("%s %s%s per %s (%s)", Significant(t.Slope.Estimate), inert.Line(t.Unit), locationInterval(t.Slope), step, cmp.Or(inert.Line(t.Group), "all"))
}

func locationInterval(l stats.Location) string {
	if !l.HasInterval() || !Finite(l.Low) || !Finite(l.High) {
		return ""
	}
	return " " + verdict.Interval(l.Low, l.High)
}
