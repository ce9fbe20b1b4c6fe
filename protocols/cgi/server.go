package cgi

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"sync"
)

// A ServerCodec is the counterpart of ClientCodec: what the server's side of
// one connection has in common in the protocols that send the variables in one
// piece, then the raw body, and carry one request per connection. It is
// embedded in the codec of a protocol, which adds the other methods of the
// Codec of package server.
type ServerCodec struct{ body Body }

// varsPool outlives the connections, which carry one request each.
var varsPool = sync.Pool{New: func() any { return new(Vars) }}

// ReceiveRequest reads the request, whose Body reads on in br. readVars reads
// the variables and adds them to v, which it must not keep; its error is
// returned as it is.
func (c *ServerCodec) ReceiveRequest(br *bufio.Reader, readVars func(br *bufio.Reader, v *Vars) error) (*http.Request, error) {
	v := varsPool.Get().(*Vars)
	defer varsPool.Put(v)
	v.Reset()
	if err := readVars(br, v); err != nil {
		return nil, err
	}
	r, err := NewRequest(v)
	if err != nil {
		return nil, err
	}
	r.Body = http.NoBody
	if r.ContentLength > 0 {
		c.body.Reset(br, r.ContentLength)
		r.Body = &c.body
	}
	return r, nil
}

// AppendBody appends p as it is: the body is not framed.
func (c *ServerCodec) AppendBody(dst, p []byte) []byte { return append(dst, p...) }

// AppendEnd appends nothing: the end of the connection is that of the response.
func (c *ServerCodec) AppendEnd(dst []byte) []byte { return dst }

// KeepAlive is always false: the connection carries one request.
func (c *ServerCodec) KeepAlive() bool { return false }

// ReadBlock reads a block of size bytes, in which parse finds the variables
// that it adds to v; it must not keep the block. io.ErrUnexpectedEOF means that
// br ended within the block.
func (v *Vars) ReadBlock(br *bufio.Reader, size int, parse func(v *Vars, block []byte) error) error {
	var block []byte
	var err error
	fits := size <= br.Size()
	if fits {
		block, err = br.Peek(size)
	} else {
		block = make([]byte, size)
		_, err = io.ReadFull(br, block)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if err := parse(v, block); err != nil {
		return err
	}
	if fits {
		_, err = br.Discard(size)
	}
	return err
}
