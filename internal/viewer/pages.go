package viewer

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/page"
)

//go:embed assets/*.gohtml
var templateFiles embed.FS

//go:embed assets/viewer.css
var styleSource string

var templates = template.Must(template.ParseFS(templateFiles, "assets/*.gohtml"))

// fragment renders one of the viewer's own templates: a part of a page.
func fragment(name string, data any) (template.HTML, error) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("render the page: %w", err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // html/template made it
}

// answer is a page that is rendered.
type answer struct {
	code   int
	policy string
	body   []byte
}

// render renders a page that is served.
func render(code int, d page.Document) (answer, error) {
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return answer{}, err
	}
	return answer{code, d.Policy(), out.Bytes()}, nil
}

func (a answer) send(w http.ResponseWriter) {
	setPolicy(w.Header(), a.policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.code)
	_, _ = w.Write(a.body) // a reader that went away
}

// problem is an error that a page shows, with the code of the answer.
type problem struct {
	code int
	err  error
}

func (p problem) Error() string { return p.err.Error() }
func (p problem) Unwrap() error { return p.err }

// show answers with the page that make makes, or with its error.
func show(make func(*http.Request) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := survive(func() (answer, error) { return make(r) })
		if err != nil {
			a = failure(err)
		}
		a.send(w)
	}
}

// failure is the page about an error.
func failure(err error) answer {
	code := http.StatusInternalServerError
	var p problem
	if errors.As(err, &p) {
		code = p.code
	}
	a, err := survive(func() (answer, error) {
		body, err := fragment("failure", inert.Text(err.Error()))
		if err != nil {
			return answer{}, err
		}
		return render(code, page.Document{Title: http.StatusText(code), Kind: "gwbench view", Lead: body, Served: &page.Served{Style: styleSource}})
	})
	if err != nil {
		return answer{http.StatusInternalServerError, closedPolicy, []byte("this page cannot be rendered")}
	}
	return a
}
