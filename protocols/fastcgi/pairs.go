package fastcgi

import "encoding/binary"

// Name-value pairs (section 3.4): the lengths of name and value, in one byte
// each up to 127 and else in four with the highest bit set, then both texts.

const (
	shortLength = 127       // the largest length that fits one byte
	maxLength   = 1<<31 - 1 // the largest that fits four
)

// AppendPair appends one name-value pair. Neither text may be longer than
// 2147483647 bytes.
func AppendPair(dst, name, value []byte) []byte {
	dst = appendLength(dst, len(name))
	dst = appendLength(dst, len(value))
	dst = append(dst, name...)
	return append(dst, value...)
}

// ParsePair reads the pair at the start of b: n is the number of bytes it
// takes. Where b ends before the pair does n is 0, and need tells how many
// bytes the pair takes at least. name and value point into b.
func ParsePair(b []byte) (name, value []byte, n int, need int64) {
	nameLen, i, ok := parseLength(b)
	if !ok {
		return nil, nil, 0, int64(i) + 1 // the value's length has a byte too
	}
	valueLen, j, ok := parseLength(b[i:])
	start := i + j
	need = int64(start) + int64(nameLen) + int64(valueLen)
	if !ok || int64(len(b)) < need {
		return nil, nil, 0, need
	}
	mid := start + int(nameLen)
	return b[start:mid], b[mid:need], int(need), need
}

func appendLength(dst []byte, n int) []byte {
	if n <= shortLength {
		return append(dst, byte(n))
	}
	return binary.BigEndian.AppendUint32(dst, uint32(n)|1<<31)
}

// parseLength reads a length and the number of bytes it takes; where b is too
// short ok is false, and size the number of bytes it would take at least.
func parseLength(b []byte) (length uint32, size int, ok bool) {
	switch {
	case len(b) == 0:
		return 0, 1, false
	case b[0] <= shortLength:
		return uint32(b[0]), 1, true
	case len(b) < 4:
		return 0, 4, false
	}
	return binary.BigEndian.Uint32(b) &^ (1 << 31), 4, true
}

// pairSize returns the number of bytes that AppendPair appends.
func pairSize(name, value []byte) int {
	n := 2 + len(name) + len(value)
	if len(name) > shortLength {
		n += 3
	}
	if len(value) > shortLength {
		n += 3
	}
	return n
}
