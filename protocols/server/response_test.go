package server_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestResponse(t *testing.T) {
	const text = " Content-Type=text/plain; charset=utf-8"
	tests := []struct {
		name, method string
		handler      http.HandlerFunc
		head, body   string
	}{
		{"nothing", "GET", func(http.ResponseWriter, *http.Request) {}, "200 0", ""},
		{"status only", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "404 0", ""},
		{"body", "GET", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") }, "200 2" + text, "hi"},
		{"string", "GET", func(w http.ResponseWriter, _ *http.Request) { mustWrite(t, w, "hi") }, "200 2" + text, "hi"},
		{"HTML", "GET", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "200 6 Content-Type=text/html; charset=utf-8", "<html>"},
		{"empty write", "GET", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "") }, "200 0", ""},
		{
			"no sniffing", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				fmt.Fprint(w, "<html>")
			}, "200 6 Content-Type=", "<html>",
		},
		{
			"no sniffing of an encoded body", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "br")
				fmt.Fprint(w, "x")
			}, "200 1 Content-Encoding=br", "x",
		},
		{
			"fields fixed by WriteHeader", "GET", func(w http.ResponseWriter, _ *http.Request) {
				h := w.Header()
				h.Add("X-A", "1")
				w.WriteHeader(201)
				h.Add("X-A", "2")
				h["X-A"][0] = "3"
				h.Set("X-B", "4")
			}, "201 0 X-A=1", "",
		},
		{
			"fields fixed by Write", "GET", func(w http.ResponseWriter, _ *http.Request) {
				h := w.Header()
				fmt.Fprint(w, "x")
				h.Set("X-B", "4")
			}, "200 1" + text, "x",
		},
		{
			"declared length", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", " 2")
				fmt.Fprint(w, "hi")
			}, "200 2" + text, "hi",
		},
		{
			"malformed length", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "+2")
				fmt.Fprint(w, "hello")
			}, "200 5" + text, "hello",
		},
		{
			"interim", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(103)
				w.WriteHeader(201)
			}, "201 0", "",
		},
		{"HEAD", "HEAD", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }, "200 5" + text, ""},
		{"HEAD without a write", "HEAD", func(http.ResponseWriter, *http.Request) {}, "200 -1", ""},
		{"HEAD with a long body", "HEAD", func(w http.ResponseWriter, _ *http.Request) { mustWrite(t, w, strings.Repeat("a", 1<<20)) }, "200 1048576" + text, ""},
		{
			"HEAD with declared length", "HEAD", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "7")
			}, "200 7", "",
		},
		{
			"HEAD flushed", "HEAD", func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, "hello")
				w.(http.Flusher).Flush()
				fmt.Fprint(w, "hello")
			}, "200 -1" + text, "",
		},
		{
			"304", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "7")
				w.WriteHeader(304)
				if _, err := w.Write([]byte("x")); !errors.Is(err, http.ErrBodyNotAllowed) {
					t.Errorf("Write: %v", err)
				}
			}, "304 -1", "",
		},
		{
			"204 flushed", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(204)
				w.(http.Flusher).Flush()
			}, "204 -1", "",
		},
		{
			"copied", "GET", func(w http.ResponseWriter, _ *http.Request) {
				if n, err := io.Copy(w, strings.NewReader("copied")); n != 6 || err != nil {
					t.Errorf("Copy: %d, %v", n, err)
				}
			}, "200 6" + text, "copied",
		},
		{
			"more than declared", "GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "2")
				if n, err := io.WriteString(w, "hi!"); n != 0 || !errors.Is(err, http.ErrContentLength) {
					t.Errorf("Write: %d, %v", n, err)
				}
				mustWrite(t, w, "hi")
			}, "200 2" + text, "hi",
		},
	}
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		var i int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &i); err != nil {
			t.Error(err)
		}
		tests[i].handler(w, r)
	})
	c := s.dial() // one connection for all: nothing may spill over
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := s.writes.count.Load()
			c.send(fmt.Sprintf("%s /%d 0\n", test.method, i))
			c.expect(test.head, test.body)
			if n := s.writes.count.Load() - before; n != 1 && !strings.Contains(test.name, "flushed") {
				t.Errorf("%d writes", n)
			}
		})
	}
}

func mustWrite(t testing.TB, w io.Writer, s string) {
	if n, err := io.WriteString(w, s); n != len(s) || err != nil {
		t.Errorf("wrote %d of %d bytes: %v", n, len(s), err)
	}
}

// However a handler cuts its body into pieces, it arrives as it is.
func TestResponseStreams(t *testing.T) {
	type piece struct {
		n   int
		how string
	}
	jobs := make(chan []piece, 1)
	body := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz", 1<<14)
	s := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "x")
		rest := body
		for _, p := range <-jobs {
			switch p.how {
			case "bytes":
				if n, err := w.Write([]byte(rest[:p.n])); n != p.n || err != nil {
					t.Errorf("Write: %d of %d, %v", n, p.n, err)
				}
			case "string":
				mustWrite(t, w, rest[:p.n])
			case "flush":
				mustWrite(t, w, rest[:p.n])
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Errorf("Flush: %v", err)
				}
			case "copy":
				if n, err := io.Copy(w, strings.NewReader(rest[:p.n])); n != int64(p.n) || err != nil {
					t.Errorf("Copy: %d of %d, %v", n, p.n, err)
				}
			}
			rest = rest[p.n:]
		}
	})
	c := s.dial()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(16<<10-2, 16<<10+2), rapid.IntRange(0, 100<<10))
		var pieces []piece
		total, flushed := 0, false
		for range rapid.IntRange(0, 5).Draw(t, "pieces") {
			p := piece{size.Draw(t, "size"), rapid.SampledFrom([]string{"bytes", "string", "flush", "copy"}).Draw(t, "how")}
			pieces = append(pieces, p)
			total += p.n
			flushed = flushed || p.how == "flush"
		}
		jobs <- pieces
		c.send("GET / 0\n")
		head, got, ended := c.receive()
		if got != body[:total] || !ended {
			t.Fatalf("got %d bytes of %d, ended %v", len(got), total, ended)
		}
		length := fmt.Sprint(total)
		if flushed || total > 16<<10 {
			length = "-1"
		}
		if want := "200 " + length + " Content-Type=x"; head != want {
			t.Fatalf("got %q, want %q", head, want)
		}
	})
}

func TestResponseFlushReachesTheClient(t *testing.T) {
	proceed := make(chan struct{})
	s := start(t, func(w http.ResponseWriter, _ *http.Request) {
		mustWrite(t, w, "first")
		w.(http.Flusher).Flush()
		<-proceed
		mustWrite(t, w, "second")
	})
	c := s.dial()
	c.send("GET / 0\n")
	for _, want := range []string{"200 -1 Content-Type=text/plain; charset=utf-8\n", "+5\n"} {
		if line, err := c.br.ReadString('\n'); line != want || err != nil {
			t.Errorf("got %q, %v", line, err)
		}
	}
	close(proceed)
	rest := make([]byte, len("first+6\nsecond.\n"))
	if _, err := io.ReadFull(c.br, rest); string(rest) != "first+6\nsecond.\n" || err != nil {
		t.Errorf("got %q, %v", rest, err)
	}
}

func TestResponseShortOfDeclaredLength(t *testing.T) {
	s := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
		mustWrite(t, w, "half")
	})
	c := s.dial()
	c.send("GET / 0\n")
	if head, body, ended := c.receive(); !strings.HasPrefix(head, "200 9") || body != "half" || ended {
		t.Errorf("got %q, %q, ended %v", head, body, ended)
	}
}

func TestSuperfluousWriteHeader(t *testing.T) {
	s := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		w.WriteHeader(500)
	})
	c := s.dial()
	c.send("GET / 0\n")
	c.expect("201 0", "")
	if got := s.log.String(); !strings.Contains(got, "superfluous WriteHeader") || !strings.Contains(got, "response_test.go") {
		t.Errorf("logged %q", got)
	}
}

// A deadline of the handler ends its read, and does not outlive the request.
func TestResponseDeadline(t *testing.T) {
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := errors.Join(control.SetReadDeadline(time.Unix(1, 0)), control.SetWriteDeadline(time.Now().Add(time.Hour)), control.EnableFullDuplex()); err != nil {
			t.Error(err)
		}
		if r.URL.Path == "/read" {
			if _, err := io.ReadAll(r.Body); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read: %v", err)
			}
		}
	})
	c := s.dial()
	c.send("GET / 0\n")
	c.expect("200 0", "")
	c.send("GET / 0\n") // its deadline has passed, but was that of another
	c.expect("200 0", "")
	c.send("POST /read 3\n")
	c.expect("200 0", "")
	c.expectEnd() // who knows where the body would have ended
}
