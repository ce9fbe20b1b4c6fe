package cgi

// Vars is an ordered list of CGI variables, names and values, kept in one
// buffer so that building it anew for each request allocates nothing once the
// buffer has grown. The zero value is an empty list, ready for use. It is not
// safe for concurrent use.
type Vars struct {
	buf   []byte
	spans []span
	keys  []string // scratch of AppendVars: the header keys to send, sorted
}

// span locates one variable in the buffer: the name is buf[start:mid], the
// value buf[mid:end].
type span struct{ start, mid, end int }

// Reset empties the list and keeps its memory.
func (v *Vars) Reset() {
	v.buf = v.buf[:0]
	v.spans = v.spans[:0]
}

// Add appends a variable. A name that is there already is not replaced.
func (v *Vars) Add(name, value string) {
	start := len(v.buf)
	v.buf = append(v.buf, name...)
	mid := len(v.buf)
	v.buf = append(v.buf, value...)
	v.spans = append(v.spans, span{start, mid, len(v.buf)})
}

// AddBytes is Add for bytes; it copies them.
func (v *Vars) AddBytes(name, value []byte) {
	start := len(v.buf)
	v.buf = append(v.buf, name...)
	mid := len(v.buf)
	v.buf = append(v.buf, value...)
	v.spans = append(v.spans, span{start, mid, len(v.buf)})
}

// Len returns the number of variables.
func (v *Vars) Len() int { return len(v.spans) }

// Size returns the number of bytes in all names and values together.
func (v *Vars) Size() int { return len(v.buf) }

// At returns variable i, counted from 0. The slices are valid until the next
// Reset or Add and must not be changed.
func (v *Vars) At(i int) (name, value []byte) {
	s := v.spans[i]
	return v.buf[s.start:s.mid], v.buf[s.mid:s.end]
}

// Get returns the value of the last variable of that name: the last of
// duplicate names wins, as in uWSGI. It is valid as long as those of At are.
func (v *Vars) Get(name string) (value []byte, ok bool) {
	for i := len(v.spans) - 1; i >= 0; i-- {
		s := v.spans[i]
		if string(v.buf[s.start:s.mid]) == name {
			return v.buf[s.mid:s.end], true
		}
	}
	return nil, false
}

// begin appends a variable with an empty value, which extend then fills.
func (v *Vars) begin(name string) {
	start := len(v.buf)
	v.buf = append(v.buf, name...)
	v.spans = append(v.spans, span{start, len(v.buf), len(v.buf)})
}

// extend appends s to the value of the last variable.
func (v *Vars) extend(s string) {
	v.buf = append(v.buf, s...)
	v.spans[len(v.spans)-1].end = len(v.buf)
}
