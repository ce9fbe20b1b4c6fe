package targets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// TestPitfallsOfUWSGI makes each of them happen, since nobody but uWSGI knows
// what it says then.
func TestPitfallsOfUWSGI(t *testing.T) {
	r, err := Find("uwsgi")
	if err != nil {
		t.Fatal(err)
	}
	needs(t, r)
	large := http.Header{"X-Large": {strings.Repeat("x", 6000)}}
	many := http.Header{}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		many.Set("X-"+string(c), "y")
	}
	tests := []struct {
		name      string
		args      []string
		protocols []string
		header    http.Header
		means     string
	}{
		{"large head", []string{"--buffer-size=4096"}, []string{"http", "uwsgi", "fastcgi", "scgi"}, large, "raise buffer-size"},
		{"many variables", []string{"--max-vars=10"}, []string{"uwsgi"}, many, "raise max-vars"},
	}
	for _, tt := range tests {
		for _, protocol := range tt.protocols {
			t.Run(tt.name+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				o := options(t)
				o.Protocol = protocol
				i := start(t, with(t, r, Change{Name: "changed", Args: tt.args}), o)
				if got := i.Explain(); got != nil {
					t.Errorf("explains %q before it happens", got)
				}
				e := i.Endpoint()
				transport := &protocols.Transport{Endpoint: &e, Timeout: 2 * time.Second}
				_, _ = question{method: "GET", path: "/", header: tt.header}.ask(transport)
				awaitExplained(t, i, tt.means)
			})
		}
	}
	t.Run("listen queue", func(t *testing.T) {
		t.Parallel()
		o := options(t)
		o.Application = "probe"
		i := start(t, with(t, r, Change{Name: "changed", Args: []string{"--listen=2"}}), o)
		for range 8 { // of which the worker takes one
			conn, err := net.DialTimeout("tcp", i.Endpoint().Address, 100*time.Millisecond)
			if err != nil {
				continue // it is full
			}
			defer conn.Close()
			_, _ = conn.Write([]byte("GET /sleep/5000 HTTP/1.0\r\n\r\n"))
		}
		awaitExplained(t, i, "use more workers")
	})
}

func awaitExplained(t *testing.T, i *Instance, means string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		got := i.Explain()
		if all := fmt.Sprint(got); strings.Contains(all, means) {
			if len(all) > 600 {
				t.Errorf("the explanation is %d bytes long", len(all))
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("explains %q, not %q; its log ends: %s", got, means, i.log.tail())
		}
	}
}

// TestPitfallsOfStartingUWSGI: the error of a server that does not come up
// explains why.
func TestPitfallsOfStartingUWSGI(t *testing.T) {
	r, err := Find("uwsgi")
	if err != nil {
		t.Fatal(err)
	}
	needs(t, r)
	for arg, means := range map[string]string{
		"--listen=1000000":        "net.core.somaxconn",
		"--module=no_such_module": "could not be loaded",
	} {
		o := options(t)
		_, err := with(t, r, Change{Name: "changed", Args: []string{arg}}).Start(t.Context(), o)
		var failed *StartError
		if !errors.As(err, &failed) {
			t.Errorf("%s: %v", arg, err)
			continue
		}
		if !strings.Contains(failed.Error(), "\n  explanation: ") || !strings.Contains(fmt.Sprint(failed.Explained), means) {
			t.Errorf("%s: nothing explains %v", arg, failed)
		}
	}
}

// TestPitfallOfCaddy has Caddy answered before it has passed on a request's body.
// When it begins to answer it reads what is left of the body away, and cannot
// pass that on any more: so it closes the connection from which the rest of the
// answer would come.
func TestPitfallOfCaddy(t *testing.T) {
	f, err := FindFront("caddy")
	if err != nil {
		t.Fatal(err)
	}
	needs(t, f.Recipe())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var hasty sync.WaitGroup
	answered := make(chan struct{})
	defer hasty.Wait()
	defer l.Close()
	hasty.Go(func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			hasty.Go(func() {
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				part := make([]byte, 64<<10) // more than Caddy holds back
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", 2*len(part), part)
				if r.Method == http.MethodPost {
					close(answered)
					_, _ = io.Copy(io.Discard, conn) // until Caddy closes it
				}
				_, _ = conn.Write(part)
			})
		}
	})
	target := start(t, External("hasty", protocols.Endpoint{Protocol: "http", Network: tcp, Address: l.Addr().String()}), options(t))
	o := openOptions(t)
	o.Connection = perRequest
	i, err := f.Start(t.Context(), o, target)
	if err != nil {
		t.Fatal(err)
	}
	defer checkStop(t, i)
	conn, err := net.Dial(tcp, i.Endpoint().Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	const first, rest = 16 << 10, 256 // the first part is more than Caddy holds back
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", first+rest, make([]byte, first))
	hasty.Go(func() {
		select {
		case <-answered:
		case <-time.After(patience):
		}
		// Byte by byte, for which those who pass on and read away compete.
		for range rest {
			time.Sleep(time.Millisecond)
			if _, err := conn.Write([]byte{0}); err != nil {
				return
			}
		}
	})
	_, _ = io.Copy(io.Discard, conn)
	awaitExplained(t, i, "was cut short")
}
