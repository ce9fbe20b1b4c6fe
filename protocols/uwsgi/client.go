package uwsgi

import "github.com/gwbench/gwbench/protocols/cgi"

// NewCodec returns the client's side of one connection. g is only read, and so
// can be shared. A block of variables over MaxVars is a *cgi.LimitError.
func NewCodec(g *cgi.Gateway) *cgi.ClientCodec { return cgi.NewClientCodec(g, appendPacket) }
