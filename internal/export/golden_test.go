package export

import (
	"bytes"
	"testing"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestGoldens(t *testing.T) {
	whole, holes := small(t), lacking(t)
	short := whole
	short.Trials = short.Trials[:8] // a row for each
	for _, f := range Formats {
		if f.Name == "json" {
			continue // package results has the bundle's
		}
		d := whole
		if f.Name == "csv" || f.Name == "gobench" {
			d = short
		}
		summarytest.Golden(t, f.Name+f.Extension, written(t, f.Name, d, ""))
		if f.Name != "csv" && f.Name != "gobench" {
			summarytest.Golden(t, f.Name+"-lacking"+f.Extension, written(t, f.Name, holes, ""))
		}
	}
	summarytest.Golden(t, "github-annotations.txt", []byte(annotated(t, whole)))
	summarytest.Golden(t, "github-annotations-lacking.txt", []byte(annotated(t, holes)))
}

func TestGoldensOfChanges(t *testing.T) {
	var junit bytes.Buffer
	if err := JUnitChanges(&junit, changes()); err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "changes-junit.xml", junit.Bytes())
	summarytest.Golden(t, "changes-github-annotations.txt", []byte(annotatedChanges(t, changes())))
}

func TestEqualDataGiveEqualBytes(t *testing.T) {
	for _, f := range Formats {
		if a, b := written(t, f.Name, small(t), "all"), written(t, f.Name, small(t), "all"); !bytes.Equal(a, b) {
			t.Errorf("%s: equal data gave different bytes", f.Name)
		}
	}
}
