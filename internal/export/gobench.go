package export

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// writeGoBench writes the Go benchmark format
// (https://golang.org/design/14313-benchmark-format) with the metadata of units
// that golang.org/x/perf/benchfmt reads:
//
//	Unit latency-p50-sec better=lower
//	cpu: AMD EPYC
//	network: tcp
//	BenchmarkHello/protocol=uwsgi/load=saturate-1 4541 0.000835 latency-p50-sec
//
// There is a line for each valid trial. What varies among the cases is in the
// name, what does not is configuration. The number at the end, in the place of
// GOMAXPROCS, is that of the CPUs that the servers had: it is there always, or
// readers would take the end of a load called clients-16 for it.
func writeGoBench(w io.Writer, d Data, metrics []results.Metric) error {
	all := figures(d)
	metrics = slices.DeleteFunc(slices.Clone(metrics), func(m results.Metric) bool { return m.Name == "errors" })
	if len(metrics) == 0 {
		return errors.New("there would be nothing in it: its lines are valid trials, which have no errors: choose other metrics")
	}
	shown := known(metrics, all)
	if len(shown) == 0 {
		return noFigures(metrics)
	}
	var out bytes.Buffer
	if id := inert.Line(d.Run.ID); id != "" {
		fmt.Fprintf(&out, "# gwbench run %s\n", shorten(id, mostValue))
	}
	writeUnits(&out, shown)
	varying := results.Varying(d.Run.Plan.Cases)
	writeConfig(&out, d, varying)
	for _, f := range all {
		name := benchmarkName(d, f.Case, varying)
		if len(f.Valid) == 0 {
			fmt.Fprintf(&out, "# no valid trial: %s\n", name)
		}
		for _, t := range f.Valid {
			writeTrial(&out, name, t, f.Load, shown)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeUnits(out *bytes.Buffer, metrics []results.Metric) {
	for _, m := range metrics {
		better := "lower"
		if m.Higher {
			better = "higher"
		}
		unit, _ := benchmarkUnit(m)
		fmt.Fprintf(out, "Unit %s better=%s\n", unit, better)
	}
}

// writeConfig writes what all cases share. Trials of different configurations
// come into different tables of benchstat, so that nothing is in it that differs
// between two runs that are worth comparing.
func writeConfig(out *bytes.Buffer, d Data, varying []string) {
	config := func(key, value string) {
		if value = shorten(inert.Line(value), mostValue); value != "" {
			fmt.Fprintf(out, "%s: %s\n", key, value)
		}
	}
	config("os", d.Run.Environment.OS)
	config("goarch", d.Run.Environment.Arch)
	config("cpu", d.Run.Environment.CPU)
	for _, axis := range results.Axes {
		if len(d.Run.Plan.Cases) > 0 && !slices.Contains(varying, axis) {
			config(axis, d.Run.Plan.Cases[0].Value(axis))
		}
	}
}

// mostValue is how long a name of the Go benchmark format may be: its reader
// takes lines of up to 64 KiB, and people less.
const mostValue = 200 // bytes

func benchmarkName(d Data, c results.Case, varying []string) string {
	var name strings.Builder
	scenario := cmp.Or(inert.Line(d.Run.Scenario.Name), "Run")
	first, size := utf8.DecodeRuneInString(scenario)
	name.WriteString("Benchmark" + benchmarkWord(string(unicode.ToUpper(first))+scenario[size:]))
	for _, axis := range varying {
		if value := c.Value(axis); value != "" {
			fmt.Fprintf(&name, "/%s=%s", axis, benchmarkWord(value))
		}
	}
	servers := cmp.Or(len(d.Run.Placement.Servers), d.Run.Environment.CPUs, 1)
	return name.String() + "-" + strconv.Itoa(servers)
}

// benchmarkWord is a value without blanks, slashes and what cannot be seen:
// those are written as in a URL, so that different values stay different.
func benchmarkWord(s string) string {
	var word strings.Builder
	for _, r := range shorten(strings.ToValidUTF8(s, "\uFFFD"), mostValue) {
		if r != '/' && r != '%' && !unicode.IsSpace(r) && unicode.IsGraphic(r) {
			word.WriteRune(r)
			continue
		}
		for _, b := range []byte(string(r)) {
			fmt.Fprintf(&word, "%%%02X", b)
		}
	}
	return word.String()
}

// writeTrial writes one line; none where nothing that was asked for is known.
func writeTrial(out *bytes.Buffer, name string, t results.Trial, l results.Load, metrics []results.Metric) {
	var values strings.Builder
	for _, m := range metrics {
		v, ok := t.Metrics[m.Name]
		if !ok || !finite(v) || !m.Says(l) {
			continue
		}
		unit, scale := benchmarkUnit(m)
		// Ten digits hide the rounding of the scale, and nothing else.
		fmt.Fprintf(&values, " %s %s", strconv.FormatFloat(v*scale, 'g', 10, 64), unit)
	}
	if values.Len() > 0 {
		fmt.Fprintf(out, "%s %d%s\n", name, t.Counts.Correct, &values)
	}
}

// benchmarkUnit is a metric's name and its unit, since the format tells
// quantities apart by their units alone. benchstat scales seconds and bytes for
// people, so that those are the units in place of their multiples.
func benchmarkUnit(m results.Metric) (unit string, scale float64) {
	name := slug(m)
	switch m.Unit {
	case "ms":
		return name + "-sec", 1e-3
	case "us/req":
		return name + "-sec/req", 1e-6
	case "MiB":
		return name + "-B", 1 << 20
	}
	return name + "-" + m.Unit, 1
}
