package protocols

import "sync/atomic"

// Stats counts since the Transport was made. An exchange is counted in full
// by the time its response's body has been read to its end or closed.
type Stats struct {
	Dials         int64 // connections opened
	Retries       int64 // requests sent again because an idle connection turned out to be closed
	BytesSent     int64 // on the wire, protocol framing included
	BytesReceived int64 // likewise
}

// Sub returns the difference s - earlier.
func (s Stats) Sub(earlier Stats) Stats {
	return Stats{
		Dials:         s.Dials - earlier.Dials,
		Retries:       s.Retries - earlier.Retries,
		BytesSent:     s.BytesSent - earlier.BytesSent,
		BytesReceived: s.BytesReceived - earlier.BytesReceived,
	}
}

// counters are the live Stats of a Transport. Connections count for
// themselves and add up here once an exchange.
type counters struct {
	dials, retries, sent, received atomic.Int64
}

// Stats returns the counts so far. Safe for concurrent use.
func (t *Transport) Stats() Stats {
	return Stats{
		Dials:         t.counters.dials.Load(),
		Retries:       t.counters.retries.Load(),
		BytesSent:     t.counters.sent.Load(),
		BytesReceived: t.counters.received.Load(),
	}
}
