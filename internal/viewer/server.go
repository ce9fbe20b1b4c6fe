// Package viewer serves pages of runs to the browser of whoever started it: those of
// a folder of results (Folder), and that of a run under way (Live).
//
// It only ever listens on a loopback address, answers only who knows a token that is in
// the URL, and writes no file. What it answers may hold hostile text, which is inert:
// see package page.
package viewer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path"
	"strings"
	"syscall"
	"time"
)

// DefaultAddress lets the system choose a port.
const DefaultAddress = "127.0.0.1:0"

// tokenBytes is 128 bits: nobody guesses it.
const tokenBytes = 16

// What a client may take before it is given up.
const (
	headerTimeout = 5 * time.Second

	writeTimeout = time.Minute // a page of 2 MiB over a slow forwarded connection
	idleTimeout  = 2 * time.Minute
	stopTimeout  = 3 * time.Second // for answers under way when the server stops
	mostHeader   = 1 << 14         // bytes
)

// Server answers one browser, or a few, on this machine.
type Server struct {
	URL string // of the first page, with the token

	listener net.Listener
	http     http.Server
}

// Listen opens an address, which has to be a loopback one, for pages: their paths
// begin after the token. The server answers once Serve is called; one that is not
// served has to be closed.
func Listen(ctx context.Context, address string, pages http.Handler) (*Server, error) {
	address, err := loopback(address)
	if err != nil {
		return nil, err
	}
	token, err := newToken()
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %s is in use by another program: use %s to let the system choose", address, DefaultAddress)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return &Server{
		URL:      fmt.Sprintf("http://%s/%s/", l.Addr(), token),
		listener: l,
		http: http.Server{
			Handler:           guard(token, pages),
			ReadHeaderTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
			MaxHeaderBytes: mostHeader,
			ErrorLog:       log.New(io.Discard, "", 0), // what clients do wrong is no news
		},
	}, nil
}

// loopback refuses addresses that others can reach.
func loopback(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("%q is no address: want HOST:PORT, such as %s", address, DefaultAddress)
	}
	if host == "localhost" {
		host = "127.0.0.1" // whatever the resolver says
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("%q is not on this machine alone: only a loopback address is served, such as %s; ssh -L forwards one to another machine", address, DefaultAddress)
	}
	return net.JoinHostPort(host, port), nil
}

func newToken() (string, error) {
	random := make([]byte, tokenBytes)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return hex.EncodeToString(random), nil
}

// Serve answers until ctx ends, which is no error, and then waits for answers under
// way, a few seconds at most. The contexts of requests end with ctx.
func (s *Server) Serve(ctx context.Context) error {
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	done := make(chan error, 1)
	go func() { done <- s.http.Serve(s.listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("the server on %s: %w", s.listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := s.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close() // whoever still reads is slow, or gone
	}
	<-done
	return err
}

// Close gives up the address of a server that is not served.
func (s *Server) Close() error { return s.listener.Close() }

// guard lets through only requests of somebody who was given the URL, and says in each
// answer what a browser may do with it.
func guard(token string, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		switch {
		case !ownHost(r.Host):
			// Another site's name that was made to resolve to this machine.
			refuse(w, http.StatusMisdirectedRequest)
			return
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed)
			return
		case fromElsewhere(r):
			refuse(w, http.StatusForbidden)
			return
		}
		given, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if !equal(given, token) {
			refuse(w, http.StatusNotFound)
			return
		}
		if !found {
			http.Redirect(w, r, "/"+token+"/", http.StatusSeeOther)
			return
		}
		if rest = "/" + rest; path.Clean(rest) != rest {
			refuse(w, http.StatusNotFound)
			return
		}
		inner := r.Clone(r.Context())
		inner.URL.Path, inner.URL.RawPath = rest, ""
		pages.ServeHTTP(w, inner)
	})
}

// equal compares in a time that says nothing of where texts differ, nor how long the
// secret is.
func equal(given, secret string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// closedPolicy is for answers that are no page: nothing may be done with them.
const closedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'"

// secure sets the headers that every answer has. A page then has a policy of its own.
func secure(h http.Header) {
	setPolicy(h, closedPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer") // the URL holds the token
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// setPolicy sets a Content-Security-Policy, with what a policy in a page cannot say.
func setPolicy(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy+"; frame-ancestors 'none'")
}

// ownHost tells whether a request was meant for this machine. The port may be another
// one, that of a forwarded connection.
func ownHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return ip != nil && ip.IsLoopback()
}

// fromElsewhere tells whether the browser says that a page of another origin sends the
// request, other than by a link that somebody followed
// (https://www.w3.org/TR/fetch-metadata/).
func fromElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
	}
	origin := r.Header.Get("Origin")
	return origin != "" && origin != "http://"+r.Host
}

// refuse answers without saying more than the code does.
func refuse(w http.ResponseWriter, code int) {
	http.Error(w, http.StatusText(code), code)
}
