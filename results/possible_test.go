package results

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// TestEveryUsageMustBePossible breaks each figure of Usage in turn, so that a new
// one cannot be forgotten in the check.
func TestEveryUsageMustBePossible(t *testing.T) {
	fields := reflect.TypeFor[Usage]()
	for i := range fields.NumField() {
		field := fields.Field(i)
		if field.Type != reflect.TypeFor[*float64]() {
			continue
		}
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			trial := exampleTrial(1)
			reflect.ValueOf(&trial.Usage).Elem().Field(i).Set(reflect.ValueOf(&bad))
			if err := trial.possible(); err == nil || !strings.Contains(err.Error(), "usage "+key+" ") {
				t.Errorf("%s is %g: %v, want an error that names it", key, bad, err)
			}
		}
	}
}
