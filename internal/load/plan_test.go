package load

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
)

func TestPlanValidate(t *testing.T) {
	tests := []struct {
		name string
		edit func(*Plan)
		want string // part of the error; "" for none
	}{
		{"closed", func(*Plan) {}, ""},
		{"open", func(p *Plan) { p.Load = results.Load{Rate: 2000} }, ""},
		{"Poisson", func(p *Plan) { p.Load = results.Load{Rate: 2000, Arrivals: Poisson} }, ""},
		{"defaults", func(p *Plan) { p.Client, p.Method, p.ExpectStatus, p.Timeout = "", "", 0, 0 }, ""},
		{"no endpoint", func(p *Plan) { p.Endpoint = "" }, "endpoint"},
		{"unknown client", func(p *Plan) { p.Client = "curl" }, `unknown client "curl"`},
		{"net/http speaks http only", func(p *Plan) { p.Endpoint = "uwsgi://127.0.0.1:3031/"; p.Client = ClientNetHTTP }, "speaks http only"},
		{"no load", func(p *Plan) { p.Load = results.Load{} }, "neither clients nor a rate"},
		{"two loads", func(p *Plan) { p.Load.Rate = 1 }, "both clients and a rate"},
		{"a search", func(p *Plan) { p.Load = results.Load{Search: &results.Search{}} }, "one rate of it at a time"},
		{"negative clients", func(p *Plan) { p.Load.Clients = -1 }, "-1 clients"},
		{"too many clients", func(p *Plan) { p.Load.Clients = 1e6 }, "1000000 clients"},
		{"arrivals of a closed load", func(p *Plan) { p.Load.Arrivals = Poisson }, "only an open load"},
		{"negative rate", func(p *Plan) { p.Load = results.Load{Rate: -5} }, "rate -5/s"},
		{"rate that is no number", func(p *Plan) { p.Load = results.Load{Rate: math.NaN()} }, "rate NaN/s"},
		{"infinite rate", func(p *Plan) { p.Load = results.Load{Rate: math.Inf(1)} }, "rate +Inf/s"},
		{"unknown arrivals", func(p *Plan) { p.Load = results.Load{Rate: 1, Arrivals: "bursts"} }, `unknown arrivals "bursts"`},
		{"more arrivals than memory", func(p *Plan) {
			p.Load = results.Load{Rate: 1e6, Arrivals: Poisson}
			p.Duration = time.Hour
		}, "kept in memory"},
		{"as many constant arrivals", func(p *Plan) { p.Load = results.Load{Rate: 1e6}; p.Duration = time.Hour }, ""},
		{"method with a space", func(p *Plan) { p.Method = "GET /" }, "method"},
		{"informational status", func(p *Plan) { p.ExpectStatus = 100 }, "expected status 100"},
		{"header without a name", func(p *Plan) { p.Headers = http.Header{"": {"x"}} }, "not a field name"},
		{"header that smuggles another", func(p *Plan) { p.Headers = http.Header{"A": {"x\r\nB: y"}} }, "line break"},
		{"no duration", func(p *Plan) { p.Duration = 0 }, "duration 0s"},
		{"negative warm-up", func(p *Plan) { p.Warmup = -1 }, "warm-up -1ns"},
		{"negative timeout", func(p *Plan) { p.Timeout = -1 }, "timeout -1ns"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := closedPlan("http://127.0.0.1:8000/", ClientGwbench)
			test.edit(&p)
			err := p.Validate()
			switch {
			case test.want == "" && err != nil:
				t.Errorf("Validate() = %v, want no error", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("Validate() = %v, want an error with %q", err, test.want)
			}
			if _, newErr := New(p); (newErr == nil) != (err == nil) {
				t.Errorf("New: %v, Validate: %v; want both or neither", newErr, err)
			}
		})
	}
}

func TestPlanValidateNamesAllMistakes(t *testing.T) {
	p := closedPlan("http://127.0.0.1:8000/", "curl")
	p.Duration, p.ExpectStatus = 0, 99
	err := p.Validate()
	for _, want := range []string{"curl", "duration", "status 99"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Validate() = %v, want %q in it", err, want)
		}
	}
}

func TestPlanSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytes := rapid.SliceOf(rapid.Byte())
		want := Plan{
			Endpoint:     rapid.String().Draw(t, "endpoint"),
			KeepAlive:    rapid.Bool().Draw(t, "keep-alive"),
			Client:       rapid.SampledFrom([]string{"", ClientGwbench, ClientNetHTTP}).Draw(t, "client"),
			Load:         results.Load{Name: "l", Clients: rapid.Int().Draw(t, "clients"), Rate: rapid.Float64Range(0, 1e9).Draw(t, "rate")},
			Method:       rapid.String().Draw(t, "method"),
			Headers:      http.Header(rapid.MapOf(rapid.String(), rapid.SliceOfN(rapid.String(), 1, 3)).Draw(t, "headers")),
			Body:         bytes.Draw(t, "body"),
			ExpectStatus: rapid.Int().Draw(t, "status"),
			Warmup:       time.Duration(rapid.Int64().Draw(t, "warm-up")),
			Duration:     time.Duration(rapid.Int64().Draw(t, "duration")),
			Timeout:      time.Duration(rapid.Int64().Draw(t, "timeout")),
			Seed:         rapid.Uint64().Draw(t, "seed"),
		}
		if rapid.Bool().Draw(t, "expects a body") {
			body := bytes.Draw(t, "expected body")
			want.ExpectBody = &body
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Plan
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, equateEmpty); diff != "" {
			t.Errorf("after JSON (-want +got):\n%s", diff)
		}
	})
}

// equateEmpty takes nil and empty slices and maps for equal, but tells a nil
// pointer from one to an empty slice.
var equateEmpty = cmp.FilterValues(func(x, y any) bool {
	return length(x) == 0 && length(y) == 0
}, cmp.Comparer(func(_, _ any) bool { return true }))

func length(x any) int {
	switch x := x.(type) {
	case []byte:
		return len(x)
	case http.Header:
		return len(x)
	}
	return -1
}

func TestEmptyExpectedBodySurvivesJSON(t *testing.T) {
	for _, body := range [][]byte{nil, {}} {
		text, err := json.Marshal(&Plan{ExpectBody: &body})
		if err != nil {
			t.Fatal(err)
		}
		var got Plan
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if got.ExpectBody == nil || len(*got.ExpectBody) != 0 {
			t.Errorf("an empty expected body became %v in %s", got.ExpectBody, text)
		}
	}
}

func TestWorkers(t *testing.T) {
	tests := []struct {
		load    results.Load
		timeout time.Duration
		want    int
	}{
		{results.Load{Clients: 16}, time.Second, 16},
		{results.Load{Rate: 1}, time.Second, 64},
		{results.Load{Rate: 200}, time.Second, 400},
		{results.Load{Rate: 200}, 5 * time.Second, 400},
		{results.Load{Rate: 400}, 500 * time.Millisecond, 400},
		{results.Load{Rate: 50000}, time.Second, 1024},
	}
	for _, test := range tests {
		p := Plan{Load: test.load, Timeout: test.timeout}
		if got := p.workers(); got != test.want {
			t.Errorf("%+v, timeout %v: %d workers, want %d", test.load, test.timeout, got, test.want)
		}
	}
}
