package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/results"
)

// Format is one way to write a run down.
type Format struct {
	Name      string
	About     string // what it is for, as a list shows it
	Extension string // that such files usually have
	Chooses   bool   // whether it holds the metrics that one chooses, or all there are
	// Write writes the run. The metrics are those of a format that chooses; the
	// others pass them over.
	Write func(w io.Writer, d Data, metrics []results.Metric) error
	// Annotate writes what a CI system reads from the log, beside the file; nil
	// for most.
	Annotate func(w io.Writer, d Data) error
}

// Formats lists all formats, in the order of docs/exports.md.
var Formats = []Format{
	{
		Name: "json", About: "the whole run in one file, which gwbench reads like its folder", Extension: ".json",
		Write: func(w io.Writer, d Data, _ []results.Metric) error { return results.WriteBundle(w, d.Run, d.Trials) },
	},
	{
		Name: "csv", About: "a row for each trial, for spreadsheets and data frames", Extension: ".csv",
		Write: func(w io.Writer, d Data, _ []results.Metric) error { return writeCSV(w, d) },
	},
	{
		Name: "gobench", About: "Go benchmark format, for benchstat", Extension: ".txt", Chooses: true,
		Write: writeGoBench,
	},
	{
		Name: "junit", About: "gates and claims as tests, for any CI system", Extension: ".xml",
		Write: func(w io.Writer, d Data, _ []results.Metric) error { return writeJUnit(w, d) },
	},
	{
		Name: "github", About: "a step summary and annotations, for GitHub Actions", Extension: ".md", Chooses: true,
		Write: writeGitHubSummary, Annotate: writeGitHubAnnotations,
	},
	{
		Name: "bmf", About: "Bencher Metric Format, for bencher.dev", Extension: ".json", Chooses: true,
		Write: writeBMF,
	},
	{
		Name: "github-action-benchmark-bigger", About: "metrics of which more is better, for its tool customBiggerIsBetter", Extension: ".json", Chooses: true,
		Write: writeBiggerIsBetter,
	},
	{
		Name: "github-action-benchmark-smaller", About: "metrics of which less is better, for its tool customSmallerIsBetter", Extension: ".json", Chooses: true,
		Write: writeSmallerIsBetter,
	},
}

// Names returns the names of all formats.
func Names() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}

// Lookup returns the format of that name. The error for another one says what
// there is.
func Lookup(name string) (Format, error) {
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("there is no format %q: %schoose from %s", name, spelling.Hint(name, Names()), strings.Join(Names(), ", "))
}
