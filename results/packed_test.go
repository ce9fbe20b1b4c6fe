package results

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// genHistogram draws a histogram of gwbench's geometry, one of another, and what is none.
var genHistogram = rapid.Custom(func(t *rapid.T) string {
	if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
		return rapid.SampledFrom([]string{"", "HISTOGRAM", "AAAA", "HISTFAAAAA=="}).Draw(t, "text")
	}
	h := hdr.New(1, int64(time.Minute), rapid.SampledFrom([]int{3, 3, 3, 2}).Draw(t, "digits"))
	values := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 4096), rapid.Int64Range(0, int64(time.Minute))), 0, 40).Draw(t, "values")
	for _, v := range values {
		if err := h.RecordValues(v, rapid.OneOf(rapid.Int64Range(1, 3), rapid.Int64Range(1, 1<<50)).Draw(t, "count")); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
})

func TestPackedRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "packed")
	rapid.Check(t, func(t *rapid.T) {
		run := genRun(t)
		run.Schema, run.ID = rapid.IntRange(1, SchemaVersion).Draw(t, "schema"), anyText.Draw(t, "id")
		trials := genTrials(t, run)
		for i := range trials {
			for _, h := range trials[i].Histograms.each() {
				*h = genHistogram.Draw(t, "histogram")
			}
		}
		var b bytes.Buffer
		if err := WritePacked(&b, run, trials); err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "compressed") {
			b = *compressed(t, b.Bytes())
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		run.Folder = "" // which a bundle does not tell
		for name, read := range map[string]func(string) (Run, []Trial, error){"ReadBundle": ReadBundle, "Open": Open} {
			got, gotTrials, err := read(file)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(run, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: run (-want +got):\n%s", name, diff)
			}
			if diff := cmp.Diff(trials, gotTrials, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: trials (-want +got):\n%s", name, diff)
			}
		}
	})
}

func compressed(t interface{ Fatal(...any) }, text []byte) *bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

// examplePacked is the text of a packed bundle with a histogram.
func examplePacked(t testing.TB) string {
	t.Helper()
	h := hdr.New(1, int64(time.Minute), 3)
	for v := range int64(1000) {
		if err := h.RecordValue(v * v); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	r, trial := example(), exampleTrial(1)
	r.Schema, r.ID, trial.Histograms.Latency = SchemaVersion, "20260102T150405Z-hello", string(text)
	var b strings.Builder
	if err := WritePacked(&b, r, []Trial{trial}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDamagedPackedBundle(t *testing.T) {
	text := examplePacked(t)
	lead := `"histograms": "`
	at := strings.Index(text, lead) + len(lead)
	for name, damaged := range map[string]string{
		"histograms are missing":   text[:at] + text[at+strings.Index(text[at:], `"`):],
		"histograms are cut off":   text[:at+100] + text[at+strings.Index(text[at:], `"`):],
		"histograms are no base64": text[:at] + "?" + text[at+1:],
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := parseBundle("b.json", []byte(reseal(damaged))); err == nil || !strings.Contains(err.Error(), "b.json") {
				t.Errorf("%v, want an error that names the file", err)
			}
		})
	}
	packed := compressed(t, []byte(text)).Bytes()
	if _, _, err := parseBundle("b.json.gz", packed[:len(packed)/2]); err == nil || !strings.Contains(err.Error(), "b.json.gz") {
		t.Errorf("half a file: %v", err)
	}
}

// A text that says that the histogram is elsewhere cannot be one.
func TestPackRefusesWhatLooksPacked(t *testing.T) {
	r, trial := example(), exampleTrial(1)
	trial.Histograms.Lag = packedHere
	if err := WritePacked(new(bytes.Buffer), r, []Trial{trial}); err == nil {
		t.Error("it was written, and would be read as something else")
	}
}
