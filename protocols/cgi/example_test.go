package cgi_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"

	"github.com/gwbench/gwbench/protocols/cgi"
)

func ExampleGateway_AppendVars() {
	r, err := http.NewRequest("GET", "http://example.com/caf%C3%A9?q=1", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var vars cgi.Vars
	if err := (&cgi.Gateway{}).AppendVars(&vars, r, 0); err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"REQUEST_METHOD", "REQUEST_URI", "PATH_INFO", "SERVER_PORT", "HTTP_HOST"} {
		value, _ := vars.Get(name)
		fmt.Printf("%s=%s\n", name, value)
	}
	// Output:
	// REQUEST_METHOD=GET
	// REQUEST_URI=/caf%C3%A9?q=1
	// PATH_INFO=/café
	// SERVER_PORT=80
	// HTTP_HOST=example.com
}

func ExampleHead_ReadCGI() {
	var head cgi.Head
	err := head.ReadCGI(bufio.NewReader(strings.NewReader("Status: 404 Not Found\nContent-Type: text/plain\n\nbody")))
	fmt.Println(err, head.Status, string(head.Reason), head.Header())
	// Output: <nil> 404 Not Found map[Content-Type:[text/plain]]
}
