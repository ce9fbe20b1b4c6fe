package page_test

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// document is a page with that body, as all pages are made.
func document(t *testing.T, body string, charts any) []byte {
	t.Helper()
	var out bytes.Buffer
	d := page.Document{Title: "A page", Charts: charts, Sections: []page.Section{{ID: "part", Title: "Part", Body: template.HTML(body)}}}
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// numbered is a table whose figures are not in the order of their texts, of which one
// is unknown and two are equal.
const numbered = `<div class="filters" hidden data-for="cases-table"></div>
<table id="cases-table" class="sortable filterable"><caption>Cases</caption>
<thead><tr><th scope="col" data-type="text">name</th><th scope="col" data-type="number">figure <span class="unit">ms</span></th><th scope="col">note</th></tr></thead>
<tbody>
<tr data-axis-protocol="http" data-axis-load="one" data-axis-state="valid"><th scope="row">b10</th><td data-value="9000">9,000</td><td>x</td></tr>
<tr data-axis-protocol="http" data-axis-load="one" data-axis-state="valid"><th scope="row">b9</th><td>?</td><td>x</td></tr>
<tr data-axis-protocol="uwsgi" data-axis-load="one" data-axis-state="disturbed"><th scope="row">a</th><td data-value="0.5">0.5</td><td>x</td></tr>
<tr data-axis-protocol="uwsgi" data-axis-load="one" data-axis-state="valid"><th scope="row">c</th><td data-value="1e4">10,000</td><td>x</td></tr>
<tr data-axis-protocol="" data-axis-load="one" data-axis-state="valid"><th scope="row">d</th><td data-value="0.5">0.5</td><td>x</td></tr>
</tbody></table>`

const namesShown = `[...document.querySelectorAll("tbody tr")].filter((r) => r.checkVisibility()).map((r) => r.cells[0].textContent).join(" ")`

func TestSorting(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, document(t, numbered, nil), browsertest.View{})
	const headings = `[...document.querySelectorAll("thead th")].map((h) => h.getAttribute("aria-sort") ?? "-").join(" ")`
	click := func(n int) func() {
		return func() { p.Click(fmt.Sprintf("thead th:nth-child(%d) button", n)) }
	}
	for _, step := range []struct {
		does        string
		do          func()
		names, sort string
	}{
		{"nothing", func() {}, "b10 b9 a c d", "- - -"},
		{"a click on numbers", click(2), "a d b10 c b9", "- ascending -"},
		{"another click: the unknown stay last, equals in their order", click(2), "c b10 a d b9", "- descending -"},
		{"a click on text: numbers in it count", click(1), "a b9 b10 c d", "ascending - -"},
		{"Enter", func() { p.Press(browsertest.Enter) }, "d c b10 b9 a", "descending - -"},
		{"Tab and the space bar", func() { p.Press(browsertest.Tab + " ") }, "d a b10 c b9", "- ascending -"},
	} {
		step.do()
		if got := browsertest.Eval[string](p, namesShown); got != step.names {
			t.Errorf("after %s: %s, want %s", step.does, got, step.names)
		}
		if got := browsertest.Eval[string](p, headings); got != step.sort {
			t.Errorf("after %s: aria-sort %s, want %s", step.does, got, step.sort)
		}
	}
	if got := browsertest.Eval[int](p, `document.querySelectorAll("thead button").length`); got != 2 {
		t.Errorf("%d headings are buttons, want those with a type", got)
	}
}

// Where rows are cards, a choice stands for the headings.
func TestSortingCards(t *testing.T) {
	t.Parallel()
	html := strings.Replace(numbered, `class="sortable filterable"`, `class="sortable cards"`, 1)
	p := browsertest.OpenFile(t, document(t, html, nil), browsertest.View{Width: 360})
	choose := func(selector string, n int) func() { return func() { p.Choose(selector, n) } }
	for _, step := range []struct {
		does  string
		do    func()
		names string
	}{
		{"nothing", func() {}, "b10 b9 a c d"},
		{"choosing figure", choose(".sorting label:first-child select", 2), "a d b10 c b9"},
		{"descending", choose(".sorting label:last-child select", 1), "c b10 a d b9"},
		{"choosing name", choose(".sorting label:first-child select", 1), "d c b10 b9 a"},
		{"as listed", choose(".sorting label:first-child select", 0), "b10 b9 a c d"},
	} {
		step.do()
		if got := browsertest.Eval[string](p, namesShown); got != step.names {
			t.Errorf("after %s: %s, want %s", step.does, got, step.names)
		}
	}
	p.Look(browsertest.View{})
	p.Click("thead th:nth-child(2) button")
	if got, want := browsertest.Eval[string](p, `[...document.querySelectorAll(".sorting select")].map((s) => s.selectedOptions[0].text).join(", ")`), "figure ms, ascending"; got != want {
		t.Errorf("after a click on a heading the choice says %q, want %q", got, want)
	}
	if browsertest.Eval[bool](p, `document.querySelector(".sorting").checkVisibility()`) {
		t.Error("a choice stands beside headings that do the same")
	}
}

// Rows stay in their group, below its name.
func TestSortingGroups(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, document(t, `<table class="sortable"><thead><tr><th scope="col" colspan="2">both</th><th scope="col" data-type="number">n</th></tr></thead>
<tbody><tr><th scope="rowgroup" colspan="3">first</th></tr><tr><td>b</td><td></td><td>2</td></tr><tr><td>a</td><td></td><td>1</td></tr></tbody>
<tbody><tr><th scope="rowgroup" colspan="3">second</th></tr><tr><td>d</td><td></td><td>1</td></tr><tr><td>c</td><td></td><td>0</td></tr></tbody></table>`, nil), browsertest.View{})
	p.Click("thead button")
	if got, want := browsertest.Eval[string](p, namesShown), "first a b second c d"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, document(t, numbered, nil), browsertest.View{})
	if got, want := browsertest.Eval[string](p, `[...document.querySelectorAll(".filters label")].map((l) => l.textContent.trim()).join("; ")`), "Protocol allhttpuwsginone; State allvaliddisturbed"; got != want {
		t.Errorf("filters %q, want %q", got, want)
	}
	choose := func(n int) func() { return func() { p.Choose(".filters select", n) } }
	state := func(n int) func() { return func() { p.Choose(".filters label:nth-of-type(2) select", n) } }
	for _, step := range []struct {
		does         string
		do           func()
		names, count string
	}{
		{"nothing", func() {}, "b10 b9 a c d", "5 of 5 cases"},
		{"uwsgi", choose(2), "a c", "2 of 5 cases"},
		{"only disturbed", state(2), "a", "1 of 5 cases"},
		{"http", choose(1), "", "0 of 5 cases"},
		{"the disturbed or not", state(0), "b10 b9", "2 of 5 cases"},
		{"no value", choose(3), "d", "1 of 5 cases"},
		{"all", choose(0), "b10 b9 a c d", "5 of 5 cases"},
	} {
		step.do()
		if got := browsertest.Eval[string](p, namesShown); got != step.names {
			t.Errorf("after %s: %s, want %s", step.does, got, step.names)
		}
		if got := browsertest.Eval[string](p, `document.querySelector(".filters [role=status]").textContent`); got != step.count {
			t.Errorf("after %s: %s, want %s", step.does, got, step.count)
		}
	}
}

// TestReportTables sorts and filters the tables of real pages, whatever their columns.
func TestReportTables(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "fronts"), browsertest.View{})
	sortAll(t, p)
	p.Choose(".filters[data-for=cases-table] select", 2)
	if got := browsertest.Eval[string](p, `document.querySelector(".filters[data-for=cases-table] [role=status]").textContent`); !strings.HasSuffix(got, " of 40 cases") || strings.HasPrefix(got, "40 ") {
		t.Errorf("filtered to %s", got)
	}
	// Charts follow. What all cases of one share stands in its title.
	pressed := browsertest.Eval[[]string](p, `[...document.querySelectorAll("#fig-latency .legend button[aria-pressed=true] .name")].map((n) => n.closest(".chart").getAttribute("aria-label") + ": " + n.textContent)`)
	if len(pressed) == 0 || slices.ContainsFunc(pressed, func(name string) bool { return !strings.Contains(name, "pygateway") }) {
		t.Errorf("the chart shows %q", pressed)
	}
}

// Of a comparison, changes have their outcome beside them.
func TestTablesOfAComparison(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "comparison"), browsertest.View{})
	sortAll(t, p)
	const changes = `[...document.querySelectorAll("#figures-table tbody tr")].map((r) => r.cells[4].textContent).filter((text) => text !== "")`
	before := browsertest.Eval[[]string](p, changes)
	p.Click(`#figures-table thead th:nth-child(5) button`)
	if after := browsertest.Eval[[]string](p, changes); len(after) == 0 || slices.Equal(before, after) {
		t.Errorf("sorted by change, the table stays as it was: %q", after)
	}
}

// sortAll clicks every heading, and looks for numbers that are not in order then: those
// at the beginning of what a cell shows, which is what a reader goes by.
func sortAll(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for _, wrong := range browsertest.Eval[[]string](p, `(() => {
		const wrong = [];
		const shown = (cell) => Number.parseFloat(cell.textContent.trim().replaceAll(",", "").replace(/^[<>]/, ""));
		for (const table of document.querySelectorAll("table.sortable")) {
			const before = table.tBodies[0].rows.length;
			for (const button of table.querySelectorAll("thead button")) {
				button.click();
				const heading = button.closest("th");
				if (heading.dataset.type !== "number") continue;
				const values = [...table.tBodies[0].rows].map((r) => shown(r.cells[heading.cellIndex])).filter((v) => !Number.isNaN(v));
				if (values.some((v, i) => i > 0 && v < values[i - 1])) wrong.push(table.id + ": " + heading.textContent);
				if (values.length === 0 && !/\?/.test(table.textContent)) wrong.push(table.id + " has no numbers: " + heading.textContent);
			}
			if (table.tBodies[0].rows.length !== before) wrong.push(table.id + " lost rows");
		}
		return wrong;
	})()`) {
		t.Errorf("not sorted: %s", wrong)
	}
}

// Rows of one case have the axes of the first of them, and a state of their own.
func TestFiltersKnowRowsByTheirCase(t *testing.T) {
	const trials = `<div class="filters" hidden data-for="trials-table"></div>
<table id="trials-table" class="sortable filterable"><caption>Trials</caption>
<thead><tr><th scope="col" data-type="text">name</th></tr></thead>
<tbody>
<tr data-axis-protocol="http" data-case="0" data-axis-state="valid"><th scope="row">a</th></tr>
<tr data-axis-protocol="uwsgi" data-case="1" data-axis-state="valid"><th scope="row">b</th></tr>
<tr data-case="0" data-axis-state="invalid"><th scope="row">c</th></tr>
<tr data-case="1" data-axis-state="valid"><th scope="row">d</th></tr>
</tbody></table>`
	p := browsertest.OpenFile(t, document(t, trials, nil), browsertest.View{})
	choose := func(n, option int) {
		browsertest.Eval[bool](p, fmt.Sprintf(`(() => {
			const select = document.querySelectorAll(".filters select")[%d];
			select.selectedIndex = %d;
			return select.dispatchEvent(new Event("change"));
		})()`, n, option))
	}
	choose(0, 1)
	if got := browsertest.Eval[string](p, namesShown); got != "a c" {
		t.Errorf("of http: %s, want a c", got)
	}
	choose(1, 2)
	if got := browsertest.Eval[string](p, namesShown); got != "c" {
		t.Errorf("of http, invalid: %s, want c", got)
	}
}
