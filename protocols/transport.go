package protocols

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Defaults of a Transport's zero fields.
const (
	defaultMaxIdle     = 1024
	defaultTimeout     = 30 * time.Second
	defaultMaxBuffered = 10 << 20 // bytes
)

// Transport is an http.RoundTripper over any of the protocols. It is safe for
// concurrent use; set its fields before the first request.
//
// A request that fits the buffer (64 KiB) together with its body goes out in
// one write. A longer one is sent by a goroutine of its own while the answer
// is read, so that a server may answer, and close, before it has seen all of
// it. A body of unknown length is streamed where the protocol can (the head
// goes out first, alone), and is otherwise read to its end before anything is
// sent.
//
// When an idle connection turns out to be closed, the request is sent once
// more on a new one, provided that no part of an answer came, that the method
// is idempotent or nothing of the request went out, and that there is no body
// or GetBody gives it again.
//
// Redirects work through an http.Client, except to a unix socket where
// Endpoint is nil: a relative Location cannot name the socket.
//
// The fields X-Vegeta-Seq and X-Vegeta-Attack, which vegeta adds to each
// request, are not sent: a server would see them as variables.
type Transport struct {
	// Endpoint is where every request goes; its Path is not used. When nil,
	// each request's URL decides, in the forms that ParseEndpoint reads.
	Endpoint *Endpoint

	// KeepAlive reuses connections where the protocol can. Otherwise each
	// request has a connection of its own, which ends after the response's
	// body: the server gets 20 ms to close it first, whatever the protocol, so
	// that the ports of TIME_WAIT are not this side's. Nobody waits for it.
	KeepAlive bool

	// Gateway says what the CGI variables are made from.
	Gateway cgi.Gateway

	// MaxIdle is the number of idle connections kept for each endpoint; 0
	// means 1024, a negative value none.
	MaxIdle int

	// Timeout is how long a whole exchange may take, from dialling to the end
	// of the response's body. It is coarse: never early, and late by up to a
	// quarter. 0 means 30 s, a negative value no limit.
	Timeout time.Duration

	// MaxBuffered is the largest body of unknown length, in bytes, that is
	// buffered for protocols that must announce the length; 0 means 10 MiB. A
	// longer one fails with a *cgi.LimitError.
	MaxBuffered int64

	// Dial opens connections; nil means a net.Dialer. Its context carries the
	// deadline. This is the place to watch the wire.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	counters counters
	fixed    atomic.Pointer[pool] // of Endpoint
	mu       sync.Mutex
	pools    map[poolKey]*pool
}

// RoundTrip sends r and returns the head of the answer. The response's body
// must be closed; reading it to its end frees the connection at once. Errors
// of sending and receiving, the body's Read included, are *Error; a URL that
// names no endpoint is an *EndpointError.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	p, path, err := t.route(r)
	if err != nil {
		closeBody(r)
		return nil, err
	}
	if r.Context().Err() != nil {
		closeBody(r)
		return nil, p.fail("send", contextError(r.Context()))
	}
	x := &exchange{pool: p}
	if err := x.out.prepare(t, p, r, path); err != nil {
		x.out.close()
		return nil, p.fail("send", err)
	}
	now := time.Now()
	c, err := p.get(&x.out, now)
	if err != nil {
		x.out.close()
		return nil, err
	}
	resp, failed := c.roundTrip(x, now)
	if failed == nil {
		return resp, nil
	}
	second := &exchange{pool: p}
	if !failed.stale || !x.out.again(&second.out) {
		return nil, failed
	}
	t.counters.retries.Add(1)
	now = time.Now()
	if c, err = p.dial(r.Context(), now); err != nil {
		second.out.close()
		return nil, err
	}
	if resp, failed = c.roundTrip(second, now); failed != nil {
		return nil, failed
	}
	return resp, nil
}

// CloseIdleConnections closes the connections that no exchange uses.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	pools := make([]*pool, 0, len(t.pools))
	for _, p := range t.pools {
		pools = append(pools, p)
	}
	t.mu.Unlock()
	for _, p := range pools {
		p.closeIdle()
	}
}

// timeout returns the limit on an exchange, 0 where there is none.
func (t *Transport) timeout() time.Duration {
	switch {
	case t.Timeout < 0:
		return 0
	case t.Timeout == 0:
		return defaultTimeout
	}
	return t.Timeout
}

func (t *Transport) maxIdle() int {
	if t.MaxIdle == 0 {
		return defaultMaxIdle
	}
	return max(t.MaxIdle, 0)
}

func (t *Transport) maxBuffered() int64 {
	if t.MaxBuffered == 0 {
		return defaultMaxBuffered
	}
	return t.MaxBuffered
}

var _ http.RoundTripper = (*Transport)(nil)
