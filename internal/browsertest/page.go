package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// View is how a page is looked at. The zero value is a light window of 1280 by 900
// pixels, with JavaScript.
type View struct {
	Width, Height int64 // CSS pixels
	Dark          bool  // what the system prefers
	Print         bool  // as on paper
	Still         bool  // the system prefers reduced motion
	NoScript      bool
}

// Page is an open page. Its methods fail the test on errors, and belong to the test's
// goroutine.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu        sync.Mutex
	complaint []string // what the console and exceptions said
	asked     []string // URLs of requests
	served    []string // beginnings of URLs that may be asked for
}

// patience bounds a single step, on a slow machine that has other things to do.
const patience = 2 * time.Minute

// OpenFile writes a page to disk and opens it there, without a network.
func OpenFile(t testing.TB, html []byte, v View) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, html, 0o644); err != nil {
		t.Fatal(err)
	}
	p := newPage(t, v)
	p.served = []string{"file://" + file, "data:", "blob:"}
	call(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true})
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		EmulateOfflineServiceWorker: new(true),
		MatchedNetworkConditions:    []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1, Offline: true}},
	})
	p.Go("file://" + file)
	return p
}

// OpenURL opens a page of a server, which may be asked for whatever begins with base.
func OpenURL(t testing.TB, base, url string, v View) *Page {
	t.Helper()
	p := newPage(t, v)
	p.served = []string{base, "data:", "blob:"}
	p.Go(url)
	return p
}

func newPage(t testing.TB, v View) *Page {
	t.Helper()
	p := &Page{t: t}
	p.ctx = newTab(t, start(t), p.heard)
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript})
	// As if its window were in front.
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.Look(v)
	t.Cleanup(p.check)
	return p
}

// heard keeps what a page must not do. It runs while the page waits.
func (p *Page) heard(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.complaint = append(p.complaint, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value)+a.Description)
			}
			p.complaint = append(p.complaint, strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		p.complaint = append(p.complaint, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	}
}

// check fails the test on what the page did that it must not.
func (p *Page) check() {
	for _, text := range p.Complaints() {
		p.t.Errorf("the page complains: %s", text)
	}
	for _, address := range p.requests() {
		if !slices.ContainsFunc(p.served, func(begin string) bool { return strings.HasPrefix(address, begin) }) {
			p.t.Errorf("the page asked for %.200s", address)
		}
	}
}

func (p *Page) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// Complaints are the errors and warnings of the console and the exceptions so far, and
// are forgotten: a test that expects some takes them.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.complaint
	p.complaint = nil
	return taken
}

// Look changes how the page is looked at, JavaScript excepted.
func (p *Page) Look(v View) {
	p.t.Helper()
	if v.Width == 0 {
		v.Width = 1280
	}
	if v.Height == 0 {
		v.Height = 900
	}
	media, scheme, motion := "", "light", "no-preference"
	if v.Print {
		media = "print"
	}
	if v.Dark {
		scheme = "dark"
	}
	if v.Still {
		motion = "reduce"
	}
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: v.Width, Height: v.Height, DeviceScaleFactor: 1})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion},
	}})
}

// Go opens another page, and waits until it is loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	run(p, chromedp.Navigate(url))
}

// Reload opens the page again, and waits until it is loaded.
func (p *Page) Reload() {
	p.t.Helper()
	run(p, chromedp.Reload())
}

// Follow clicks a link or a button that leads to another page, and waits until that is
// loaded.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	at := p.target(selector)
	run(p, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.MouseClickXY(at.X, at.Y)))
}

// Eval evaluates JavaScript, waits for it where it is a promise, and decodes its value
// as JSON does.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	return run(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Do runs JavaScript whose value nobody wants.
func (p *Page) Do(script string) {
	p.t.Helper()
	Eval[chromedp.Void](p, script)
}

// Until waits for a condition in JavaScript. It looks whenever the page is drawn.
func (p *Page) Until(condition string) {
	p.t.Helper()
	p.Do(`new Promise((done, fail) => {
		const look = () => { try { (` + condition + `) ? done() : requestAnimationFrame(look); } catch (e) { fail(e); } };
		look();
	})`)
}

// Settle waits until the page has drawn what it was asked to.
func (p *Page) Settle() {
	p.t.Helper()
	p.Do(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))`)
}

// PNG is a picture of the whole page as it is looked at.
func (p *Page) PNG() []byte {
	p.t.Helper()
	return run(p, chromedp.FullScreenshot(100))
}

// run is one step of the test in the page.
func run[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return value
}

// call is a command of the protocol, of whose answer nothing is wanted.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	run(p, func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, command, params) })
}
