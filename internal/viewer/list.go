package viewer

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// patience is how long the list waits for runs that are still being read. It then shows
// what is known.
const patience = 1500 * time.Millisecond

// listRow is a run as the list shows it.
type listRow struct {
	Key, Name, Kind  string
	Scenario         string
	Start, Date      string // the former for machines; "" where unknown
	Unix             int64
	State, StateWord string // the word is the filter's
	Blocks, Cases    int
	Valid, Trials    int
	Known            bool // the trials were read
	Badges           []page.Badge
	Machine          string // a letter
	Problem          string // why it is damaged
}

// DamagedBadge says that a run cannot be read.
func (listRow) DamagedBadge() page.Badge {
	b := page.NewBadge(string(verdict.Refuted))
	b.Word = "damaged"
	return b
}

// Unread stands for what trials tell where they were not read.
func (r listRow) Unread() string {
	if r.Problem != "" {
		return summary.Unknown
	}
	return wordUnread
}

// listPage is the first page.
func (f *Folder) listPage(r *http.Request) (answer, error) {
	entries, err := f.list()
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	f.settle(ctx)
	f.mu.Lock()
	entries, left := append(entries[:0:0], f.entries...), f.left
	f.mu.Unlock()

	var fleet machines
	var content struct {
		Rows      []listRow
		Reading   int
		Left      int
		Folder    string
		Table     template.HTML
		Machines  []machineFact
		Scenarios []string
	}
	content.Folder, content.Left = inert.Line(f.name), left
	for _, e := range entries {
		row := newListRow(e, &fleet)
		if !row.Known && row.Problem == "" {
			content.Reading++
		}
		content.Rows = append(content.Rows, row)
	}
	if content.Table, err = listTable(content.Rows); err != nil {
		return answer{}, err
	}
	content.Machines, content.Scenarios = fleet.facts(), scenariosOf(entries)
	lead, err := fragment("list-lead", content)
	if err != nil {
		return answer{}, err
	}
	d := page.Document{Title: "Runs", Kind: "gwbench view", Lead: lead, Served: &page.Served{Style: styleSource}}
	for _, part := range []struct {
		id, title, template string
		there               bool
	}{
		{"all", "All runs", "list", true},
		{"history", "History", "list-history", len(content.Scenarios) > 0},
		{"machines", "Machines", "list-machines", len(fleet) > 0},
	} {
		if !part.there {
			continue
		}
		body, err := fragment(part.template, content)
		if err != nil {
			return answer{}, err
		}
		d.Sections = append(d.Sections, page.Section{ID: part.id, Title: part.title, Body: body})
	}
	return render(http.StatusOK, d)
}

func newListRow(e entry, fleet *machines) listRow {
	row := listRow{Key: e.key, Name: inert.Line(e.name), Kind: e.kind, Cases: e.head.cases}
	err := e.err
	if e.digest != nil {
		err = cmp.Or(err, e.digest.err)
	}
	if e.hasHead {
		row.Scenario = cmp.Or(e.head.scenario, "run")
		row.Start, row.Date, row.Unix = e.head.start.UTC().Format(time.RFC3339), dateText(e.head.start), e.head.start.Unix()
		row.Machine = fleet.letter(e.head.environment)
	}
	if err != nil {
		row.State, row.StateWord, row.Problem = "damaged", "damaged", inert.Line(err.Error())
		return row
	}
	row.State, row.StateWord = stateOf(e)
	if e.digest == nil {
		return row
	}
	row.Known, row.Blocks, row.Valid, row.Trials = true, e.digest.blocks, e.digest.valid, e.digest.trials
	row.Badges = badges(e.digest.claims)
	return row
}

// Words to filter by. A run under way and one that crashed look alike.
const (
	wordWhole    = "complete"
	wordPartial  = "partial"
	wordNotEnded = "not ended"
	wordUnread   = "being read"
)

// stateOf says how a run ended, and the same in a word to filter by. That it is complete
// takes its trials.
func stateOf(e entry) (text, word string) {
	why := e.head.unended
	if e.digest != nil {
		why = e.digest.unfinished
	}
	switch {
	case why != "" && !e.head.ended:
		text, word = why, wordNotEnded
	case why != "":
		text, word = "partial: "+summary.Shorten(why, mostReason), wordPartial
	case e.digest == nil:
		text, word = wordUnread, wordUnread
	case e.digest.valid == 0:
		text, word = "complete, without a valid trial", wordWhole
	default:
		text, word = wordWhole, wordWhole
	}
	if e.head.quick {
		text += ", quick"
	}
	return text, word
}

// mostReason is how much of a reason the list shows, in columns; the report has all.
const mostReason = 80

// badges counts claims by outcome, as far as there are any.
func badges(claims []claim) []page.Badge {
	var all []page.Badge
	for _, outcome := range []verdict.Outcome{verdict.Refuted, verdict.Supported, verdict.Inconclusive} {
		var names []string
		for _, c := range claims {
			if c.outcome == outcome {
				name := cmp.Or(c.name, summary.Unknown)
				if c.gate {
					name = "gate " + name
				}
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			b := page.NewBadge(string(outcome))
			b.Word, b.About = fmt.Sprintf("%d %s", len(names), outcome), strings.Join(names, ", ")
			all = append(all, b)
		}
	}
	return all
}

func dateText(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// machineText is "2 × Intel Xeon, linux 6.1".
func machineText(e results.Environment) string {
	text := cmp.Or(inert.Line(e.CPU), "unknown CPU")
	if e.CPUs > 0 {
		text = fmt.Sprintf("%d × %s", e.CPUs, text)
	}
	if system := inert.Line(e.OS + " " + e.Kernel); system != "" {
		text += ", " + system
	}
	return text
}

// machines tells apart the machines of runs: the figures of two do not compare.
type machines []results.Environment

// letter names a machine by the order in which they are met: A, B, C.
func (m *machines) letter(e results.Environment) string {
	for i, known := range *m {
		if len(known.Differences(e)) == 0 {
			return summary.Letter(i)
		}
	}
	*m = append(*m, e)
	return summary.Letter(len(*m) - 1)
}

// machineFact is what a letter stands for.
type machineFact struct{ Name, Text string }

// facts describe the machines by their letters.
func (m machines) facts() []machineFact {
	var facts []machineFact
	for i, e := range m {
		facts = append(facts, machineFact{Name: summary.Letter(i), Text: machineText(e)})
	}
	return facts
}

// scenariosOf lists the scenarios of runs, in the order in which they are met.
func scenariosOf(entries []entry) []string {
	var names []string
	seen := map[string]bool{}
	for _, e := range entries {
		if name := e.head.scenario; e.hasHead && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
