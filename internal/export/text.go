package export

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// shorten cuts a text to so many bytes. A mark at its end tells it from others
// that begin alike: a name stays a name.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := mark(s)
	cut := most - len(end)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + end
}

// mark stands for the part of a text that is not shown.
func mark(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "..." + hex.EncodeToString(sum[:8])
}

// slug is a metric's name where dots and underscores are not wanted:
// latency-p99-9.
func slug(m results.Metric) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(m.Name)
}

// mostName is how long the name of a series may be: as long as that of one of
// Bencher's benchmarks, in bytes.
const mostName = 1024

// seriesName is what the figures of a case are called from run to run: scenario
// and case, all of it, so that the name stays the same when a scenario comes to
// vary more. Different cases have different names.
func seriesName(d Data, c results.Case) string {
	whole := d.Run.Scenario.Name + "/" + c.ID()
	name := inert.Line(whole)
	if name != whole {
		name += mark(whole)
	}
	return shorten(name, mostName)
}
