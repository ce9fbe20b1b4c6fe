package viewer

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	_ "embed" // the page's script

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

//go:embed assets/live.js
var liveScript string

// Live is the page of a run under way. Its Observe is for bench.Config; everything else
// is safe for concurrent use.
//
// The process that serves the page is the load generator too. So nothing is rendered
// while a trial runs: figures are made in Observe, between two blocks, and only where
// somebody watches. What is sent while a trial runs is a line about its progress, a few
// times a second, again only where somebody watches.
type Live struct {
	judge Judge

	// Of the goroutine that conducts the run.
	dir    string
	begun  bool // the run was read
	run    results.Run
	trials []results.Trial

	// How often clients are told something; tests have their own.
	pause, tick, heartbeat time.Duration

	mu       sync.Mutex
	changed  chan struct{} // closed, and replaced, with each change
	progress progress
	figures  figures
	ended    string // how the run ended; "" while it is under way
	clients  int    // that listen to events
	asked    bool   // a page was sent since figures were made
	gone     chan struct{}
}

// progress is the line about what is under way.
type progress struct {
	version uint64
	text    string
	done    int
	total   int
	live    func() load.Progress // of the trial under way; nil: none is
}

// figures are what the trials so far add up to, ready to be sent.
type figures struct {
	id    uint64 // 0: there are none yet
	event []byte // for those who have the page; empty: there are none yet
	page  answer // for those who have not; it may be about an error
}

// How often clients are told something.
const (
	livePause     = 300 * time.Millisecond // between two messages
	liveTick      = 700 * time.Millisecond // between two rates of one trial
	liveHeartbeat = 15 * time.Second
)

// NewLive makes the page of a run that is about to begin.
func NewLive(judge Judge) *Live {
	l := &Live{judge: judge, pause: livePause, tick: liveTick, heartbeat: liveHeartbeat, changed: make(chan struct{})}
	l.progress.text = "starting"
	l.figures.page = failure(problem{http.StatusServiceUnavailable, errors.New("the run has not begun yet: reload in a moment")})
	return l
}

// Observe takes note of an event of the run, and makes figures at the end of a block. It
// does not wait for anybody.
func (l *Live) Observe(e bench.Event) {
	switch e.Phase {
	case bench.PhaseFolder:
		l.begin(e.Dir)
	case bench.PhaseEnded:
		l.trials = append(l.trials, e.Trial)
	case bench.PhaseBlock:
		switch {
		case !l.watched():
		case l.begun:
			l.draw()
		default:
			l.begin(l.dir)
		}
	}
	l.update(func() {
		l.progress = progress{version: l.progress.version + 1, text: l.progressText(e), done: e.Done, total: e.Total}
		if e.Phase == bench.PhaseStarted {
			l.progress.live = e.Live
		}
	})
}

// begin reads what is known of the run before its first trial; one that is resumed has
// some already. What cannot be read is tried again after a block.
func (l *Live) begin(dir string) {
	l.dir = dir
	run, trials, err := results.Read(dir)
	if err != nil {
		l.fail(err)
		return
	}
	l.run, l.trials, l.begun = run, trials, true
	l.draw()
}

// watched tells whether anybody is there to see figures.
func (l *Live) watched() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clients > 0 || l.asked
}

// update changes what clients see, and wakes them.
func (l *Live) update(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	close(l.changed)
	l.changed = make(chan struct{})
}

// draw makes the figures. What goes wrong with them must not end the run.
func (l *Live) draw() {
	made, err := survive(func() (figures, error) { return l.render(l.nextID()) })
	if err != nil {
		l.fail(err)
		return
	}
	l.show(made)
}

// fail says why there are no new figures: to those who have the page, which keeps the
// old ones, as news; to others in place of the page.
func (l *Live) fail(err error) {
	err = fmt.Errorf("the figures cannot be shown: %w", err)
	// Texts only: JSON holds them all.
	event, _ := json.Marshal(content{
		News:   summary.Capital(inert.Line(err.Error())) + ". What is below is older.",
		Parts:  []livePart{},
		Charts: page.ChartData{Charts: map[string]page.Chart{}},
	})
	l.show(figures{l.nextID(), event, failure(err)})
}

// nextID is that of the figures that are about to be made; nobody else makes any.
func (l *Live) nextID() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.figures.id + 1
}

// show has clients see new figures.
func (l *Live) show(made figures) {
	l.update(func() {
		l.figures = made
		l.asked = false
	})
	// What rendering leaves behind is not collected during a trial.
	runtime.GC()
}

// content is what clients get of figures.
type content struct {
	News   string         `json:"news"`
	Parts  []livePart     `json:"parts"`
	Charts page.ChartData `json:"charts"`
}

// livePart is what replaces a part of the page.
type livePart struct {
	ID   string        `json:"id"`
	HTML template.HTML `json:"html"`
}

func (l *Live) render(id uint64) (figures, error) {
	data, err := l.judge(l.dir, l.run, slices.Clone(l.trials))
	if err != nil {
		return figures{}, err
	}
	charts := page.LiveCharts(data)
	sections, err := page.LiveSections(data, charts)
	if err != nil {
		return figures{}, err
	}
	news := newsOf(data)
	changes := content{News: news, Charts: charts}
	for i, s := range sections {
		changes.Parts = append(changes.Parts, livePart{s.ID, s.Body})
		sections[i].Body = template.HTML(`<div data-part="` + template.HTMLEscapeString(s.ID) + `">` + string(s.Body) + `</div>`)
	}
	event, err := json.Marshal(changes)
	if err != nil {
		return figures{}, err
	}
	lead, err := fragment("live-lead", struct {
		News, Folder string
		ID           uint64
	}{news, inert.Line(l.dir), id})
	if err != nil {
		return figures{}, err
	}
	whole, err := render(http.StatusOK, page.Document{
		Title: summary.ScenarioName(data), Kind: "gwbench run --ui", Lead: lead, Sections: sections, Charts: charts,
		Served: &page.Served{Style: styleSource, Script: liveScript},
	})
	return figures{id, event, whole}, err
}

// newsOf says how far the figures go.
func newsOf(d summary.Data) string {
	return fmt.Sprintf("Figures of %s, from %s, %d of them valid.", summary.BlocksText(d),
		summary.Plural(len(d.Trials), "trial"), summary.ValidTrials(d))
}

// progressText says what is under way.
func (l *Live) progressText(e bench.Event) string {
	of := summary.Label(e.Case, append(summary.CaseAxes(l.run.Plan), "load"), 0)
	left := e.Left.Round(time.Second)
	switch e.Phase {
	case bench.PhaseFolder:
		return "starting"
	case bench.PhaseCheck:
		return "checking that all serve the same: " + of
	case bench.PhaseLook:
		if e.Stop {
			return fmt.Sprintf("look after block %d: the run ends", e.Block)
		}
		return fmt.Sprintf("look after block %d: not decided yet, going on", e.Block)
	case bench.PhaseBlock:
		return fmt.Sprintf("block %d of %d is complete, %s left", e.Block, e.Until, left)
	}
	text := fmt.Sprintf("block %d of %d, %s left: %s", e.Block, e.Until, left, of)
	if e.Probe != nil {
		text += fmt.Sprintf(" (%s at %.0f/s)", inert.Line(e.Probe.Stage), e.Probe.Rate)
	}
	return text
}

// rate is that of the trial under way, "" where none is.
func (p progress) rate() string {
	if p.live == nil {
		return ""
	}
	now := p.live()
	if now.Elapsed <= 0 {
		return ""
	}
	return summary.Thousands(float64(now.Correct)/now.Elapsed.Seconds()) + " req/s"
}

// End shows the final figures and how the run ended, and returns once everybody who
// listens was told, or could have been. The run must have ended.
func (l *Live) End(text string) {
	if l.dir != "" && l.watched() {
		l.begin(l.dir)
	}
	gone := make(chan struct{})
	l.update(func() {
		l.ended, l.gone = inert.Line(text), gone
		l.progress = progress{version: l.progress.version + 1, done: l.progress.done, total: l.progress.total}
		if l.clients == 0 {
			close(l.gone)
		}
	})
	patience := time.NewTimer(stopTimeout)
	defer patience.Stop()
	select {
	case <-gone:
	case <-patience.C:
	}
}

// Handler serves the page and its events.
func (l *Live) Handler() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("/{$}", show(l.page))
	pages.HandleFunc("/events", l.events)
	pages.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound) })
	return pages
}

// page answers with the page as it was rendered last. It renders nothing, not even
// that there is nothing: a trial may be under way.
func (l *Live) page(*http.Request) (answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = true
	return l.figures.page, nil
}
