package httpwire_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/httpwire"
)

// Any HTTP client can talk to the server.
func ExampleServe() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	go httpwire.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Method, r.URL.Path)
	}))

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + l.Addr().String() + "/hello")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status, string(body))
	// Output: 200 OK GET /hello
}

func ExampleCodec_AppendHead() {
	r, err := http.NewRequest("GET", "http://127.0.0.1:8000/hello?name=web", nil)
	if err != nil {
		log.Fatal(err)
	}
	head, err := httpwire.NewCodec(false).AppendHead(nil, r, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", head)
	// Output: "GET /hello?name=web HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nConnection: close\r\n\r\n"
}
