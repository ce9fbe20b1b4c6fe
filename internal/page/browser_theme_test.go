package page_test

import (
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

func TestTheme(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, document(t, "<p>text</p>", nil), browsertest.View{})
	// Light paper has most of all colours.
	const isDark = `Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 128`
	click := func() { p.Click("#theme") }
	for _, step := range []struct {
		does string
		do   func()
		dark bool
		says string
	}{
		{"nothing", func() {}, false, "Dark colours"},
		{"the system turns dark", func() { p.Look(browsertest.View{Dark: true}) }, true, "Light colours"},
		{"the switch turns it light", click, false, "Dark colours"},
		{"a reload", p.Reload, false, "Dark colours"},
		{"the system turns light", func() { p.Look(browsertest.View{}) }, false, "Dark colours"},
		{"the switch turns it dark", click, true, "Light colours"},
		{"print has no theme", func() { p.Look(browsertest.View{Print: true}) }, false, "Light colours"},
	} {
		step.do()
		p.Settle()
		if got := browsertest.Eval[bool](p, isDark); got != step.dark {
			t.Errorf("after %s: dark is %v", step.does, got)
		}
		if got := browsertest.Eval[string](p, `document.getElementById("theme").textContent`); got != step.says {
			t.Errorf("after %s the switch says %q", step.does, got)
		}
	}
}

// Where a browser keeps storage from files, the switch works all the same.
func TestThemeWithoutStorage(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, document(t, "<p>text</p>", nil), browsertest.View{})
	browsertest.Eval[bool](p, `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } }) && true`)
	p.Click("#theme")
	if got := browsertest.Eval[string](p, `document.documentElement.dataset.theme`); got != "dark" {
		t.Errorf("theme %q", got)
	}
}

// Nothing moves for those who do not want it to.
func TestStill(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "hello"), browsertest.View{Still: true})
	p.Settle()
	if got := browsertest.Eval[[]string](p, `[...document.querySelectorAll("*")].filter((e) => {
		const s = getComputedStyle(e);
		return s.animationName !== "none" || s.transitionDuration !== "0s" || s.scrollBehavior === "smooth";
	}).map((e) => e.outerHTML.slice(0, 80))`); len(got) > 0 {
		t.Errorf("these move: %q", got)
	}
}
