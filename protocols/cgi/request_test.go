package cgi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// makeVars makes Vars of name=value lines.
func makeVars(lines ...string) *Vars {
	v := &Vars{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		v.Add(name, value)
	}
	return v
}

func TestNewRequest(t *testing.T) {
	v := makeVars("CONTENT_LENGTH=3", "REQUEST_METHOD=PUT", "REQUEST_URI=/a%2Fb%20c?d=e", "PATH_INFO=/a/b c", "QUERY_STRING=d=e",
		"SERVER_PROTOCOL=HTTP/1.1", "CONTENT_TYPE=text/plain", "HTTPS=on", "REMOTE_ADDR=::1", "REMOTE_PORT=77",
		"HTTP_HOST=example.com", "HTTP_X_FORWARDED_FOR=a, b", "HTTP_ACCEPT=x", "HTTP_PROXY=evil", "HTTP_CONTENT_LENGTH=9",
		"HTTP_CONTENT_TYPE=y", "HTTP_TRANSFER_ENCODING=chunked", "HTTP_X_TWICE=1", "HTTP_X_TWICE=2", "HTTP_=z", "HTTP_A B=z")
	r, err := NewRequest(v)
	if err != nil {
		t.Fatal(err)
	}
	environ := Environ(r)
	v.Reset()
	v.Add("XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", strings.Repeat("X", 999)) // must not show

	if r.Method != "PUT" || r.RequestURI != "/a%2Fb%20c?d=e" || r.Proto != "HTTP/1.1" || r.ProtoMajor != 1 || r.ProtoMinor != 1 ||
		r.ContentLength != 3 || r.Host != "example.com" || r.RemoteAddr != "[::1]:77" || r.TLS == nil || r.Body != nil {
		t.Errorf("got %+v", r)
	}
	if r.URL.Path != "/a/b c" || r.URL.RawPath != "/a%2Fb%20c" || r.URL.String() != r.RequestURI {
		t.Errorf("got %#v", r.URL)
	}
	want := http.Header{"Content-Type": {"text/plain"}, "X-Forwarded-For": {"a, b"}, "Accept": {"x"}, "X-Twice": {"2"}}
	if d := cmp.Diff(want, r.Header); d != "" {
		t.Errorf("header: -want +got\n%s", d)
	}
	if environ["HTTP_PROXY"] != "evil" || environ["HTTP_X_TWICE"] != "2" || environ["REMOTE_PORT"] != "77" || len(environ) != 20 {
		t.Errorf("environ: %q", environ)
	}
	r.Header.Add("Accept", "more")
	if got := r.Header.Get("X-Forwarded-For"); got != "a, b" {
		t.Errorf("adding to one field changed another to %q", got)
	}
	if d := cmp.Diff(environ, Environ(r.WithContext(context.WithValue(r.Context(), t, t)))); d != "" {
		t.Errorf("environ of a derived request: -want +got\n%s", d)
	}
}

func TestEnvironOfPlainRequest(t *testing.T) {
	if got := Environ(&http.Request{}); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestNewRequestURL(t *testing.T) {
	tests := []struct{ name, vars, path, rawPath, query, uri string }{
		{"PATH_INFO alone", "PATH_INFO=/a b", "/a b", "", "", "/a%20b"},
		{"PATH_INFO and query", "PATH_INFO=/a QUERY_STRING=b=c", "/a", "", "b=c", "/a?b=c"},
		{"nginx without PATH_INFO", "REQUEST_URI=/a%20b?c SCRIPT_NAME=/a", "/a b", "", "c", "/a%20b?c"},
		{"empty PATH_INFO", "REQUEST_URI=/a PATH_INFO=", "/a", "", "", "/a"},
		{"mounted", "REQUEST_URI=/app/x%2Fy PATH_INFO=/x/y SCRIPT_NAME=/app", "/x/y", "", "", "/app/x%2Fy"},
		{"SCRIPT_NAME alone", "SCRIPT_NAME=/index.php", "/index.php", "", "", "/index.php"},
		{"nothing", "X=y", "/", "", "", "/"},
		{"asterisk", "REQUEST_URI=* PATH_INFO=", "*", "", "", "*"},
		{"absolute form", "REQUEST_URI=http://h/a?b PATH_INFO=/a", "/a", "", "b", "http://h/a?b"},
		{"bad escape", "REQUEST_URI=/%zz", "/%zz", "", "", "/%zz"},
		{"QUERY_STRING wins", "REQUEST_URI=/?a QUERY_STRING=b", "/", "", "b", "/?a"},
		{"escaped slash", "REQUEST_URI=/a%2Fb PATH_INFO=/a/b", "/a/b", "/a%2Fb", "", "/a%2Fb"},
		{"plain where Go would escape", "REQUEST_URI=/! PATH_INFO=/!", "/!", "/!", "", "/!"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			vars := []string{"REQUEST_METHOD=GET"}
			for _, line := range strings.Split(test.vars, " ") {
				if !strings.Contains(line, "=") { // the second word of a value
					vars[len(vars)-1] += " " + line
					continue
				}
				vars = append(vars, line)
			}
			r, err := NewRequest(makeVars(vars...))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI}
			if d := cmp.Diff([]string{test.path, test.rawPath, test.query, test.uri}, got); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestNewRequestDefaults(t *testing.T) {
	tests := []struct {
		name, vars, host, remote, proto string
		tls                             bool
	}{
		{"nothing", "", "", "", "HTTP/1.0", false},
		{"server's own name", "SERVER_NAME=h SERVER_PORT=80", "h", "", "HTTP/1.0", false},
		{"port that is not the default", "SERVER_NAME=h SERVER_PORT=8000", "h:8000", "", "HTTP/1.0", false},
		{"default port of https", "SERVER_NAME=h SERVER_PORT=443 HTTPS=1", "h", "", "HTTP/1.0", true},
		{"https off", "HTTPS=off SERVER_PROTOCOL=HTTP/2.0", "", "", "HTTP/2.0", false},
		{"no remote port", "REMOTE_ADDR=1.2.3.4", "", "1.2.3.4:0", "HTTP/1.0", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := NewRequest(makeVars(append(strings.Fields(test.vars), "REQUEST_METHOD=GET")...))
			if err != nil {
				t.Fatal(err)
			}
			if r.Host != test.host || r.RemoteAddr != test.remote || r.Proto != test.proto || (r.TLS != nil) != test.tls || r.ContentLength != 0 {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestNewRequestRefuses(t *testing.T) {
	for _, vars := range []string{
		"PATH_INFO=/",
		"REQUEST_METHOD=",
		"REQUEST_METHOD=G(T",
		"REQUEST_METHOD=GET CONTENT_LENGTH=-1",
		"REQUEST_METHOD=GET CONTENT_LENGTH=+1",
		"REQUEST_METHOD=GET CONTENT_LENGTH=1x",
		"REQUEST_METHOD=GET CONTENT_LENGTH=9223372036854775808",
		"REQUEST_METHOD=GET SERVER_PROTOCOL=INCLUDED",
		"REQUEST_METHOD=GET HTTP_X=a\nb",
		"REQUEST_METHOD=GET HTTP_X=a\x00b",
		"REQUEST_METHOD=GET CONTENT_TYPE=a\rb",
	} {
		r, err := NewRequest(makeVars(strings.Split(vars, " ")...))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, %v", vars, r, err)
		}
	}
}

func FuzzNewRequest(f *testing.F) {
	f.Add("REQUEST_METHOD=GET\x00PATH_INFO=/\x00HTTP_X=y")
	f.Add("REQUEST_METHOD=GET\x00REQUEST_URI=/%41?b\x00CONTENT_LENGTH=12\x00CONTENT_TYPE=a/b\x00HTTP_HOST=h")
	f.Fuzz(func(t *testing.T, input string) {
		v := makeVars(strings.Split(input, "\x00")...)
		r, err := NewRequest(v)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if r.URL.Path == "" || r.Method == "" || r.RequestURI == "" || r.ContentLength < 0 {
			t.Errorf("got %+v", r)
		}
		for name, values := range r.Header {
			if len(values) != 1 || strings.ContainsAny(values[0], "\r\n") || name == "Proxy" || name == "Host" || !isToken(name) {
				t.Errorf("%q: %q", name, values)
			}
		}
		environ := Environ(r)
		for i := range v.Len() {
			name, _ := v.At(i)
			if last, _ := v.Get(string(name)); environ[string(name)] != string(last) {
				t.Errorf("%q is %q in the environ, not %q", name, environ[string(name)], last)
			}
		}
	})
}

func BenchmarkNewRequest(b *testing.B) {
	var v Vars
	if err := (&Gateway{}).AppendVars(&v, typicalRequest(b), 0); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewRequest(&v); err != nil {
			b.Fatal(err)
		}
	}
}
