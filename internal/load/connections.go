package load

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// connections dials for a client and knows what is open, so that an attack can
// be cut short: vegeta gives its requests no context, and giving each one a
// context would cost every request what only an interruption needs. Safe for
// concurrent use.
type connections struct {
	dialer  net.Dialer
	timeout time.Duration

	mu     sync.Mutex
	attack context.Context // dials end with it
	open   map[*connection]struct{}
	silent int64 // connections closed since begin that had never brought a byte
}

func newConnections(timeout time.Duration) *connections {
	return &connections{
		// Keep-alive probes mean nothing within one machine and cost system calls on
		// every dial.
		dialer:  net.Dialer{KeepAlive: -1},
		timeout: timeout,
		attack:  context.Background(),
		open:    make(map[*connection]struct{}),
	}
}

// begin ties the dials that follow to an attack.
func (c *connections) begin(attack context.Context) {
	c.mu.Lock()
	c.attack, c.silent = attack, 0
	c.mu.Unlock()
}

// silentSinceBegin counts the connections closed in this attack that had never
// brought a byte.
func (c *connections) silentSinceBegin() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.silent
}

// cut closes all connections, idle or not: whoever reads from one gets an
// error at once. To keep it so, the attack's context must have ended.
func (c *connections) cut() {
	c.mu.Lock()
	open := make([]*connection, 0, len(c.open))
	for conn := range c.open {
		open = append(open, conn)
	}
	c.mu.Unlock()
	for _, conn := range open {
		conn.Close()
	}
}

// dial connects within the timeout, or until ctx's deadline where that is
// earlier, and no longer than the attack lasts.
func (c *connections) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c.mu.Lock()
	attack := c.attack
	c.mu.Unlock()
	deadline := time.Now().Add(c.timeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	inner, err := c.dialer.DialContext(deadlineContext{attack, deadline}, network, address)
	if err != nil {
		return nil, err
	}
	conn := &connection{Conn: inner, owner: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := attack.Err(); err != nil {
		inner.Close()
		return nil, err
	}
	c.open[conn] = struct{}{}
	return conn, nil
}

// deadlineContext is a context with a deadline but without a timer of its own:
// package net puts the deadline on the socket.
type deadlineContext struct {
	context.Context
	deadline time.Time
}

// Deadline implements context.Context.
func (c deadlineContext) Deadline() (time.Time, bool) { return c.deadline, true }

// connection tells its owner when it is closed, and whether anything ever came.
type connection struct {
	net.Conn
	owner  *connections
	spoken atomic.Bool // whether a byte came
}

// Read implements net.Conn.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.spoken.Load() {
		c.spoken.Store(true)
	}
	return n, err
}

// Close implements net.Conn.
func (c *connection) Close() error {
	c.owner.mu.Lock()
	if _, open := c.owner.open[c]; open && !c.spoken.Load() {
		c.owner.silent++
	}
	delete(c.owner.open, c)
	c.owner.mu.Unlock()
	return c.Conn.Close()
}

// SyscallConn implements syscall.Conn for transports that look at the socket
// itself.
func (c *connection) SyscallConn() (syscall.RawConn, error) {
	sc, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, syscall.EINVAL
	}
	return sc.SyscallConn()
}
