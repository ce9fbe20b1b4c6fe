package scgi_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/scgi"
)

// A server and a client, without the connection handling that
// protocols.Transport adds.
func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	s := scgi.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s!", r.FormValue("name"))
	}))
	served := make(chan error)
	go func() { served <- s.Serve(l) }()

	if err := get(l.Addr().String(), "http://example.com/?name=web"); err != nil {
		fmt.Println(err)
	}
	if err := s.Close(); err != nil {
		fmt.Println(err)
	}
	fmt.Println(<-served)
	// Output:
	// 200 text/plain; charset=utf-8 Hello, web!
	// http: Server closed
}

func get(address, url string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	codec := scgi.NewCodec(&cgi.Gateway{})
	packet, err := codec.AppendHead(nil, r, 0)
	if err != nil {
		return err
	}
	if _, err := conn.Write(packet); err != nil {
		return err
	}
	var head cgi.Head
	if err := codec.ReadHead(bufio.NewReader(conn), r.Method, &head); err != nil {
		return err
	}
	body, err := io.ReadAll(codec)
	if err != nil {
		return err
	}
	fmt.Println(head.Status, head.Header().Get("Content-Type"), string(body))
	return nil
}
