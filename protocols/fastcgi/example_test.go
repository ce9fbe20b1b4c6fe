package fastcgi_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/fastcgi"
)

// An application behind FastCGI, and one request to it. Most clients leave
// the second half to protocols.Transport.
func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := fastcgi.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s!", cgi.Environ(r)["QUERY_STRING"])
	}))
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()

	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	request, err := http.NewRequest("GET", "http://localhost/?web", nil)
	if err != nil {
		log.Fatal(err)
	}
	codec := fastcgi.NewCodec(true, &cgi.Gateway{})
	wire, err := codec.AppendHead(nil, request, 0)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := conn.Write(codec.AppendEnd(wire)); err != nil {
		log.Fatal(err)
	}
	var head cgi.Head
	if err := codec.ReadHead(bufio.NewReader(conn), request.Method, &head); err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(codec)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(head.Status, string(body), codec.Reusable())

	conn.Close()
	server.Close()
	fmt.Println(errors.Is(<-served, http.ErrServerClosed))
	// Output:
	// 200 Hello, web! true
	// true
}

// The records of a request, as a tracer would print them.
func ExampleParseHeader() {
	request, err := http.NewRequest("GET", "http://localhost/", nil)
	if err != nil {
		log.Fatal(err)
	}
	codec := fastcgi.NewCodec(false, &cgi.Gateway{})
	wire, err := codec.AppendHead(nil, request, 0)
	if err != nil {
		log.Fatal(err)
	}
	for wire = codec.AppendEnd(wire); len(wire) > 0; {
		h, err := fastcgi.ParseHeader(wire)
		if err != nil {
			log.Fatal(err)
		}
		content := wire[fastcgi.HeaderSize:][:h.ContentLength]
		wire = wire[fastcgi.HeaderSize+len(content)+int(h.PaddingLength):]
		fmt.Println(h.Type, len(content) > 0)
		if h.Type == fastcgi.TypeParams && len(content) > 0 {
			name, value, _, _ := fastcgi.ParsePair(content)
			fmt.Printf("  %s=%s\n", name, value)
		}
	}
	// Output:
	// BEGIN_REQUEST true
	// PARAMS true
	//   CONTENT_LENGTH=0
	// PARAMS false
	// STDIN false
}
