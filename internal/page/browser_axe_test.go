package page_test

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
)

// axe is a check of accessibility, of our own: an expression whose value is what is
// wrong with the page.
//
//go:embed testdata/axe.js
var axe string

// TestAxeFinds: a check that cannot fail finds nothing.
func TestAxeFinds(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, []byte(`<!doctype html><html lang="en"><title>t</title><style>:focus-visible { outline: 3px solid }</style>
<body><header><h1>one</h1></header><nav aria-label="n"><a href="#m">a</a></nav><main id="m"></main></html>`), browsertest.View{})
	for _, test := range []struct{ name, body, want string }{
		{"nothing", `<p>text</p><button>b</button><label>l <select><option>o</select></label>`, ""},
		{"two mains", `<main></main>`, "2 of main"},
		{"two h1", `<h1>x</h1>`, "2 of h1"},
		{"nav without a label", `<nav></nav>`, "a nav without a label"},
		{"heading that skips", `<h3>x</h3>`, "level 3 after one of level 1"},
		{"same id", `<p id="x"></p><p id="x"></p>`, "2 elements have the id x"},
		{"reference", `<p aria-labelledby="x"></p>`, "aria-labelledby refers to x"},
		{"link to nothing", `<a href="#x">x</a>`, "a link to nothing"},
		{"button", `<button></button>`, "no name: <button"},
		{"button of a mark alone", `<button><span aria-hidden="true">x</span></button>`, "no name: <button"},
		{"field", `<input>`, "no name: <input"},
		{"choice", `<select><option>o</select>`, "no name: <select"},
		{"figure", `<figure>x</figure>`, "no name: <figure"},
		{"table", `<table><tr><td>x</table>`, "no name: <table"},
		{"region", `<div role="region">x</div>`, "no name: <div"},
		{"regions", `<div role="region" aria-label="r"></div><div role="region" aria-label="r"></div>`, "of the same name"},
		{"picture", `<svg width="9" height="9"></svg>`, "a picture without a name"},
		{"image", `<img src="data:,">`, "an image without alt"},
		{"th", `<table><caption>c</caption><tr><th>x</table>`, "without scope"},
		{"order", `<button tabindex="1">x</button>`, "tabindex"},
		{"focus", `<button style="outline: none">x</button>`, "the focus does not show"},
		{"silent control", `<div aria-hidden="true"><button>x</button></div>`, "that screen readers do not know"},
		{"scrolls", `<div style="overflow-x: auto; width: 50px"><div style="width: 90px">x</div></div>`, "not at the keyboard"},
		{"contrast", `<p style="color: #777">x</p>`, "contrast 4.48"},
		{"contrast of large text", `<p style="color: #777; font-size: 24px">x</p>`, ""},
		{"contrast on a ground", `<div style="background: #00f"><p style="color: #000">x</p></div>`, "contrast 2.44"},
		{"contrast of what shines through", `<p style="color: rgb(0 0 0 / 40%)">x</p>`, "contrast 2.85"},
		{"contrast in a picture", `<svg role="img" aria-label="p" width="99" height="20"><text y="15" fill="#ccc">x</text></svg>`, "contrast 1.6"},
		{"contrast on a shape", `<svg role="img" aria-label="p" width="99" height="40"><rect width="99" height="20" fill="#00f"/><text y="15">x</text></svg>`, "contrast 2.44"},
		{"contrast on a shape beneath half of it", `<svg role="img" aria-label="p" width="99" height="40"><path d="M20 0h30v20h-30z" fill="#00f"/><text y="15">half of this</text></svg>`, "contrast 2.44"},
		{"contrast on a shape that is moved", `<svg role="img" aria-label="p" width="99" height="40"><g transform="translate(0 20) scale(2)"><circle r="20" fill="#00f"/></g><text y="35">x</text></svg>`, "contrast 2.44"},
		{"contrast on a shape that shines through", `<svg role="img" aria-label="p" width="99" height="40"><g opacity="0.7"><rect width="99" height="20" fill-opacity="1"/></g><text y="15">x</text></svg>`, "contrast 2.4"},
		{"contrast of a text that shines through", `<svg role="img" aria-label="p" width="99" height="40"><text y="15" fill-opacity="0.4">x</text></svg>`, "contrast 2.85"},
		{"contrast on the uppermost shape", `<svg role="img" aria-label="p" width="99" height="40"><rect width="99" height="20" fill="#00f"/><rect width="99" height="20" fill="#fff"/><text y="15">x</text></svg>`, ""},
		{"contrast beside a shape", `<svg role="img" aria-label="p" width="99" height="40"><rect width="99" height="20" fill="#00f"/><text y="35">x</text></svg>`, ""},
		{"contrast of what a line goes through", `<svg role="img" aria-label="p" width="99" height="40"><path d="M0 0L99 20" fill="none" stroke="#00f"/><text y="15">x</text></svg>`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			browsertest.Eval[string](p, fmt.Sprintf("document.querySelector('#m').innerHTML = %q", test.body))
			got := strings.Join(browsertest.Eval[[]string](p, axe), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// accessible opens what is folded, and leaves it open.
func accessible(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for _, view := range []struct {
		name string
		view browsertest.View
	}{
		{"light", browsertest.View{}},
		{"dark", browsertest.View{Dark: true}},
		{"narrow", browsertest.View{Width: 360}},
		{"narrow and dark", browsertest.View{Width: 360, Dark: true}},
	} {
		p.Look(view.view)
		p.Settle()
		accessibleAs(t, p, view.name)
	}
}

// accessibleAs looks at the page as it is.
func accessibleAs(t *testing.T, p *browsertest.Page, view string) {
	t.Helper()
	for _, problem := range browsertest.Eval[[]string](p, axe) {
		if strings.HasSuffix(t.Name(), "/hostile") && strings.HasPrefix(problem, "a region of the same name") {
			continue // all its cases have one name
		}
		t.Errorf("%s: %s", view, problem)
	}
}
