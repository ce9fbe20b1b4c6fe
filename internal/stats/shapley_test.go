package stats

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestShapley(t *testing.T) {
	for _, c := range []struct {
		name  string
		value []float64
		want  []float64
	}{
		{"no step", []float64{4}, []float64{}},
		{"one step", []float64{4, 7}, []float64{3}},
		{"two that add up", []float64{0, 1, 10, 11}, []float64{1, 10}},
		{"two of which the second changes more after the first", []float64{0, 1, 10, 15}, []float64{3, 12}},
		{"one that changes nothing", []float64{5, 5, 7, 7}, []float64{0, 2}},
		{"against each other", []float64{0, 2, -2, 0}, []float64{2, -2}},
		{"a surplus of all three together", []float64{0, 0, 0, 0, 0, 0, 0, 6}, []float64{2, 2, 2}},
		{"a surplus of two of three", []float64{0, 0, 0, 6, 0, 0, 0, 6}, []float64{3, 3, 0}},
	} {
		if d := cmp.Diff(c.want, Shapley(c.value), cmp.Comparer(near)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// The definition, word by word: all orders, and what each step changes when
// its turn comes.
func shapleyByOrders(value []float64, n int) []float64 {
	shares := make([]float64, n)
	count := 0.0
	var walk func(taken int, gains []float64)
	walk = func(taken int, gains []float64) {
		if taken == 1<<n-1 {
			count++
			for i, g := range gains {
				shares[i] += g
			}
			return
		}
		for i := range n {
			if taken&(1<<i) == 0 {
				further := append([]float64{}, gains...)
				further[i] = value[taken|1<<i] - value[taken]
				walk(taken|1<<i, further)
			}
		}
	}
	walk(0, make([]float64, n))
	for i := range shares {
		shares[i] /= count
	}
	return shares
}

func TestShapleyIsTheMeanOverAllOrdersAndAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "steps")
		value := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1<<n, 1<<n).Draw(t, "value")
		shares := Shapley(value)
		if d := cmp.Diff(shapleyByOrders(value, n), shares, cmp.Comparer(near)); d != "" {
			t.Fatal(d)
		}
		sum := 0.0
		for _, s := range shares {
			sum += s
		}
		if whole := value[len(value)-1] - value[0]; !near(sum, whole) {
			t.Fatalf("the shares add up to %g, the whole is %g", sum, whole)
		}
	})
}

func ExampleShapley() {
	// Logarithms of the time of a request: with neither change, with the first,
	// with the second, with both.
	shares := Shapley([]float64{0, 0.2, 2.0, 2.3})
	fmt.Printf("%.2f of 2.3 is the first's, %.2f the second's\n", shares[0], shares[1])
	// Output:
	// 0.25 of 2.3 is the first's, 2.05 the second's
}
