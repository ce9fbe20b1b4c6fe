package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
)

// readCSV reads the export, strictly, and returns its rows by column.
func readCSV(t testing.TB, text []byte) []map[string]string {
	t.Helper()
	if lone := bytes.Count(text, []byte("\n")) - bytes.Count(text, []byte("\r\n")); lone != 0 {
		t.Errorf("%d lines do not end in CR LF", lone)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			if _, twice := row[name]; twice {
				t.Fatalf("two columns are called %q", name)
			}
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCSVHasEveryTrialAndFigure(t *testing.T) {
	d := lacking(t)
	rows := readCSV(t, written(t, "csv", d, ""))
	if len(rows) != len(d.Trials) {
		t.Fatalf("%d rows, want %d", len(rows), len(d.Trials))
	}
	for i, trial := range d.Trials {
		row := rows[i]
		c, _ := results.ParseCaseID(trial.Case)
		for _, axis := range results.Axes {
			if row[axis] != c.Value(axis) {
				t.Errorf("row %d: %s is %q, want %q", i, axis, row[axis], c.Value(axis))
			}
		}
		for _, m := range results.MetricList {
			v, ok := trial.Metrics[m.Name]
			if got, err := strconv.ParseFloat(row[m.Name], 64); ok != (err == nil) || got != v {
				t.Errorf("row %d: %s is %q, want %v, known %v", i, m.Name, row[m.Name], v, ok)
			}
		}
		// Usage has the names of trials.jsonl, all of them.
		text, _ := json.Marshal(trial.Usage)
		var usage map[string]*float64
		if err := json.Unmarshal(text, &usage); err != nil {
			t.Fatal(err)
		}
		for name, v := range usage {
			cell, ok := row[name]
			if got, err := strconv.ParseFloat(cell, 64); !ok || (v != nil) != (err == nil) || v != nil && got != *v {
				t.Errorf("row %d: %s is %q, want %v", i, name, cell, v)
			}
		}
		if row["valid"] != strconv.FormatBool(trial.Valid) || row["correct"] != strconv.FormatInt(trial.Counts.Correct, 10) {
			t.Errorf("row %d: %v", i, row)
		}
		if !trial.Valid && row["invalid"] != "200 of 300 responses were wrong; late" {
			t.Errorf("row %d is invalid because of %q", i, row["invalid"])
		}
	}
}

func TestCSVKeepsNumbersAndDisarmsFormulas(t *testing.T) {
	d := small(t)
	d.Trials = d.Trials[:1]
	d.Trials[0].Metrics["lag.p50"] = -0.0000125
	d.Trials[0].Metrics["capacity"] = 1.5e21
	row := readCSV(t, written(t, "csv", d, ""))[0]
	if row["lag.p50"] != "-0.0000125" || row["capacity"] != "1500000000000000000000" {
		t.Errorf("lag %q, capacity %q", row["lag.p50"], row["capacity"])
	}
	for text, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
		"+1":                 "'+1",
		"-1":                 "'-1",
		"@SUM(A1)":           "'@SUM(A1)",
		"\t=1":               "'=1", // without the tab
		"\r\n=1":             "'=1",
		"\r=1":               "'=1",
		"\t\t@x":             "'@x",
		"\tno formula":       "no formula",
		"\rno formula":       "no formula",
		"＝1+1":               "'＝1+1",
		" =1":                "'=1",
		"a=1":                "a=1",
		"a,\"b\"":            "a,\"b\"",
		"":                   "",
	} {
		d.Trials[0].Bottleneck = text
		if got := readCSV(t, written(t, "csv", d, ""))[0]["bottleneck"]; got != want {
			t.Errorf("%q is exported as %q, want %q", text, got, want)
		}
	}
}

func TestCSVSaysWhatDisturbedATrial(t *testing.T) {
	d := small(t)
	d.Trials = d.Trials[:1]
	d.Trials[0].Notes = []results.Note{{Kind: "steal"}, {Kind: "late"}, {Kind: "steal"}}
	if got := readCSV(t, written(t, "csv", d, ""))[0]["notes"]; got != "steal; late" {
		t.Error(got)
	}
	if header := string(written(t, "csv", Data{}, "")); !strings.HasPrefix(header, "run,block,order,") || strings.Count(header, "\n") != 1 {
		t.Errorf("without trials there is %q", header)
	}
}
