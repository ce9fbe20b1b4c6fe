package stats_test

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/stats"
)

// Eight blocks on a noisy host: both servers are slow in the same blocks, so
// that the ratio is far steadier than either.
func Example() {
	uwsgi := []float64{14.7, 12.1, 18.9, 16.0, 13.2, 17.7, 15.5, 11.9}
	fastcgi := []float64{11.9, 9.6, 14.6, 12.9, 10.2, 14.3, 11.9, 9.7}
	r := stats.TestRatio(uwsgi, fastcgi, 1, 0.05)
	fmt.Printf("%.2f [%.2f, %.2f], p = %.4f\n", r.Estimate, r.Low, r.High, r.P)
	fmt.Printf("spread of uwsgi alone: %.0f %%\n", 100*stats.Describe(uwsgi).Spread)
	// Output:
	// 1.26 [1.23, 1.29], p = 0.0078
	// spread of uwsgi alone: 23 %
}
