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

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
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
	t       testing.TB
	ctx     context.Context
	storage cdp.BrowserContextID

	mu        sync.Mutex
	complaint []string        // what the console and exceptions said
	asked     []string        // URLs of requests
	served    []string        // beginnings of URLs that may be asked for
	saved     chan savedEvent // downloads as they end
	names     map[string]string
}

type savedEvent struct {
	name string
	err  string
}

// patience bounds what a page may take, that of a slow machine under the race detector
// included.
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
	p.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		return network.OverrideNetworkState(true, 0, 0, 0).Do(ctx)
	}), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := network.EmulateNetworkConditionsByRule(true, []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1}}).Do(ctx)
		return err
	}), chromedp.Navigate("file://"+file))
	return p
}

// OpenURL opens a page of a server, which may be asked for whatever begins with base.
func OpenURL(t testing.TB, base, url string, v View) *Page {
	t.Helper()
	p := newPage(t, v)
	p.served = []string{base, "data:", "blob:"}
	p.Run(chromedp.Navigate(url))
	return p
}

func newPage(t testing.TB, v View) *Page {
	t.Helper()
	ctx, storage := newTab(t, start(t))
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	p := &Page{t: t, ctx: ctx, storage: storage, saved: make(chan savedEvent, 16), names: map[string]string{}}
	chromedp.ListenTarget(ctx, p.heard)
	p.Run(network.Enable(), log.Enable(), runtime.Enable(),
		emulation.SetScriptExecutionDisabled(v.NoScript),
		emulation.SetFocusEmulationEnabled(true)) // as if its window were in front
	p.Look(v)
	t.Cleanup(p.check)
	return p
}

// newTab opens a tab with storage of its own, until the test ends. The library's own
// way asks for a tab of a window, and storage that is new has none.
func newTab(t testing.TB, parent context.Context) (context.Context, cdp.BrowserContextID) {
	t.Helper()
	owner := cdp.WithExecutor(parent, chromedp.FromContext(parent).Browser)
	storage, err := target.CreateBrowserContext().Do(owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := target.DisposeBrowserContext(storage).Do(owner); err != nil {
			t.Error(err)
		}
	})
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(storage).WithNewWindow(true).Do(owner)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithTargetID(id))
	t.Cleanup(cancel)
	return ctx, storage
}

// heard keeps what a page must not do. It runs while the page waits.
func (p *Page) heard(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			p.complaint = append(p.complaint, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value)+a.Description)
			}
			p.complaint = append(p.complaint, strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		p.complaint = append(p.complaint, e.ExceptionDetails.Error())
	case *browser.EventDownloadWillBegin:
		p.names[e.GUID] = e.SuggestedFilename
	case *browser.EventDownloadProgress:
		switch e.State {
		case browser.DownloadProgressStateCompleted:
			p.saved <- savedEvent{name: p.names[e.GUID]}
		case browser.DownloadProgressStateCanceled:
			p.saved <- savedEvent{err: "the download of " + p.names[e.GUID] + " was cancelled"}
		}
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

// Run does things to the page.
func (p *Page) Run(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
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
	p.Run(
		emulation.SetDeviceMetricsOverride(v.Width, v.Height, 1, false),
		emulation.SetEmulatedMedia().WithMedia(media).WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion},
		}),
	)
}

// Eval evaluates JavaScript, waits for it where it is a promise, and decodes its value
// as JSON does.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	var value T
	p.Run(chromedp.Evaluate(script, &value, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
	return value
}

// Settle waits until the page has drawn what it was asked to.
func (p *Page) Settle() {
	p.t.Helper()
	Eval[bool](p, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

// Download does what makes the page save a file, waits for it and returns its name and
// content.
func (p *Page) Download(actions ...chromedp.Action) (name string, content []byte) {
	p.t.Helper()
	dir := p.t.TempDir()
	p.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		c := chromedp.FromContext(ctx)
		return browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithBrowserContextID(p.storage).
			WithDownloadPath(dir).WithEventsEnabled(true).Do(cdp.WithExecutor(ctx, c.Browser))
	}))
	listening, stop := context.WithCancel(p.ctx)
	defer stop()
	chromedp.ListenBrowser(listening, p.heard)
	p.Run(actions...)
	select {
	case e := <-p.saved:
		if e.err != "" {
			p.t.Fatal(e.err)
		}
		name = e.name
	case <-p.ctx.Done():
		p.t.Fatal("nothing was saved")
	}
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return name, content
}

// PNG is a picture of the whole page as it is looked at.
func (p *Page) PNG() []byte {
	p.t.Helper()
	var png []byte
	p.Run(chromedp.FullScreenshot(&png, 100))
	return png
}
