package viewer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// mostClients bounds how many listen to one run.
const mostClients = 16

// sendTimeout is how long a client may take for one message before it is given up.
const sendTimeout = 10 * time.Second

// retryAfter is how soon a browser that lost the connection tries again.
const retryAfter = 2 * time.Second

// events tells a client what happens, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html):
//
//	progress  {text, done, total, rate}: the line about what is under way
//	figures   {news, parts: [{id, html}], charts}: with an id; what replaces parts of the page
//	end       {text}: how the run ended; the last one
//
// A client that reads slowly gets the newest state when it is ready, not all that was
// in between.
func (l *Live) events(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	if !l.enter() {
		h.Set("Retry-After", "10")
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	defer l.leave()
	c := client{w: w, control: http.NewResponseController(w)}
	// The page knows the figures that it was sent with, and a browser that lost the
	// connection those that came last.
	c.figures, _ = strconv.ParseUint(cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")), 10, 64)
	if err := c.send(fmt.Sprintf("retry: %d\n\n", retryAfter.Milliseconds())); err != nil {
		return
	}
	for {
		now, changed := l.state()
		if err := c.tell(now); err != nil || now.ended != "" {
			return
		}
		if !l.await(r, changed, now.progress.live != nil, &c) {
			return
		}
	}
}

// liveState is all that a client may be told.
type liveState struct {
	progress progress
	figures  figures
	ended    string
}

// state returns what there is, and what is closed once there is something else.
func (l *Live) state() (liveState, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return liveState{l.progress, l.figures, l.ended}, l.changed
}

// enter counts a client; false: there are enough.
func (l *Live) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clients >= mostClients {
		return false
	}
	l.clients++
	return true
}

func (l *Live) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clients--
	if l.clients == 0 && l.gone != nil && !isClosed(l.gone) {
		close(l.gone)
	}
}

// await waits for something to tell, but at least for the pause between two messages;
// false: the client went away.
func (l *Live) await(r *http.Request, changed <-chan struct{}, running bool, c *client) bool {
	if !wait(r, nil, l.pause) {
		return false
	}
	if running {
		return wait(r, changed, l.tick)
	}
	for {
		switch {
		case !wait(r, changed, l.heartbeat):
			return false
		case isClosed(changed):
			return true
		case c.send(": still here\n\n") != nil:
			return false
		}
	}
}

// wait waits for a time, or until something is closed; false: the client went away.
func wait(r *http.Request, changed <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-changed:
	case <-timer.C:
	}
	return true
}

// client is one that listens, and what it knows.
type client struct {
	w       io.Writer
	control *http.ResponseController

	figures, progress uint64 // versions
	rate              string
}

// tell sends what the client does not know.
func (c *client) tell(now liveState) error {
	if now.figures.id != c.figures && len(now.figures.event) > 0 {
		if err := c.send(fmt.Sprintf("id: %d\nevent: figures\ndata: %s\n\n", now.figures.id, now.figures.event)); err != nil {
			return err
		}
	}
	c.figures = now.figures.id
	if rate := now.progress.rate(); now.progress.version != c.progress || rate != c.rate {
		c.progress, c.rate = now.progress.version, rate
		if err := c.event("progress", map[string]any{
			"text": now.progress.text, "done": now.progress.done, "total": now.progress.total, "rate": rate,
		}); err != nil {
			return err
		}
	}
	if now.ended != "" {
		return c.event("end", map[string]any{"text": now.ended})
	}
	return nil
}

// event sends an event; JSON has no line breaks, which would end its data.
func (c *client) event(name string, data map[string]any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return c.send(fmt.Sprintf("event: %s\ndata: %s\n\n", name, text))
}

func (c *client) send(text string) error {
	if err := c.control.SetWriteDeadline(time.Now().Add(sendTimeout)); err != nil {
		return err
	}
	if _, err := io.WriteString(c.w, text); err != nil {
		return err
	}
	return c.control.Flush()
}
