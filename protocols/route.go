package protocols

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// poolKey is what a request's URL says of the endpoint, unparsed: parsing
// happens once for each key.
type poolKey struct {
	scheme string
	host   string // or the socket's path, escaped
}

// route finds the pool of connections for r. path is the request's path where
// the URL's is not: in the URL of a unix socket.
func (t *Transport) route(r *http.Request) (p *pool, path string, err error) {
	if r.URL == nil {
		return nil, "", errors.New("protocols: the request has no URL")
	}
	if p := t.fixed.Load(); p != nil {
		return p, "", nil
	}
	if t.Endpoint != nil {
		p, err := t.fixedPool()
		return p, "", err
	}
	key := poolKey{r.URL.Scheme, r.URL.Host}
	if strings.HasSuffix(key.scheme, "+unix") {
		escaped := r.URL.EscapedPath()
		key.host, path = escaped, "/"
		if i := strings.Index(escaped, ":/"); i >= 0 {
			key.host, path = escaped[:i], escaped[i+1:]
		}
	}
	p, err = t.poolOf(key)
	return p, path, err
}

func (t *Transport) poolOf(key poolKey) (*pool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.pools[key]; ok {
		return p, nil
	}
	host := key.host
	if !strings.HasSuffix(key.scheme, "+unix") {
		host = escapeZone(host) // url.Parse has unescaped it
	}
	e, err := ParseEndpoint(key.scheme + "://" + host)
	if err != nil {
		return nil, err
	}
	return t.addPool(key, e)
}

// addPool makes the pool of an endpoint. t.mu is held.
func (t *Transport) addPool(key poolKey, e Endpoint) (*pool, error) {
	spec, ok := Lookup(e.Protocol)
	if !ok {
		return nil, fmt.Errorf("protocols: unknown protocol %q: %s", e.Protocol, schemeHint(e.Protocol))
	}
	if t.pools == nil {
		t.pools = make(map[poolKey]*pool)
	}
	p := newPool(t, spec, e)
	t.pools[key] = p
	return p, nil
}

func (t *Transport) fixedPool() (*pool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.fixed.Load(); p != nil {
		return p, nil
	}
	p, err := t.addPool(poolKey{}, *t.Endpoint)
	if err != nil {
		return nil, err
	}
	t.fixed.Store(p)
	return p, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close() // nothing was read from it
	}
}
