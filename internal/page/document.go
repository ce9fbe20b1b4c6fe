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
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
)

// Document is a whole page. The zero value of each field leaves its part out.
type Document struct {
	Title    string
	Lead     template.HTML // what stands between the title and the first section
	Sections []Section     // in the order of the page; its navigation lists them
	Charts   any           // what the script draws; JSON
}

// Section is a part of a page beneath a heading.
type Section struct {
	ID    string // unique in the page; letters and dashes
	Title string
	Body  template.HTML
}

//go:embed assets/document.gohtml
var documentSource string

//go:embed assets/style.css
var styleSource string

//go:embed assets/script.js
var scriptSource string

var documentTemplate = template.Must(template.New("document").Parse(documentSource))

// Write renders the page. An error is that of w, or of data that JSON cannot hold.
func (d Document) Write(w io.Writer) error {
	// encoding/json writes <, > and & as escapes, so that nothing in the data ends the
	// script element that holds it.
	charts, err := json.Marshal(d.Charts)
	if err != nil {
		return fmt.Errorf("data of the page's charts: %w", err)
	}
	err = documentTemplate.Execute(w, struct {
		Document
		Charts template.JS
		Policy string
		Style  template.CSS
		Script template.JS
	}{d, template.JS(charts), policy(), template.CSS(styleSource), template.JS(scriptSource)})
	if err != nil {
		return fmt.Errorf("render the page: %w", err)
	}
	return nil
}

// policy is the page's Content-Security-Policy: its own style and script, pictures and
// downloads that are in it, and nothing from anywhere else. Pictures have styles in
// attributes.
func policy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src " + hash(styleSource) + "; style-src-attr 'unsafe-inline'; script-src " + hash(scriptSource) +
		"; base-uri 'none'; form-action 'none'"
}
