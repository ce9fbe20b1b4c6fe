package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Point is a place in the window, in CSS pixels from its upper left.
type Point struct{ X, Y float64 }

// Away is a place where nothing answers to the pointer.
var Away = Point{1, 1}

// Middle scrolls to the nth element that the selector finds, if it is not in sight, and
// returns where its middle then is.
func (p *Page) Middle(selector string, n int) Point {
	p.t.Helper()
	return Eval[Point](p, fmt.Sprintf(`(() => {
		const e = document.querySelectorAll(%[1]q)[%[2]d];
		if (!e) throw new Error("no %[2]d of " + %[1]q);
		let r = e.getBoundingClientRect();
		if (r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth) {
			e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
			r = e.getBoundingClientRect();
		}
		return { X: r.x + r.width / 2, Y: r.y + r.height / 2 };
	})()`, selector, n))
}

// target is where to click at the first element that the selector finds.
func (p *Page) target(selector string) Point {
	p.t.Helper()
	at := p.Middle(selector, 0)
	if !Eval[bool](p, fmt.Sprintf(`document.querySelector(%q).contains(document.elementFromPoint(%g, %g))`, selector, at.X, at.Y)) {
		p.t.Fatalf("something else is above %s", selector)
	}
	return at
}

// Click clicks the first element that the selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	at := p.target(selector)
	run(p, chromedp.MouseClickXY(at.X, at.Y))
}

// DoubleClick clicks twice.
func (p *Page) DoubleClick(at Point) {
	p.t.Helper()
	run(p, chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
}

// Hover moves the pointer.
func (p *Page) Hover(at Point) {
	p.t.Helper()
	run(p, chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y))
}

// Drag moves the pointer with its button held down from the first to the last place.
func (p *Page) Drag(path ...Point) {
	p.t.Helper()
	first, last := path[0], path[len(path)-1]
	p.Hover(first)
	run(p, chromedp.MouseEvent(chromedp.MousePressed, first.X, first.Y, chromedp.ButtonLeft))
	for _, at := range path[1:] {
		run(p, chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y, chromedp.ButtonLeft))
	}
	run(p, chromedp.MouseEvent(chromedp.MouseReleased, last.X, last.Y, chromedp.ButtonLeft))
}

// Keys that have no letter, for Press.
const (
	Tab, Enter, Escape                          = kb.Tab, kb.Enter, kb.Escape
	Home, End, ArrowLeft, ArrowRight, ArrowDown = kb.Home, kb.End, kb.ArrowLeft, kb.ArrowRight, kb.ArrowDown
)

// Press presses keys, one after the other.
func (p *Page) Press(keys string) {
	p.t.Helper()
	run(p, chromedp.KeyEvent(keys))
}

// Focus gives the keyboard to the first element that the selector finds.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	p.Do("document.querySelector(" + strconv.Quote(selector) + ").focus()")
}

// Choose chooses the nth option of a select. It does so with the arrows: what typing its
// name finds depends on how fast that is done.
func (p *Page) Choose(selector string, n int) {
	p.t.Helper()
	p.Focus(selector)
	p.Press(Home + strings.Repeat(ArrowDown, n))
}

// Download does what makes the page save a file, waits for it and returns its name and
// content.
func (p *Page) Download(do func()) (name string, content []byte) {
	p.t.Helper()
	dir := p.t.TempDir()
	tab := chromedp.FromContext(p.ctx)
	listening, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	type saved struct {
		file, name string
		cancelled  bool
	}
	done := make(chan saved, 1)
	begun := map[string]string{} // names of this page's files; the browser tells of those of all
	err := chromedp.ListenBrowser(listening, func(event any) {
		switch e := event.(type) {
		case *browser.EventDownloadWillBegin:
			if string(e.FrameID) == string(tab.Target.TargetID) {
				begun[e.GUID] = e.SuggestedFilename
			}
		case *browser.EventDownloadProgress:
			name, ours := begun[e.GUID]
			if !ours || e.State == browser.DownloadProgressStateInProgress {
				return
			}
			select {
			case done <- saved{e.GUID, name, e.State == browser.DownloadProgressStateCanceled}:
			default: // a second file
			}
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := chromedp.CallBrowser(listening, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: tab.BrowserContextID,
		DownloadPath: dir, EventsEnabled: new(true),
	}); err != nil {
		p.t.Fatal(err)
	}
	do()
	select {
	case s := <-done:
		if s.cancelled {
			p.t.Fatalf("the download of %s was cancelled", s.name)
		}
		content, err := os.ReadFile(filepath.Join(dir, s.file))
		if err != nil {
			p.t.Fatal(err)
		}
		return s.name, content
	case <-listening.Done():
		p.t.Fatal("nothing was saved")
		panic("not reached")
	}
}
