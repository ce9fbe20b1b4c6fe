package export

import (
	"encoding/csv"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// column is one column of the CSV export: a heading, and what it holds of a
// trial. Numbers are written as they are, unknown ones as nothing.
type column struct {
	head string
	cell func(row) string
}

// row is what a cell is made from.
type row struct {
	run   *results.Run
	trial *results.Trial
	of    results.Case
	load  results.Load
}

// writeCSV writes a row for each trial, valid or not, in the order in which
// they were measured (RFC 4180: lines end in CR LF).
func writeCSV(w io.Writer, d Data) error {
	columns := csvColumns()
	cases := map[string]results.Case{}
	for _, c := range d.Run.Plan.Cases {
		cases[c.ID()] = c
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.head
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for i := range d.Trials {
		t := &d.Trials[i]
		r := row{run: &d.Run, trial: t, of: cases[t.Case]}
		r.load = d.Run.Plan.Loads[r.of.Load]
		for j, c := range columns {
			cells[j] = c.cell(r)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvColumns() []column {
	return slices.Concat(planColumns(), trialColumns(), metricColumns(), usageColumns())
}

// planColumns say what was measured, when.
func planColumns() []column {
	columns := []column{
		{"run", func(r row) string { return noFormula(r.run.ID) }},
		{"block", func(r row) string { return strconv.Itoa(r.trial.Block) }},
		{"order", func(r row) string { return strconv.Itoa(r.trial.Order) }},
		{"attempt", func(r row) string { return strconv.Itoa(r.trial.Attempt) }},
		{"start", func(r row) string { return r.trial.Start.UTC().Format(time.RFC3339Nano) }},
		{"seconds", func(r row) string { return number(r.trial.Seconds) }},
	}
	for _, axis := range results.Axes {
		columns = append(columns, column{axis, func(r row) string { return noFormula(r.of.Value(axis)) }})
	}
	return append(columns,
		column{"clients", func(r row) string { return positive(float64(r.load.Clients)) }},
		column{"rate", func(r row) string { return positive(r.load.Rate) }})
}

// trialColumns say what became of a trial.
func trialColumns() []column {
	columns := []column{
		{"valid", func(r row) string { return strconv.FormatBool(r.trial.Valid) }},
		{"invalid", func(r row) string { return noFormula(strings.Join(r.trial.Invalid, "; ")) }},
		{"bottleneck", func(r row) string { return noFormula(r.trial.Bottleneck) }},
		{"notes", func(r row) string { return noFormula(noteKinds(r.trial.Notes)) }},
		{"latency_from", func(r row) string { return noFormula(r.trial.Latency) }},
	}
	for _, c := range []struct {
		head string
		of   func(results.Counts) int64
	}{
		{"planned", func(c results.Counts) int64 { return c.Planned }},
		{"sent", func(c results.Counts) int64 { return c.Sent }},
		{"correct", func(c results.Counts) int64 { return c.Correct }},
		{"dropped", func(c results.Counts) int64 { return c.Dropped }},
		{"late", func(c results.Counts) int64 { return c.Late }},
	} {
		columns = append(columns, column{c.head, func(r row) string { return strconv.FormatInt(c.of(r.trial.Counts), 10) }})
	}
	return columns
}

// metricColumns are all metrics, in their own units.
func metricColumns() []column {
	var columns []column
	for _, m := range results.MetricList {
		columns = append(columns, column{m.Name, func(r row) string {
			if v, ok := r.trial.Metrics[m.Name]; ok {
				return number(v)
			}
			return ""
		}})
	}
	return columns
}

// CSVColumns are the columns of the CSV export that records have by these names in
// their own lists, for those who write it elsewhere: csv.js of the page of a run.
type CSVColumns struct{ Axes, Metrics, Usage []string }

// CSVNames returns the names of those columns, in their order.
func CSVNames() CSVColumns {
	names := CSVColumns{Axes: results.Axes}
	for _, c := range metricColumns() {
		names.Metrics = append(names.Metrics, c.head)
	}
	for _, c := range usageColumns() {
		names.Usage = append(names.Usage, c.head)
	}
	return names
}

// usageColumns are all fields of results.Usage, by the names that they have in
// trials.jsonl.
func usageColumns() []column {
	var columns []column
	for _, field := range reflect.VisibleFields(reflect.TypeFor[results.Usage]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		columns = append(columns, column{name, func(r row) string {
			switch v := reflect.ValueOf(r.trial.Usage).FieldByIndex(field.Index).Interface().(type) {
			case *float64:
				if v != nil {
					return number(*v)
				}
			case *int64:
				if v != nil {
					return strconv.FormatInt(*v, 10)
				}
			}
			return ""
		}})
	}
	return columns
}

// noFormula is a text that no spreadsheet takes for a formula: one line, and where
// it begins like a formula, in ASCII or in the full width of East Asian
// keyboards, an apostrophe before it, which spreadsheets take for "this is
// text".
func noFormula(s string) string {
	s = inert.Line(s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// number has all digits there are, and no exponent.
func number(v float64) string {
	if !finite(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// positive is a number of which 0 means none.
func positive(v float64) string {
	if v == 0 {
		return ""
	}
	return number(v)
}

// noteKinds lists each kind of note once.
func noteKinds(notes []results.Note) string {
	var kinds []string
	for _, n := range notes {
		if !slices.Contains(kinds, n.Kind) {
			kinds = append(kinds, n.Kind)
		}
	}
	return strings.Join(kinds, "; ")
}
