package page_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// While a file is made the page says so, and another click makes no second one.
func TestDownloadSaysThatItIsBeingMade(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "hello"), browsertest.View{})
	p.Do(`globalThis.saves = 0;
		HTMLAnchorElement.prototype.click = () => { saves++; };
		globalThis.file = document.querySelector('a.download[data-type="application/json"]');
		globalThis.line = file.closest("li").querySelector("[role=status]");
		for (let i = 0; i < 3; i++) { file.dispatchEvent(new MouseEvent("click", { cancelable: true })); }
		globalThis.said = [file.ariaBusy, line.textContent]`)
	if said := browsertest.Eval[[]string](p, `said`); said[0] != "true" || !strings.HasSuffix(said[1], ".json is being made.") {
		t.Errorf("at once: busy %q, said %q", said[0], said[1])
	}
	p.Until(`!file.hasAttribute("aria-busy")`)
	if saves := browsertest.Eval[int](p, `saves`); saves != 1 {
		t.Errorf("three clicks saved %d files", saves)
	}
	if text := browsertest.Eval[string](p, `line.textContent`); text != "" {
		t.Errorf("afterwards the page says %q", text)
	}
}

// What cannot be made is said, and what the page holds is saved as it is.
func TestDownloadThatCannotBeMade(t *testing.T) {
	t.Parallel()
	gzipped := []byte("data:application/gzip;base64,H4sI")
	html := page.Rendered(t, "hello")
	if !bytes.Contains(html, gzipped) {
		t.Fatal("the page holds no run")
	}
	p := browsertest.OpenFile(t, bytes.Replace(html, gzipped, []byte("data:application/gzip;base64,AAAA"), 1), browsertest.View{})
	said := func(kind string) string {
		return browsertest.Eval[string](p, `document.querySelector('a.download[data-type="`+kind+`"]:not([aria-busy])').closest("li").querySelector("[role=status]").textContent`)
	}
	saved, _ := p.Download(func() { p.Click(`a.download[data-type="application/json"]`) })
	p.Until(`document.querySelector('a.download[data-type="application/json"]:not([aria-busy])')`)
	if text := said("application/json"); filepath.Ext(saved) != ".gz" || !strings.HasPrefix(text, saved+" was saved instead. ") || !strings.Contains(text, ".json cannot be made: ") {
		t.Errorf("saved %s, said %q", saved, text)
	}
	p.Click(`a.download[data-type="text/csv"]`)
	p.Until(`document.querySelector('a.download[data-type="text/csv"]:not([aria-busy])')?.closest("li").textContent.includes("cannot be made")`)
	if text := said("text/csv"); !strings.Contains(text, ".csv cannot be made: ") {
		t.Errorf("said %q", text)
	}
	for _, complaint := range p.Complaints() {
		if !strings.Contains(complaint, "TypeError") && !strings.Contains(complaint, "compressed") {
			t.Errorf("the page complains of something else: %s", complaint)
		}
	}
}
