package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// Values of Plan.Client.
const (
	ClientGwbench = "gwbench"  // protocols.Transport, the same for every protocol
	ClientNetHTTP = "net/http" // net/http's Transport: a cross-check, for http endpoints only
)

// Values of results.Load.Arrivals.
const (
	Constant = "constant" // evenly spaced
	Poisson  = "poisson"  // independent of each other, as many separate users are
)

// DefaultTimeout is the time one exchange may take where Plan.Timeout is 0.
const DefaultTimeout = 5 * time.Second

const (
	maxClients = 1 << 16
	maxRate    = 1e7 // per second
	// A Poisson schedule is drawn before the attack and kept, 8 bytes for
	// each arrival.
	maxPoissonArrivals = 50_000_000
)

// Plan is everything a generator needs. It is plain data and survives JSON;
// its durations are nanoseconds there.
//
// Whether the endpoint may be attacked at all (loopback or not) is for the
// caller to decide.
type Plan struct {
	Endpoint     string        `json:"endpoint"`         // protocols.ParseEndpoint form, with path
	KeepAlive    bool          `json:"keep_alive"`       // reuse connections, where the protocol can
	Script       string        `json:"script,omitempty"` // SCRIPT_FILENAME of each request, for servers that want one; "": none is sent
	Client       string        `json:"client"`           // ClientGwbench ("" means it) or ClientNetHTTP
	Load         results.Load  `json:"load"`
	Method       string        `json:"method"` // "" means GET
	Headers      http.Header   `json:"headers,omitempty"`
	Body         []byte        `json:"body,omitempty"`
	ExpectStatus int           `json:"expect_status"` // 0 means 200
	ExpectBody   *[]byte       `json:"expect_body"`   // nil: any body
	Warmup       time.Duration `json:"warmup_ns"`     // 0: none
	Duration     time.Duration `json:"duration_ns"`
	Timeout      time.Duration `json:"timeout_ns"` // of one exchange; 0 means DefaultTimeout
	Seed         uint64        `json:"seed"`       // of Poisson arrivals
}

// MarshalJSON keeps an expected body of no bytes apart from no expected body,
// which a pointer to a nil slice would be taken for.
func (p Plan) MarshalJSON() ([]byte, error) {
	type plain Plan
	if p.ExpectBody != nil && *p.ExpectBody == nil {
		p.ExpectBody = &[]byte{}
	}
	return json.Marshal(plain(p))
}

// Validate says what is wrong with the plan, all of it at once.
func (p Plan) Validate() error {
	_, err := p.resolve()
	return err
}

// resolve returns the endpoint of a valid plan.
func (p Plan) resolve() (protocols.Endpoint, error) {
	p = p.withDefaults()
	endpoint, err := protocols.ParseEndpoint(p.Endpoint)
	if err != nil {
		err = fmt.Errorf("endpoint %q: %w", p.Endpoint, err)
	}
	err = errors.Join(err, p.checkClient(endpoint), p.checkLoad(), p.checkRequest(), p.checkTimes())
	if err != nil {
		return protocols.Endpoint{}, fmt.Errorf("load: plan: %w", err)
	}
	return endpoint, nil
}

func (p Plan) withDefaults() Plan {
	if p.Client == "" {
		p.Client = ClientGwbench
	}
	if p.Method == "" {
		p.Method = http.MethodGet
	}
	if p.ExpectStatus == 0 {
		p.ExpectStatus = http.StatusOK
	}
	if p.Timeout == 0 {
		p.Timeout = DefaultTimeout
	}
	if !p.Load.Closed() && p.Load.Arrivals == "" {
		p.Load.Arrivals = Constant
	}
	return p
}

func (p Plan) checkClient(e protocols.Endpoint) error {
	switch p.Client {
	case ClientGwbench:
		return nil
	case ClientNetHTTP:
		if e.Protocol != "" && e.Protocol != "http" {
			return fmt.Errorf("client %q speaks http only, the endpoint is %s: use client %q", p.Client, e.Protocol, ClientGwbench)
		}
		return nil
	}
	return fmt.Errorf("unknown client %q: use %q or %q", p.Client, ClientGwbench, ClientNetHTTP)
}

func (p Plan) checkLoad() error {
	l := p.Load
	switch {
	case l.Search != nil:
		return fmt.Errorf("load %q searches: a generator drives one rate of it at a time", l.Name)
	case l.Clients != 0 && l.Rate != 0:
		return fmt.Errorf("load %q has both clients and a rate: give clients for a closed load, a rate for an open one", l.Name)
	case l.Clients == 0 && l.Rate == 0:
		return fmt.Errorf("load %q has neither clients nor a rate: give clients for a closed load, a rate for an open one", l.Name)
	case l.Closed() && (l.Clients < 0 || l.Clients > maxClients):
		return fmt.Errorf("load %q: %d clients: give 1 to %d", l.Name, l.Clients, maxClients)
	case l.Closed() && l.Arrivals != "":
		return fmt.Errorf("load %q: arrivals %q: only an open load has arrivals", l.Name, l.Arrivals)
	case l.Closed():
		return nil
	case !(l.Rate > 0 && l.Rate <= maxRate):
		return fmt.Errorf("load %q: rate %v/s: give more than 0 and at most %.0f/s", l.Name, l.Rate, maxRate)
	case l.Arrivals != Constant && l.Arrivals != Poisson:
		return fmt.Errorf("load %q: unknown arrivals %q: use %q or %q", l.Name, l.Arrivals, Constant, Poisson)
	case l.Arrivals == Poisson && l.Rate*max(p.Duration, p.Warmup).Seconds() > maxPoissonArrivals:
		return fmt.Errorf("load %q: %.0f Poisson arrivals are more than the %d that are kept in memory: "+
			"shorten the duration or use constant arrivals", l.Name, math.Ceil(l.Rate*max(p.Duration, p.Warmup).Seconds()), maxPoissonArrivals)
	}
	return nil
}

func (p Plan) checkRequest() error {
	var errs []error
	if _, err := http.NewRequest(p.Method, "http://localhost/", nil); err != nil {
		errs = append(errs, fmt.Errorf("method %q: %w", p.Method, err))
	}
	if p.ExpectStatus < 200 || p.ExpectStatus > 599 {
		errs = append(errs, fmt.Errorf("expected status %d: give a final status, 200 to 599", p.ExpectStatus))
	}
	for name, values := range p.Headers {
		if name == "" || strings.ContainsAny(name, " \t\r\n:\x00") {
			errs = append(errs, fmt.Errorf("header %q is not a field name", name))
		}
		for _, v := range values {
			if strings.ContainsAny(v, "\r\n\x00") {
				errs = append(errs, fmt.Errorf("header %s: value %q has a line break or a zero byte", name, v))
			}
		}
	}
	return errors.Join(errs...)
}

func (p Plan) checkTimes() error {
	switch {
	case p.Duration <= 0:
		return fmt.Errorf("duration %v: give more than 0", p.Duration)
	case p.Warmup < 0:
		return fmt.Errorf("warm-up %v: give 0 for none, or more", p.Warmup)
	case p.Timeout < 0:
		return fmt.Errorf("timeout %v: give 0 for %v, or more", p.Timeout, DefaultTimeout)
	}
	return nil
}

// workers returns how many vegeta workers the load takes, and so how many
// requests can be under way at a time.
//
// A closed load has one for each client. An open load has a fixed number,
// because vegeta, left free, starts a worker whenever none happens to be
// parked and ends with thousands: twice what is under way when every answer
// takes min(timeout, 1 s), at least 64 and at most 1024. Where those do not
// suffice, hits wait for a worker, which shows as lag and counts in the
// latency.
func (p Plan) workers() int {
	if p.Load.Closed() {
		return p.Load.Clients
	}
	underWay := p.Load.Rate * min(p.Timeout, time.Second).Seconds()
	return int(min(max(2*underWay, 64), 1024))
}
