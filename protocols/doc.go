// Package protocols carries HTTP requests over HTTP, uwsgi, FastCGI and SCGI.
//
// [Transport] is an [http.RoundTripper] over any of them, so that an
// [http.Client], or a load generator that takes one, can talk to a gateway
// server directly, without a web server in front:
//
//	client := &http.Client{Transport: &protocols.Transport{KeepAlive: true}}
//	resp, err := client.Get("uwsgi://127.0.0.1:3031/hello?name=web")
//
// Everything but the bytes of a protocol is shared: the pool of idle
// connections, buffers, deadlines, one write for a request that fits the
// buffer. A protocol adds a [Codec] and a line in the registry, see [All], and
// nothing else: a comparison of two protocols compares their codecs.
//
// The other side of each protocol is in its package: uwsgi.Serve(l, handler),
// fastcgi.Serve, scgi.Serve, httpwire.Serve.
package protocols
