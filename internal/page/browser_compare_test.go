package page_test

import (
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// The table of figures chooses the curves of the chart, once somebody opens it.
func TestFiguresChooseTheCurvesOfAComparison(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "comparison"), browsertest.View{})
	const shown = `document.querySelectorAll('figure[data-chart=latency] .legend button[aria-pressed=true]').length`
	p.Click(`#latency summary`)
	p.Settle()
	if width := browsertest.Eval[int](p, `document.querySelector("figure[data-chart=latency] canvas").clientWidth`); width < 400 {
		t.Errorf("the chart is %d pixels wide", width)
	}
	all := browsertest.Eval[int](p, shown)
	p.Choose(`.filters[data-for=figures-table] select`, 2)
	if some := browsertest.Eval[int](p, shown); some == 0 || some >= all {
		t.Errorf("%d of %d curves are shown where one protocol was chosen", some, all)
	}
}
