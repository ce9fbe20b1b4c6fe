package viewer

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/results"
)

// past is a read run of two cases, of which the second knows no throughput.
func past(days int, edit func(*entry)) entry {
	closed := results.Load{Name: "few", Clients: 2}
	e := entry{
		name: "run", hasHead: true, head: head{scenario: "hello", schema: 2, start: time.Date(2026, 1, 1+days, 0, 0, 0, 0, time.UTC), environment: results.Environment{Hostname: "h", CPU: "c"}},
		digest: &digest{
			cases:   []results.Case{{Target: "a", Protocol: "http", Load: "few"}, {Target: "a", Protocol: "scgi", Load: "few"}},
			loads:   map[string]results.Load{"few": closed},
			axes:    []string{"protocol"},
			figures: map[string][]quartiles{"throughput": {{3, 1, float64(2 + days), 100}, {}}},
		},
	}
	if edit != nil {
		edit(&e)
	}
	return e
}

func TestWhatMakesFiguresIncomparableIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*entry)
		want []string
	}{
		"nothing": {nil, nil},
		"machine": {func(e *entry) { e.head.environment.CPU = "d" }, []string{"CPU c -> d"}},
		"load": {func(e *entry) {
			e.digest.loads = map[string]results.Load{"few": {Name: "few", Clients: 4}, "new": {Name: "new", Rate: 10}}
		}, []string{"load few: closed load, 2 clients -> few: closed load, 4 clients"}},
		"schema": {func(e *entry) { e.head.schema = 3 }, []string{"schema 2 -> 3: figures may mean different things"}},
		"quick":  {func(e *entry) { e.head.quick = true }, []string{"quick, with shorter trials"}},
	} {
		if got := changed(past(0, nil), past(1, c.edit)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAHistoryHasALineForEachCaseThatIsKnown(t *testing.T) {
	other := func(e *entry) { e.head.scenario = "other" }
	damaged := func(e *entry) { e.digest = &digest{err: errors.New("damaged")} }
	unread := func(e *entry) { e.digest = nil }
	// As in the list: the newest first.
	entries := []entry{past(4, unread), past(3, damaged), past(2, nil), past(1, other), past(0, nil)}
	c, err := choose(entries, "hello", "")
	if err != nil {
		t.Fatal(err)
	}
	if c.Metric != "throughput" || len(c.runs) != 2 || c.Reading != 1 || !slices.Equal(c.Scenarios, []string{"hello", "other"}) {
		t.Errorf("%+v", c)
	}
	h := c.history()
	if len(h.Runs) != 2 || !h.Runs[0].Start.Before(h.Runs[1].Start) {
		t.Errorf("runs %+v", h.Runs)
	}
	if len(h.Loads) != 1 || len(h.Loads[0].Lines) != 1 {
		t.Fatalf("lines %+v", h.Loads)
	}
	line := h.Loads[0].Lines[0]
	if line.Label != "http" || line.Points[0].Mid != 2 || line.Points[1].Mid != 4 || !line.Points[1].Known() {
		t.Errorf("%+v", line)
	}
}

func TestAHistoryGoesBackSoFar(t *testing.T) {
	var entries []entry
	for day := mostPast + 5; day >= 0; day-- {
		entries = append(entries, past(day, nil))
	}
	c, err := choose(entries, "hello", "throughput")
	if err != nil || len(c.runs) != mostPast || c.Older != 6 {
		t.Fatalf("%d runs and %d older ones, %v", len(c.runs), c.Older, err)
	}
	if last := c.history().Loads[0].Lines[0].Points[mostPast-1].Mid; math.Abs(last-float64(2+mostPast+5)) > 0 {
		t.Errorf("the newest run is not the last: %g", last)
	}
}

// A scenario of which nothing is known has a history all the same: an empty one.
func TestAHistoryOfNothingSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*entry)
		want string
	}{
		"all invalid":    {func(e *entry) { e.digest.figures = nil }, "No run of the scenario has a trial that is valid"},
		"not read yet":   {func(e *entry) { e.digest = nil }, "1 run is still being read"},
		"known no more":  {func(e *entry) { e.digest = &digest{err: errors.New("damaged")} }, "No run of the scenario"},
		"another metric": {func(e *entry) { e.digest.figures = map[string][]quartiles{"capacity": {{}, {}}} }, "No run knows this metric"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := ""
			if name == "another metric" {
				asked = "throughput"
			}
			h, err := choose([]entry{past(0, c.edit)}, "hello", asked)
			if err != nil {
				t.Fatal(err)
			}
			a, err := h.page()
			if err != nil {
				t.Fatal(err)
			}
			body := string(a.body)
			if a.code != 200 || !strings.Contains(body, c.want) || strings.Contains(body, `"panels":null`) {
				t.Errorf("%d: %s", a.code, body[strings.Index(body, "<body"):])
			}
			if asked == "" && !strings.Contains(body, "Nothing is known yet") {
				t.Error("it does not say that nothing is known")
			}
		})
	}
}
