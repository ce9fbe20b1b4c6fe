package summary

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Telling picks the comparison that stands for its claim where there is room
// for one sentence: of those with the claim's own outcome the first about
// capacity or the server's CPU time, which hold whatever the bottleneck was,
// else the first.
func Telling(c verdict.ClaimResult) (verdict.Verdict, bool) {
	best := -1
	for i, v := range c.Verdicts {
		if v.Outcome != c.Outcome {
			continue
		}
		if best < 0 || ofServer(v.Metric) && !ofServer(c.Verdicts[best].Metric) {
			best = i
		}
	}
	if best < 0 {
		return verdict.Verdict{}, false
	}
	return c.Verdicts[best], true
}

// InOrder are a claim's comparisons as the scenario lists them, but those of the
// server's cost first where a throughput is the load generator's.
func InOrder(c verdict.ClaimResult) []verdict.Verdict {
	if !slices.ContainsFunc(c.Verdicts, func(v verdict.Verdict) bool { return v.GeneratorBound }) {
		return c.Verdicts
	}
	last := func(v verdict.Verdict) int {
		if ofServer(v.Metric) {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(c.Verdicts), func(a, b verdict.Verdict) int { return last(a) - last(b) })
}

func ofServer(metric string) bool {
	return metric == "capacity" || strings.HasPrefix(metric, "server_cpu")
}

// ClaimText is what the claim says, its name and the ratio it claims.
func ClaimText(c verdict.ClaimResult) string {
	name, says := inert.Line(c.Claim.Name), inert.Line(c.Claim.Says)
	details := FactorText(c.Claim.Factor)
	if name != "" && says != "" && name != says {
		details = name + ", " + details
	}
	return cmp.Or(says, name, Unknown) + " (" + details + ")"
}

// Scope says which pair of cases a comparison is about: the two sides by what
// tells them apart, then what they have in common, of the axes on which the
// cases vary. Each value keeps at most so many columns; 0 means all.
func Scope(cases []results.Case, of, over results.Case, most int) string {
	differ := results.Varying([]results.Case{of, over})
	same := slices.DeleteFunc(results.Varying(cases), func(axis string) bool { return slices.Contains(differ, axis) })
	if len(differ) == 0 {
		differ = []string{"target", "protocol"}
	}
	text := Label(of, differ, most) + " over " + Label(over, differ, most)
	if len(same) > 0 {
		text += ", " + Label(of, same, most)
	}
	return text
}

// Figures is "1.05x [1.01, 1.09], 99.67% confidence, 10 blocks: refuted"; of a
// throughput that is the load generator's it says so.
func Figures(v verdict.Verdict) string {
	parts := []string{RatioText(v.Ratio.Estimate), IntervalText(v)}
	if HasInterval(v) {
		parts = []string{parts[0] + " " + parts[1], ConfidenceText(v) + " confidence"}
	}
	parts = append(parts, Plural(v.Blocks, "block"))
	if v.GeneratorBound {
		parts = append(parts, LimitText)
	}
	return strings.Join(parts, ", ") + ": " + cmp.Or(inert.Line(string(v.Outcome)), "undecided")
}

// LimitText says of a throughput whose it is.
const LimitText = "measured at the load generator's limit"

// mostBlocks is as far as a forecast of blocks is worth its digits.
const mostBlocks = 1000

// FurtherBlocks says what an inconclusive comparison could have told, and
// what it takes.
func FurtherBlocks(v verdict.Verdict) string {
	if v.Outcome != verdict.Inconclusive {
		return ""
	}
	var parts []string
	if Finite(v.MinDetectable) && v.MinDetectable > 1 {
		parts = append(parts, fmt.Sprintf("These blocks would tell a difference of %s or more from none", RatioText(v.MinDetectable)))
	}
	switch {
	case v.BlocksNeeded > mostBlocks:
		parts = append(parts, fmt.Sprintf("more than %s would be needed to decide the claim, the ratio is so close to it", Plural(mostBlocks, "block")))
	case v.BlocksNeeded > 0:
		parts = append(parts, fmt.Sprintf("about %s would decide the claim", Plural(v.BlocksNeeded, "block")))
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, "; ") + " (approximations)."
	return Capital(text)
}

// ClaimWarnings lists the caveats of a claim and of its comparisons.
func ClaimWarnings(c verdict.ClaimResult) []string {
	all := slices.Clone(c.Warnings)
	for _, v := range c.Verdicts {
		all = append(append(all, v.Warnings...), v.Ratio.Warnings...)
	}
	return eachOnce(all)
}

// eachOnce lists caveats in the order of first mention. Those that differ in
// their figures alone count as one.
func eachOnce(all []string) []string {
	var warnings []string
	alike := map[string][]string{} // by the text without its figures
	for _, w := range all {
		w = inert.Line(w)
		key := figure.ReplaceAllString(w, "0")
		if w == "" || slices.Contains(alike[key], w) {
			continue
		}
		if len(alike[key]) == 0 {
			warnings = append(warnings, w)
		}
		alike[key] = append(alike[key], w)
	}
	for i, w := range warnings {
		switch more := len(alike[figure.ReplaceAllString(w, "0")]) - 1; more {
		case 0:
		case 1:
			warnings[i] += " (and once more with other figures)"
		default:
			warnings[i] += fmt.Sprintf(" (and %d more times with other figures)", more)
		}
	}
	return warnings
}

// figure finds a number in a caveat.
var figure = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)
