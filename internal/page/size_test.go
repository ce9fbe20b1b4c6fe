package page

import (
	"bytes"
	"testing"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

// A report is sent by mail and put into tickets: docs/report.md promises how large it is
// at most, on any machine.
func TestReportIsSmallEnoughToSend(t *testing.T) {
	t.Parallel()
	const most = 2 << 20
	size := len(mustReport(t, summarytest.Wide(t, 24)))
	t.Logf("%d bytes, %d %% of the most", size, 100*size/most)
	if size > most {
		t.Errorf("%d bytes, want at most %d", size, most)
	}
}

func TestComparisonIsSmallEnoughToSend(t *testing.T) {
	t.Parallel()
	const most = 4 << 20
	c := summarytest.ComparedWide(t)
	html, err := Comparison(c, plots.Compared(c))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d %% of the most", len(html), 100*len(html)/most)
	if len(html) > most {
		t.Errorf("%d bytes, want at most %d", len(html), most)
	}
}

// What a page has no room for is named on it, and where it is.
func TestRunTooLargeForAPage(t *testing.T) {
	was := mostPacked
	t.Cleanup(func() { mostPacked = was })
	d := summarytest.Hello(t)
	mostPacked = 100
	page := mustReport(t, d)
	checkPage(t, page)
	for _, want := range []string{d.Run.ID + ".json is missing: ", "in the run folder of " + d.Run.ID, `id="trials-table"`} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Contains(page, []byte("base64,")) {
		t.Error("the page holds what it says is missing")
	}
}
