package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"github.com/gwbench/gwbench/results"
)

// benchmark is what benchfmt reads of one line.
type benchmark struct {
	base   string
	keys   map[string]string
	iters  int
	values map[string]float64
	config map[string]string
}

// readBenchmarks reads the export with the package that benchstat reads it
// with.
func readBenchmarks(t testing.TB, text []byte) ([]benchmark, benchfmt.UnitMetadataMap) {
	t.Helper()
	reader := benchfmt.NewReader(bytes.NewReader(text), "export")
	var all []benchmark
	for reader.Scan() {
		switch r := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			t.Fatal(r)
		case *benchfmt.Result:
			base, parts := r.Name.Parts()
			b := benchmark{base: string(base), keys: map[string]string{}, iters: r.Iters, values: map[string]float64{}, config: map[string]string{}}
			for _, part := range parts {
				key, value, ok := strings.Cut(strings.TrimPrefix(string(part), "/"), "=")
				if !ok {
					key, value = "gomaxprocs", strings.TrimPrefix(key, "-")
				}
				b.keys[key] = value
			}
			for _, v := range r.Values {
				if _, twice := b.values[v.Unit]; twice {
					t.Fatalf("unit %s twice in one line", v.Unit)
				}
				b.values[v.Unit] = v.Value
			}
			for _, c := range r.Config {
				b.config[c.Key] = string(c.Value)
			}
			all = append(all, b)
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return all, reader.Units()
}

func TestBenchfmtReadsEveryTrial(t *testing.T) {
	d := small(t)
	got, units := readBenchmarks(t, written(t, "gobench", d, ""))
	var want []results.Trial
	for _, f := range figures(d) {
		want = append(want, f.Valid...)
	}
	if len(got) != len(want) {
		t.Fatalf("%d benchmarks, want %d", len(got), len(want))
	}
	for i, trial := range want {
		c, _ := results.ParseCaseID(trial.Case)
		b := got[i]
		keys := map[string]string{"protocol": c.Protocol, "connection": c.Connection, "load": c.Load, "gomaxprocs": "1"}
		if b.base != "Hello" || !maps.Equal(b.keys, keys) || int64(b.iters) != trial.Counts.Correct {
			t.Errorf("trial %d is %+v", i, b)
		}
		if b.config["target"] != "builtin" || b.config["cpu"] != "AMD EPYC" || b.config["protocol"] != "" {
			t.Errorf("trial %d is of %v", i, b.config)
		}
		for unit, v := range map[string]float64{
			"capacity-req/cpu-s": trial.Metrics["capacity"],
			"latency-p99-sec":    trial.Metrics["latency.p99"] / 1e3,
			"server-cpu-sec/req": trial.Metrics["server_cpu"] / 1e6,
		} {
			if math.Abs(b.values[unit]/v-1) > 1e-9 {
				t.Errorf("trial %d: %s is %v, want %v", i, unit, b.values[unit], v)
			}
		}
		if _, ok := b.values["throughput-req/s"]; ok != (c.Load == "saturate") {
			t.Errorf("trial %d: a throughput under load %s", i, c.Load)
		}
	}
	if units.GetBetter("capacity-req/cpu-s") != 1 || units.GetBetter("latency-p50-sec") != -1 {
		t.Error("benchfmt does not know what is better")
	}
}

// A unit that benchfmt changes would not be the one that it has metadata of,
// and metrics of one unit could not be told apart.
func TestUnitsAreDistinctAndTidy(t *testing.T) {
	of := map[string]string{}
	for _, m := range results.MetricList {
		unit, scale := benchmarkUnit(m)
		if other, ok := of[unit]; ok {
			t.Errorf("%s and %s have the unit %s", m.Name, other, unit)
		}
		of[unit] = m.Name
		if v, tidy := benchunit.Tidy(1, unit); tidy != unit || v != 1 {
			t.Errorf("%s: unit %s becomes %s", m.Name, unit, tidy)
		}
		if !(scale > 0) {
			t.Errorf("%s: scale %v", m.Name, scale)
		}
	}
	rss, _ := results.LookupMetric("server_rss")
	if unit, scale := benchmarkUnit(rss); benchunit.ClassOf(unit) != benchunit.Binary || scale != 1048576 {
		t.Errorf("memory has the unit %s, scale %v", unit, scale)
	}
}

// What a name ends in is taken for GOMAXPROCS, and blanks end it.
func TestNamesKeepTheirValues(t *testing.T) {
	d := small(t)
	rename := map[string]string{"saturate": "clients-16", "steady": "2000 per second/100%"}
	for i := range d.Run.Plan.Cases {
		c := &d.Run.Plan.Cases[i]
		before := c.ID()
		c.Load = strings.ReplaceAll(rename[c.Load], "/", "")
		for j := range d.Trials {
			if d.Trials[j].Case == before {
				d.Trials[j].Case = c.ID()
			}
		}
	}
	d.Run.Placement.Servers, d.Run.Environment.CPUs = nil, 0
	d.Run.Scenario.Name = "élan/hello"
	got, _ := readBenchmarks(t, written(t, "gobench", d, "capacity"))
	loads := map[string]bool{}
	for _, b := range got {
		loads[b.keys["load"]] = true
		if b.base != "Élan%2Fhello" || b.keys["gomaxprocs"] != "1" {
			t.Errorf("%s of %v", b.base, b.keys)
		}
	}
	if want := map[string]bool{"clients-16": true, "2000%20per%20second100%25": true}; !maps.Equal(loads, want) {
		t.Errorf("%v, want %v", loads, want)
	}
}

func TestBenchmarksWithoutValues(t *testing.T) {
	text := string(written(t, "gobench", lacking(t), ""))
	for _, name := range []string{"protocol=http/connection=per-request", "protocol=http/connection=keep-alive"} {
		if !strings.Contains(text, "\n# no valid trial: BenchmarkHello/"+name) {
			t.Errorf("it is not said that %s has no valid trial:\n%s", name, text)
		}
	}
	got, _ := readBenchmarks(t, []byte(text))
	for _, b := range got {
		if _, ok := b.values["server-cpu-sec/req"]; ok || b.keys["protocol"] == "http" {
			t.Errorf("%+v", b)
		}
	}
	if got, _ := readBenchmarks(t, written(t, "gobench", small(t), "lag.p50,errors")); len(got) != 11 {
		t.Errorf("%d benchmarks have a lag, want those under the open load alone", len(got))
	}
}

// benchstat builds the command once, at the version of tools/go.mod.
func benchstat(t *testing.T, args ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "benchstat")
	build := exec.Command("go", "build", "-o", program, "golang.org/x/perf/cmd/benchstat")
	build.Dir = filepath.Join("..", "..", "tools")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building benchstat: %v\n%s", err, out)
	}
	cmd := exec.Command(program, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("benchstat: %v\n%s", err, &stderr)
	}
	return string(out)
}

func goBenchFile(t *testing.T, d Data) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "run.txt")
	if err := os.WriteFile(file, written(t, "gobench", d, ""), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBenchstatShowsATableByProtocol(t *testing.T) {
	d := small(t)
	rows, err := csvRecords(benchstat(t, "-format", "csv", "-col", "/protocol", "-row", "/connection", "-filter", "/load:saturate .unit:capacity-req/cpu-s", goBenchFile(t, d)))
	if err != nil {
		t.Fatal(err)
	}
	header := slices.IndexFunc(rows, func(r []string) bool { return slices.Contains(r, "uwsgi") })
	if header < 0 {
		t.Fatalf("no column of uwsgi: %v", rows)
	}
	capacity, _ := results.LookupMetric("capacity")
	checked := 0
	for _, f := range figures(d) {
		if f.Case.Load != "saturate" {
			continue
		}
		row := slices.IndexFunc(rows, func(r []string) bool { return r[0] == f.Case.Connection })
		column := slices.Index(rows[header], f.Case.Protocol)
		if row < 0 || column < 0 {
			t.Fatalf("benchstat shows no %s", f.Case.ID())
		}
		s, _ := f.of(capacity)
		got, err := strconv.ParseFloat(rows[row][column], 64)
		if err != nil || math.Abs(got/s.Median-1) > 1e-9 {
			t.Errorf("%s: benchstat has the median %s, want %v", f.Case.ID(), rows[row][column], s.Median)
		}
		checked++
	}
	if checked != 4 {
		t.Errorf("%d cases were compared", checked)
	}
}

// csvRecords reads rows of any length.
func csvRecords(text string) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w in\n%s", err, text)
	}
	return rows, nil
}
