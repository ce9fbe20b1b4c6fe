package load

import (
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// quantiles lists the quantiles that are reported. One is only given if, of so
// many samples, at least one is expected beyond it: else it would be the
// maximum under another name.
var quantiles = []struct {
	name    string
	q       float64
	samples int64
}{
	{"p50", 0.5, 1},
	{"p90", 0.9, 10},
	{"p99", 0.99, 100},
	{"p99_9", 0.999, 1000},
}

// metrics returns what the generator alone can tell, under the names of
// results.MetricList. wire is what the client counted during the attack.
func (r *recorder) metrics(wire protocols.Stats) results.Metrics {
	m := results.Metrics{}
	if elapsed := r.elapsed(); elapsed > 0 {
		m["throughput"] = float64(r.counts.Correct) / elapsed.Seconds()
	}
	service := r.latency
	if r.due != nil {
		service = r.service
		putTally(m, "lag", r.lag)
	}
	putTally(m, "latency", r.latency)
	putTally(m, "service", service)
	if r.counts.Sent > 0 {
		sent := float64(r.counts.Sent)
		m["errors"] = float64(r.counts.Sent-r.counts.Correct) / sent
		m["bytes_sent"] = float64(wire.BytesSent) / sent
		m["bytes_received"] = float64(wire.BytesReceived) / sent
		m["dials"] = float64(wire.Dials) / sent
	}
	return m
}

// putTally puts, in milliseconds, those figures of a tally that
// results.MetricList has under the prefix.
func putTally(m results.Metrics, prefix string, t tally) {
	if t.count == 0 {
		return
	}
	put := func(name string, d time.Duration) {
		if _, ok := results.LookupMetric(prefix + "." + name); ok {
			m[prefix+"."+name] = float64(d) / float64(time.Millisecond)
		}
	}
	put("mean", t.mean())
	put("max", t.max)
	for _, quantile := range quantiles {
		if t.count >= quantile.samples {
			put(quantile.name, t.quantile(quantile.q))
		}
	}
}

// histograms encodes the tallies.
func (r *recorder) histograms() (h results.Histograms, err error) {
	if h.Latency, err = encodeHistogram(r.latency.histogram); err != nil || r.due == nil {
		return h, err
	}
	if h.Service, err = encodeHistogram(r.service.histogram); err != nil {
		return h, err
	}
	h.Lag, err = encodeHistogram(r.lag.histogram)
	return h, err
}
