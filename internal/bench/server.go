package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
)

// server is what a case is measured on: its target, and the front before it.
type server struct {
	target *targets.Instance
	front  *targets.Instance // nil: none
}

// startServer starts a target, and before it a front where that is not nil.
// What it returns has to be stopped, also where there is an error; nil: nothing
// was started.
func startServer(ctx context.Context, recipe *targets.Recipe, o targets.Options, front *targets.Front, before targets.Options) (*server, error) {
	target, err := recipe.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &server{target: target}
	if front == nil {
		return s, nil
	}
	started, err := front.Start(ctx, before, target)
	if err != nil {
		return s, err // s.front stays nil: it has stopped itself
	}
	s.front = started
	return s, nil
}

// entry is where the load goes.
func (s *server) entry() *targets.Instance {
	if s.front != nil {
		return s.front
	}
	return s.target
}

// script is the SCRIPT_FILENAME that each request to the entry has to carry. A
// front gives it to the target itself.
func (s *server) script() string {
	if s.front != nil {
		return ""
	}
	return s.target.Script()
}

// transport asks the entry as the load does; kept tells whether it keeps its
// connections.
func (s *server) transport(kept bool) *protocols.Transport {
	endpoint := s.entry().Endpoint()
	return &protocols.Transport{Endpoint: &endpoint, KeepAlive: kept, Gateway: cgi.Gateway{ScriptFilename: s.script()}}
}

// processes are the roots of what the meter watches.
func (s *server) processes() meter.Servers {
	p := meter.Servers{Target: s.target.PID()}
	if s.front != nil {
		p.Front = s.front.PID()
	}
	return p
}

// died returns how the target or the front died, nil as long as both live.
func (s *server) died() error {
	for _, i := range s.instances() {
		select {
		case <-i.Exited():
			return i.Err()
		default: // of a target that the user runs the channel is nil
		}
	}
	return nil
}

// instances lists what was started, in the order in which it has to be stopped.
func (s *server) instances() []*targets.Instance {
	if s.front != nil {
		return []*targets.Instance{s.front, s.target}
	}
	return []*targets.Instance{s.target}
}

// explain returns what the logs have to say of known pitfalls.
func (s *server) explain() (list []targets.Explanation) {
	for _, i := range s.instances() {
		list = append(list, i.Explain()...)
	}
	return list
}

// keepsAlive tells whether the load keeps its connections: those to a front it
// always does, as the connection mode is that of the hop behind it.
func keepsAlive(c results.Case) bool {
	return c.Front != results.NoFront || c.Connection == results.KeepAlive
}

// start starts the target of a case with an application, and the case's front
// before it.
func (c *conductor) start(ctx context.Context, one results.Case, application string) (*server, error) {
	name := strings.Join([]string{one.Target, one.Protocol, one.Network, one.Connection}, "-")
	s, err := startServer(ctx, c.plan.recipes[one.Target], c.options(one, application, name),
		c.plan.fronts[one.Front], c.options(one, application, one.Front+"-"+name))
	if err == nil {
		return s, nil
	}
	err = fmt.Errorf("%s: %w", one.ID(), err)
	if s != nil {
		err = errors.Join(err, c.stop(s))
	}
	return nil, err
}

func (c *conductor) options(one results.Case, application, name string) targets.Options {
	return targets.Options{
		Protocol: one.Protocol, Network: one.Network, Connection: one.Connection, Application: application,
		Workers: c.plan.Scenario.Workers, CPUs: c.run.Placement.Servers, Folder: c.run.Folder,
		LogFile:   filepath.Join(c.store.Dir, results.LogsFolder, name+".log"),
		ConfigDir: filepath.Join(c.store.Dir, results.ConfigsFolder, name+"-"+application),
		Dir:       c.scratch,
	}
}

// stopTimeout bounds the wait for a server that was told to stop. It has a
// context of its own because it has to happen after an interrupt too.
const stopTimeout = 15 * time.Second

// stop stops the front, then the target, and warns of what their logs and their
// ends tell.
func (c *conductor) stop(s *server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var errs []error
	for _, i := range s.instances() {
		errs = append(errs, i.Stop(ctx))
		for _, e := range i.Explain() {
			// The line differs each time, by its time of day for one.
			if key := i.Title() + e.Means; !c.explained[key] {
				c.explained[key] = true
				c.warn(i.Title() + ": " + e.String())
			}
		}
		if i.Killed() {
			c.warn(i.Title() + " did not end within its time of grace after the signal that its recipe names, and was killed: " +
				"give the recipe the signal that the server ends by, or the option that makes it end (uWSGI reloads on SIGTERM without --die-on-term)")
		}
	}
	return errors.Join(errs...)
}

// warn adds a caveat to the run, once.
func (c *conductor) warn(text string) {
	if !slices.Contains(c.run.Warnings, text) {
		c.run.Warnings = append(c.run.Warnings, text)
	}
}
