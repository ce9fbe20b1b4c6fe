package cgi

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// list returns the variables as name=value, in their order.
func list(v *Vars) []string {
	var lines []string
	for i := range v.Len() {
		name, value := v.At(i)
		lines = append(lines, string(name)+"="+string(value))
	}
	return lines
}

// variables returns the variables of a request, and fails where a name comes
// twice.
func variables(t testing.TB, g *Gateway, r *http.Request, length int64) map[string]string {
	t.Helper()
	var v Vars
	if err := g.AppendVars(&v, r, length); err != nil {
		t.Fatal(err)
	}
	m := make(map[string]string)
	for i := range v.Len() {
		name, value := v.At(i)
		if _, twice := m[string(name)]; twice {
			t.Errorf("%s comes twice", name)
		}
		m[string(name)] = string(value)
	}
	return m
}

func TestAppendVarsInOrder(t *testing.T) {
	r, err := http.NewRequest("POST", "http://example.com:8080/a%20b?c=%20d", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"User-Agent":   {"test"},
		"Content-Type": {"text/plain"},
		"Accept":       {"a", "b"},
	}
	var v Vars
	if err := (&Gateway{}).AppendVars(&v, r, 12); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"CONTENT_LENGTH=12",
		"REQUEST_METHOD=POST",
		"REQUEST_URI=/a%20b?c=%20d",
		"SCRIPT_NAME=",
		"PATH_INFO=/a b",
		"QUERY_STRING=c=%20d",
		"SERVER_PROTOCOL=HTTP/1.1",
		"REQUEST_SCHEME=http",
		"SERVER_NAME=example.com",
		"SERVER_PORT=8080",
		"REMOTE_ADDR=127.0.0.1",
		"REMOTE_PORT=0",
		"DOCUMENT_ROOT=/",
		"GATEWAY_INTERFACE=CGI/1.1",
		"SERVER_SOFTWARE=gwbench",
		"HTTP_HOST=example.com:8080",
		"CONTENT_TYPE=text/plain",
		"HTTP_ACCEPT=a, b",
		"HTTP_USER_AGENT=test",
	}
	if d := cmp.Diff(want, list(&v)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestAppendVarsHeader(t *testing.T) {
	tests := []struct {
		name   string
		header http.Header
		extra  []Var
		want   map[string]string // variables that headers could give; all others are ignored
	}{
		{"joined", http.Header{"X-A": {"1", " 2\t", ""}}, nil, map[string]string{"HTTP_X_A": "1, 2, "}},
		{"cookies", http.Header{"Cookie": {"a=1", "b=2"}}, nil, map[string]string{"HTTP_COOKIE": "a=1; b=2"}},
		{"no values", http.Header{"X-A": nil}, nil, map[string]string{}},
		{"httpoxy", http.Header{"Proxy": {"evil"}}, nil, map[string]string{}},
		{"httpoxy in lower case", http.Header{"proxy": {"evil"}}, nil, map[string]string{}},
		{"Host comes from the request", http.Header{"Host": {"evil"}}, nil, map[string]string{}},
		{"framing", http.Header{"Content-Length": {"7"}, "Transfer-Encoding": {"chunked"}}, nil, map[string]string{}},
		{
			"hop by hop", http.Header{
				"Connection": {"close, x-mine", "X-Other"}, "Keep-Alive": {"1"}, "Te": {"trailers"}, "Trailer": {"X"},
				"Upgrade": {"h2c"}, "Proxy-Connection": {"close"}, "Proxy-Authorization": {"x"}, "Proxy-Authenticate": {"x"},
				"X-Mine": {"1"}, "X-Other": {"2"}, "X-Theirs": {"3"},
			}, nil, map[string]string{"HTTP_X_THEIRS": "3"},
		},
		{"underscores", http.Header{"X_Foo": {"evil"}, "X-Foo": {"good"}}, nil, map[string]string{"HTTP_X_FOO": "good"}},
		{"other marks", http.Header{"X.Foo": {"1"}, "X Foo": {"1"}, "": {"1"}, "X-Föö": {"1"}}, nil, map[string]string{}},
		{"spellings", http.Header{"x-foo": {"c"}, "X-Foo": {"a", "b"}}, nil, map[string]string{"HTTP_X_FOO": "a, b, c"}},
		{"content-type in lower case", http.Header{"content-type": {"a/b"}}, nil, map[string]string{"CONTENT_TYPE": "a/b"}},
		{
			"replaced by Extra",
			http.Header{"x-foo": {"1"}, "X-Foo": {"2"}, "X-Aaa": {"3"}},
			[]Var{{"HTTP_X_FOO", "4"}, {"HTTP_X_FOO", "5"}},
			map[string]string{"HTTP_X_AAA": "3", "HTTP_X_FOO": "5"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://h/", nil)
			r.Header = test.header
			got := variables(t, &Gateway{Extra: test.extra}, r, 0)
			for name := range got {
				if !strings.HasPrefix(name, "HTTP_") && name != "CONTENT_TYPE" || name == "HTTP_HOST" {
					delete(got, name)
				}
			}
			if got["CONTENT_TYPE"] == "" {
				delete(got, "CONTENT_TYPE")
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestAppendVarsServer(t *testing.T) {
	tests := []struct {
		name      string
		url, host string
		tls       bool
		gateway   Gateway
		want      map[string]string
	}{
		{"port of the scheme", "http://h/", "", false, Gateway{}, map[string]string{"SERVER_NAME": "h", "SERVER_PORT": "80"}},
		{"https", "https://h/", "", false, Gateway{}, map[string]string{"SERVER_PORT": "443", "HTTPS": "on", "REQUEST_SCHEME": "https"}},
		{"TLS", "http://h/", "", true, Gateway{}, map[string]string{"SERVER_PORT": "443", "HTTPS": "on"}},
		{"Host wins", "http://a:1/", "b:2", false, Gateway{}, map[string]string{"SERVER_NAME": "b", "SERVER_PORT": "2", "HTTP_HOST": "b:2"}},
		{"IPv6", "http://[::1]:8000/", "", false, Gateway{}, map[string]string{"SERVER_NAME": "[::1]", "SERVER_PORT": "8000"}},
		{"IPv6 without port", "http://[::1]/", "", false, Gateway{}, map[string]string{"SERVER_NAME": "[::1]", "SERVER_PORT": "80"}},
		{"no host", "/", "", false, Gateway{}, map[string]string{"SERVER_NAME": "localhost", "SERVER_PORT": "80"}},
		{"empty port", "http://h:/", "", false, Gateway{}, map[string]string{"SERVER_NAME": "h", "SERVER_PORT": "80"}},
		{
			"gateway's own", "http://h:1/app/x", "", false,
			Gateway{
				ServerName: "s", ServerPort: "2", RemoteAddr: "10.0.0.1", RemotePort: "3", DocumentRoot: "/srv",
				ScriptName: "/app", ScriptFilename: "/srv/app.php", Software: "me/1", Extra: []Var{{"HTTPS", "off"}},
			},
			map[string]string{
				"SERVER_NAME": "s", "SERVER_PORT": "2", "REMOTE_ADDR": "10.0.0.1", "REMOTE_PORT": "3", "DOCUMENT_ROOT": "/srv",
				"SCRIPT_NAME": "/app", "PATH_INFO": "/x", "SCRIPT_FILENAME": "/srv/app.php", "SERVER_SOFTWARE": "me/1", "HTTPS": "off",
			},
		},
		{"script beside the path", "http://h/apple", "", false, Gateway{ScriptName: "/app"}, map[string]string{"PATH_INFO": "/apple"}},
		{"script is the path", "http://h/app", "", false, Gateway{ScriptName: "/app"}, map[string]string{"PATH_INFO": ""}},
		{"root script", "http://h/app", "", false, Gateway{ScriptName: "/"}, map[string]string{"PATH_INFO": "/app", "SCRIPT_NAME": ""}},
		{"no path", "http://h", "", false, Gateway{}, map[string]string{"PATH_INFO": "/", "REQUEST_URI": "/"}},
		{"asterisk", "*", "", false, Gateway{}, map[string]string{"PATH_INFO": "", "REQUEST_URI": "*"}},
		{"escaped slash", "http://h/a%2Fb?", "", false, Gateway{}, map[string]string{"PATH_INFO": "/a/b", "REQUEST_URI": "/a%2Fb?"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := url.Parse(test.url)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{URL: u, Host: test.host}
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			}
			got := variables(t, &test.gateway, r, 0)
			for name, want := range test.want {
				if value, ok := got[name]; value != want || !ok {
					t.Errorf("%s is %q, want %q", name, value, want)
				}
			}
			if got["REQUEST_METHOD"] != "GET" {
				t.Errorf("REQUEST_METHOD is %q", got["REQUEST_METHOD"])
			}
		})
	}
}

func TestAppendVarsRefuses(t *testing.T) {
	request := func(change func(*http.Request)) *http.Request {
		r := httptest.NewRequest("GET", "http://h/", nil)
		change(r)
		return r
	}
	tests := []struct {
		name    string
		request *http.Request
		length  int64
		extra   []Var
	}{
		{"unknown length", request(func(*http.Request) {}), -1, nil},
		{"newline in a field", request(func(r *http.Request) { r.Header.Set("X-A", "1\nHTTP_X: 2") }), 0, nil},
		{"return in the query", request(func(r *http.Request) { r.URL.RawQuery = "a\rb" }), 0, nil},
		{"NUL in the path", request(func(r *http.Request) { r.URL.Path = "/\x00" }), 0, nil},
		{"newline in the method", request(func(r *http.Request) { r.Method = "GET\n" }), 0, nil},
		{"NUL in the host", request(func(r *http.Request) { r.Host = "\x00" }), 0, nil},
		{"opaque URL", request(func(r *http.Request) { r.URL.Opaque = "//h/x" }), 0, nil},
		{"NUL in Extra", request(func(*http.Request) {}), 0, []Var{{"A\x00B", ""}}},
		{"= in Extra's name", request(func(*http.Request) {}), 0, []Var{{"A=B", ""}}},
		{"Extra without a name", request(func(*http.Request) {}), 0, []Var{{"", "x"}}},
		{"Extra for CONTENT_LENGTH", request(func(*http.Request) {}), 0, []Var{{"CONTENT_LENGTH", "1"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var v Vars
			err := (&Gateway{Extra: test.extra}).AppendVars(&v, test.request, test.length)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Errorf("got %v and %q", err, list(&v))
			}
		})
	}
}

func TestAppendVarsAllocatesNothing(t *testing.T) {
	r := typicalRequest(t)
	g := &Gateway{Extra: []Var{{"UWSGI_SCHEME", "http"}}}
	var v Vars
	allocs := testing.AllocsPerRun(100, func() {
		v.Reset()
		if err := g.AppendVars(&v, r, 0); err != nil {
			t.Error(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func typicalRequest(t testing.TB) *http.Request {
	r, err := http.NewRequest("GET", "http://127.0.0.1:8000/hello?name=web", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"User-Agent": {"gwbench/1"}, "Accept": {"*/*"}, "Accept-Encoding": {"gzip"},
		"Cookie": {"a=1", "b=2"}, "Connection": {"keep-alive"},
	}
	return r
}

func BenchmarkAppendVars(b *testing.B) {
	r := typicalRequest(b)
	g := &Gateway{}
	var v Vars
	b.ReportAllocs()
	for b.Loop() {
		v.Reset()
		if err := g.AppendVars(&v, r, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// Whatever the header, no name comes twice, names are CGI names, and no byte
// that ends a line or a string gets through.
func TestAppendVarsInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(rapid.String(), rapid.StringMatching(`[xX][-_][aA]{1,2}`))
		values := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.StringMatching("[a\r\n\x00]{0,2}")), 0, 3)
		r := httptest.NewRequest("GET", "http://h/", nil)
		r.Header = rapid.MapOf(key, values).Draw(t, "header")
		r.URL.Path = "/" + rapid.String().Draw(t, "path")
		var v Vars
		if err := (&Gateway{}).AppendVars(&v, r, 5); err != nil {
			return
		}
		if first, _ := v.At(0); string(first) != "CONTENT_LENGTH" {
			t.Fatalf("%q comes first", first)
		}
		seen := make(map[string]bool)
		for i := range v.Len() {
			name, value := v.At(i)
			if seen[string(name)] {
				t.Fatalf("%s comes twice", name)
			}
			seen[string(name)] = true
			if strings.Trim(string(name), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
				t.Fatalf("name %q", name)
			}
			if strings.ContainsAny(string(value), "\x00\r\n") {
				t.Fatalf("%s=%q", name, value)
			}
		}
	})
}

// FuzzRequestRoundTrip holds NewRequest to being the reverse of AppendVars.
func FuzzRequestRoundTrip(f *testing.F) {
	f.Add("GET", "http://h/", "X-A", "1")
	f.Add("POST", "http://[::1]:80/a%2Fb%20c?d=%2F&e", "Cookie", "a=b")
	f.Add("OPTIONS", "https://example.com/%C3%A4?", "Content-Type", "a/b")
	f.Fuzz(func(t *testing.T, method, rawURL, key, value string) {
		r, err := http.NewRequest(method, rawURL, nil)
		if err != nil || r.URL.Opaque != "" || !strings.HasPrefix(r.URL.Path, "/") || !passes(key) || hopByHop(key) {
			t.Skip()
		}
		value = strings.Trim(value, " \t")
		r.Header.Set(key, value)
		var v Vars
		if (&Gateway{}).AppendVars(&v, r, 3) != nil {
			t.Skip()
		}
		got, err := NewRequest(&v)
		if err != nil {
			t.Fatalf("%v\n%q", err, list(&v))
		}
		if got.Method != r.Method || got.URL.Path != r.URL.Path || got.URL.RawQuery != r.URL.RawQuery || got.ContentLength != 3 {
			t.Errorf("got %s %v %q, sent %s %v %q", got.Method, got.URL, got.URL.Path, r.Method, r.URL, r.URL.Path)
		}
		if want := r.URL.EscapedPath(); got.URL.EscapedPath() != want {
			t.Errorf("path is %q, sent %q", got.URL.EscapedPath(), want)
		}
		if want := []string{value}; key != "Content-Type" && !cmp.Equal(got.Header.Values(key), want) {
			t.Errorf("%s: got %q, want %q", key, got.Header.Values(key), want)
		}
	})
}
