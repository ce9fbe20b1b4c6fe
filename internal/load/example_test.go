package load_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// Two clients ask as fast as they get answers, first to warm up, then to
// measure.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "hello")
	}))
	defer server.Close()

	body := []byte("hello")
	g, err := load.New(load.Plan{
		Endpoint:   server.URL + "/",
		KeepAlive:  true,
		Load:       results.Load{Name: "saturate", Clients: 2},
		ExpectBody: &body,
		Warmup:     20 * time.Millisecond,
		Duration:   50 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()

	ctx := context.Background()
	if err := g.WarmUp(ctx); err != nil {
		fmt.Println(err)
		return
	}
	result, err := g.Measure(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("all correct:", result.Counts.Correct == result.Counts.Planned)
	fmt.Println("latency is measured from:", result.Latency)
	fmt.Println("throughput is known:", result.Metrics["throughput"] > 0)
	quantiles, err := load.Quantiles(result.Histograms.Latency, []float64{0.5, 0.9})
	fmt.Println("p90 is at least p50:", quantiles[1] >= quantiles[0], err)
	// Output:
	// all correct: true
	// latency is measured from: service
	// throughput is known: true
	// p90 is at least p50: true <nil>
}

// A server that holds its objectives up to 12,345/s, imagined rather than
// driven.
func ExampleSearch() {
	search := load.NewSearch(results.Search{
		SLO:  []results.Objective{{Metric: "latency.p99", Below: 10}},
		From: 1000, Precision: 0.1,
	}, 300*time.Millisecond)
	for try, ok := search.Next(); ok; try, ok = search.Next() {
		outcome := results.ProbeHeld
		if try.Rate > 12_345 {
			outcome = results.ProbeServer
		}
		fmt.Printf("%-12s %6.0f/s for %v: %s\n", try.Stage, try.Rate, try.Duration, outcome)
		search.Observe(outcome)
	}
	answer := search.Answer()
	fmt.Printf("it holds %.0f/s, and not %.0f/s: %s\n", answer.Rate, answer.Missed, answer.Limit)
	// Output:
	// doubling       1000/s for 300ms: held
	// doubling       2000/s for 300ms: held
	// doubling       4000/s for 300ms: held
	// doubling       8000/s for 300ms: held
	// doubling      16000/s for 300ms: server missed
	// doubling      16000/s for 300ms: server missed
	// bisection     11314/s for 300ms: held
	// bisection     11314/s for 300ms: held
	// bisection     13454/s for 300ms: server missed
	// bisection     13454/s for 300ms: server missed
	// bisection     12338/s for 300ms: held
	// bisection     12338/s for 300ms: held
	// confirmation  12338/s for 900ms: held
	// it holds 12338/s, and not 13454/s: server missed
}
