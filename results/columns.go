package results

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// The histograms of a run are most of its bytes, and compressed one by one they hardly
// shrink any more. Packed, they are three columns of unsigned varints (encoding/binary):
// of each histogram how many of its buckets hold anything; of each of those the gap (how
// many empty buckets lie before it); of each of those the count less 1. The columns
// follow one another, and zlib compresses them as one, to a tenth less than it does
// gaps and counts by turns.
//
// internal/page/assets/js/histograms.js reads them in the browser: whoever changes one
// changes both.
type columns struct {
	sizes, gaps, counts []byte
	damaged             bool // what was taken is not what add appends
}

// bucket is one that holds something, in histograms of one fixed geometry.
type bucket struct {
	gap   int // empty buckets between it and the one before it
	count int64
}

// add appends a histogram.
func (c *columns) add(buckets []bucket) {
	c.sizes = binary.AppendUvarint(c.sizes, uint64(len(buckets)))
	for _, b := range buckets {
		c.gaps = binary.AppendUvarint(c.gaps, uint64(b.gap))
		c.counts = binary.AppendUvarint(c.counts, uint64(b.count-1))
	}
}

// take is the first number of a column, which loses it.
func (c *columns) take(column *[]byte, most uint64) uint64 {
	v, n := binary.Uvarint(*column)
	if n <= 0 || v > most {
		c.damaged = true
		return 0
	}
	*column = (*column)[n:]
	return v
}

// next are the buckets of the first histogram, which the columns lose.
func (c *columns) next() ([]bucket, error) {
	buckets := make([]bucket, c.take(&c.sizes, mostBuckets))
	at := uint64(0)
	for i := range buckets {
		gap, count := c.take(&c.gaps, mostBuckets), c.take(&c.counts, math.MaxInt64-1)
		at += gap + 1
		buckets[i] = bucket{int(gap), int64(count) + 1}
	}
	if c.damaged || at > mostBuckets {
		return nil, errDamaged
	}
	return buckets, nil
}

var errDamaged = errors.New("the packed histograms are damaged")

// columnsLevel makes half a percent more bytes than the best level does, in a tenth of the time.
const columnsLevel = 7

// packed is what readColumns reads.
func (c *columns) packed() ([]byte, error) {
	return deflated(bytes.Join([][]byte{c.sizes, c.gaps, c.counts}, nil), columnsLevel)
}

// readColumns reads the columns of so many histograms.
func readColumns(packed []byte, histograms int) (*columns, error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, errDamaged
	}
	// Of each bucket a gap, in at most 3 bytes, and a count in 9.
	most := min(mostBytes, int64(histograms)*mostBuckets*12)
	plain, err := io.ReadAll(io.LimitReader(z, most+1))
	if err != nil || int64(len(plain)) > most {
		return nil, errDamaged
	}
	c := new(columns)
	c.sizes, plain = cut(plain, histograms)
	buckets := 0
	for sizes := c.sizes; len(sizes) > 0 && !c.damaged; {
		buckets += int(c.take(&sizes, mostBuckets))
	}
	c.gaps, c.counts = cut(plain, buckets)
	return c, nil
}

// cut parts the first n numbers, or all there are, from the others.
func cut(b []byte, n int) (first, others []byte) {
	at := 0
	for ; n > 0 && at < len(b); at++ {
		if b[at] < 0x80 { // the last byte of a number
			n--
		}
	}
	return b[:at], b[at:]
}
