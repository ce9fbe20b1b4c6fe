package results

import "encoding/json"

// Metric describes one measured quantity. Its name is the same in scenarios,
// records, tables and exports.
type Metric struct {
	Name   string // "latency.p50"
	Unit   string // "ms"
	Higher bool   // whether higher is better
	About  string // one sentence
	Load   string // "closed" or "search" where the metric says something of such loads only, else ""
}

// Says tells whether the metric says something of cases under that load: a
// throughput that the load itself sets says nothing of the server.
func (m Metric) Says(l Load) bool {
	switch m.Load {
	case "closed":
		return l.Closed()
	case "search":
		return l.Search != nil
	}
	return true
}

// MetricList holds every metric, in the order of tables.
var MetricList = []Metric{
	{Name: "throughput", Unit: "req/s", Higher: true, Load: "closed", About: "correct responses per second of measured time"},
	{Name: "saturation", Unit: "req/s", Higher: true, Load: "search", About: "highest arrival rate at which the objectives of a search held"},
	{Name: "capacity", Unit: "req/cpu-s", Higher: true, About: "correct responses per second of server CPU time"},
	{Name: "server_cpu", Unit: "us/req", About: "server CPU time per correct response"},
	{Name: "server_cpu.user", Unit: "us/req", About: "the part of server_cpu spent in user mode"},
	{Name: "server_cpu.system", Unit: "us/req", About: "the part of server_cpu spent in the kernel"},
	{Name: "server_cpu.target", Unit: "us/req", About: "the target's part of server_cpu"},
	{Name: "server_cpu.front", Unit: "us/req", About: "the front's part of server_cpu; unknown without a front"},
	{Name: "client_cpu", Unit: "us/req", About: "load generator CPU time per correct response"},
	{Name: "latency.mean", Unit: "ms", About: "mean latency"},
	{Name: "latency.p50", Unit: "ms", About: "median latency; open load: from the intended send time, closed load: service time"},
	{Name: "latency.p90", Unit: "ms", About: "90th percentile of latency"},
	{Name: "latency.p99", Unit: "ms", About: "99th percentile of latency"},
	{Name: "latency.p99_9", Unit: "ms", About: "99.9th percentile of latency"},
	{Name: "latency.max", Unit: "ms", About: "longest latency"},
	{Name: "service.p50", Unit: "ms", About: "median time from the actual send to the end of the response"},
	{Name: "service.p90", Unit: "ms", About: "90th percentile of service time"},
	{Name: "service.p99", Unit: "ms", About: "99th percentile of service time"},
	{Name: "service.p99_9", Unit: "ms", About: "99.9th percentile of service time"},
	{Name: "lag.p50", Unit: "ms", About: "median lateness of the load generator: actual minus intended send time"},
	{Name: "lag.p99", Unit: "ms", About: "99th percentile of the generator's lateness"},
	{Name: "lag.max", Unit: "ms", About: "the generator's worst lateness"},
	{Name: "errors", Unit: "ratio", About: "share of responses that failed or were wrong"},
	{Name: "bytes_sent", Unit: "B/req", About: "bytes sent per request, protocol framing included"},
	{Name: "bytes_received", Unit: "B/req", About: "bytes received per request, protocol framing included"},
	{Name: "dials", Unit: "conn/req", About: "connections opened per request"},
	{Name: "server_rss", Unit: "MiB", About: "peak resident memory of the server during the trial"},
}

// LookupMetric returns the metric of that name.
func LookupMetric(name string) (Metric, bool) {
	for _, m := range MetricList {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// MetricNames returns all names, in the order of MetricList.
func MetricNames() []string {
	names := make([]string, len(MetricList))
	for i, m := range MetricList {
		names[i] = m.Name
	}
	return names
}

// Metrics holds what one trial measured, by metric name. A metric that is
// missing is unknown: it was never zero.
type Metrics map[string]float64

// UnmarshalJSON takes null for a metric that is missing, where encoding/json
// would make it zero.
func (m *Metrics) UnmarshalJSON(text []byte) error {
	var values map[string]*float64
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	*m = nil
	if values != nil {
		*m = make(Metrics, len(values))
	}
	for name, value := range values {
		if value != nil {
			(*m)[name] = *value
		}
	}
	return nil
}
