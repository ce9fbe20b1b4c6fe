package protocols

import (
	"math"
	"time"
)

// closePatience is how long a server may take to close a connection that it
// was asked to close, before we do.
const closePatience = 20 * time.Millisecond

// A retirement holds connections that have done their work and that the server
// is about to close. The side that closes first keeps the port in TIME_WAIT:
// were it ours, ports would run out within seconds of one connection for each
// request, and sooner for a protocol that tells the length of its answers than
// for one that does not. Nobody waits for the server, whose slowness to close
// is no part of an exchange: the dials that follow, and a timer, look after
// what is due. The zero value is empty.
type retirement struct {
	queue []retired // in the order of their retirement
	timer *time.Timer
	armed bool
}

type retired struct {
	conn  *conn
	since time.Time
}

// retire leaves c to its server for a while.
func (p *pool) retire(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &p.retired
	r.queue = append(r.queue, retired{c, time.Now()})
	if r.armed {
		return
	}
	r.armed = true
	if r.timer == nil {
		r.timer = time.AfterFunc(closePatience, p.reapLate)
	} else {
		r.timer.Reset(closePatience)
	}
}

// reapPerDial is how many retired connections a dial looks after: enough to keep
// up, and few enough not to be felt.
const reapPerDial = 2

// reap closes the oldest connections that are due, so many at most.
func (p *pool) reap(now time.Time, most int) {
	for range most {
		c := p.takeDue(now)
		if c == nil {
			return
		}
		c.discard()
	}
}

// reapLate closes what is due a while after the last dial.
func (p *pool) reapLate() {
	p.reap(time.Now(), math.MaxInt)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retired.armed = len(p.retired.queue) > 0
	if p.retired.armed {
		p.retired.timer.Reset(closePatience)
	}
}

// takeDue takes the oldest connection out, if the server has closed it or has
// had its time.
func (p *pool) takeDue(now time.Time) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &p.retired
	if len(r.queue) == 0 {
		return nil
	}
	oldest := r.queue[0]
	if now.Sub(oldest.since) < closePatience && oldest.conn.open() {
		return nil
	}
	copy(r.queue, r.queue[1:])
	r.queue[len(r.queue)-1] = retired{}
	r.queue = r.queue[:len(r.queue)-1]
	return oldest.conn
}

// takeAll empties the queue.
func (r *retirement) takeAll() []*conn {
	conns := make([]*conn, len(r.queue))
	for i, one := range r.queue {
		conns[i] = one.conn
	}
	clear(r.queue)
	r.queue = r.queue[:0]
	return conns
}
