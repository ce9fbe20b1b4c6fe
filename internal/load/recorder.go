package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// lateAfter is the lag above which a request counts as late.
const lateAfter = time.Millisecond

// expectation is what makes an answer correct.
type expectation struct {
	status  uint16
	body    []byte
	anyBody bool
}

func newExpectation(p Plan) expectation {
	e := expectation{status: uint16(p.ExpectStatus), anyBody: p.ExpectBody == nil}
	if !e.anyBody {
		e.body = *p.ExpectBody
	}
	return e
}

// maxBody is how many bytes of a body have to be kept to judge it, and to show
// it where it is wrong. vegeta reads the rest, but does not keep it.
func (e expectation) maxBody() int64 { return int64(max(len(e.body)+1, maxSample)) }

func (e expectation) met(r *vegeta.Result) bool {
	return r.Code == e.status && (e.anyBody || bytes.Equal(r.Body, e.body))
}

// A recorder takes the results of one attack, from one goroutine. vegeta's
// workers wait for it.
type recorder struct {
	ctx      context.Context // once it has ended, exchanges fail because they are cut off
	expect   expectation
	due      func(seq uint64) time.Time // nil for a closed load
	waited   func(dropped int64) int64  // hits that came due while all workers were busy; nil for a closed load
	failures *failures
	progress *progress
	keep     func(*vegeta.Result) // nil: results are not kept

	hits    uint64 // that vegeta made, those cut off included
	counts  results.Counts
	errors  errorCounts
	latency tally // from the intended send for an open load, else from the actual one
	service tally // open load only
	lag     tally // open load only
	first   time.Time
	last    time.Time
}

func newRecorder(open bool) *recorder {
	r := &recorder{errors: errorCounts{}, latency: newTally()}
	if open {
		r.service, r.lag = newTally(), newTally()
	}
	return r
}

// add takes one result. vegeta has set its Code only if the whole answer was
// read.
func (r *recorder) add(res *vegeta.Result) {
	r.hits++
	correct := r.expect.met(res)
	if !correct && !r.fail(res) {
		return
	}
	r.counts.Sent++
	sent := res.Timestamp
	if r.due != nil {
		due := r.due(res.Seq)
		lag := sent.Sub(due)
		r.lag.add(lag)
		if lag > lateAfter {
			r.counts.Late++
		}
		if correct {
			r.service.add(res.Latency)
			r.latency.add(lag + res.Latency)
		}
		sent = due
	} else if correct {
		r.latency.add(res.Latency)
	}
	if correct {
		r.counts.Correct++
		r.progress.correct.Add(1)
	}
	if r.first.IsZero() || sent.Before(r.first) {
		r.first = sent
	}
	if done := res.Timestamp.Add(res.Latency); done.After(r.last) {
		r.last = done
	}
	if r.keep != nil {
		r.keep(res)
	}
}

// fail counts an answer that was wrong or did not come. It returns false for
// one that did not come because the attack was cut short: that says nothing of
// the server.
func (r *recorder) fail(res *vegeta.Result) bool {
	var kind string
	var sample func() string
	switch {
	case res.Code == 0:
		err := r.failures.take(res.Seq)
		if r.ctx.Err() != nil {
			return false
		}
		kind = classify(err)
		if err == nil {
			err = errors.New(res.Error)
		}
		sample = func() string { return explain(err) }
	case res.Code != r.expect.status:
		kind = KindStatus
		sample = func() string {
			return fmt.Sprintf("status %d instead of %d, body %q", res.Code, r.expect.status, res.Body)
		}
	default:
		kind = KindBody
		sample = func() string {
			return fmt.Sprintf("body %s instead of %s", quote(res.Body), quote(r.expect.body))
		}
	}
	r.errors.add(kind, sample)
	r.progress.errors.Add(1)
	if r.keep != nil && res.Error == "" {
		res.Error = sample()
	}
	return true
}

// quote shows the beginning of a body, so that two of them fit in a sample.
func quote(body []byte) string {
	return clip(fmt.Sprintf("%q", body), (maxSample-len("body  instead of "))/2)
}

// finish settles what was planned, given how many hits were: by the schedule
// if it is an open load's.
func (r *recorder) finish(planned uint64) {
	if planned > r.hits {
		r.counts.Dropped = int64(planned - r.hits)
	}
	r.counts.Planned = r.counts.Sent + r.counts.Dropped
}

// result is called once the attack is finished. wire is what the client counted during it.
func (r *recorder) result(wire protocols.Stats) (*Result, error) {
	histograms, err := r.histograms()
	if err != nil {
		return nil, err
	}
	from := FromService
	if r.due != nil {
		from = FromIntended
	}
	return &Result{
		Start:      r.first,
		Elapsed:    r.elapsed(),
		Counts:     r.counts,
		Errors:     r.errors.list(),
		Histograms: histograms,
		Latency:    from,
		Metrics:    r.metrics(wire),
	}, nil
}

// elapsed is the time from the first (intended) send to the last answer.
func (r *recorder) elapsed() time.Duration { return r.last.Sub(r.first) }
