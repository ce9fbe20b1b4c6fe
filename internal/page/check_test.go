package page

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gwbench/gwbench/internal/summary"
)

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// element is what checkPage knows of an open element.
type element struct {
	name  string
	cells int // of a row
	// Of the cell of a column of numbers: what a script would sort it by, which is its
	// text unless it has a value.
	number, valued bool
	text           string
}

// voids have no end tag.
var voids = []string{"meta", "br", "hr", "img", "input", "link", "col"}

// known are the elements that pages are made of. Any other would be markup that came
// from a record.
var known = strings.Fields(`html head meta title style body a header p button h1 h2 h3 h4 div dl dt dd nav ul li main section
	article span small table caption thead tbody tr th td figure figcaption details summary code pre script
	svg g path line rect circle text polygon polyline title desc tspan ellipse use defs`)

// checkPage fails on a page that is not well-formed, that does something on behalf of
// its records, or that a screen reader would lose its way in.
func checkPage(t fataler, page []byte) {
	t.Helper()
	var open []element
	ids, links := map[string]bool{}, []string{}
	heading, scripts, columns := 0, 0, 0
	var numbers []bool // of the columns of a table: whether they sort by number
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if z.Err() != io.EOF {
				t.Fatalf("tokens: %v", z.Err())
			}
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if !slices.Contains(known, token.Data) {
				t.Fatalf("element <%s> in a page", token.Data)
			}
			seen := map[string]bool{}
			for _, a := range token.Attr {
				switch {
				case seen[a.Key]:
					t.Fatalf("<%s> has %s twice", token.Data, a.Key)
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcdoc", a.Key == "action":
					t.Fatalf("<%s %s=%q>", token.Data, a.Key, a.Val)
				case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
					links = append(links, a.Val[1:])
				case a.Key == "href" && !strings.HasPrefix(a.Val, "data:application/gzip;base64,"):
					t.Fatalf("a link to %q", a.Val)
				case a.Key == "aria-labelledby" || a.Key == "data-for":
					links = append(links, a.Val)
				case a.Key == "id":
					if ids[a.Val] || a.Val == "" || strings.ContainsAny(a.Val, " \t\n<>\"'") {
						t.Fatalf("id %q", a.Val)
					}
					ids[a.Val] = true
				}
				seen[a.Key] = true
			}
			switch token.Data {
			case "script":
				scripts++
			case "h1", "h2", "h3", "h4":
				level := int(token.Data[1] - '0')
				if level > heading+1 {
					t.Fatalf("<%s> after <h%d>", token.Data, heading)
				}
				heading = level
			case "table":
				columns, numbers = 0, nil
			case "td", "th":
				at := open[len(open)-1].cells
				open[len(open)-1].cells++
				if token.Data == "th" && !seen["scope"] {
					t.Fatalf("<th> without scope")
				}
				if inside(open, "thead") {
					numbers = append(numbers, attribute(token, "data-type") == "number")
				} else if at < len(numbers) && numbers[at] {
					open = append(open, element{name: token.Data, number: true, valued: seen["data-value"], text: attribute(token, "data-value")})
					continue
				}
			}
			if kind == html.StartTagToken && !slices.Contains(voids, token.Data) {
				open = append(open, element{name: token.Data})
			}
		case html.TextToken:
			for i := range open {
				if open[i].number && !open[i].valued {
					open[i].text += token.Data
				}
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1].name != token.Data {
				t.Fatalf("</%s> ends %v", token.Data, open)
			}
			if last := open[len(open)-1]; last.name == "tr" {
				if columns > 0 && last.cells != columns {
					t.Fatalf("a row of %d cells in a table of %d columns", last.cells, columns)
				}
				columns = last.cells
			} else if last.number && !sortsByNumber(last.text) {
				t.Fatalf("a cell of numbers sorts by %q", last.text)
			}
			open = open[:len(open)-1]
		case html.CommentToken:
			t.Fatalf("comment %q", token.Data)
		}
	}
	if len(open) > 0 {
		t.Fatalf("left open: %v", open)
	}
	if scripts != 2 {
		t.Fatalf("%d scripts, want the data of the charts and the page's own", scripts)
	}
	for _, id := range links {
		if !ids[id] {
			t.Fatalf("a link to %q, which is not there", id)
		}
	}
}

// inside tells whether an element of that name is open.
func inside(open []element, name string) bool {
	return slices.ContainsFunc(open, func(e element) bool { return e.name == name })
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// sortsByNumber tells whether a script finds a number in the text, or nothing that
// anybody knows.
func sortsByNumber(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || text == summary.Unknown || text == "-" {
		return true
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	for name, page := range map[string]string{
		"open":    "<p>x",
		"crossed": "<p><a></p></a>",
		"handler": `<p onclick="x"></p>`,
		"remote":  `<a href="https://example.org/">x</a>`,
		"twice":   `<p id="a"></p><p id="a"></p>`,
		"foreign": "<iframe></iframe>",
		"ragged":  "<table><tr><td></td></tr><tr></tr></table>",
		"levels":  "<h1></h1><h3></h3>",
		"nowhere": `<a href="#b"></a>`,
		"textual": `<table><thead><tr><th scope="col" data-type="number">n</th></tr></thead><tr><td>1 <small>x</small></td></tr></table>`,
	} {
		t.Run(name, func(t *testing.T) {
			var found recorder
			func() {
				defer func() { _ = recover() }()
				checkPage(&found, []byte(page+"<script></script><script></script>"))
			}()
			if !found {
				t.Errorf("%s is fine", page)
			}
		})
	}
}

// recorder notes a failure, and stops there.
type recorder bool

func (r *recorder) Helper() {}

func (r *recorder) Fatalf(string, ...any) {
	*r = true
	panic("failed")
}
