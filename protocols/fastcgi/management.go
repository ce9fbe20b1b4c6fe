package fastcgi

import "io"

// What the server says of itself (section 4.1). It sets no limit to
// connections of its own, and each serves one request at a time; the figure
// is there for a web server that sizes a pool by it.
const maxConns = "65535"

var serverValues = [...]struct{ name, value string }{
	{"FCGI_MAX_CONNS", maxConns},
	{"FCGI_MAX_REQS", maxConns},
	{"FCGI_MPXS_CONNS", "0"},
}

// manage answers a management record (section 4). Its types are those with a
// request id of 0, whichever they are.
func (c *serverCodec) manage(t Type) error {
	if t != TypeGetValues {
		return c.reply(appendUnknownType(c.scratch[:0], t))
	}
	query := make([]byte, c.content)
	if _, err := io.ReadFull(c.br, query); err != nil {
		return unexpected(err)
	}
	c.content = 0
	result, err := appendValues(c.scratch[:0], query)
	if err != nil {
		return err
	}
	return c.reply(result)
}

// appendValues appends the GET_VALUES_RESULT to a query, each name once, and
// unknown names left out.
func appendValues(dst, query []byte) ([]byte, error) {
	start := len(dst)
	dst = AppendHeader(dst, Header{Type: TypeGetValuesResult, RequestID: managementID})
	var answered [len(serverValues)]bool
	for len(query) > 0 {
		name, _, n, _ := ParsePair(query)
		if n == 0 {
			return dst, syntaxError("GET_VALUES ends within a name-value pair")
		}
		query = query[n:]
		for i, v := range serverValues {
			if string(name) == v.name && !answered[i] {
				answered[i] = true
				dst = AppendPair(dst, name, []byte(v.value))
			}
		}
	}
	setContentLength(dst[start:], len(dst)-start-HeaderSize)
	return dst, nil
}
