package apps_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/targets/apps"
)

func ExampleLookup() {
	hello, _ := apps.Lookup("hello")
	w := httptest.NewRecorder()
	hello.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"), w.Body)
	// Output: 200 text/html <h1>Hello, web!</h1>
}

func TestLookupKnowsItsNames(t *testing.T) {
	if diff := cmp.Diff([]string{"hello", "probe"}, apps.Names()); diff != "" {
		t.Error(diff)
	}
	for _, name := range apps.Names() {
		if h, ok := apps.Lookup(name); !ok || h == nil {
			t.Errorf("Lookup(%q) = %v, %v", name, h, ok)
		}
	}
	if _, ok := apps.Lookup("Hello"); ok {
		t.Error("Lookup found an application that does not exist")
	}
}

func TestHelloIsTheThreeLines(t *testing.T) {
	const want = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/html')])
    return [b'<h1>Hello, web!</h1>']
`
	got, err := apps.Files.ReadFile("hello.py")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestHelloAnswersLikePython(t *testing.T) {
	python := startPython(t, "hello")
	got := python.answer(t, wsgiRequest{vars: []cgi.Var{{Name: "REQUEST_METHOD", Value: "GET"}, {Name: "PATH_INFO", Value: "/"}}})

	hello, _ := apps.Lookup("hello")
	w := httptest.NewRecorder()
	hello.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	want := wsgiAnswer{status: 200, header: http.Header{"Content-Type": {"text/html"}}, body: w.Body.String()}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(wsgiAnswer{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(http.Header{"Content-Type": {"text/html"}}, w.Header()); diff != "" {
		t.Errorf("the Go twin's header:\n%s", diff)
	}
}

func TestHelloAllocatesNothing(t *testing.T) {
	hello, _ := apps.Lookup("hello")
	w, r := discard{http.Header{}}, httptest.NewRequest("GET", "/", nil)
	if n := testing.AllocsPerRun(100, func() { hello.ServeHTTP(w, r) }); n > 0 {
		t.Errorf("hello allocates %v times per request", n)
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func TestProbe(t *testing.T) {
	probe, _ := apps.Lookup("probe")
	tests := []struct {
		method, path, body string
		status             int
		contentType        string
		answer             string // a part of the body
	}{
		{"GET", "/", "", 200, "text/plain; charset=utf-8", "/environ"},
		{"POST", "/echo", "a\x00b", 200, "application/x-test", "a\x00b"},
		{"POST", "/length", "a\x00b", 200, "text/plain; charset=utf-8", "3"},
		{"GET", "/bytes/3", "", 200, "application/octet-stream", "\x00\x01\x02"},
		{"GET", "/bytes/67108865", "", 400, "text/plain; charset=utf-8", "0 to 67108864"},
		{"GET", "/bytes/-1", "", 400, "text/plain; charset=utf-8", `"-1" is not a number`},
		{"GET", "/headers/1001", "", 400, "text/plain; charset=utf-8", "0 to 1000"},
		{"GET", "/sleep/0", "", 200, "text/plain; charset=utf-8", "/environ"},
		{"GET", "/sleep/10001", "", 400, "text/plain; charset=utf-8", "0 to 10000"},
		{"GET", "/status/503", "", 503, "", "503 Service Unavailable"},
		{"GET", "/status/204", "", 204, "", ""},
		{"GET", "/status/100", "", 400, "text/plain; charset=utf-8", "200 to 599"},
		{"GET", "/inspect", "", 200, "application/json", "null"},
		{"GET", "/environment", "", 404, "text/plain; charset=utf-8", "not found"},
	}
	for _, tt := range tests {
		t.Run(tt.method+tt.path, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/x-test")
			w := httptest.NewRecorder()
			probe.ServeHTTP(w, r)
			if w.Code != tt.status || w.Header().Get("Content-Type") != tt.contentType {
				t.Errorf("status %d, Content-Type %q, want %d, %q", w.Code, w.Header().Get("Content-Type"), tt.status, tt.contentType)
			}
			if !strings.Contains(w.Body.String(), tt.answer) || (tt.answer == "") != (w.Body.Len() == 0) {
				t.Errorf("body %q, want %q in it", w.Body, tt.answer)
			}
		})
	}
}

func TestProbeBytesRepeatTheirPattern(t *testing.T) {
	probe, _ := apps.Lookup("probe")
	w := httptest.NewRecorder()
	probe.ServeHTTP(w, httptest.NewRequest("GET", "/bytes/100001", nil))
	got := w.Body.Bytes()
	if len(got) != 100001 || w.Header().Get("Content-Length") != "100001" {
		t.Fatalf("%d bytes, Content-Length %s", len(got), w.Header().Get("Content-Length"))
	}
	for i, b := range got {
		if int(b) != i%251 {
			t.Fatalf("byte %d is %d, want %d", i, b, i%251)
		}
	}
}

func TestProbeHeaders(t *testing.T) {
	probe, _ := apps.Lookup("probe")
	w := httptest.NewRecorder()
	probe.ServeHTTP(w, httptest.NewRequest("GET", "/headers/20", nil))
	for i := 1; i <= 20; i++ {
		if got, want := w.Header().Get(fmt.Sprintf("X-Probe-%d", i)), fmt.Sprintf("value %d", i); got != want {
			t.Errorf("X-Probe-%d: %q, want %q", i, got, want)
		}
	}
}

// TestEnviron sends one request over HTTP and, as a gateway would translate
// it, in CGI variables: the projections are equal.
func TestEnviron(t *testing.T) {
	want := apps.Environ{
		Method: "POST", ScriptName: "", PathInfo: "/environ/cafÃ©/a b", QueryString: "q=%20&x",
		ContentType: "text/plain", ContentLength: 5,
		Headers:    []string{"HTTP_COOKIE: a=1; b=2", "HTTP_HOST: example.com:8000", "HTTP_X_LATIN: é", "HTTP_X_TWICE: 1, 2"},
		BodyLength: 5, BodySHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
	}
	t.Run("http", func(t *testing.T) {
		r := httptest.NewRequest("POST", "http://example.com:8000/environ/caf%C3%A9/a%20b?q=%20&x", strings.NewReader("hello"))
		r.Header = http.Header{
			"Content-Type": {"text/plain"}, "Content-Length": {"5"}, "Connection": {"close"}, "Te": {"trailers"}, "Proxy": {"evil"},
			"Cookie": {"a=1", "b=2"}, "X-Twice": {"1", "2"}, "X-Latin": {"\xe9"},
		}
		checkEnviron(t, r, want)
	})
	t.Run("cgi", func(t *testing.T) {
		var vars cgi.Vars
		for _, v := range [][2]string{
			{"CONTENT_LENGTH", "5"},
			{"REQUEST_METHOD", "POST"},
			{"REQUEST_URI", "/environ/caf%C3%A9/a%20b?q=%20&x"},
			{"SCRIPT_NAME", ""},
			{"PATH_INFO", "/environ/caf\xc3\xa9/a b"},
			{"QUERY_STRING", "q=%20&x"},
			{"CONTENT_TYPE", "text/plain"},
			{"SERVER_PROTOCOL", "HTTP/1.1"},
			{"SERVER_NAME", "example.com"},
			{"SERVER_PORT", "8000"},
			{"HTTP_HOST", "example.com:8000"},
			{"HTTP_COOKIE", "a=1; b=2"},
			{"HTTP_X_TWICE", "1, 2"},
			{"HTTP_X_LATIN", "\xe9"},
			{"HTTP_CONNECTION", "close"},
			{"HTTP_CONTENT_LENGTH", "5"},
		} {
			vars.Add(v[0], v[1])
		}
		r, err := cgi.NewRequest(&vars)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = io.NopCloser(strings.NewReader("hello"))
		checkEnviron(t, r, want)
	})
	t.Run("body of unknown length", func(t *testing.T) {
		r := httptest.NewRequest("POST", "http://h/environ", io.MultiReader(strings.NewReader("hello")))
		if r.ContentLength != -1 {
			t.Fatal("the length is known")
		}
		checkEnviron(t, r, apps.Environ{
			Method: "POST", PathInfo: "/environ", ContentLength: 5, Headers: []string{"HTTP_HOST: h"},
			BodyLength: 5, BodySHA256: want.BodySHA256,
		})
	})
	t.Run("broken body", func(t *testing.T) {
		r := httptest.NewRequest("POST", "/environ", io.MultiReader(strings.NewReader("he"), broken{}))
		w := httptest.NewRecorder()
		probe, _ := apps.Lookup("probe")
		probe.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "after 2 bytes: unexpected EOF") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func checkEnviron(t *testing.T, r *http.Request, want apps.Environ) {
	t.Helper()
	probe, _ := apps.Lookup("probe")
	w := httptest.NewRecorder()
	probe.ServeHTTP(w, r)
	var got apps.Environ
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v in %d %s", err, w.Code, w.Body)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
