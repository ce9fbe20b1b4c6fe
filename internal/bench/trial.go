package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// maxAttempts bounds how often a trial is tried that comes out invalid. Every
// attempt is stored.
const maxAttempts = 3

// runCase measures one case until a trial is valid, or the attempts are used
// up.
func (c *conductor) runCase(ctx context.Context, s *server, one results.Case, block, order int) error {
	for attempt := c.attempts(one, block) + 1; attempt <= maxAttempts; attempt++ {
		place := results.Trial{Case: one.ID(), Block: block, Order: order, Attempt: attempt}
		trial, err := c.measure(ctx, s, one, place)
		if err != nil {
			return err
		}
		if err := c.store.Append(trial); err != nil {
			return err
		}
		c.trials = append(c.trials, trial)
		if trial.Valid || attempt == maxAttempts {
			c.event.Done++
		}
		c.emit(Event{Phase: PhaseEnded, Case: one, Block: block, Trial: trial})
		if attempt == maxAttempts {
			c.warnOfHost(trial)
		}
		if trial.Valid {
			break
		}
	}
	return nil
}

// measure runs one trial. An error means that the run cannot go on; a trial that
// is merely no good is returned as invalid. place says which trial of the run it
// is.
func (c *conductor) measure(ctx context.Context, s *server, one results.Case, place results.Trial) (results.Trial, error) {
	measure := c.attack
	if c.plan.Loads[one.Load].Search != nil {
		measure = c.search
	}
	trial, seen, err := measure(ctx, s, place, drive{of: one, plan: c.loadPlan(s, one, place.Block), raw: c.cfg.Raw})
	if err != nil {
		return results.Trial{}, err
	}
	found := pitfalls(one, trial, seen.Silent, s.explain)
	trial.Notes = append(trial.Notes, found...)
	c.warnOf(one, found)
	return trial, nil
}

// drive is one attack on a server.
type drive struct {
	of    results.Case
	plan  load.Plan
	raw   bool           // keep every single result too
	probe *results.Probe // of a search; nil: none
}

// attack warms up and measures.
func (c *conductor) attack(ctx context.Context, s *server, place results.Trial, d drive) (_ results.Trial, _ *load.Result, err error) {
	generator, err := load.New(d.plan)
	if err != nil {
		return results.Trial{}, nil, fmt.Errorf("%s: %w", d.of.ID(), err)
	}
	defer generator.Close()
	if d.raw {
		raw, createErr := c.createRaw(place)
		if createErr != nil {
			return results.Trial{}, nil, createErr
		}
		defer func() { err = errors.Join(err, raw.Close()) }()
		generator.RawTo(raw)
	}
	// Before the warm-up: what observers do about it, such as waking those who look at a
	// page, is over when the measurement begins.
	c.emit(Event{Phase: PhaseStarted, Case: d.of, Block: place.Block, Live: generator.Progress, Probe: d.probe})
	if err := generator.WarmUp(ctx); err != nil {
		return results.Trial{}, nil, c.failed(ctx, s, d.of, err)
	}
	m := meter.New(s.processes(), c.serverCPUs(d.of), c.clientCPUs())
	m.Watch(c.cpus(), remote(s.entry().Endpoint()))
	m.ForgetPeaks()
	before := m.Sample()
	seen, err := generator.Measure(ctx)
	after := m.Sample()
	if err != nil {
		return results.Trial{}, nil, c.failed(ctx, s, d.of, err)
	}
	if err := s.died(); err != nil {
		return results.Trial{}, nil, c.failed(ctx, s, d.of, err)
	}
	return newTrial(place, d.of, d.plan.Load, seen, m.Between(before, after), c.cpusFor(c.plan.Scenario.Workers)), seen, nil
}

// createRaw creates the file that gets every single result of a trial, in
// vegeta's own format: raw/<block>-<order>-<attempt>.bin.
func (c *conductor) createRaw(t results.Trial) (*rawFile, error) {
	dir := filepath.Join(c.store.Dir, results.RawFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%03d-%03d-%d.bin", t.Block, t.Order, t.Attempt)
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	return &rawFile{bufio.NewWriterSize(f, rawBuffer), f}, nil
}

// rawBuffer keeps the writes of a trial few, as they are the generator's time.
const rawBuffer = 1 << 20 // bytes

// rawFile is a buffered file.
type rawFile struct {
	*bufio.Writer
	file *os.File
}

// Close writes what is left and closes the file.
func (f *rawFile) Close() error { return errors.Join(f.Flush(), f.file.Close()) }

// failed names the reason why a trial could not be measured: the interrupt,
// else the death of the server, else the error itself.
func (c *conductor) failed(ctx context.Context, s *server, one results.Case, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if died := s.died(); died != nil {
		err = died
	}
	return fmt.Errorf("%s: %w", one.ID(), err)
}

func (c *conductor) loadPlan(s *server, one results.Case, block int) load.Plan {
	scenario := c.plan.Scenario
	r, _ := scenario.Request(one.Request)
	endpoint := s.entry().Endpoint()
	endpoint.Path = r.Path
	return load.Plan{
		Endpoint: endpoint.String(), KeepAlive: keepsAlive(one), Script: s.script(), Client: scenario.Client,
		Load: c.plan.Loads[one.Load], Method: r.Method, Headers: r.Header(), Body: r.Content(),
		ExpectStatus: r.Expect.Status, ExpectBody: r.Expect.Content(),
		Warmup: c.plan.Warmup, Duration: c.plan.Duration, Timeout: scenario.Timeout,
		Seed: c.cfg.Seed + uint64(block),
	}
}

// serverCPUs is the number of CPUs that the server can keep busy: it has no
// more workers than that, and a front has as many again.
func (c *conductor) serverCPUs(one results.Case) int {
	workers := c.plan.Scenario.Workers
	if one.Front != results.NoFront {
		workers *= 2
	}
	return c.cpusFor(workers)
}

// cpusFor is the number of CPUs that so many workers can keep busy.
func (c *conductor) cpusFor(workers int) int {
	cpus := len(c.run.Placement.Servers)
	if cpus == 0 {
		cpus = c.run.Environment.CPUs
	}
	return max(1, min(cpus, workers))
}

// cpus are those that the run uses; nil: all of the machine.
func (c *conductor) cpus() []int {
	p := c.run.Placement
	if len(p.Servers) == 0 || len(p.Generator) == 0 {
		return nil
	}
	cpus := slices.Concat(p.Servers, p.Generator)
	slices.Sort(cpus)
	return slices.Compact(cpus)
}

// remote is the address that the load goes to where that is on another
// machine, else "".
func remote(e protocols.Endpoint) string {
	if e.Loopback() {
		return ""
	}
	return e.Address
}

func (c *conductor) clientCPUs() int {
	if n := len(c.run.Placement.Generator); n > 0 {
		return n
	}
	return max(1, c.run.Environment.CPUs)
}

// newTrial fills in what the generator saw and what the machine spent. cpus is
// what bottleneck takes.
func newTrial(t results.Trial, one results.Case, l results.Load, seen *load.Result, usage results.Usage, cpus int) results.Trial {
	t.Start, t.Seconds, t.Usage = seen.Start.UTC(), seen.Elapsed.Seconds(), usage
	t.Metrics, t.Counts, t.Errors = seen.Metrics, seen.Counts, seen.Errors
	t.Latency, t.Histograms = seen.Latency, seen.Histograms
	addCost(t.Metrics, usage, seen.Counts.Correct)
	t.Bottleneck = bottleneck(l, t, cpus)
	t.Invalid = invalid(l, t)
	t.Valid = len(t.Invalid) == 0
	t.Notes = notes(l, keepsAlive(one), t)
	return t
}

// addCost adds the metrics that tell what a correct response cost. What is
// unknown is left out.
func addCost(m results.Metrics, u results.Usage, correct int64) {
	perRequest := func(name string, seconds *float64) {
		if seconds != nil && correct > 0 {
			m[name] = *seconds / float64(correct) * float64(time.Second/time.Microsecond)
		}
	}
	perRequest("server_cpu.user", u.ServerUser)
	perRequest("server_cpu.system", u.ServerSystem)
	if server := sum(u.ServerUser, u.ServerSystem); server != nil && *server > 0 && correct > 0 {
		perRequest("server_cpu", server)
		target, front := server, sum(u.FrontUser, u.FrontSystem)
		if front != nil {
			rest := *server - *front
			target = &rest
			perRequest("server_cpu.front", front)
		}
		perRequest("server_cpu.target", target)
		m["capacity"] = float64(correct) / *server
	}
	perRequest("client_cpu", sum(u.ClientUser, u.ClientSystem))
	if u.ServerRSS != nil {
		m["server_rss"] = float64(*u.ServerRSS) / (1 << 20)
	}
}

// sum is unknown where either part is.
func sum(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	s := *a + *b
	return &s
}
