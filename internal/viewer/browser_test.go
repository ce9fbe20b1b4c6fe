package viewer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
)

// sights are the screens that pages are looked at on.
var sights = map[string]browsertest.View{
	"wide light": {}, "wide dark": {Dark: true},
	"narrow light": {Width: 360, Height: 740}, "narrow dark": {Width: 360, Height: 740, Dark: true},
}

// look expects that a page fits its window, at every width. GWBENCH_LOOK names a folder
// that gets a picture of each.
func look(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	for sight, v := range sights {
		p.Look(v)
		p.Settle()
		if over := browsertest.Eval[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s, %s: the page is %d pixels wider than its window", name, sight, over)
		}
		if dir := os.Getenv("GWBENCH_LOOK"); dir != "" {
			file := filepath.Join(dir, strings.ReplaceAll(name+" "+sight, " ", "-")+".png")
			if err := os.WriteFile(file, p.PNG(), 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	p.Look(browsertest.View{})
}

func title(p *browsertest.Page) string {
	return browsertest.Eval[string](p, `document.querySelector("h1").textContent`)
}

// back goes to the list.
func back(p *browsertest.Page) { p.Follow(`a[href="./"]`) }

func TestAFolderInABrowser(t *testing.T) {
	f := watch(t, manyRuns(t))
	url := serveBrowser(t, f.Handler())
	p := browsertest.OpenURL(t, url, url, browsertest.View{})
	look(t, p, "list")
	rows := func() int {
		return browsertest.Eval[int](p, `[...document.querySelectorAll("#runs-table tbody tr")].filter((r) => r.offsetParent).length`)
	}
	if got := rows(); got != f.Len() {
		t.Errorf("%d rows, want %d", got, f.Len())
	}
	p.Do(`(() => {
		const select = [...document.querySelectorAll(".filters label")].find((l) => l.textContent.startsWith("State")).querySelector("select");
		select.selectedIndex = [...select.options].findIndex((o) => o.text === "damaged");
		select.dispatchEvent(new Event("change"));
	})()`)
	if got := rows(); got != 4 {
		t.Errorf("%d damaged rows, want 4", got)
	}
	p.Reload()

	p.Follow(`a[href="run?id=` + keyOfName(t, f, "whole") + `"]`)
	if got := title(p); got != "hello" {
		t.Errorf("the report of %q", got)
	}
	back(p)
	for _, name := range []string{"whole", "later"} {
		p.Click(`input[value="` + keyOfName(t, f, name) + `"]`)
	}
	p.Follow(`form[action="compare"] button[type="submit"]`)
	if got := browsertest.Eval[string](p, `document.querySelector("main").textContent`); !strings.Contains(got, "whole") || !strings.Contains(got, "later") {
		t.Errorf("the comparison does not name its runs: %.300s", got)
	}
	back(p)
	p.Follow(`form[action="history"] button`)
	if got := title(p); got != "History of hello" {
		t.Errorf("the history %q", got)
	}
	if !browsertest.Eval[bool](p, `Boolean(document.querySelector("#fig-history .charts canvas"))`) {
		t.Error("no chart of the history")
	}
	if got := browsertest.Eval[string](p, `document.querySelector("#history").textContent`); !strings.Contains(got, "the band reaches from quartile to quartile") {
		t.Error("nothing says what the bands are")
	}
	look(t, p, "history")
	p.Do(`document.querySelector('select[name="metric"]').value = "latency.p99"`)
	p.Follow(`form[action="history"] button`)
	if got := browsertest.Eval[string](p, `document.querySelector("#history-title").textContent`); got != "Latency.p99" {
		t.Errorf("the metric %q", got)
	}
	if got := browsertest.Eval[string](p, `document.querySelector("#past-runs").textContent`); !strings.Contains(got, "kernel 6.1.0 -> 6.9.0") {
		t.Error("the change of the machine is not said")
	}
	// That the answer is an error is what the browser complains of.
	p.Go(url + "run?id=" + keyOfName(t, f, "cut"))
	p.Complaints()
	look(t, p, "error")
	back(p)
}

func TestALivePageUpdates(t *testing.T) {
	run := startFakeRun(t)
	url := serveBrowser(t, run.live.Handler())
	run.begin()
	p := browsertest.OpenURL(t, url, url, browsertest.View{})
	text := func(id string) string { return `document.getElementById("` + id + `").textContent` }
	p.Until(text("live-text") + ` === "starting"`)
	run.start()
	p.Until(text("live-rate") + ` === "1,234 req/s"`)
	run.end()
	run.block()
	p.Until(text("live-news") + `.includes("from 12 trials")`)

	// Sorted, filtered and opened by the reader, and so it stays.
	p.Do(`(() => {
		const heading = document.querySelector("[data-part=cases] th[data-type=number] button");
		heading.click(); heading.click();
		const select = [...document.querySelectorAll("[data-part=cases] .filters label")].find((l) => l.textContent.startsWith("Protocol")).querySelector("select");
		select.selectedIndex = [...select.options].findIndex((o) => o.text === "fastcgi");
		select.dispatchEvent(new Event("change"));
		document.querySelectorAll("[data-part=cases] details, [data-part=verdicts] details").forEach((d) => { d.open = true; });
		select.focus();
	})()`)
	state := `JSON.stringify({
		sorted: [...document.querySelectorAll("[data-part=cases] th[aria-sort]")].map((h) => h.textContent + h.getAttribute("aria-sort")),
		shown: [...document.querySelectorAll("[data-part=cases] tbody tr")].filter((r) => r.offsetParent).length,
		chosen: [...document.querySelectorAll("[data-part=cases] select")].map((s) => s.selectedOptions[0].text),
		open: [...document.querySelectorAll("[data-part] details")].map((d) => d.open),
		focus: document.activeElement.tagName,
	})`
	before := browsertest.Eval[string](p, state)
	if !strings.Contains(before, "descending") || !strings.Contains(before, "fastcgi") {
		t.Fatalf("the page did not do as it was told: %s", before)
	}
	run.block()
	p.Until(text("live-news") + `.includes("from 24 trials")`)
	if after := browsertest.Eval[string](p, state); after != before {
		t.Errorf("%s\nbecame %s", before, after)
	}
	if !browsertest.Eval[bool](p, `Boolean(document.querySelector("[data-part] .charts canvas"))`) {
		t.Error("no chart")
	}
	look(t, p, "live")
	run.block()
	run.finish()
	run.live.End("The run has ended. Its report is run/report.html.")
	p.Until(`!document.getElementById("live-end").hidden`)
	if got := browsertest.Eval[string](p, text("live-end")); got != "The run has ended. Its report is run/report.html." {
		t.Errorf("%q", got)
	}
	if got := browsertest.Eval[string](p, text("live-news")); !strings.Contains(got, "from 36 trials") {
		t.Errorf("the last figures are those of %q", got)
	}
}
