package page_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"testing"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// TestDownloads saves what the page holds, as a reader does, and reads it back.
func TestDownloads(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]summary.Data{
		"hello": summarytest.Hello(t), "searched": summarytest.Searched(t), "odd": oddRecords(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, err := page.ReportOf(d)
			if err != nil {
				t.Fatal(err)
			}
			p := browsertest.OpenFile(t, html, browsertest.View{})
			saved, content := p.Download(func() { p.Click(`a.download[data-type="application/json"]`) })
			if want := d.Run.ID + ".json"; saved != want {
				t.Errorf("saved %s, want %s", saved, want)
			}
			sameRun(t, d, content)

			saved, content = p.Download(func() { p.Click(`a.download[data-type="text/csv"]`) })
			if want := d.Run.ID + ".csv"; saved != want {
				t.Errorf("saved %s, want %s", saved, want)
			}
			format, err := export.Lookup("csv")
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := format.Write(&want, export.Data{Run: d.Run, Trials: d.Trials}, nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.String(), string(content)); diff != "" {
				t.Errorf("the CSV is not that of gwbench export (-export +page):\n%s", diff)
			}
		})
	}
}

// oddRecords have what JSON, CSV and histograms may have, and hardly ever do.
func oddRecords(t *testing.T) summary.Data {
	t.Helper()
	d := summarytest.Hello(t)
	empty, err := hdr.New(1, 60_000_000_000, 3).Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := hdr.New(1, 1000, 2).Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	huge := hdr.New(1, 60_000_000_000, 3)
	for i, v := range []int64{0, 1, 2047, 2048, 1e9, 60_000_000_000} {
		if err := huge.RecordValues(v, 1<<(8*i)+int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	wide, err := huge.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range [][]byte{empty, foreign, wide, []byte("none at all"), nil} {
		d.Trials[i].Histograms.Latency, d.Trials[i].Histograms.Lag = string(h), string(h)
	}
	rows := d.Trials
	rows[0].Metrics["steal"], rows[0].Metrics["errors"], rows[0].Metrics["latency.max"] = 1, 1.5e-9, 1.25e22
	rows[1].Metrics = nil
	rows[1].Usage.Steal, rows[1].Usage.Retransmits = new(float64), new(int64)
	*rows[1].Usage.Steal, *rows[1].Usage.Retransmits = 3e-7, 1<<50
	rows[2].Start = d.Run.Start.Add(1_000_001)
	rows[2].Notes = []results.Note{{Kind: "=cmd()", Text: `"latency":"packed"`}, {Kind: "b,\"c\"", Text: "\u2028"}, {Kind: "=cmd()"}, {Kind: " x\u202e\u00a0 y "}}
	rows[3].Bottleneck, rows[3].Latency = "＋1", `\.`
	rows[4].Valid, rows[4].Invalid = false, []string{"a\r\nb", "é \U0001F600", "</script><script>alert(1)</script>"}
	return d
}

// sameRun reads a bundle and compares it with the run that it should be.
func sameRun(t *testing.T, want summary.Data, bundle []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bundle.json")
	if err := os.WriteFile(file, bundle, 0o644); err != nil {
		t.Fatal(err)
	}
	run, trials, err := results.ReadBundle(file)
	if err != nil {
		t.Fatalf("gwbench does not read what the page saved: %v", err)
	}
	if diff := cmp.Diff(want.Run, run); diff != "" {
		t.Errorf("run (-run +saved):\n%s", diff)
	}
	// Browsers compress otherwise than Go: a histogram may have another text, and has to
	// hold the same.
	contents := cmp.Transformer("contents", func(h results.Histograms) []string {
		return []string{contentOf(h.Latency), contentOf(h.Service), contentOf(h.Lag)}
	})
	if diff := cmp.Diff(want.Trials, trials, contents); diff != "" {
		t.Errorf("trials (-run +saved):\n%s", diff)
	}
}

// contentOf expands a histogram; what is none stays as it is.
func contentOf(histogram string) string {
	packed, err := base64.StdEncoding.DecodeString(histogram)
	if err != nil || len(packed) < 8 {
		return histogram
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[8:]))
	if err != nil {
		return histogram
	}
	content, err := io.ReadAll(z)
	if err != nil {
		return histogram
	}
	return string(content)
}

// Without a script the link gives the packed file, which gwbench reads too.
func TestDownloadsWithoutScript(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, page.Rendered(t, "hello"), browsertest.View{NoScript: true})
	name, content := p.Download(func() { p.Click(`a.download[data-type="application/json"]`) })
	if filepath.Ext(name) != ".gz" || !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		t.Errorf("saved %s, which begins with %x", name, content[:2])
	}
	sameRun(t, summarytest.Hello(t), content)
	if browsertest.Eval[bool](p, `document.querySelector('a.download[data-type="text/csv"]').checkVisibility()`) {
		t.Error("there is a link to CSV that nobody makes")
	}
}
