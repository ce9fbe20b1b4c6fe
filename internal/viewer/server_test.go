package viewer

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/internal/browsertest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// serve serves pages until the test ends, and returns the URL. Nothing of the server
// may then be left.
func serve(t *testing.T, pages http.Handler) string {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	return serveBrowser(t, pages)
}

// serveBrowser is serve for a browser, which is another's and stays.
func serveBrowser(t *testing.T, pages http.Handler) string {
	t.Helper()
	server, err := Listen(t.Context(), DefaultAddress, pages)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if conn, err := net.Dial("tcp", server.listener.Addr().String()); err == nil {
			conn.Close()
			t.Error("the server still listens")
		}
	})
	return server.URL
}

// get asks once, over a connection of its own.
func get(t *testing.T, url string, edit func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(r)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

var secret = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "secret of ", r.URL.Path) })

func TestOnlyWhoKnowsTheURLIsAnswered(t *testing.T) {
	url := serve(t, secret)
	token := strings.Split(url, "/")[3]
	base := strings.TrimSuffix(url, token+"/")
	if len(token) != 2*tokenBytes {
		t.Errorf("token %q", token)
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	method := func(method string) func(*http.Request) { return func(r *http.Request) { r.Method = method } }
	fetched := func(site, mode, dest string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", site)
			r.Header.Set("Sec-Fetch-Mode", mode)
			r.Header.Set("Sec-Fetch-Dest", dest)
		}
	}
	for name, c := range map[string]struct {
		url  string
		edit func(*http.Request)
		code int
	}{
		"the URL itself":        {url, nil, 200},
		"beneath it":            {url + "run?id=1", nil, 200},
		"without its slash":     {strings.TrimSuffix(url, "/"), nil, 303},
		"no token":              {base, nil, 404},
		"another token":         {base + strings.Repeat("0", len(token)) + "/", nil, 404},
		"half of the token":     {base + token[:len(token)/2] + "/", nil, 404},
		"the token and more":    {base + token + "0/", nil, 404},
		"the token elsewhere":   {base + "x/" + token + "/", nil, 404},
		"capitals":              {base + strings.ToUpper(token) + "/", nil, map[bool]int{true: 200, false: 404}[strings.ToUpper(token) == token]},
		"up":                    {url + "../", nil, 404},
		"up, encoded":           {url + "%2e%2e/%2e%2e/etc/passwd", nil, 404},
		"an absolute name":      {url + "/etc/passwd", nil, 404},
		"a dot":                 {url + "./x", nil, 404},
		"localhost":             {url, host("localhost:80"), 200},
		"another loopback name": {url, host("127.8.9.1:1"), 200},
		"IPv6":                  {url, host("[::1]:1"), 200},
		"another host":          {url, host("evil.example"), 421},
		"another host and port": {url, host("evil.example:80"), 421},
		"looks like loopback":   {url, host("127.0.0.1.evil.example"), 421},
		"another address":       {url, host("192.0.2.1"), 421},
		"head":                  {url, method(http.MethodHead), 200},
		"post":                  {url, method(http.MethodPost), 405},
		"options":               {url, method(http.MethodOptions), 405},
		"delete":                {url, method(http.MethodDelete), 405},
		"any method":            {url, method("BREW"), 405},
		"own origin":            {url, header("Origin", strings.TrimSuffix(base, "/")), 200},
		"other origin":          {url, header("Origin", "https://evil.example"), 403},
		"no origin":             {url, header("Origin", "null"), 403},
		"a link elsewhere":      {url, fetched("cross-site", "navigate", "document"), 200},
		"a frame elsewhere":     {url, fetched("cross-site", "navigate", "iframe"), 403},
		"a script elsewhere":    {url, fetched("cross-site", "no-cors", "script"), 403},
		"another port":          {url, fetched("same-site", "cors", "empty"), 403},
		"our own page":          {url, fetched("same-origin", "cors", "empty"), 200},
	} {
		t.Run(name, func(t *testing.T) {
			answer, body := get(t, c.url, c.edit)
			if answer.StatusCode != c.code {
				t.Errorf("%s: %d, want %d", c.url, answer.StatusCode, c.code)
			}
			if c.code != 200 && strings.Contains(body, "secret") {
				t.Errorf("%s was answered all the same: %s", c.url, body)
			}
			if c.code == 405 && answer.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow: %s", answer.Header.Get("Allow"))
			}
			expectSecure(t, answer.Header)
		})
	}
}

// expectSecure looks at what every answer has to say.
func expectSecure(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action ", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	scripts := strings.NewReplacer("style-src-attr 'unsafe-inline'", "").Replace(policy)
	if strings.Contains(scripts, "unsafe") || strings.Contains(scripts, "*") || strings.Contains(scripts, "http:") {
		t.Errorf("policy %s", policy)
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:0": "", "localhost:0": "", "127.1.2.3:0": "",
		"0.0.0.0:0": "not on this machine alone", ":0": "not on this machine alone", "[::]:0": "not on this machine alone",
		"192.0.2.1:80": "not on this machine alone", "example.com:80": "not on this machine alone",
		"127.0.0.1": "want HOST:PORT", "": "want HOST:PORT", "127.0.0.1:http:1": "want HOST:PORT",
	} {
		server, err := Listen(t.Context(), address, secret)
		switch {
		case err == nil:
			if ip := server.listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
				t.Errorf("%q listens on %s", address, ip)
			}
			server.Close()
			if want != "" {
				t.Errorf("%q is listened on", address)
			}
		case want == "" || !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAPortInUseIsSaid(t *testing.T) {
	first, err := Listen(t.Context(), DefaultAddress, secret)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = Listen(t.Context(), first.listener.Addr().String(), secret)
	if err == nil || !strings.Contains(err.Error(), "in use by another program: use 127.0.0.1:0") {
		t.Errorf("%v", err)
	}
}

func TestTokensDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token, err := newToken()
		if err != nil || seen[token] {
			t.Fatalf("%q, %v", token, err)
		}
		seen[token] = true
	}
}
