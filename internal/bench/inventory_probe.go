package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// behindFronts is the target that fronts are tried with: it is always there.
const behindFronts = "builtin"

// attempt is one offer to be tried.
type attempt struct {
	of    *sought
	offer *Offer
}

// probeAll tries every offer of what is available.
func probeAll(ctx context.Context, all []*sought, observe func(done, total int)) error {
	// The workers of a front may be another user, who has to reach the sockets.
	scratch, err := os.MkdirTemp("", "gwbench-")
	if err != nil {
		return fmt.Errorf("no scratch folder for sockets: %w", err)
	}
	defer os.RemoveAll(scratch)
	if err := os.Chmod(scratch, 0o755); err != nil {
		return err
	}
	var attempts []attempt
	for _, one := range all {
		for i := range one.Offers {
			if one.Available {
				attempts = append(attempts, attempt{one, &one.Offers[i]})
			}
		}
	}
	var mu sync.Mutex // guards done, and makes observe's calls come one by one
	done := 0
	inParallel(ctx, attempts, func(a attempt) {
		a.offer.Note, a.offer.Err = a.try(ctx, scratch)
		switch {
		case ctx.Err() != nil: // whatever happened, it was for that
		case a.offer.Err == nil:
			a.offer.Status = StatusOK
		default:
			a.offer.Status = statusFailed + reason(a.offer.Err)
		}
		mu.Lock()
		defer mu.Unlock()
		done++
		if observe != nil {
			observe(done, len(attempts))
		}
	})
	return ctx.Err()
}

// reason is an error in one line, without the title, which the reader has.
func reason(err error) string {
	if start, ok := errors.AsType[*targets.StartError](err); ok {
		err = start.Err
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// try starts what the offer needs, asks it, and stops it.
func (a attempt) try(ctx context.Context, scratch string) (note string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if app, ok := apps.Find(a.offer.Application); ok {
		if err := app.Available(); err != nil {
			return "", err
		}
	}
	s, err := a.start(ctx, scratch)
	if s == nil {
		return "", err
	}
	if err == nil {
		err = a.ask(ctx, s)
	}
	if err != nil {
		for _, e := range s.explain() {
			err = fmt.Errorf("%w\n  explanation: %s", err, e)
		}
	}
	stopping, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	for _, i := range s.instances() {
		err = errors.Join(err, i.Stop(stopping))
		if i.Killed() {
			note = "it did not end by the signal of its recipe within its time of grace, and was killed"
		}
	}
	return note, err
}

// start starts the target, and the front before it. What it returns has to be
// stopped, also where there is an error; nil: nothing was started.
func (a attempt) start(ctx context.Context, scratch string) (*server, error) {
	recipe := a.of.recipe
	if a.of.front != nil {
		var err error
		if recipe, err = targets.Find(behindFronts); err != nil {
			return nil, err
		}
	}
	o := targets.Options{
		Protocol: a.offer.Protocol, Network: a.offer.Network, Connection: a.offer.Connection,
		Application: a.offer.Application, Dir: scratch,
	}
	target, err := recipe.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &server{target: target}
	if a.of.front != nil {
		front, err := a.of.front.Start(ctx, o, target)
		if err != nil {
			return s, err
		}
		s.front = front
	}
	return s, nil
}

// ask sends one request, and a second one where the connection is to be kept.
func (a attempt) ask(ctx context.Context, s *server) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	endpoint := s.entry().Endpoint()
	kept := a.of.front != nil || a.offer.Connection == results.KeepAlive
	transport := &protocols.Transport{Endpoint: &endpoint, KeepAlive: kept, Gateway: cgi.Gateway{ScriptFilename: s.script()}}
	defer transport.CloseIdleConnections()
	times := 1
	if kept {
		times = 2
	}
	for range times {
		if err := a.askOnce(ctx, transport, endpoint); err != nil {
			return err
		}
	}
	if kept && transport.Stats().Dials > 1 {
		return errors.New("keep-alive in name only: the server closes the connection after the first answer")
	}
	return nil
}

// helloBody is what every application answers, but for the probe.
const helloBody = "<h1>Hello, web!</h1>"

func (a attempt) askOnce(ctx context.Context, transport http.RoundTripper, endpoint protocols.Endpoint) error {
	request := probeRequest{method: http.MethodGet, path: "/"}
	app, known := apps.Find(a.offer.Application)
	saysHello := known && app.Name != "probe"
	if ready := a.of.recipe.Ready.Path; ready != "" && !known {
		request.path = ready // an application of the server's own need not have a /
	}
	r, err := request.to(ctx, endpoint)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case saysHello && (response.StatusCode != http.StatusOK || string(body) != helloBody):
		return fmt.Errorf("application %s answers %d with %s, not 200 with %q", app.Name, response.StatusCode, excerpt(body), helloBody)
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("it answers %d: %s", response.StatusCode, excerpt(body))
	}
	return nil
}
