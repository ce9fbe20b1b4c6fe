package bench

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
)

// maxAttempts bounds how often a trial is tried that comes out invalid. Every
// attempt is stored.
const maxAttempts = 3

// runCase measures one case until a trial is valid, or the attempts are used
// up.
func (c *conductor) runCase(ctx context.Context, instance *targets.Instance, one results.Case, block, order int) error {
	for attempt := 1; attempt <= maxAttempts; attempt++ {
		trial, err := c.measure(ctx, instance, one, block)
		if err != nil {
			return err
		}
		trial.Block, trial.Order, trial.Attempt = block, order, attempt
		if err := c.store.Append(trial); err != nil {
			return err
		}
		c.trials = append(c.trials, trial)
		if trial.Valid || attempt == maxAttempts {
			c.event.Done++
		}
		c.emit(Event{Phase: PhaseEnded, Case: one, Block: block, Trial: trial})
		if trial.Valid {
			break
		}
	}
	return nil
}

// measure warms up and runs one trial. An error means that the run cannot go
// on; a trial that is merely no good is returned as invalid.
func (c *conductor) measure(ctx context.Context, instance *targets.Instance, one results.Case, block int) (results.Trial, error) {
	generator, err := load.New(c.loadPlan(instance, one, block))
	if err != nil {
		return results.Trial{}, fmt.Errorf("%s: %w", one.ID(), err)
	}
	defer generator.Close()
	if err := generator.WarmUp(ctx); err != nil {
		return results.Trial{}, c.failed(ctx, instance, one, err)
	}
	c.emit(Event{Phase: PhaseStarted, Case: one, Block: block, Live: generator.Progress})
	m := meter.New(instance.PID(), c.serverCPUs(), c.clientCPUs())
	before := m.Sample()
	seen, err := generator.Measure(ctx)
	after := m.Sample()
	if err != nil {
		return results.Trial{}, c.failed(ctx, instance, one, err)
	}
	select {
	case <-instance.Exited():
		return results.Trial{}, c.failed(ctx, instance, one, instance.Err())
	default:
	}
	return newTrial(one, c.plan.Loads[one.Load], seen, m.Between(before, after)), nil
}

// failed names the reason why a trial could not be measured: the interrupt,
// else the death of the server, else the error itself.
func (c *conductor) failed(ctx context.Context, instance *targets.Instance, one results.Case, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case <-instance.Exited():
		return fmt.Errorf("%s: the server died: %w", one.ID(), instance.Err())
	default:
		return fmt.Errorf("%s: %w", one.ID(), err)
	}
}

func (c *conductor) loadPlan(instance *targets.Instance, one results.Case, block int) load.Plan {
	s := c.plan.Scenario
	endpoint := instance.Endpoint()
	endpoint.Path = s.Request.Path
	p := load.Plan{
		Endpoint: endpoint.String(), KeepAlive: one.Connection == results.KeepAlive, Client: s.Client,
		Load: c.plan.Loads[one.Load], Method: s.Request.Method, Headers: http.Header{}, Body: []byte(s.Request.Body),
		ExpectStatus: s.Expect.Status, Warmup: c.plan.Warmup, Duration: c.plan.Duration, Timeout: s.Timeout,
		Seed: c.cfg.Seed + uint64(block),
	}
	for name, value := range s.Request.Headers {
		p.Headers.Set(name, value)
	}
	if s.Expect.Body != nil {
		body := []byte(*s.Expect.Body)
		p.ExpectBody = &body
	}
	return p
}

// serverCPUs is the number of CPUs that the server can keep busy: it has no
// use for more of them than it has workers.
func (c *conductor) serverCPUs() int {
	cpus := len(c.run.Placement.Servers)
	if cpus == 0 {
		cpus = c.run.Environment.CPUs
	}
	return max(1, min(cpus, c.plan.Scenario.Workers))
}

func (c *conductor) clientCPUs() int {
	if n := len(c.run.Placement.Generator); n > 0 {
		return n
	}
	return max(1, c.run.Environment.CPUs)
}

// newTrial joins what the generator saw and what the machine spent.
func newTrial(one results.Case, l results.Load, seen *load.Result, usage results.Usage) results.Trial {
	t := results.Trial{
		Case: one.ID(), Start: seen.Start.UTC(), Seconds: seen.Elapsed.Seconds(), Metrics: seen.Metrics,
		Counts: seen.Counts, Errors: seen.Errors, Latency: seen.Latency, Histograms: seen.Histograms, Usage: usage,
	}
	addCost(t.Metrics, usage, seen.Counts.Correct)
	t.Bottleneck = bottleneck(l, t)
	t.Invalid = invalid(l, t)
	t.Valid = len(t.Invalid) == 0
	t.Notes = notes(l, t)
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
