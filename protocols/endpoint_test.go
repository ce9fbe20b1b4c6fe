package protocols_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gwbench/gwbench/protocols"
	"pgregory.net/rapid"
)

func TestParseEndpoint(t *testing.T) {
	for _, tc := range []struct {
		raw      string
		want     protocols.Endpoint
		text     string
		url      string
		loopback bool
	}{
		{"uwsgi://127.0.0.1:3031/path", protocols.Endpoint{Protocol: "uwsgi", Network: "tcp", Address: "127.0.0.1:3031", Path: "/path"}, "", "http://127.0.0.1:3031/path", true},
		{"UWSGI://127.0.0.1:03031?q=%20", protocols.Endpoint{Protocol: "uwsgi", Network: "tcp", Address: "127.0.0.1:3031", Path: "/?q=%20"}, "uwsgi://127.0.0.1:3031/?q=%20", "http://127.0.0.1:3031/?q=%20", true},
		{"http://localhost", protocols.Endpoint{Protocol: "http", Network: "tcp", Address: "localhost:80", Path: "/"}, "http://localhost:80", "http://localhost/", true},
		{"http://[::1]/", protocols.Endpoint{Protocol: "http", Network: "tcp", Address: "[::1]:80", Path: "/"}, "http://[::1]:80", "http://[::1]/", true},
		{"scgi://[fe80::1%25eth0]:4000/a:/b", protocols.Endpoint{Protocol: "scgi", Network: "tcp", Address: "[fe80::1%eth0]:4000", Path: "/a:/b"}, "", "http://[fe80::1%25eth0]:4000/a:/b", false},
		{"fcgi://app.example:9000", protocols.Endpoint{Protocol: "fastcgi", Network: "tcp", Address: "app.example:9000", Path: "/"}, "fastcgi://app.example:9000", "http://app.example:9000/", false},
		{"scgi://x.localhost:1", protocols.Endpoint{Protocol: "scgi", Network: "tcp", Address: "x.localhost:1", Path: "/"}, "", "http://x.localhost:1/", true},
		{"fastcgi+unix:///run/app.sock:/path?q", protocols.Endpoint{Protocol: "fastcgi", Network: "unix", Address: "/run/app.sock", Path: "/path?q"}, "", "http://localhost/path?q", true},
		{"fcgi+unix:///run/app.sock", protocols.Endpoint{Protocol: "fastcgi", Network: "unix", Address: "/run/app.sock", Path: "/"}, "fastcgi+unix:///run/app.sock", "http://localhost/", true},
		{"http+unix:///run/a%20b%3A/c.sock:/", protocols.Endpoint{Protocol: "http", Network: "unix", Address: "/run/a b:/c.sock", Path: "/"}, "http+unix:///run/a%20b%3A/c.sock", "http://localhost/", true},
	} {
		e, err := protocols.ParseEndpoint(tc.raw)
		if err != nil {
			t.Errorf("%s: %v", tc.raw, err)
			continue
		}
		if diff := cmp.Diff(tc.want, e); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.raw, diff)
		}
		if tc.text == "" {
			tc.text = tc.raw
		}
		if e.String() != tc.text || e.URL() != tc.url || e.Loopback() != tc.loopback {
			t.Errorf("%s: String %s, URL %s, Loopback %v", tc.raw, e, e.URL(), e.Loopback())
		}
	}
}

func TestParseEndpointErrors(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                 "no scheme: write something like uwsgi://127.0.0.1:3031",
		"127.0.0.1:3031":                   "no scheme: write something like uwsgi://127.0.0.1:3031",
		"/run/app.sock":                    "no scheme: write something like uwsgi+unix:///run/app.sock",
		"uwsig://h:1":                      `unknown scheme "uwsig": did you mean uwsgi?`,
		"fastcgi+unx:///s":                 `unknown scheme "fastcgi+unx": did you mean fastcgi+unix?`,
		"https://h":                        "TLS is not spoken here: use http",
		"gopher://h":                       "known are http, uwsgi, fastcgi, scgi, each also with +unix",
		"uwsgi://h":                        "no port, and uwsgi has no default port: write uwsgi://h:3031",
		"uwsgi://:3031":                    "no host: write uwsgi://127.0.0.1:3031",
		"uwsgi:///run/app.sock":            "uwsgi+unix:///",
		"uwsgi://h:0":                      `port "0" is not a number from 1 to 65535`,
		"uwsgi://h:70000":                  `port "70000" is not a number from 1 to 65535`,
		"uwsgi://h:http":                   `port "http" is not a number`,
		"uwsgi://::1:3031":                 "an IPv6 address in brackets: [::1]:3031",
		"uwsgi://[::1:3031":                "an IPv6 address in brackets",
		"uwsgi://u:p@h:1":                  "user names and passwords are not sent",
		"uwsgi://a b:1":                    `' ' must be escaped in a URL: write it as %20`,
		"uwsgi://a_b$:1":                   `malformed host "a_b$"`,
		"uwsgi://h:1/%zz":                  "invalid URL escape",
		"uwsgi://h:1/#top":                 "a fragment (#...) is never sent",
		"uwsgi+unix://run/app.sock":        "must be absolute: write uwsgi+unix:///run/app.sock",
		"uwsgi+unix:///":                   "no socket",
		"uwsgi+unix:///run/a.sock?q":       "a query needs a path before it: write uwsgi+unix:///run/a.sock:/?q",
		"uwsgi+unix:///a%00b":              "cannot hold a NUL",
		"uwsgi+unix:///" + longName(107):   "the socket's path has 108 bytes; the system allows 107",
		"uwsgi://h:1/path\x00with/control": `must be escaped in a URL: write it as %00`,
	} {
		e, err := protocols.ParseEndpoint(raw)
		var wrong *protocols.EndpointError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) || wrong.URL != raw {
			t.Errorf("%q: %v, %v, want an error with %q", raw, e, err, want)
		}
	}
}

func longName(n int) string { return strings.Repeat("x", n) }

func TestEndpointRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := protocols.Endpoint{
			Protocol: rapid.SampledFrom(protocols.Names()).Draw(t, "protocol"),
			Network:  "unix",
			Address:  "/" + rapid.StringMatching(`[ -~é]{1,40}`).Draw(t, "socket"),
			Path:     rapid.StringMatching(`/[a-z:/]{0,9}(\?[a-z=&%25:/]{0,9})?`).Draw(t, "path"),
		}
		if e.Address == "//" {
			e.Address = "/x"
		}
		if _, err := url.ParseRequestURI(e.Path); err != nil {
			t.Skip()
		}
		got, err := protocols.ParseEndpoint(e.String())
		if err != nil || got != e {
			t.Fatalf("%q: got %q, %v, want %q", e.String(), got, err, e)
		}
	})
}

func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{"uwsgi://127.0.0.1:3031/a?b", "fcgi+unix:///run/a.sock:/p", "http://[::1%25lo]", "http+unix:///a%3A/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		e, err := protocols.ParseEndpoint(raw)
		if err != nil {
			return
		}
		again, err := protocols.ParseEndpoint(e.String())
		if err != nil || again != e {
			t.Errorf("%q: %q, then %q, %v", raw, e, again, err)
		}
		if _, err := http.NewRequest("GET", e.URL(), nil); err != nil {
			t.Errorf("%q: URL: %v", raw, err)
		}
	})
}

func TestRegistry(t *testing.T) {
	want := []string{"http", "uwsgi", "fastcgi", "scgi"}
	if diff := cmp.Diff(want, protocols.Names()); diff != "" {
		t.Errorf("Names (-want +got):\n%s", diff)
	}
	for i, s := range protocols.All() {
		if s.Name != want[i] {
			t.Errorf("All()[%d] is %s", i, s.Name)
		}
		for _, name := range append(s.Aliases, s.Name) {
			if got, ok := protocols.Lookup(name); !ok || got.Name != s.Name {
				t.Errorf("Lookup(%q) = %q, %v", name, got.Name, ok)
			}
		}
	}
	if _, ok := protocols.Lookup("gopher"); ok {
		t.Error("Lookup(gopher) found something")
	}
}
