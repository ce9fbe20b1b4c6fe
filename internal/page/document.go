// Package page makes HTML pages of runs: the report of one, the comparison of
// several. A page is one file that needs nothing else: style, script, pictures and
// data are in it, and no request leaves it. Without JavaScript it is complete; with it
// tables sort and filter, and charts answer to the pointer.
//
// Everything is a pure function of the records: equal records give equal bytes.
// Names, reasons and messages in them are hostile, and are escaped by html/template;
// a Content-Security-Policy in the page lets no script run but the page's own, by its
// hash.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"regexp"
)

// Document is a whole page. The zero value of each field leaves its part out.
type Document struct {
	Title    string        // the heading; HTML escapes it
	Kind     string        // what sort of page it is: "gwbench run report"
	Lead     template.HTML // what stands between the title and the first section
	Sections []Section     // in the order of the page; its navigation lists them
	Charts   any           // what the script draws; JSON
	Served   *Served       // nil: the page is a file, which asks nobody for anything
}

// Served is what a page has beyond a file where a server of gwbench's sends it: it may
// send forms to that server and listen to its events.
type Served struct {
	Style, Script string // after the page's own; "": none
}

// Section is a part of a page beneath a heading.
type Section struct {
	ID    string // unique in the page; letters and dashes
	Title string
	Body  template.HTML
}

// part makes a section.
type part struct {
	id, title string
	body      func() (template.HTML, error) // "" leaves the section out
}

func sections(parts []part) ([]Section, error) {
	var made []Section
	for _, p := range parts {
		body, err := p.body()
		if err != nil {
			return nil, err
		}
		if body != "" {
			made = append(made, Section{ID: p.id, Title: p.title, Body: body})
		}
	}
	return made, nil
}

//go:embed assets/*.gohtml
var templateSources embed.FS

// templates are those of all pages and their parts, by the names that the files in
// assets define.
var templates = template.Must(template.New("").Funcs(template.FuncMap{"prose": prose}).ParseFS(templateSources, "assets/*.gohtml"))

// prose is a sentence in which no line ends between a number and its unit.
func prose(text string) string { return unitBehind.ReplaceAllString(text, "$1\u00a0$2") }

var unitBehind = regexp.MustCompile(`(\d) (%|ms|us|B|req)`)

// render is a part of a page: what the template of that name makes of the data.
func render(name string, data any) (template.HTML, error) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return template.HTML(out.String()), nil
}

// Write renders the page. An error is that of w, or of data that JSON cannot hold.
func (d Document) Write(w io.Writer) error {
	// encoding/json writes <, > and & as escapes, so that nothing in the data ends the
	// script element that holds it.
	charts, err := json.Marshal(d.Charts)
	if err != nil {
		return fmt.Errorf("data of the page's charts: %w", err)
	}
	var served Served
	if d.Served != nil {
		served = *d.Served
	}
	err = templates.ExecuteTemplate(w, "document", struct {
		Document
		Charts     template.JS
		Policy     string
		Style      template.CSS
		MoreStyle  template.CSS
		Script     template.JS
		MoreScript template.JS
	}{
		d, template.JS(charts), d.Policy(), template.CSS(styleSource), template.CSS(served.Style),
		template.JS(scriptSource), template.JS(served.Script),
	})
	if err != nil {
		return fmt.Errorf("render the page: %w", err)
	}
	return nil
}

// bytes is the page as a file.
func (d Document) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Policy is the page's Content-Security-Policy: its own style and script, pictures and
// downloads that are in it, and nothing from anywhere else but the server that sends
// it, where there is one. Nothing has styles in attributes: scripts set them by
// property, which no policy forbids.
func (d Document) Policy() string {
	styles, scripts, asks := hashOf(styleSource), hashOf(scriptSource), "form-action 'none'"
	if d.Served != nil {
		asks = "connect-src 'self'; form-action 'self'"
		if d.Served.Style != "" {
			styles += " " + hashOf(d.Served.Style)
		}
		if d.Served.Script != "" {
			scripts += " " + hashOf(d.Served.Script)
		}
	}
	return "default-src 'none'; img-src data:; style-src " + styles + "; script-src " + scripts +
		"; base-uri 'none'; " + asks
}

// hashOf is how a Content-Security-Policy names a text that may be in the page.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
