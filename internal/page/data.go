package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// runFiles is a run within the page, to be taken along. It is most of the page's bytes,
// so it is there once, as a packed bundle (results.WritePacked), which is what a browser
// without JavaScript saves. The script makes a bundle of it, and CSV (bundle.js, csv.js).
type runFiles struct {
	Name    string            // of the files, without extension
	Packed  template.HTMLAttr // href of it, compressed with gzip; "" where the page does not hold it
	Missing string            // why there is no Packed
	Size    string            // of the bundle, for people
	Columns export.CSVColumns // that csv.js does not know by itself
}

// mostPacked is how large a run may be in a page, compressed: some 6,000 trials, beyond
// which programs that show or send pages begin to refuse them. Tests set it.
var mostPacked = 8 << 20

// data is the run itself.
func (r *report) data() (template.HTML, error) {
	return render("data", newRunFiles(fileName(r.Run.ID), r.Data))
}

// newRunFiles are the records of a run, in files of that name.
func newRunFiles(name string, d summary.Data) runFiles {
	files := runFiles{Name: name}
	packed, size, err := packedRun(d)
	if err != nil { // records that no run folder holds either: the rest of the page tells of them
		files.Missing = inert.Line(err.Error())
		return files
	}
	if len(packed) > mostPacked {
		files.Missing = fmt.Sprintf("compressed it has %d bytes, and a page holds up to %d. It is in the run folder of %s: gwbench export --format json makes it.",
			len(packed), mostPacked, inert.Line(d.Run.ID))
		return files
	}
	// As an attribute, since a URL within one has each + escaped: of base64 that is 6 %.
	files.Packed = template.HTMLAttr(`href="data:application/gzip;base64,` + base64.StdEncoding.EncodeToString(packed) + `"`)
	files.Size, files.Columns = summary.Significant(float64(size)/1000)+" kB", export.CSVNames()
	return files
}

// packedRun is a run packed and compressed, and how many bytes its bundle has.
func packedRun(d summary.Data) (packed []byte, size int64, err error) {
	var plain counter
	if err := results.WriteBundle(&plain, d.Run, d.Trials); err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	// The header has no time, so that equal data give equal bytes.
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		err = results.WritePacked(z, d.Run, d.Trials)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), int64(plain), err
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
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
