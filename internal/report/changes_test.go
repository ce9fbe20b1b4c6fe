package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
)

func changesTerminal(t *testing.T, c verdict.Changes, s Style) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ChangesTerminal(&out, c, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func changesMarkdown(t *testing.T, c verdict.Changes) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ChangesMarkdown(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestChangesGoldens(t *testing.T) {
	c := summarytest.Changed(t)
	summarytest.Golden(t, "changes.txt", changesTerminal(t, c, Style{}))
	summarytest.Golden(t, "changes-60.txt", changesTerminal(t, c, Style{Width: 60}))
	summarytest.Golden(t, "changes-80.txt", changesTerminal(t, c, Style{Width: 80}))
	summarytest.Golden(t, "changes-colour.txt", changesTerminal(t, c, Style{Width: 120, Color: true}))
	summarytest.Golden(t, "changes-paired.txt", changesTerminal(t, summarytest.Builds(t), Style{Width: 80}))
	summarytest.Golden(t, "changes-elsewhere.txt", changesTerminal(t, summarytest.Elsewhere(t), Style{Width: 80}))
	summarytest.Golden(t, "changes.md", changesMarkdown(t, c))
	var out bytes.Buffer
	if err := ChangesJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "changes.json", out.Bytes())
}

func TestHostileTextIsInertInChanges(t *testing.T) {
	c := summarytest.HostileChanges(t)
	for _, width := range []int{0, 40, 80, 120} {
		text := string(changesTerminal(t, c, Style{Width: width}))
		summarytest.OnlyText(t, "terminal", text)
		table := newChangesTable(c)
		lines, err := table.renderChanges(Style{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if got := twwidth.Width(line); width > 0 && got > width {
				t.Errorf("width %d: a line of %d columns: %s", width, got, line)
			}
		}
	}
	markdown := string(changesMarkdown(t, c))
	summarytest.OnlyText(t, "markdown", markdown)
	own := strings.NewReplacer("**", "", "<details><summary>", "", "</summary>", "", "</details>", "")
	for line := range strings.Lines(markdown) {
		if at := unescaped.FindString(own.Replace(line)); at != "" {
			t.Errorf("%q is not escaped in: %.300s", at, line)
		}
	}
	var out bytes.Buffer
	if err := ChangesJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
}

func TestChangesOfNothing(t *testing.T) {
	empty := verdict.Changes{Base: "a", New: "b", Method: verdict.Absolute, Outcome: verdict.Undetermined}
	if text := string(changesTerminal(t, empty, Style{Width: 80})); !strings.Contains(text, "INCONCLUSIVE: nothing was compared\nBASE a, NEW b\n") {
		t.Errorf("%s", text)
	}
	summarytest.OnlyText(t, "markdown", string(changesMarkdown(t, empty)))
}
