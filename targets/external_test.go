package targets

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/gwbench/gwbench/protocols"
)

func TestExternal(t *testing.T) {
	var asked atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.RequestURI)
		w.WriteHeader(http.StatusInternalServerError) // it answers, whatever it says
	}))
	e := protocols.Endpoint{Protocol: "http", Network: "tcp", Address: server.Listener.Addr().String(), Path: "/app?x=1"}
	r := External("mine", e)
	i := start(t, r, options(t))
	if i.Endpoint() != e || i.PID() != 0 || i.Exited() != nil || i.Err() != nil {
		t.Errorf("endpoint %v, pid %d, error %v", i.Endpoint(), i.PID(), i.Err())
	}
	if got := asked.Load(); got != "/app?x=1" {
		t.Errorf("asked for %v", got)
	}
	o := options(t)
	o.ReadyPath = "/ready"
	start(t, r, o)
	if got := asked.Load(); got != "/ready" {
		t.Errorf("asked for %v", got)
	}
	if err := i.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	server.Close()
	_, err := r.Start(t.Context(), options(t))
	if err == nil || !strings.Contains(err.Error(), "target mine: no answer: http://"+e.Address+": ") || !strings.Contains(err.Error(), "start it, or check the address") || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error %v", err)
	}
	if _, err := r.Start(t.Context(), Options{Protocol: "scgi", Network: "tcp", Connection: "per-request"}); err == nil {
		t.Error("an http endpoint was started as scgi")
	}
}
