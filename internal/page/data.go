package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

// Download is a file within the page. The partial "download" links it.
type Download struct {
	Name  string       // of the file when it is unpacked: "hello.json"
	Type  string       // its media type
	About string       // what it is for
	Size  string       // unpacked, for people
	Link  template.URL // gzip, in base64; "" where there is no such file, and About says why
}

// newDownload packs what write writes.
func newDownload(name, mediaType, about string, write func(io.Writer) error) (Download, error) {
	var packed bytes.Buffer
	// The header has no time, so that equal data give equal bytes.
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return Download{}, fmt.Errorf("pack %s: %w", name, err)
	}
	counted := &counter{w: z}
	if err := write(counted); err != nil {
		return Download{}, fmt.Errorf("pack %s: %w", name, err)
	}
	if err := z.Close(); err != nil {
		return Download{}, fmt.Errorf("pack %s: %w", name, err)
	}
	return Download{
		Name: name, Type: mediaType, About: about, Size: summary.Significant(float64(counted.n)/1000) + " kB",
		Link: template.URL("data:application/gzip;base64," + base64.StdEncoding.EncodeToString(packed.Bytes())),
	}, nil
}

// counter counts what it passes on.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// data is the run itself, to be taken along.
func (r *report) data() (template.HTML, error) {
	downloads, err := runDownloads(fileName(r.Run.ID), r.Data)
	if err != nil {
		return "", err
	}
	return render("data", downloads)
}

// runDownloads are the records of a run, in files of that name.
func runDownloads(name string, r summary.Data) ([]Download, error) {
	var downloads []Download
	for _, f := range []struct{ format, mediaType, about string }{
		{"json", "application/json", "The whole run: gwbench report, compare and export read it like its folder."},
		{"csv", "text/csv", "A row for each trial, for spreadsheets and data frames."},
	} {
		format, err := export.Lookup(f.format)
		if err != nil {
			return nil, err
		}
		d, err := newDownload(name+format.Extension, f.mediaType, f.about, func(w io.Writer) error {
			return format.Write(w, export.Data{Run: r.Run, Trials: r.Trials, Claims: r.Claims}, nil)
		})
		if err != nil { // records that no run folder holds either: the rest of the page tells of them
			d = Download{Name: name + format.Extension, About: inert.Line(err.Error())}
		}
		downloads = append(downloads, d)
	}
	return downloads, nil
}

// fileName is a run's ID as every system takes it for the name of a file.
func fileName(id string) string {
	const most = 100
	name := []rune(inert.Line(id))
	for i, c := range name {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		case c == '.' && i > 0:
		default:
			name[i] = '-'
		}
	}
	if len(name) == 0 {
		return "run"
	}
	return string(name[:min(len(name), most)])
}
