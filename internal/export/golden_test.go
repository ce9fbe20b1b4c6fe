package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens in testdata and the samples in docs/exports.md instead of comparing with them")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew\n%s", name, diff)
	}
}

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
		golden(t, f.Name+f.Extension, written(t, f.Name, d, ""))
		if f.Name != "csv" && f.Name != "gobench" {
			golden(t, f.Name+"-lacking"+f.Extension, written(t, f.Name, holes, ""))
		}
	}
	golden(t, "github-annotations.txt", []byte(annotated(t, whole)))
	golden(t, "github-annotations-lacking.txt", []byte(annotated(t, holes)))
}

func TestGoldensOfChanges(t *testing.T) {
	var junit bytes.Buffer
	if err := JUnitChanges(&junit, changes()); err != nil {
		t.Fatal(err)
	}
	golden(t, "changes-junit.xml", junit.Bytes())
	golden(t, "changes-github-annotations.txt", []byte(annotatedChanges(t, changes())))
}

func TestEqualDataGiveEqualBytes(t *testing.T) {
	for _, f := range Formats {
		if a, b := written(t, f.Name, small(t), "all"), written(t, f.Name, small(t), "all"); !bytes.Equal(a, b) {
			t.Errorf("%s: equal data gave different bytes", f.Name)
		}
	}
}
