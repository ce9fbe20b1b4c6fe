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
