package protocols_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// failing makes a request that must fail, and returns the error, which must
// name the endpoint.
func failing(t *testing.T, tr *protocols.Transport, r *http.Request) error {
	t.Helper()
	resp, err := tr.RoundTrip(r)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	var e *protocols.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *protocols.Error", err, err)
	}
	where := *tr.Endpoint
	where.Path = "/"
	if e.Endpoint.Address != where.Address || !strings.HasPrefix(e.Error(), where.String()+": ") {
		t.Errorf("%q does not name %s", e, where)
	}
	return err
}

func TestServerDiesWithinResponse(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write(make([]byte, 500))
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		if err := failing(t, transport(t, l, e), newRequest(t, "GET", e.URL(), nil)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v, want io.ErrUnexpectedEOF", err)
		}
	})
}

func TestServerDiesBeforeResponse(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		tr := transport(t, l, e)
		if err := failing(t, tr, newRequest(t, "GET", e.URL(), nil)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v, want io.ErrUnexpectedEOF", err)
		}
		if s := tr.Stats(); s.Retries != 0 || s.Dials != 1 {
			t.Errorf("%+v: a new connection is no reason for another try", s)
		}
	})
}

// silent accepts connections and never answers.
func silent(t *testing.T, l link) protocols.Endpoint {
	t.Helper()
	listener := listen(t, l.network)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var conns []net.Conn
		for {
			c, err := listener.Accept()
			if err != nil {
				break
			}
			conns = append(conns, c)
		}
		for _, c := range conns {
			c.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return endpointOf(l.spec.Name, listener)
}

func TestTimeout(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := silent(t, l)
		tr := transport(t, l, e)
		tr.Timeout = 40 * time.Millisecond
		for _, size := range []int{0, 8 << 20} {
			start := time.Now()
			err := failing(t, tr, newRequest(t, "POST", e.URL(), bytes.NewReader(make([]byte, size))))
			var netErr net.Error
			if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &netErr) || !netErr.Timeout() {
				t.Errorf("error %v, want a timeout", err)
			}
			if took := time.Since(start); took < tr.Timeout {
				t.Errorf("timed out after %v, before %v", took, tr.Timeout)
			}
		}
	})
}

func TestCancel(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := silent(t, l)
		tr := transport(t, l, e)
		for _, size := range []int{0, 8 << 20} {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(5*time.Millisecond, cancel)
			r := newRequest(t, "POST", e.URL(), bytes.NewReader(make([]byte, size))).WithContext(ctx)
			if err := failing(t, tr, r); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context.Canceled", err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		err := failing(t, tr, newRequest(t, "GET", e.URL(), nil).WithContext(ctx))
		var netErr net.Error
		if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &netErr) || !netErr.Timeout() {
			t.Errorf("error %v, want context.DeadlineExceeded", err)
		}
		err = failing(t, tr, newRequest(t, "GET", e.URL(), nil).WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("context over before the request: %v", err)
		}
	})
}

// TestCancelWithinBody cancels while the body is read. The connection must
// not be used again.
func TestCancelWithinBody(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		release := make(chan struct{})
		e := serve(t, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "part")
			http.NewResponseController(w).Flush()
			if r.URL.Path == "/wait" {
				<-release
			}
		}))
		defer close(release)
		tr := transport(t, l, e)
		ctx, cancel := context.WithCancelCause(t.Context())
		resp, err := tr.RoundTrip(newRequest(t, "GET", e.URL()+"wait", nil).WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.ReadFull(resp.Body, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		cause := errors.New("enough")
		cancel(cause)
		if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
			t.Errorf("error %v, want context.Canceled with its cause", err)
		}
		if _, body := fetch(t, tr, newRequest(t, "GET", e.URL(), nil)); string(body) != "part" {
			t.Errorf("next body %q", body)
		}
		if dials := tr.Stats().Dials; dials != 2 {
			t.Errorf("%d dials, want 2", dials)
		}
	})
}

// TestCancelAfterwards cancels once the exchange is over: whoever uses the
// connection then must not notice.
func TestCancelAfterwards(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		var cancels []context.CancelFunc
		for range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			cancels = append(cancels, cancel)
			fetch(t, tr, newRequest(t, "GET", e.URL()+"hello", nil).WithContext(ctx))
			if len(cancels) > 1 {
				go cancels[len(cancels)-2]()
			}
		}
		for _, cancel := range cancels {
			cancel()
		}
		if dials := tr.Stats().Dials; l.reuses() && dials != 1 {
			t.Errorf("%d dials, want 1", dials)
		}
	})
}

// oneShot answers one request on each connection as if it kept the connection
// open, then closes it.
func oneShot(t *testing.T, l link, served *atomic.Int64) protocols.Endpoint {
	t.Helper()
	listener := listen(t, l.network)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			br := bufio.NewReader(c)
			if l.spec.Name == "http" {
				if r, err := http.ReadRequest(br); err == nil {
					io.Copy(io.Discard, r.Body)
					served.Add(1)
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				}
			} else {
				codec := l.spec.NewServer(nil).NewCodec(c)
				if r, err := codec.ReadRequest(br); err == nil {
					io.Copy(io.Discard, r.Body)
					served.Add(1)
					c.Write(codec.AppendEnd(codec.AppendBody(codec.AppendHead(nil, 200, nil, 2), []byte("ok"))))
				}
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return endpointOf(l.spec.Name, listener)
}

func TestStaleConnection(t *testing.T) {
	for _, l := range matrix() {
		if !l.reuses() {
			continue
		}
		t.Run(l.String(), func(t *testing.T) {
			var served atomic.Int64
			e := oneShot(t, l, &served)
			tr := transport(t, l, e)
			megabyte := make([]byte, 1<<20)
			for i, request := range []func() *http.Request{
				func() *http.Request { return newRequest(t, "GET", e.URL(), nil) },
				func() *http.Request { return newRequest(t, "GET", e.URL(), nil) },
				func() *http.Request { return newRequest(t, "PUT", e.URL(), strings.NewReader("body")) },
				func() *http.Request { return newRequest(t, "PUT", e.URL(), bytes.NewReader(megabyte)) },
			} {
				if _, body := fetch(t, tr, request()); string(body) != "ok" {
					t.Errorf("body %q", body)
				}
				if s := tr.Stats(); s.Retries != int64(i) || s.Dials != int64(i+1) || served.Load() != int64(i+1) {
					t.Errorf("request %d: %+v, %d served", i+1, s, served.Load())
				}
			}
			once := newRequest(t, "PUT", e.URL(), io.MultiReader(strings.NewReader("body")))
			once.ContentLength = 4
			if err := failing(t, tr, once); served.Load() != 4 {
				t.Errorf("a body that cannot be had again was sent twice: %v", err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		listener := listen(t, l.network)
		e := endpointOf(l.spec.Name, listener)
		listener.Close()
		want := error(syscall.ECONNREFUSED)
		if l.network == "unix" {
			want = os.ErrNotExist
		}
		body := &watchedBody{Reader: strings.NewReader("body")}
		err := failing(t, transport(t, l, e), newRequest(t, "POST", e.URL(), body))
		var op *net.OpError
		if !errors.Is(err, want) || !errors.As(err, &op) || !strings.Contains(err.Error(), "start it") {
			t.Errorf("error %v, want %v with a hint", err, want)
		}
		if body.closed.Load() != 1 {
			t.Errorf("request body closed %d times", body.closed.Load())
		}
	})
}

// watchedBody counts how often it is closed.
type watchedBody struct {
	io.Reader
	closed atomic.Int64
}

func (b *watchedBody) Close() error { b.closed.Add(1); return nil }

func TestErrorKinds(t *testing.T) {
	e, err := protocols.ParseEndpoint("uwsgi://127.0.0.1:3031")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		err  error
		hint string
	}{
		{syscall.EADDRNOTAVAIL, "TIME_WAIT"},
		{syscall.ECONNREFUSED, "no server listens there"},
		{syscall.EMFILE, "ulimit -n"},
		{syscall.EAGAIN, "backlog"},
	} {
		tr := &protocols.Transport{Endpoint: &e, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", tc.err)}
		}}
		err := failing(t, tr, newRequest(t, "GET", e.URL(), nil))
		if !errors.Is(err, tc.err) || !strings.Contains(err.Error(), tc.hint) {
			t.Errorf("%v: error %q lacks %q", tc.err, err, tc.hint)
		}
	}
}

func TestRequestBodies(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		broken := errors.New("broken")
		for _, tc := range []struct {
			name   string
			body   io.Reader
			length int64
			want   error
			text   string
		}{
			{"right", strings.NewReader("12345"), 5, nil, ""},
			{"long", bytes.NewReader(make([]byte, 1<<20)), 1 << 20, nil, ""},
			{"too short", strings.NewReader("123"), 5, io.ErrUnexpectedEOF, "3 bytes instead of the announced 5"},
			{"too long", strings.NewReader("1234567"), 5, nil, "more than the announced 5"},
			{"long and too short", bytes.NewReader(make([]byte, 1<<19)), 1 << 20, io.ErrUnexpectedEOF, "instead of the announced"},
			{"breaks", io.MultiReader(strings.NewReader("1"), brokenReader{broken}), 5, broken, "broken"},
			{"breaks, unknown length", io.MultiReader(strings.NewReader("1"), brokenReader{broken}), -1, broken, "broken"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				tr := transport(t, l, e)
				body := &watchedBody{Reader: tc.body}
				r := newRequest(t, "POST", e.URL()+"echo", body)
				r.ContentLength = tc.length
				if tc.text == "" {
					fetch(t, tr, r)
				} else if err := failing(t, tr, r); !errors.Is(err, tc.want) && tc.want != nil || !strings.Contains(err.Error(), tc.text) {
					t.Errorf("error %v, want %v with %q", err, tc.want, tc.text)
				}
				// The sender closes the body in its own time.
				for deadline := time.Now().Add(5 * time.Second); body.closed.Load() == 0 && time.Now().Before(deadline); {
					time.Sleep(time.Millisecond)
				}
				if n := body.closed.Load(); n != 1 {
					t.Errorf("request body closed %d times", n)
				}
			})
		}
	})
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

func TestMaxBuffered(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		tr.MaxBuffered = 10
		request := func(body string) *http.Request {
			return newRequest(t, "POST", e.URL()+"echo", io.MultiReader(strings.NewReader(body)))
		}
		fetch(t, tr, request("0123456789"))
		if l.spec.StreamsUnknownLength {
			fetch(t, tr, request("0123456789a"))
			return
		}
		var limit *cgi.LimitError
		if err := failing(t, tr, request("0123456789a")); !errors.As(err, &limit) || limit.Limit != 10 {
			t.Errorf("error %v, want a *cgi.LimitError", err)
		}
	})
}

// TestStreaming sends a body piece by piece while the answer comes.
func TestStreaming(t *testing.T) {
	spec, _ := protocols.Lookup("http")
	l := link{spec, "tcp", true}
	e := serve(t, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		br := bufio.NewReader(r.Body)
		for {
			line, err := br.ReadString('\n')
			if err != nil {
				return
			}
			io.WriteString(w, "got "+line)
			http.NewResponseController(w).Flush()
		}
	}))
	tr := transport(t, l, e)
	pr, pw := io.Pipe()
	go io.WriteString(pw, "one\n")
	resp, err := tr.RoundTrip(newRequest(t, "POST", e.URL(), pr))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	br := bufio.NewReader(resp.Body)
	if line, err := br.ReadString('\n'); line != "got one\n" {
		t.Fatalf("%q, %v", line, err)
	}
	io.WriteString(pw, "two\n")
	if line, err := br.ReadString('\n'); line != "got two\n" {
		t.Fatalf("%q, %v", line, err)
	}
	pw.Close()
	if rest, err := io.ReadAll(br); len(rest) != 0 || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
}
