package load

import (
	"io"
	"net/http"
	"strconv"
	"sync"
)

// seqHeader is the number vegeta gives each request, from 0.
const seqHeader = "X-Vegeta-Seq"

// roundTripper stands between vegeta's http.Client and the client proper. It
// keeps vegeta's own header fields from the wire, where every gateway protocol would
// make CGI variables of them, and keeps the errors that vegeta turns into
// strings.
//
// It changes the request it is given, which http.RoundTripper forbids in
// general. Here it may: vegeta makes a request for each hit, never looks at
// these fields of it again, and redirects are not followed.
type roundTripper struct {
	next http.RoundTripper
	// header is sent with every request, in place of the request's own: nobody
	// copies it for each hit, and nobody may write to it.
	header   http.Header
	host     string // "" means the URL's
	failures *failures
}

func newRoundTripper(next http.RoundTripper, header http.Header, f *failures) *roundTripper {
	t := &roundTripper{next: next, header: http.Header{}, failures: f}
	for name, values := range header {
		for _, v := range values {
			t.header.Add(name, v)
		}
	}
	t.host = t.header.Get("Host")
	t.header.Del("Host")
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	seq := r.Header[seqHeader]
	r.Header = t.header
	if t.host != "" {
		r.Host = t.host
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		t.failures.put(seq, err)
		return nil, err
	}
	response.Body = &watchedBody{response.Body, t.failures, seq}
	return response, nil
}

// watchedBody keeps the error that a body breaks off with.
type watchedBody struct {
	io.ReadCloser
	failures *failures
	seq      []string
}

// Read implements io.Reader.
func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		b.failures.put(b.seq, err)
	}
	return n, err
}

// failures holds the errors of hits, by sequence number, until the results
// come by. The zero value is empty. Safe for concurrent use.
type failures struct {
	mu    sync.Mutex
	bySeq map[uint64]error
}

// put keeps the error of the hit with that sequence header. Later errors of
// the same hit follow from the first and are not kept.
func (f *failures) put(header []string, err error) {
	if len(header) != 1 {
		return
	}
	seq, parseErr := strconv.ParseUint(header[0], 10, 64)
	if parseErr != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bySeq == nil {
		f.bySeq = make(map[uint64]error)
	}
	if _, ok := f.bySeq[seq]; !ok {
		f.bySeq[seq] = err
	}
}

// take returns the error of a hit and forgets it; nil where there is none.
func (f *failures) take(seq uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.bySeq[seq]
	delete(f.bySeq, seq)
	return err
}

// clear forgets all errors: the next attack counts from 0 again.
func (f *failures) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.bySeq)
}
