package load

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestNothingOfVegetaReachesTheServer(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		var mu sync.Mutex
		var seen []*http.Request
		p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			seen = append(seen, r)
			mu.Unlock()
			sayHello(w, r)
		})), client)
		p.Headers = http.Header{"X-Own": {"a", "b"}, "host": {"example.org"}}
		if result := measure(t, p); result.Counts.Correct == 0 {
			t.Fatalf("nothing was correct: %+v", result.Errors)
		}
		for _, r := range seen {
			for name := range r.Header {
				if strings.HasPrefix(name, "X-Vegeta") {
					t.Fatalf("the server got %s", name)
				}
			}
			if got := r.Header["X-Own"]; len(got) != 2 || r.Host != "example.org" {
				t.Fatalf("the server got X-Own %q, Host %q; want two values and example.org", got, r.Host)
			}
		}
	})
}

func TestRequestReachesTheServerWhole(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		want := strings.Repeat("0123456789", 20_000)
		p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got, err := io.ReadAll(r.Body)
			if err != nil || r.Method != "PUT" || r.RequestURI != "/a?b=c" || string(got) != want {
				w.WriteHeader(http.StatusBadRequest)
			}
			sayHello(w, r)
		}))+"a?b=c", client)
		p.Method, p.Body = "PUT", []byte(want)
		if result := measure(t, p); len(result.Errors) > 0 || result.Counts.Correct == 0 {
			t.Errorf("%d correct, errors %+v", result.Counts.Correct, result.Errors)
		}
	})
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRoundTripperKeepsErrorsBySequenceNumber(t *testing.T) {
	errHead, errBody := errors.New("head"), errors.New("body")
	var f failures
	rt := newRoundTripper(roundTripFunc(func(r *http.Request) (*http.Response, error) {
		if r.Method == "HEAD" {
			return nil, errHead
		}
		return &http.Response{Body: io.NopCloser(io.MultiReader(strings.NewReader("x"), failingReader{errBody}))}, nil
	}), nil, &f)
	request := func(method, seq string) *http.Request {
		return &http.Request{Method: method, Header: http.Header{seqHeader: {seq}}}
	}

	if _, err := rt.RoundTrip(request("HEAD", "3")); !errors.Is(err, errHead) {
		t.Errorf("RoundTrip: %v, want the client's error", err)
	}
	response, err := rt.RoundTrip(request("GET", "4"))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.take(4); got != nil {
		t.Errorf("an error before the body was read: %v", got)
	}
	if _, err := io.ReadAll(response.Body); !errors.Is(err, errBody) {
		t.Errorf("reading the body: %v, want the client's error", err)
	}
	for seq, want := range map[uint64]error{3: errHead, 4: errBody, 5: nil} {
		if got := f.take(seq); got != want {
			t.Errorf("error of hit %d: %v, want %v", seq, got, want)
		}
		if got := f.take(seq); got != nil {
			t.Errorf("error of hit %d is still there: %v", seq, got)
		}
	}

	rt.RoundTrip(request("HEAD", "6"))
	f.clear()
	if got := f.take(6); got != nil {
		t.Errorf("error of an earlier attack: %v", got)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
