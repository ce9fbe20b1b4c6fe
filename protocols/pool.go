package protocols

import (
	"context"
	"net"
	"sync"
	"time"
)

const (
	// maxIdleTime is the age at which an idle connection is not used any more:
	// most servers have closed it by then.
	maxIdleTime = 90 * time.Second

	// restTime is the time after which a connection is looked at before a
	// request that could not be repeated goes out on it, as it is after a
	// long request, which a server may answer and break off. The look is a
	// system call: under load it would cost more than it saves.
	restTime = time.Second
)

// pool holds what the connections to one endpoint share, and the idle ones.
type pool struct {
	transport *Transport
	spec      Spec
	endpoint  Endpoint
	keepAlive bool
	dialer    net.Dialer

	mu   sync.Mutex
	idle []*conn // the last one was used last

	// scratch holds conns whose connection was closed after a clean exchange.
	// Their buffers and codec serve the next connection.
	scratch sync.Pool

	retired retirement // guarded by mu
}

func newPool(t *Transport, spec Spec, e Endpoint) *pool {
	return &pool{
		transport: t, spec: spec, endpoint: e,
		keepAlive: t.KeepAlive && spec.KeepAlive,
		dialer:    net.Dialer{KeepAlive: -1}, // Timeout sees to dead peers, with four system calls less
	}
}

// get returns an idle connection, else a new one. Errors are *Error.
func (p *pool) get(out *outgoing, now time.Time) (*conn, error) {
	for p.keepAlive {
		c := p.pop()
		if c == nil {
			break
		}
		rested := now.Sub(c.started)
		doubtful := c.suspect || rested >= restTime
		if rested < maxIdleTime && (!doubtful || out.idempotent() || c.open()) {
			return c, nil
		}
		c.close()
	}
	return p.dial(out.request.Context(), now)
}

func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	c := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return c
}

// put keeps c for the next request, or closes it where there are enough.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	if len(p.idle) < p.transport.maxIdle() {
		p.idle = append(p.idle, c)
		c = nil
	}
	p.mu.Unlock()
	if c != nil {
		c.close()
	}
}

func (p *pool) closeIdle() {
	p.mu.Lock()
	idle := append(p.idle, p.retired.takeAll()...)
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.close()
	}
}

// dial opens a connection. Errors are *Error.
func (p *pool) dial(ctx context.Context, now time.Time) (*conn, error) {
	p.reap(now, reapPerDial)
	dialContext := p.transport.Dial
	if dialContext == nil {
		dialContext = p.dialer.DialContext
	}
	limited := ctx
	if timeout := p.transport.timeout(); timeout > 0 {
		limited = &deadlineContext{ctx, now.Add(timeout)}
	}
	nc, err := dialContext(limited, p.endpoint.Network, p.endpoint.Address)
	if err != nil {
		if ctx.Err() != nil {
			err = contextError(ctx)
		}
		return nil, p.fail("dial", err)
	}
	p.transport.counters.dials.Add(1)
	return p.newConn(nc), nil
}

func (p *pool) fail(op string, err error) *Error {
	return &Error{Endpoint: p.endpoint, Op: op, Err: err}
}

// deadlineContext is a context with an earlier deadline. Its Done is its
// parent's and does not know of it: net.Dialer gives the deadline to the
// network poller, and only a context that can be cancelled costs a goroutine
// for each dial.
type deadlineContext struct {
	context.Context
	deadline time.Time
}

func (c *deadlineContext) Deadline() (time.Time, bool) {
	if d, ok := c.Context.Deadline(); ok && d.Before(c.deadline) {
		return d, true
	}
	return c.deadline, true
}
