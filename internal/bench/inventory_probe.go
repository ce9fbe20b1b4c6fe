package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/gwbench/gwbench/protocols"
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
		err = because(err, s.explain())
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

// start is startServer for what the offer needs.
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
	return startServer(ctx, recipe, o, a.of.front, o)
}

// ask sends one request, and a second one where the connection is to be kept.
func (a attempt) ask(ctx context.Context, s *server) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	kept := a.of.front != nil || a.offer.Connection == results.KeepAlive
	transport := s.transport(kept)
	defer transport.CloseIdleConnections()
	times := 1
	if kept {
		times = 2
	}
	for range times {
		if err := a.askOnce(ctx, transport); err != nil {
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

func (a attempt) askOnce(ctx context.Context, transport *protocols.Transport) error {
	request := probeRequest{method: http.MethodGet, path: "/"}
	app, known := apps.Find(a.offer.Application)
	saysHello := known && app.Name != "probe"
	if ready := a.of.recipe.Ready.Path; ready != "" && !known {
		request.path = ready // an application of the server's own need not have a /
	}
	status, body, err := request.send(ctx, transport)
	switch {
	case err != nil:
		return err
	case saysHello && (status != http.StatusOK || string(body) != helloBody):
		return fmt.Errorf("application %s answers %d with %s, not 200 with %q", app.Name, status, excerpt(body), helloBody)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("it answers %d: %s", status, excerpt(body))
	}
	return nil
}
