package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// writeGitHubSummary writes a step summary for GitHub Actions, in Markdown: the
// gates, the claims, and a table of the cases.
func writeGitHubSummary(w io.Writer, d Data, metrics []results.Metric) error {
	m := &markdown{}
	m.heading(2, "gwbench: "+d.Run.Scenario.Name)
	for _, text := range runCaveats(d.Run) {
		m.paragraph("**" + markup(text) + "**")
	}
	m.claims(d, "Gates", true)
	m.claims(d, "Claims", false)
	m.figures(d, metrics)
	m.paragraph(fmt.Sprintf("<sub>%s, %s, %s</sub>",
		markup(cmp.Or(d.Run.ID, "run")), markup(cmp.Or(d.Run.Tool, "gwbench")), markup(cmp.Or(d.Run.Environment.CPU, "unknown CPU"))))
	_, err := w.Write(m.out.Bytes())
	return err
}

// claims lists gates or claims, the comparisons of each, and its caveats.
func (m *markdown) claims(d Data, heading string, gates bool) {
	first := true
	for _, c := range d.Claims {
		if c.Gate != gates {
			continue
		}
		if first {
			m.heading(3, heading)
			m.out.WriteByte('\n')
			first = false
		}
		m.item(0, fmt.Sprintf("**%s**: %s", markup(string(c.Outcome)), markup(claimTitle(c))))
		for _, v := range c.Verdicts {
			m.item(1, markup(v.Sentence))
		}
		for _, w := range claimCaveats(c) {
			m.item(1, "Warning: "+markup(w))
		}
	}
}

// figures is the table of cases.
func (m *markdown) figures(d Data, metrics []results.Metric) {
	all := figures(d)
	axes := results.Varying(d.Run.Plan.Cases)
	head := []string{"case"}
	shown := known(metrics, all)
	for _, metric := range shown {
		head = append(head, metric.Name+" ("+metric.Unit+")")
	}
	head = append(head, "valid trials")
	var rows [][]string
	for _, f := range all {
		row := []string{verdict.Label(f.Case, axes)}
		for _, metric := range shown {
			if s, ok := f.of(metric); ok {
				row = append(row, summary.Significant(s.Median))
			} else {
				row = append(row, "")
			}
		}
		rows = append(rows, append(row, fmt.Sprintf("%d of %d", len(f.Valid), f.Trials)))
	}
	m.heading(3, "Cases")
	m.table(head, rows)
	m.paragraph("Medians over the valid trials. Compare cases under one load only.")
}

// writeGitHubAnnotations writes workflow commands: an error for each gate that
// is refuted, a warning for each that is inconclusive and for the caveats of
// the run, a notice for each claim. GitHub shows ten of each level of a step, so
// that there is one for a gate and not for each of its comparisons.
func writeGitHubAnnotations(w io.Writer, d Data) error {
	var out strings.Builder
	for _, c := range d.Claims {
		switch {
		case !c.Gate:
			out.WriteString(claimCommand(levelNotice, "Claim", c))
		case c.Outcome == verdict.Refuted:
			out.WriteString(claimCommand(levelError, "Gate", c))
		case c.Outcome == verdict.Inconclusive:
			out.WriteString(claimCommand(levelWarning, "Gate", c))
		}
	}
	if texts := runCaveats(d.Run); len(texts) > 0 {
		out.WriteString(command(levelWarning, "Run of "+d.Run.Scenario.Name, texts...))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// claimCommand says what became of a gate or claim, by the comparisons that
// decided it.
func claimCommand(level, kind string, c verdict.ClaimResult) string {
	texts := []string{claimTitle(c)}
	for _, v := range c.Verdicts {
		if v.Outcome == c.Outcome {
			texts = append(texts, v.Sentence)
		}
	}
	if len(texts) == 1 {
		texts = append(texts, c.Warnings...)
	}
	return command(level, fmt.Sprintf("%s %s: %s", kind, c.Outcome, c.Claim.Name), texts...)
}

// claimTitle is what the claim says, and its name.
func claimTitle(c verdict.ClaimResult) string {
	says, name := inert.Line(c.Claim.Says), inert.Line(c.Claim.Name)
	if says == "" || name == "" || says == name {
		return cmp.Or(says, name)
	}
	return says + " (" + name + ")"
}

// claimCaveats lists each caveat of a claim and of its comparisons once.
func claimCaveats(c verdict.ClaimResult) []string {
	texts := slices.Clone(c.Warnings)
	for _, v := range c.Verdicts {
		texts = append(append(texts, v.Warnings...), v.Ratio.Warnings...)
	}
	return unique(texts)
}

// runCaveats are those about the whole run.
func runCaveats(r results.Run) []string {
	var texts []string
	switch {
	case r.Partial != "":
		texts = append(texts, "The run is partial: "+r.Partial)
	case r.End.IsZero():
		texts = append(texts, "The run is partial: it has no end, because it is still under way or crashed")
	}
	if r.Unverified {
		texts = append(texts, "Nobody checked that the cases serve the same thing (--no-verify)")
	}
	return unique(append(texts, r.Warnings...))
}

// unique leaves out what is empty or was said before.
func unique(texts []string) []string {
	seen := map[string]bool{"": true}
	var kept []string
	for _, text := range texts {
		if text = inert.Line(text); !seen[text] {
			seen[text] = true
			kept = append(kept, text)
		}
	}
	return kept
}
