package report

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// Names of the documents in the folder of a report.
const (
	htmlFile     = "report.html"
	markdownFile = "report.md"
)

// Files writes a run's report into dir, which must exist, in these formats, and
// returns the names of the files in the order of their writing: the documents, then
// each picture. A file appears whole or not at all, and replaces one of the same name;
// nothing is written where anything cannot be drawn. Equal data give equal bytes.
func Files(dir string, d summary.Data, formats []Format) ([]string, error) {
	timed := summary.WithTimes(d)
	pictures := plots.Pictures(timed)
	return write(dir, formats, pictures, map[Format]func() ([]byte, error){
		HTML:     func() ([]byte, error) { return page.Report(timed, pictures) },
		Markdown: func() ([]byte, error) { return markdownReport(d, pictures, shown(formats)) },
	})
}

// shown is the format in which a document shows the pictures beside it; "" where they
// are in none that a browser takes for a picture.
func shown(formats []Format) Format {
	for _, f := range []Format{SVG, PNG} {
		if slices.Contains(formats, f) {
			return f
		}
	}
	return ""
}

// file is one that is to be written.
type file struct {
	name string
	make func() ([]byte, error)
}

// write makes the files of a report and writes them.
func write(dir string, formats []Format, pictures []plots.Picture, documents map[Format]func() ([]byte, error)) ([]string, error) {
	var files []file
	for _, f := range Formats {
		if document, ok := documents[f]; ok && slices.Contains(formats, f) {
			files = append(files, file{map[Format]string{HTML: htmlFile, Markdown: markdownFile}[f], document})
		}
	}
	for _, p := range pictures {
		for _, f := range pictureFormats {
			if slices.Contains(formats, f) {
				files = append(files, file{p.Name + "." + string(f), map[Format]func() ([]byte, error){SVG: p.SVG, PNG: p.PNG, PDF: p.PDF}[f]})
			}
		}
	}
	contents := make([][]byte, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() (err error) {
			contents[i], err = f.make()
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var names []string
	for i, f := range files {
		if err := renameio.WriteFile(filepath.Join(dir, f.name), contents[i], 0o644); err != nil {
			return names, fmt.Errorf("write the report: %w", err)
		}
		names = append(names, f.name)
	}
	return names, nil
}
