package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// A Server answers requests of one protocol with Handler. Its fields must not
// be changed once Serve was called; its methods are safe for concurrent use.
type Server struct {
	Handler     http.Handler              // nil: http.DefaultServeMux
	NewCodec    func(conn net.Conn) Codec // called once for each connection
	IdleTimeout time.Duration             // how long to wait for a request on a connection; 0: for ever
	Log         *slog.Logger              // nil: slog.Default()

	mu        sync.Mutex
	listeners map[*listener]struct{}
	conns     map[*conn]struct{}
	closing   chan struct{} // closed once Shutdown or Close was called
	empty     chan struct{} // made by Shutdown, closed when the last connection has ended
}

var _ io.Closer = (*Server)(nil)

// ErrServerClosed is returned by Serve after Shutdown or Close.
var ErrServerClosed = http.ErrServerClosed

// Backoff bounds after an accept error that may pass, such as too many open
// files.
const (
	minBackoff = 5 * time.Millisecond
	maxBackoff = time.Second
)

// listener closes once only, and can be a map key whatever it wraps.
type listener struct {
	net.Listener
	once sync.Once
	err  error
}

func (l *listener) Close() error {
	l.once.Do(func() { l.err = l.Listener.Close() })
	return l.err
}

// Serve accepts connections on l and serves each on a goroutine of its own. It
// closes l and always returns an error: ErrServerClosed after Shutdown or
// Close, else the one that accepting failed with. Several listeners can be
// served at the same time.
func (s *Server) Serve(l net.Listener) error {
	tracked := &listener{Listener: l}
	defer tracked.Close()
	closing, ok := s.addListener(tracked)
	if !ok {
		return ErrServerClosed
	}
	defer s.removeListener(tracked)

	backoff := minBackoff
	for {
		accepted, err := l.Accept()
		switch {
		case err == nil:
			backoff = minBackoff
			s.start(accepted)
			continue
		case isClosed(closing):
			return ErrServerClosed
		case !passing(err):
			return err
		}
		s.logger().Warn("accept failed, trying again", "err", err, "after", backoff)
		select {
		case <-time.After(backoff):
		case <-closing:
			return ErrServerClosed
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// passing tells accept errors that a later attempt may not meet.
func passing(err error) bool {
	for _, errno := range []syscall.Errno{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, // resources that others may free
		syscall.ECONNABORTED, syscall.ECONNRESET, syscall.EINTR, // this connection only
	} {
		if errors.Is(err, errno) {
			return true
		}
	}
	var netErr net.Error
	return errors.As(err, &netErr) && netErr.Timeout()
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// start serves an accepted connection, or closes it if the server is closing.
func (s *Server) start(accepted net.Conn) {
	c := newConn(s, accepted)
	if !s.addConn(c) {
		c.close()
		return
	}
	go c.serve()
}

// Shutdown stops accepting, closes idle connections, and waits until the busy
// ones have answered their request and are closed too. Where ctx ends first it
// returns ctx.Err(), and leaves those connections alone: Close ends them.
func (s *Server) Shutdown(ctx context.Context) error {
	empty, err := s.beginShutdown()
	select {
	case <-empty:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) beginShutdown() (empty <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.stopListening()
	if s.empty == nil {
		s.empty = make(chan struct{})
		if len(s.conns) == 0 {
			close(s.empty)
		}
	}
	for c := range s.conns {
		c.closeIfIdle()
	}
	return s.empty, err
}

// Close closes all listeners and connections at once, and ends the contexts of
// the requests under way. It does not wait for their handlers.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.stopListening()
	for c := range s.conns {
		c.close()
	}
	return err
}

// stopListening needs s.mu.
func (s *Server) stopListening() error {
	s.init()
	if !isClosed(s.closing) {
		close(s.closing)
	}
	var err error
	for l := range s.listeners {
		err = errors.Join(err, l.Close())
	}
	return err
}

// init needs s.mu.
func (s *Server) init() {
	if s.closing == nil {
		s.closing = make(chan struct{})
		s.listeners = make(map[*listener]struct{})
		s.conns = make(map[*conn]struct{})
	}
}

func (s *Server) addListener(l *listener) (closing <-chan struct{}, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.init()
	if isClosed(s.closing) {
		return nil, false
	}
	s.listeners[l] = struct{}{}
	return s.closing, true
}

func (s *Server) removeListener(l *listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

func (s *Server) addConn(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isClosed(s.closing) {
		return false
	}
	s.conns[c] = struct{}{}
	return true
}

func (s *Server) removeConn(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	if len(s.conns) == 0 && s.empty != nil && !isClosed(s.empty) {
		close(s.empty)
	}
}

func (s *Server) logger() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.Default()
}

func (s *Server) handler() http.Handler {
	if s.Handler != nil {
		return s.Handler
	}
	return http.DefaultServeMux
}
