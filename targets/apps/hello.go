package apps

import "net/http"

// The answer is made once, so that a benchmark of a server is not one of this
// application.
var (
	helloType = []string{"text/html"}
	helloBody = []byte("<h1>Hello, web!</h1>")
)

// hello is the twin of hello.py: the same answer to every request.
func hello(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = helloType
	_, _ = w.Write(helloBody) // the client has gone: nobody is left to tell
}
