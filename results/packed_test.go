package results

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
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
		checkReadBack(t, file, b.Bytes(), run, trials)
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
	end := at + strings.Index(text[at:], `"`)
	// with is the bundle with other columns.
	with := func(numbers ...uint64) string {
		var plain []byte
		for _, n := range numbers {
			plain = binary.AppendUvarint(plain, n)
		}
		packed, err := deflated(plain, columnsLevel)
		if err != nil {
			t.Fatal(err)
		}
		return text[:at] + base64.StdEncoding.EncodeToString(packed) + text[end:]
	}
	if _, _, err := parseBundle("b.json", []byte(reseal(with(2, 0, 27*1024-2, 4, 5)))); err != nil {
		t.Fatalf("two buckets, the first and the last there is: %v", err)
	}
	for name, damaged := range map[string]string{
		"histograms are missing":   text[:at] + text[end:],
		"histograms are cut off":   text[:at+100] + text[end:],
		"histograms are no base64": text[:at] + "?" + text[at+1:],
		"a column is missing":      with(2, 0, 7),
		"a column is cut off":      with(2, 0, 7, 4),
		"a number is left over":    with(2, 0, 7, 4, 5, 6),
		"a bucket too far":         with(2, 0, 27*1024-1, 4, 5),
		"too many buckets":         with(27*1024 + 1),
		"a gap too wide":           with(1, 1<<63, 4),
		"a count too large":        with(1, 0, math.MaxInt64),
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

// Few bytes that expand to many are refused before they are all in memory.
func TestPackedHistogramsTakeNoMoreMemoryThanTheyCanFill(t *testing.T) {
	const size = 64 << 20
	packed, err := deflated(make([]byte, size), columnsLevel)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = readColumns(packed, 1)
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > size/8 {
		t.Errorf("%d bytes that expand to %d took %d: %v", len(packed), size, taken, err)
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
