package apps

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Limits of what a request may ask the probe for.
const (
	maxBytes   = 64 << 20
	maxHeaders = 1000
	maxSleep   = 10 * time.Second
)

// probe shows what a server made of a request:
//
//	/environ    the request as Environ, in JSON; also for every path below it
//	/inspect    all CGI variables in JSON; null over plain HTTP
//	/echo       the request's body, with its Content-Type
//	/length     the number of bytes in the request's body
//	/bytes/N    N bytes, up to 64 MiB
//	/headers/N  N header fields X-Probe-1 to X-Probe-N, up to 1000
//	/sleep/MS   an answer after so many milliseconds, up to 10000
//	/status/N   an answer with status N, 200 to 599
//	/           this list
//
// probe.py and probe.php are its twins. It is not a http.ServeMux, which would
// redirect paths that are not clean before they could be shown.
func probe(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		w = headOnly{w}
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch name {
	case "":
		probeIndex(w)
	case "environ":
		probeEnviron(w, r)
	case "inspect":
		probeInspect(w, r)
	case "echo":
		probeEcho(w, r)
	case "length":
		probeLength(w, r)
	case "bytes":
		probeBytes(w, rest)
	case "headers":
		probeHeaders(w, rest)
	case "sleep":
		probeSleep(w, r, rest)
	case "status":
		probeStatus(w, r, rest)
	default:
		http.NotFound(w, r)
	}
}

// headOnly keeps back the body of an answer to HEAD, which net/http/fcgi would
// send, and a front would take for a broken answer.
type headOnly struct{ http.ResponseWriter }

func (headOnly) Write(p []byte) (int, error) { return len(p), nil }

func probeIndex(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "/environ /inspect /echo /length /bytes/N /headers/N /sleep/MS /status/N")
}

func probeEnviron(w http.ResponseWriter, r *http.Request) {
	e, err := NewEnviron(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	writeJSON(w, e)
}

func probeInspect(w http.ResponseWriter, r *http.Request) {
	vars := cgi.Environ(r)
	if vars == nil {
		writeJSON(w, nil)
		return
	}
	shown := make(map[string]string, len(vars))
	for name, value := range vars {
		shown[latin1(name)] = latin1(value)
	}
	writeJSON(w, shown)
}

func probeEcho(w http.ResponseWriter, r *http.Request) {
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBytes))
	if err != nil {
		http.Error(w, unreadable(int64(len(body)), err).Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// probeLength is for uploads: it costs no more than reading them.
func probeLength(w http.ResponseWriter, r *http.Request) {
	length, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, unreadable(length, err).Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, length)
}

// probeBytes answers with a repeated pattern, in writes of 32 KiB.
func probeBytes(w http.ResponseWriter, number string) {
	n, ok := argument(w, number, 0, maxBytes)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(n))
	for n > 0 {
		written, err := w.Write(pattern[:min(n, len(pattern))])
		if err != nil {
			return
		}
		n -= written
	}
}

// pattern makes pieces that were lost, doubled or swapped visible: its period,
// 251, is no divisor of any buffer's size.
var pattern = func() []byte {
	p := make([]byte, 251*130)
	for i := range p {
		p[i] = byte(i % 251)
	}
	return p
}()

func probeHeaders(w http.ResponseWriter, number string) {
	n, ok := argument(w, number, 0, maxHeaders)
	if !ok {
		return
	}
	for i := 1; i <= n; i++ {
		w.Header().Set("X-Probe-"+strconv.Itoa(i), "value "+strconv.Itoa(i))
	}
	probeIndex(w)
}

func probeSleep(w http.ResponseWriter, r *http.Request, number string) {
	n, ok := argument(w, number, 0, int(maxSleep.Milliseconds()))
	if !ok {
		return
	}
	timer := time.NewTimer(time.Duration(n) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		probeIndex(w)
	case <-r.Context().Done():
	}
}

func probeStatus(w http.ResponseWriter, r *http.Request, number string) {
	n, ok := argument(w, number, 200, 599)
	if !ok {
		return
	}
	w.WriteHeader(n)
	if !cgi.NoBody(r.Method, n) {
		fmt.Fprintln(w, n, http.StatusText(n))
	}
}

// argument reads the number at the path's end; where it is not in the range, it
// answers 400 and returns false. The answer quotes it as JSON does, which is
// the same in every language.
func argument(w http.ResponseWriter, number string, least, most int) (int, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n < least || n > most {
		quoted, _ := json.Marshal(latin1(number)) // strings always have a JSON form
		http.Error(w, fmt.Sprintf("%s is not a number from %d to %d", quoted, least, most), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}

func writeJSON(w http.ResponseWriter, v any) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(text, '\n'))
}
