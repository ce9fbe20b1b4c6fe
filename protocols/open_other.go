//go:build !unix

package protocols

// open tells whether an idle connection seems usable. There is no way to look
// here.
func (c *conn) open() bool { return true }
