package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

type requestFlags struct {
	method, data, output string
	headers, params      []string
	include, trace, fail bool
	maxTime              time.Duration
}

func newRequestCommand(std stdio) *cobra.Command {
	var f requestFlags
	cmd := &cobra.Command{
		Use:   "request URL",
		Short: "Send one request to an http, uwsgi, fastcgi or scgi server",
		Long: `Send one request and print the body of the answer: a curl for gateways.
The URL names the protocol, the network and the request's path:

  http://127.0.0.1:8080/path        uwsgi://127.0.0.1:3031/path
  fastcgi://127.0.0.1:9000/path     scgi+unix:///run/app.sock:/path`,
		Example: `  gwbench request uwsgi://127.0.0.1:3031/
  gwbench request -i --trace fastcgi+unix:///run/app.sock:/echo -d 'some text'
  gwbench request fastcgi://127.0.0.1:9000/ --param SCRIPT_FILENAME=/srv/hello.php`,
		Args: exactly("URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return request(cmd.Context(), std, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.method, "method", "X", "", "method (default GET, with --data POST)")
	flags.StringArrayVarP(&f.headers, "header", "H", nil, "request header, 'Name: value'; may be repeated")
	flags.StringVarP(&f.data, "data", "d", "", "request body; @FILE reads a file, @- the standard input")
	flags.StringArrayVar(&f.params, "param", nil, "further CGI variable, NAME=value; may be repeated")
	flags.StringVarP(&f.output, "output", "o", "", "write the body to a file")
	flags.BoolVarP(&f.include, "include", "i", false, "print status and headers before the body")
	flags.BoolVar(&f.trace, "trace", false, "show every byte on the wire, on stderr")
	flags.BoolVarP(&f.fail, "fail", "f", false, "exit with 1 if the status is 400 or above")
	flags.DurationVar(&f.maxTime, "max-time", 30*time.Second, "give up after this time")
	return cmd
}

func request(ctx context.Context, std stdio, rawURL string, f requestFlags) error {
	endpoint, err := protocols.ParseEndpoint(rawURL)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.maxTime, fmt.Errorf("no complete answer within %s (--max-time)", f.maxTime))
	defer cancel()
	r, err := newRequest(ctx, std.in, endpoint, f)
	if err != nil {
		return err
	}
	transport, err := newRequestTransport(std.err, endpoint, f)
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(r)
	if err != nil {
		return causeOf(ctx, err)
	}
	defer response.Body.Close()
	if err := writeResponse(std.out, response, f); err != nil {
		return causeOf(ctx, err)
	}
	if f.fail && response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answered %s", endpoint, response.Status)
	}
	return nil
}

// causeOf prefers the reason why the context ended over what a read on a
// closed connection says.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func newRequest(ctx context.Context, stdin io.Reader, endpoint protocols.Endpoint, f requestFlags) (*http.Request, error) {
	body, err := requestBody(stdin, f.data)
	if err != nil {
		return nil, err
	}
	method := f.method
	if method == "" {
		method = http.MethodGet
		if body != nil {
			method = http.MethodPost
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, endpoint.URL(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "gwbench/"+version)
	for _, line := range f.headers {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("header %q: write it as 'Name: value'", line)
		}
		if strings.EqualFold(name, "Host") {
			r.Host = strings.TrimSpace(value)
			continue
		}
		r.Header.Add(name, strings.TrimSpace(value))
	}
	return r, nil
}

// requestBody returns the body that --data asks for; nil for none.
func requestBody(stdin io.Reader, data string) (io.Reader, error) {
	name, isFile := strings.CutPrefix(data, "@")
	switch {
	case data == "":
		return nil, nil
	case !isFile:
		return strings.NewReader(data), nil
	}
	var content []byte
	var err error
	if name == "-" {
		content, err = io.ReadAll(stdin)
	} else {
		content, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	return bytes.NewReader(content), nil
}

func newRequestTransport(trace io.Writer, endpoint protocols.Endpoint, f requestFlags) (*protocols.Transport, error) {
	transport := &protocols.Transport{Endpoint: &endpoint, Timeout: -1}
	if len(f.params) > 0 && endpoint.Protocol == "http" {
		return nil, errors.New("--param sets a CGI variable, which HTTP does not carry: use --header")
	}
	for _, param := range f.params {
		name, value, ok := strings.Cut(param, "=")
		if !ok {
			return nil, fmt.Errorf("param %q: write it as NAME=value", param)
		}
		transport.Gateway.Extra = append(transport.Gateway.Extra, cgi.Var{Name: name, Value: value})
	}
	if f.trace {
		transport.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(trace, "* connected to %s %s\n", network, address)
			return &tracedConn{Conn: conn, out: trace}, nil
		}
	}
	return transport, nil
}

func writeResponse(stdout io.Writer, response *http.Response, f requestFlags) error {
	if f.include {
		fmt.Fprintf(stdout, "%s %s\r\n", response.Proto, response.Status)
		if err := response.Header.Write(stdout); err != nil {
			return err
		}
		io.WriteString(stdout, "\r\n")
	}
	if f.output == "" {
		_, err := io.Copy(stdout, response.Body)
		return err
	}
	file, err := os.Create(f.output)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, response.Body); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// tracedConn dumps what goes over a connection: > sent, < received. A body may
// be sent while the answer comes in, so the dump has a lock.
type tracedConn struct {
	net.Conn
	mu  sync.Mutex
	out io.Writer
}

func (c *tracedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.dump('>', p[:n])
	return n, err
}

func (c *tracedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.dump('<', p[:n])
	return n, err
}

func (c *tracedConn) dump(direction byte, p []byte) {
	if len(p) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.out, "%c %d bytes\n", direction, len(p))
	for line := range strings.Lines(hex.Dump(p)) {
		fmt.Fprintf(c.out, "%c %s", direction, line)
	}
}
