package summary_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

func TestSignificant(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want string
	}{
		{0, "0"},
		{0.000012, "1.20e-05"},
		{0.02345, "0.0234"},
		{0.5234, "0.523"},
		{0.9996, "1.00"},
		{1.049, "1.05"},
		{9.996, "10.0"},
		{12.34, "12.3"},
		{99.96, "100"},
		{127123.4, "127,123"},
		{-1234567, "-1,234,567"},
		{1e15, "1.00e+15"},
		{math.NaN(), "?"},
		{math.Inf(1), "?"},
	} {
		if got := summary.Significant(tt.v); got != tt.want {
			t.Errorf("Significant(%v) = %q, want %q", tt.v, got, tt.want)
		}
	}
}

func TestPercentNeverRoundsToNoneOrAll(t *testing.T) {
	for _, tt := range []struct {
		share float64
		want  string
	}{
		{0, "0"},
		{1, "100"},
		{0.000001, "<0.01"},
		{0.0012, "0.12"},
		{0.0345, "3.5"},
		{0.9999, ">99.9"},
		{2.5, "250.0"},
		{math.NaN(), "?"},
	} {
		if got := summary.Percent(tt.share); got != tt.want {
			t.Errorf("percent(%v) = %q, want %q", tt.share, got, tt.want)
		}
	}
}

func TestConfidenceNeverRoundsUp(t *testing.T) {
	for _, tt := range []struct {
		confidence float64
		want       string
	}{
		{0.95, "95 %"},
		{0.99666, "99.66 %"},
		{0.99999, "99.99 %"},
		{0, "?"},
		{1, "?"},
		{math.NaN(), "?"},
	} {
		var v verdict.Verdict
		v.Ratio.Confidence = tt.confidence
		if got := summary.ConfidenceText(v); got != tt.want {
			t.Errorf("confidence %v reads %q, want %q", tt.confidence, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", "plain"},
		{" two\n lines\t", "two lines"},
		{"\x1b[31mred", "[31mred"},
		{"a\u202eb\u200bc", "a b c"},
		{"\xff", "\uFFFD"},
		{"größe 大", "größe 大"},
		{"\x00", ""},
	} {
		if got := inert.Line(tt.in); got != tt.want {
			t.Errorf("inert.Line(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain-text, with (brackets) 1.5", "plain-text, with (brackets) 1.5"},
		{"a|b", `a\|b`},
		{"`code`", "\\`code\\`"},
		{"<script>", `\<script\>`},
		{"[x](y)", `\[x\](y)`},
		{"&lt;", `\&lt;`},
		{`\|`, `\\\|`},
		{"https://a.example", `https\://a.example`},
		{"WWW.a.example", `WWW\.a.example`},
		{"one\n# two", `one \# two`},
	} {
		if got := inert.Markdown(tt.in); got != tt.want {
			t.Errorf("inert.Markdown(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestShortenCountsTerminalCells(t *testing.T) {
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"大大大", 5, "大大…"},
		{"大大大", 4, "大…"},
		{"ab", 1, "…"},
	} {
		if got := summary.Shorten(tt.in, tt.width); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

func TestShortenMiddleKeepsBothEnds(t *testing.T) {
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"middleware-16", 9, "midd…e-16"},
		{"middleware-16", 8, "midd…-16"},
		{"大大大大", 5, "大…大"},
		{"大大大大", 4, "大…"},
		{"ab", 1, "…"},
		{strings.Repeat("x", 10000) + "1", 4, "xx…1"},
	} {
		if got := summary.ShortenMiddle(tt.in, tt.width); got != tt.want {
			t.Errorf("shortenMiddle(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

func TestLoadText(t *testing.T) {
	for _, tt := range []struct {
		load results.Load
		want string
	}{
		{results.Load{Name: "a", Clients: 1}, "a: closed load, 1 client"},
		{results.Load{Name: "b", Rate: 2000, Arrivals: "poisson"}, "b: open load, 2,000 req/s, poisson arrivals"},
		{results.Load{Name: "c"}, "c"},
		{results.Load{}, "?"},
	} {
		if got := summary.LoadText(tt.load); got != tt.want {
			t.Errorf("loadText(%+v) = %q, want %q", tt.load, got, tt.want)
		}
	}
}

func TestPartial(t *testing.T) {
	whole := summarytest.Hello(t)
	for _, tt := range []struct {
		name string
		edit func(*summary.Data)
		want string
	}{
		{"whole", func(*summary.Data) {}, ""},
		{"interrupted", func(d *summary.Data) { d.Run.Partial = "interrupted" }, "partial: interrupted; 10 complete blocks of 10 to 30 planned"},
		{"failed", func(d *summary.Data) { d.Run.Partial = "disk full"; d.Run.Plan.MaxBlocks = 10 }, "partial: ended early: disk full; 10 complete blocks of 10 planned"},
		{"crashed", func(d *summary.Data) { d.Run.End = time.Time{}; d.Trials = d.Trials[:11] }, "partial: not ended: under way, or crashed; 0 complete blocks of 10 to 30 planned"},
		{"nothing", func(d *summary.Data) { d.Trials = nil }, "partial: nothing was measured; 0 complete blocks of 10 to 30 planned"},
		{"a line cut off", func(d *summary.Data) { d.Run.CutOff = true }, "partial: the last line of its trials is cut off; 10 complete blocks of 10 to 30 planned"},
		{"trials missing", func(d *summary.Data) { d.Trials = d.Trials[:len(d.Trials)-1] }, "partial: trials are missing: all cases were measured in 9 blocks, of 10 to 30 planned"},
		{"invalid in every block", func(d *summary.Data) {
			d.Trials = slices.Clone(d.Trials)
			for i := range d.Trials {
				d.Trials[i].Valid = false
			}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := whole
			tt.edit(&d)
			if got := summary.Partial(d); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		300 * time.Millisecond: "300 ms", 1500 * time.Millisecond: "1.5 s", 10 * time.Second: "10 s", 90 * time.Second: "90 s", 0: "0 ms", 123456 * time.Microsecond: "123 ms",
		999600 * time.Microsecond: "1 s", 999400 * time.Microsecond: "999 ms", 300 * time.Microsecond: "0.3 ms", 999900 * time.Nanosecond: "0.9999 ms",
	} {
		if got := summary.DurationText(d); got != want {
			t.Errorf("%v reads %q, want %q", d, got, want)
		}
	}
}

// A table and the sentence beside it round a ratio alike.
func TestRatiosHaveThreeDigits(t *testing.T) {
	for ratio, want := range map[float64]string{0.9741: "0.974x", 1.0512: "1.05x", 0.0123: "0.0123x", 12.34: "12.3x", 0.9999: "1.00x"} {
		if got := summary.RatioText(ratio); got != want {
			t.Errorf("%v reads %q, want %q", ratio, got, want)
		}
	}
}
