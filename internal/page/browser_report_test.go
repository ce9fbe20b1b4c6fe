package page_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// eachReport runs a test with every report.
func eachReport(t *testing.T, v browsertest.View, test func(*testing.T, *browsertest.Page)) {
	for _, run := range page.Runs {
		t.Run(run.Name, func(t *testing.T) {
			t.Parallel()
			test(t, browsertest.OpenFile(t, page.Rendered(t, run.Name), v))
		})
	}
}

// TestReportInABrowser opens each report once, for all that can be looked at in one page
// of it: opening one takes longer than most of what is looked at.
func TestReportInABrowser(t *testing.T) {
	t.Parallel()
	eachReport(t, browsertest.View{}, func(t *testing.T, p *browsertest.Page) {
		opens(t, p)
		fits(t, p)
		accessible(t, p)
		completeOnPaper(t, p)
	})
}

// opens is about what browsertest looks for in every test: requests, the console,
// exceptions. Here every chart is moved over, too.
func opens(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for i := range browsertest.Eval[int](p, `document.querySelectorAll(".stage").length`) {
		p.Hover(p.Middle(".u-over", i))
	}
	p.Settle()
	if got := browsertest.Eval[int](p, `document.querySelectorAll("main h2").length`); got < 3 {
		t.Errorf("%d sections", got)
	}
}

// fits looks for what makes the page scroll sideways: regions that scroll by themselves
// may be wider than they show.
func fits(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for _, width := range []int64{1280, 768, 360, 320} {
		p.Look(browsertest.View{Width: width})
		p.Settle()
		if got := browsertest.Eval[int64](p, `document.scrollingElement.scrollWidth`); got > width {
			t.Errorf("at %d pixels the page is %d wide: %s", width, got, browsertest.Eval[string](p, widest))
		}
	}
}

// TestTablesFitADesktop: what a reader looks for first is in sight without scrolling.
func TestTablesFitADesktop(t *testing.T) {
	t.Parallel()
	for name, tables := range map[string]string{"hello": "#cases-table, #why-table", "comparison": "article.card table, #figures-table"} {
		p := browsertest.OpenFile(t, page.Rendered(t, name), browsertest.View{})
		p.Settle()
		wide := browsertest.Eval[[]string](p, fmt.Sprintf(`(() => {
			document.querySelectorAll("details").forEach((d) => (d.open = true));
			return [...document.querySelectorAll(%q)].map((t) => [t.id, t.scrollWidth, t.parentElement.clientWidth]).filter(([, is, has]) => is > has).map(String);
		})()`, tables))
		if len(wide) > 0 {
			t.Errorf("%s: wider than their place: %s", name, wide)
		}
	}
}

// widest names elements that reach beyond the window and are in no region that scrolls.
const widest = `[...document.body.querySelectorAll("*")]
	.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.parentElement.closest(".scroll, pre, svg"))
	.slice(0, 6).map((e) => e.tagName + "." + (e.className.baseVal ?? e.className) + " " + Math.round(e.getBoundingClientRect().right) + " " + e.textContent.slice(0, 40)).join("; ")`

// Without a script nothing hides what only a script would show.
func TestReportIsCompleteWithoutItsScript(t *testing.T) {
	t.Parallel()
	eachReport(t, browsertest.View{NoScript: true}, func(t *testing.T, p *browsertest.Page) {
		for name, view := range map[string]browsertest.View{"wide": {}, "narrow and dark": {Width: 360, Dark: true}} {
			p.Look(view)
			complete(t, p, ".filters, #theme")
			// Drawings that charts replace are seen here alone.
			accessibleAs(t, p, name)
		}
	})
}

func completeOnPaper(t *testing.T, p *browsertest.Page) {
	t.Helper()
	p.Look(browsertest.View{Print: true})
	p.Settle()
	complete(t, p, ".charts, .filters, .sorting, button:not(.sort)")
}

// complete checks that every table and one drawing of every picture can be seen, and
// nothing of what is useless where no script answers.
func complete(t *testing.T, p *browsertest.Page, useless string) {
	t.Helper()
	for _, figure := range browsertest.Eval[[]string](p, `[...document.querySelectorAll("figure.picture")]
		.filter((f) => [...f.querySelectorAll(":scope > div > svg")].filter((s) => s.checkVisibility() && s.getBoundingClientRect().height > 50).length !== 1).map((f) => f.id)`) {
		t.Errorf("not one drawing of %s is visible", figure)
	}
	for _, table := range browsertest.Eval[[]string](p, `[...document.querySelectorAll("table")].filter((t) => !t.closest("details") && !t.checkVisibility()).map((t) => t.id)`) {
		t.Errorf("table %s is not visible", table)
	}
	if shown := browsertest.Eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))`, useless)); len(shown) > 0 {
		t.Errorf("useless here: %s", shown)
	}
}

// TestHostileReport: text that tries things stays text. The script it would run sets a
// global, and the elements it would make are none of the page's.
func TestHostileReport(t *testing.T) {
	t.Parallel()
	hostile := browsertest.OpenFile(t, page.Rendered(t, "hostile"), browsertest.View{})
	usual := browsertest.OpenFile(t, page.Rendered(t, "hello"), browsertest.View{})
	// alert would wait for somebody to answer, and the page would not load at all.
	const elements = `[...new Set([...document.querySelectorAll("*")].map((e) => e.tagName.toLowerCase()))].sort()`
	const attributes = `[...new Set([...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].map((a) => a.name)))].sort()`
	for what, query := range map[string]string{"elements": elements, "attributes": attributes} {
		known := strings.Join(browsertest.Eval[[]string](usual, query), " ") + " "
		for _, name := range browsertest.Eval[[]string](hostile, query) {
			if !strings.Contains(known, name+" ") && !ours[name] {
				t.Errorf("%s of hostile text: %s", what, name)
			}
		}
	}
	if got := browsertest.Eval[int](hostile, `document.querySelectorAll("script").length`); got != 2 {
		t.Errorf("%d scripts", got)
	}
	if got := browsertest.Eval[[]string](hostile, `[...document.querySelectorAll("[href], [src]")].map((e) => e.getAttribute("href") ?? e.getAttribute("src")).filter((u) => !/^(#|data:application\/gzip;)/.test(u))`); len(got) > 0 {
		t.Errorf("links to %q", got)
	}
	// What is hostile has to be there, or the test says nothing.
	if !browsertest.Eval[bool](hostile, `document.body.textContent.includes("<script>alert(1)</script>")`) {
		t.Error("no hostile text on the page")
	}
}

// ours are elements and attributes that a page has only where a run has something to
// say with them.
var ours = map[string]bool{"data-axis-target": true}
