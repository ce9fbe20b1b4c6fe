package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/httpwire"
)

// A server is made by the package of its protocol. Shutdown lets the requests
// under way finish.
func ExampleServer_Shutdown() {
	s := httpwire.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s!", r.FormValue("name"))
	}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	served := make(chan error)
	go func() { served <- s.Serve(l) }()

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	response, err := client.Get("http://" + l.Addr().String() + "/?name=web")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fmt.Println(response.Status, string(body), err)

	fmt.Println(s.Shutdown(context.Background()))
	fmt.Println(<-served)
	// Output:
	// 200 OK Hello, web! <nil>
	// <nil>
	// http: Server closed
}
