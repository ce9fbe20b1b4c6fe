package server

import (
	"context"
	"sync"
)

// requestContext ends when its request has been served, or with the
// connection. What a codec put into the request's own context stays visible
// through Value.
//
// Most handlers never ask for Done. So that these do not pay for a cancelable
// context it is made when it is first asked for.
type requestContext struct {
	context.Context                 // of the connection
	values          context.Context // of the request, as the codec made it

	mu     sync.Mutex
	served bool
	inner  context.Context // nil until Done is called
	cancel context.CancelFunc
}

func (c *requestContext) Done() <-chan struct{} { return c.cancelable().Done() }

func (c *requestContext) cancelable() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		c.inner, c.cancel = context.WithCancel(c.Context)
		if c.served {
			c.cancel()
		}
	}
	return c.inner
}

func (c *requestContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.inner != nil:
		return c.inner.Err()
	case c.served:
		return context.Canceled
	}
	return c.Context.Err()
}

// Value asks the cancelable context first, where there is one: that is how
// package context finds the parent of a derived context without a goroutine.
func (c *requestContext) Value(key any) any {
	c.mu.Lock()
	own := c.inner
	c.mu.Unlock()
	if own == nil {
		own = c.Context
	}
	if v := own.Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}

// end cancels the context: ServeHTTP has returned.
func (c *requestContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.served = true
	if c.cancel != nil {
		c.cancel()
	}
}
