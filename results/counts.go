package results

import (
	"errors"
	"math/bits"
)

// The histograms of a run are most of its bytes, and compressed one by one they hardly
// shrink any more. Packed, they are one stream of numbers: of each histogram how many
// of its buckets hold anything, then of each of those the gap (how many empty buckets
// lie before it) and the count less 1. An adaptive binary arithmetic coder writes the
// numbers bit by bit, each with a probability learned from the bits that were in like
// places: a gap next to gaps like those before it, a count by its gap and the count
// before it. This takes a fifth less than deflate of the same numbers.
//
// internal/page/assets/js/histograms.js is the decoder once more, for the browser:
// whoever changes one changes both.

// bucket is one that holds something, in histograms of one fixed geometry.
type bucket struct {
	gap   int // empty buckets between it and the one before it
	count int64
}

// Places of bits within the numbers of one context: the bits that say how long a
// number is, then the two highest beneath its leading one. All others are as good as
// random.
const (
	lengths = 64
	places  = lengths + 4*lengths
)

// Contexts are places for each number, and for each two logarithms of what is near it.
const (
	logs     = 6 // 0, 1, 2-3, 4-7, 8-15, more
	contexts = 1 + 2*logs*logs
)

// logOf is a coarse logarithm, below logs.
func logOf(n uint64) int { return min(bits.Len64(n), logs-1) }

func gapContext(before, beforeThat uint64) int { return 1 + logOf(before)*logs + logOf(beforeThat) }

func countContext(gap, before uint64) int {
	return 1 + logs*logs + logOf(gap)*logs + logOf(before)
}

// chance is how likely a bit is to be 1, in 65536ths, learned from those it has met.
type chance struct {
	one int32
	met int32 // up to forgetting: later ones count for more than earlier ones
}

const forgetting = 60

func (c *chance) learn(bit int) {
	c.met = min(c.met+1, forgetting)
	c.one += (int32(bit)*65535 - c.one) / (c.met + 1)
	c.one = min(max(c.one, 32), 65504)
}

// model is what has been learned; writer and reader learn the same.
type model [contexts * places]chance

func newModel() *model {
	m := new(model)
	for i := range m {
		m[i].one = 1 << 15
	}
	return m
}

// number sends a number, from 0, through code, which writes a bit or returns the one it
// reads. Reading gives it no number.
func (m *model) number(context int, n uint64, code func(c *chance, bit int) int) uint64 {
	own := m[context*places : (context+1)*places]
	n++ // its length says where its leading bit is
	length := bits.Len64(n) - 1
	known := 0
	for known < lengths-1 {
		more := 0
		if known < length {
			more = 1
		}
		if code(&own[known], more) == 0 {
			break
		}
		known++
	}
	value := uint64(1)
	for i := known - 1; i >= 0; i-- {
		var c *chance // nil: both are as likely
		if i >= known-2 {
			c = &own[lengths+4*known+int(value)] // 1, 2 or 3
		}
		value = value<<1 | uint64(code(c, int(n>>i&1)))
	}
	return value - 1
}

// countsWriter writes histograms.
type countsWriter struct {
	*model
	low, high uint32 // what the stream may still become
	out       []byte
}

func newCountsWriter() *countsWriter { return &countsWriter{model: newModel(), high: 1<<32 - 1} }

func (w *countsWriter) bit(c *chance, bit int) int {
	middle := between(w.low, w.high, c)
	if bit == 1 {
		w.high = middle
	} else {
		w.low = middle + 1
	}
	for (w.low^w.high)>>24 == 0 {
		w.out = append(w.out, byte(w.low>>24))
		w.low, w.high = w.low<<8, w.high<<8|0xFF
	}
	if c != nil {
		c.learn(bit)
	}
	return bit
}

// between parts what is left of the stream's range as likely as the bit is.
func between(low, high uint32, c *chance) uint32 {
	one := uint32(1 << 15)
	if c != nil {
		one = uint32(c.one)
	}
	wide := high - low
	return low + wide>>16*one + (wide&0xFFFF)*one>>16
}

func (w *countsWriter) write(buckets []bucket) {
	w.number(0, uint64(len(buckets)), w.bit)
	var gap, gapBefore, count uint64
	for _, b := range buckets {
		next := uint64(b.gap)
		w.number(gapContext(gap, gapBefore), next, w.bit)
		w.number(countContext(next, count), uint64(b.count-1), w.bit)
		gap, gapBefore, count = next, gap, uint64(b.count-1)
	}
}

// bytes ends the stream.
func (w *countsWriter) bytes() []byte {
	return append(w.out, byte(w.low>>24), byte(w.low>>16), byte(w.low>>8), byte(w.low))
}

// countsReader reads what a countsWriter wrote.
type countsReader struct {
	*model
	low, high, at uint32
	in            []byte
	missing       int // bytes beyond the end
}

func newCountsReader(in []byte) *countsReader {
	r := &countsReader{model: newModel(), high: 1<<32 - 1, in: in}
	for range 4 {
		r.next()
	}
	return r
}

func (r *countsReader) next() {
	var b byte
	if len(r.in) > 0 {
		b, r.in = r.in[0], r.in[1:]
	} else {
		r.missing++
	}
	r.at = r.at<<8 | uint32(b)
}

func (r *countsReader) bit(c *chance, _ int) int {
	middle, bit := between(r.low, r.high, c), 0
	if r.at <= middle {
		bit, r.high = 1, middle
	} else {
		r.low = middle + 1
	}
	for (r.low^r.high)>>24 == 0 {
		r.low, r.high = r.low<<8, r.high<<8|0xFF
		r.next()
	}
	if c != nil {
		c.learn(bit)
	}
	return bit
}

// read returns the buckets of the next histogram, all below index most.
func (r *countsReader) read(most int) ([]bucket, error) {
	n := r.number(0, 0, r.bit)
	var buckets []bucket
	var gap, gapBefore, count uint64
	at := uint64(0)
	for range n {
		next := r.number(gapContext(gap, gapBefore), 0, r.bit)
		gap, gapBefore, count = next, gap, r.number(countContext(next, count), 0, r.bit)
		if at += next + 1; next >= uint64(most) || at > uint64(most) || count >= 1<<62 || r.missing > 0 {
			return nil, errors.New("its packed histograms are damaged")
		}
		buckets = append(buckets, bucket{int(gap), int64(count) + 1})
	}
	return buckets, nil
}
