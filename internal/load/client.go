package load

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// A client carries requests and counts what that took.
type client interface {
	http.RoundTripper
	CloseIdleConnections()
	Stats() protocols.Stats
}

var (
	_ client = (*protocols.Transport)(nil)
	_ client = (*netHTTP)(nil)
)

// newClient returns the client of a valid plan. It keeps as many idle
// connections as there are workers.
func newClient(p Plan, e protocols.Endpoint, conns *connections) client {
	if p.Client == ClientNetHTTP {
		return newNetHTTP(p, e, conns)
	}
	return &protocols.Transport{
		Endpoint:  &e,
		KeepAlive: p.KeepAlive,
		Gateway:   cgi.Gateway{ScriptFilename: p.Script},
		MaxIdle:   p.workers(),
		Timeout:   p.Timeout,
		Dial:      conns.dial,
	}
}

// netHTTP is net/http's Transport, with the wire counted.
type netHTTP struct {
	http.Transport
	dials, sent, received atomic.Int64
}

func newNetHTTP(p Plan, e protocols.Endpoint, conns *connections) *netHTTP {
	t := &netHTTP{}
	t.Transport = http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := conns.dial(ctx, e.Network, e.Address)
			if err != nil {
				return nil, err
			}
			t.dials.Add(1)
			return &countedConn{Conn: conn, owner: t, timeout: p.Timeout}, nil
		},
		DisableKeepAlives:   !p.KeepAlive,
		DisableCompression:  true,
		MaxIdleConnsPerHost: p.workers(),
	}
	return t
}

// Stats counts since the client was made. Retries are not known of net/http.
func (t *netHTTP) Stats() protocols.Stats {
	return protocols.Stats{
		Dials:         t.dials.Load(),
		BytesSent:     t.sent.Load(),
		BytesReceived: t.received.Load(),
	}
}

// countedConn counts bytes and bounds the wait for an answer. net/http's own
// timeouts take a timer or a goroutine for each request.
type countedConn struct {
	net.Conn
	owner    *netHTTP
	timeout  time.Duration
	deadline time.Time // of reads; used by one writer at a time
}

// Read implements net.Conn.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.owner.received.Add(int64(n))
	return n, err
}

// Write implements net.Conn. A write begins or continues a request, whose
// answer may take timeout from now; the deadline is moved only when a quarter
// of that has gone by, and so may be late by as much.
func (c *countedConn) Write(p []byte) (int, error) {
	if now := time.Now(); c.deadline.Sub(now) < c.timeout {
		c.deadline = now.Add(c.timeout + c.timeout/4)
		if err := c.SetDeadline(c.deadline); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Write(p)
	c.owner.sent.Add(int64(n))
	return n, err
}
