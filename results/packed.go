package results

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"
)

// A packed bundle is a bundle in fewer bytes, for what holds a run beside other
// things, such as the page of a report. It differs in its format, in that its
// histograms say only packedHere, and in one more key behind the trials: "histograms",
// all of them in their order (see columns.go), in base64.
const (
	packedFormat = "gwbench packed bundle"
	packedHere   = "packed"
)

// WritePacked is WriteBundle in fewer bytes, which gzip still halves. ReadBundle gives
// back the same run. A histogram of another geometry than gwbench's own stays as it is.
func WritePacked(w io.Writer, r Run, trials []Trial) error {
	packed, histograms, err := pack(trials)
	if err != nil {
		return fmt.Errorf("cannot pack run %s: %w", r.ID, err)
	}
	text, err := encodeBundle(packedFormat, r, packed)
	if err != nil {
		return fmt.Errorf("cannot pack run %s: %w", r.ID, err)
	}
	text = fmt.Appendf(text, "\n  ],\n  \"histograms\": \"%s\"\n}\n", base64.StdEncoding.EncodeToString(histograms))
	_, err = w.Write(documentSum.seal(text, 0))
	return err
}

// each are the histograms of a trial, in the order in which they are packed.
func (h *Histograms) each() []*string { return []*string{&h.Latency, &h.Service, &h.Lag} }

// pack returns the trials without their histograms, and those.
func pack(trials []Trial) ([]Trial, []byte, error) {
	packed := make([]Trial, len(trials))
	var all columns
	for i, t := range trials {
		for _, h := range t.Histograms.each() {
			if *h == packedHere {
				return nil, nil, fmt.Errorf("block %d of case %s has a histogram that is none", t.Block, t.Case)
			}
			if buckets, ok := bucketsOf(*h); ok {
				all.add(buckets)
				*h = packedHere
			}
		}
		packed[i] = t
	}
	histograms, err := all.packed()
	return packed, histograms, err
}

// unpack gives trials their histograms back.
func unpack(trials []Trial, histograms []byte) error {
	var places []*string
	for i := range trials {
		for _, h := range trials[i].Histograms.each() {
			if *h == packedHere {
				places = append(places, h)
			}
		}
	}
	all, err := readColumns(histograms, len(places))
	if err != nil {
		return err
	}
	for _, h := range places {
		buckets, err := all.next()
		if err != nil {
			return err
		}
		if *h, err = histogramOf(buckets); err != nil {
			return err
		}
	}
	if len(all.counts) > 0 {
		return errDamaged // histograms that no trial has
	}
	return nil
}

// What stands in front of a histogram's buckets: in V2 compressed the cookie and a
// length, then with zlib another cookie, the length of the buckets and the geometry.
// https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram.encodeIntoByteBuffer
const (
	compressedCookie = 0x1c849314
	plainCookie      = 0x1c849313
)

// geometry is that of all histograms that gwbench makes: no shift, three digits, from 1 ns
// to a minute, a ratio of 1.
var geometry = func() []byte {
	b := binary.BigEndian.AppendUint32(nil, 0)
	b = binary.BigEndian.AppendUint32(b, 3)
	b = binary.BigEndian.AppendUint64(b, 1)
	b = binary.BigEndian.AppendUint64(b, uint64(time.Minute))
	return binary.BigEndian.AppendUint64(b, math.Float64bits(1))
}()

// mostBuckets is how many such a histogram has: 1024 for each power of two from 2048 ns
// to a minute, and twice so many below.
const mostBuckets = 27 * 1024

// bucketsOf reads a histogram; ok is false unless histogramOf would give it back.
func bucketsOf(histogram string) (buckets []bucket, ok bool) {
	b, err := base64.StdEncoding.DecodeString(histogram)
	if err != nil || len(b) < 8 || binary.BigEndian.Uint32(b) != compressedCookie || binary.BigEndian.Uint32(b[4:]) != uint32(len(b)-8) {
		return nil, false
	}
	z, err := zlib.NewReader(bytes.NewReader(b[8:]))
	if err != nil {
		return nil, false
	}
	const most = 40 + 9*mostBuckets
	plain, err := io.ReadAll(io.LimitReader(z, most+1))
	if err != nil || len(plain) > most || len(plain) < 40 {
		return nil, false
	}
	at, gap := 0, 0
	for rest := plain[40:]; len(rest) > 0; {
		v, n := binary.Varint(rest) // in nine bytes it differs, but no count is so large
		if n <= 0 || n > 8 {
			return nil, false
		}
		rest = rest[n:]
		switch {
		case v < 0:
			gap += int(-v)
		case v == 0:
			gap++
		default:
			if at += gap + 1; at > mostBuckets {
				return nil, false
			}
			buckets, gap = append(buckets, bucket{gap, v}), 0
		}
	}
	return buckets, bytes.Equal(plain, plainOf(buckets))
}

// plainOf is a histogram of these buckets before it is compressed.
func plainOf(buckets []bucket) []byte {
	var counts []byte
	if len(buckets) == 0 {
		counts = binary.AppendVarint(counts, 0)
	}
	for _, b := range buckets {
		switch b.gap {
		case 0:
		case 1:
			counts = binary.AppendVarint(counts, 0)
		default:
			counts = binary.AppendVarint(counts, -int64(b.gap))
		}
		counts = binary.AppendVarint(counts, b.count)
	}
	plain := binary.BigEndian.AppendUint32(nil, plainCookie)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(counts)))
	return append(append(plain, geometry...), counts...)
}

// histogramOf is the form of Histograms.
func histogramOf(buckets []bucket) (string, error) {
	body, err := deflated(plainOf(buckets), zlib.BestCompression) // as hdrhistogram-go does
	if err != nil {
		return "", err
	}
	b := binary.BigEndian.AppendUint32(nil, compressedCookie)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return base64.StdEncoding.EncodeToString(append(b, body...)), nil
}

func deflated(b []byte, level int) ([]byte, error) {
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, level)
	if err == nil {
		_, err = z.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

// expanded is the text of a bundle that gzip may have compressed.
func expanded(file string, text []byte) ([]byte, error) {
	if !bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		return text, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(z, mostBytes+1))
	}
	if err == nil && len(text) > mostBytes {
		err = fmt.Errorf("more than %d MiB", mostBytes>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot expand %s: %w", file, err)
	}
	return text, nil
}
