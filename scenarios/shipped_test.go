package scenarios_test

import (
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/scenarios"
)

// TestEveryShippedScenarioParses holds the shipped scenarios to what this build
// of gwbench really knows.
func TestEveryShippedScenarioParses(t *testing.T) {
	if !slices.Contains(scenarios.Shipped(), "hello") {
		t.Fatalf("shipped are %v, want hello among them", scenarios.Shipped())
	}
	for _, name := range scenarios.Shipped() {
		s, text, err := scenarios.Open(name, bench.Vocabulary())
		if err != nil {
			t.Error(err)
			continue
		}
		if s.Name != name || len(text) == 0 {
			t.Errorf("%s.yaml is named %q and has %d bytes", name, s.Name, len(text))
		}
	}
}
