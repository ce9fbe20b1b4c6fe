package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

// Format is a kind of file that a report consists of.
type Format string

const (
	HTML     Format = "html" // report.html, which needs none of the others
	Markdown Format = "md"   // report.md, which shows the pictures beside it
	SVG      Format = "svg"  // every picture; so are the next two
	PNG      Format = "png"
	PDF      Format = "pdf"
)

// Formats are all formats, and DefaultFormats those of a run's own folder.
var (
	Formats        = []Format{HTML, Markdown, SVG, PNG, PDF}
	DefaultFormats = []Format{HTML, Markdown, SVG, PNG}
)

// pictureFormats are the formats of pictures.
var pictureFormats = []Format{SVG, PNG, PDF}

// ParseFormats reads a list such as "html,md". The error about a name that is none
// has the nearest.
func ParseFormats(list string) ([]Format, error) {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = string(f)
	}
	var formats []Format
	for name := range strings.SplitSeq(list, ",") {
		f := Format(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(Formats, f) {
			return nil, fmt.Errorf("%q is no format of a report: %suse some of %s", name, spelling.Hint(string(f), names), strings.Join(names, ","))
		}
		if !slices.Contains(formats, f) {
			formats = append(formats, f)
		}
	}
	return formats, nil
}
