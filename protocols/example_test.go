package protocols_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/uwsgi"
)

// A server and a client of the same protocol.
func ExampleTransport() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := uwsgi.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s!", r.URL.Query().Get("name"))
	}))
	go server.Serve(l)
	defer server.Close()

	client := &http.Client{Transport: &protocols.Transport{}}
	resp, err := client.Get("uwsgi://" + l.Addr().String() + "/hello?name=web")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status, string(body))
	// Output: 200 OK Hello, web!
}

func ExampleParseEndpoint() {
	e, err := protocols.ParseEndpoint("fcgi+unix:///run/app.sock:/status")
	fmt.Println(e.Protocol, e.Network, e.Address, e.Path, err)
	_, err = protocols.ParseEndpoint("uwsig://127.0.0.1:3031")
	fmt.Println(err)
	// Output:
	// fastcgi unix /run/app.sock /status <nil>
	// endpoint "uwsig://127.0.0.1:3031": unknown scheme "uwsig": did you mean uwsgi?
}
