package browsertest

import (
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// A check that cannot fail finds nothing.
func TestComplaints(t *testing.T) {
	for _, test := range []struct{ name, html, want string }{
		{"console error", `<script>console.error("first")</script>`, "first"},
		{"console warning", `<script>console.warn("second")</script>`, "second"},
		{"exception", `<script>throw new Error("third")</script>`, "third"},
		{"rejected promise", `<script>Promise.reject(new Error("fourth"))</script>`, "fourth"},
		{"policy", `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>0</script>`, "Content Security Policy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := OpenFile(t, []byte("<!doctype html>"+test.html), View{})
			p.Settle()
			if got := strings.Join(p.Complaints(), "\n"); !strings.Contains(got, test.want) {
				t.Errorf("heard %q, want %q", got, test.want)
			}
		})
	}
}

func TestRequestsAreSeenAndGoNowhere(t *testing.T) {
	p := OpenFile(t, []byte(`<!doctype html><img id="i" src="http://127.0.0.1:9/picture.png" alt="">`), View{})
	p.Settle()
	if got := strings.Join(p.requests(), " "); !strings.Contains(got, "127.0.0.1:9") {
		t.Errorf("requests: %s", got)
	}
	if got := strings.Join(p.Complaints(), " "); !strings.Contains(got, "ERR_INTERNET_DISCONNECTED") {
		t.Errorf("the page has a network: %q", got)
	}
	p.served = append(p.served, "http://127.0.0.1:9")
}

func TestViews(t *testing.T) {
	p := OpenFile(t, []byte("<!doctype html><title>views</title>"), View{Width: 320, Dark: true, Still: true})
	const seen = `[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(prefers-reduced-motion)").matches, matchMedia("print").matches].join(" ")`
	if got := Eval[string](p, seen); got != "320 true true false" {
		t.Error(got)
	}
	p.Look(View{Print: true})
	if got := Eval[string](p, seen); got != "1280 false false true" {
		t.Error(got)
	}
}

func TestNoScript(t *testing.T) {
	p := OpenFile(t, []byte(`<!doctype html><script>document.title = "ran"</script>`), View{NoScript: true})
	if got := Eval[string](p, "document.title"); got != "" {
		t.Errorf("a script ran: %q", got)
	}
}

func TestDownload(t *testing.T) {
	p := OpenFile(t, []byte(`<!doctype html><a download="hello.txt" href="data:text/plain,hello">x</a>`), View{})
	name, content := p.Download(func() { p.Click("a") })
	if name != "hello.txt" || string(content) != "hello" {
		t.Errorf("%s: %q", name, content)
	}
}
