package page_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// TestDownloads saves what the page holds, as a reader does, and reads it back.
func TestDownloads(t *testing.T) {
	d := summarytest.Hello(t)
	html, err := reportOf(d)
	if err != nil {
		t.Fatal(err)
	}
	p := browsertest.OpenFile(t, html, browsertest.View{})

	name, content := p.Download(chromedp.Click(`a.download[data-type="application/json"]`, chromedp.ByQuery))
	if want := d.Run.ID + ".json"; name != want {
		t.Errorf("saved %s, want %s", name, want)
	}
	file := filepath.Join(t.TempDir(), "bundle.json")
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	run, trials, err := results.ReadBundle(file)
	if err != nil {
		t.Fatalf("gwbench does not read what the page saved: %v", err)
	}
	if run.ID != d.Run.ID {
		t.Errorf("run %s", run.ID)
	}
	if diff := cmp.Diff(d.Trials, trials); diff != "" {
		t.Errorf("trials (-run +saved):\n%s", diff)
	}

	name, content = p.Download(chromedp.Click(`a.download[data-type^="text/csv"]`, chromedp.ByQuery))
	if want := d.Run.ID + ".csv"; name != want {
		t.Errorf("saved %s, want %s", name, want)
	}
	format, err := export.Lookup("csv")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := format.Write(&want, export.Data{Run: d.Run, Trials: d.Trials}, nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content, want.Bytes()) {
		t.Errorf("the CSV is not that of gwbench export: %d bytes, want %d", len(content), want.Len())
	}
}

// Without a script the links give the packed files.
func TestDownloadsWithoutScript(t *testing.T) {
	p := browsertest.OpenFile(t, report(t, "hello"), browsertest.View{NoScript: true})
	name, content := p.Download(chromedp.Click(`a.download[data-type="application/json"]`, chromedp.ByQuery))
	if filepath.Ext(name) != ".gz" || !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		t.Errorf("saved %s, which begins with %x", name, content[:2])
	}
}
