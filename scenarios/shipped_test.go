package scenarios_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets/apps"
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

// TestEveryShippedScenarioCanBeRun plans them all: where every server is
// installed, nothing may be left out because it is missing, and each claim and
// trend must have cases.
func TestEveryShippedScenarioCanBeRun(t *testing.T) {
	for _, name := range scenarios.Shipped() {
		s, err := scenarios.OpenShipped(name, bench.Vocabulary())
		if err != nil {
			t.Fatal(err)
		}
		plan, err := bench.NewPlan(s, bench.Choices{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if most := plan.BlockTime() * time.Duration(plan.MaxBlocks); most > 10*time.Minute {
			t.Errorf("%s may take %s", name, most)
		}
		for _, skip := range plan.Skipped {
			if strings.Contains(skip.Why, "apt-get install") && required.Servers() {
				t.Errorf("%s: %s: %s", name, skip.What, skip.Why)
			}
		}
	}
	if s, err := scenarios.OpenShipped("helo", bench.Vocabulary()); err == nil || !strings.Contains(err.Error(), `did you mean "hello"?`) {
		t.Errorf("%v, %v", s, err)
	}
}

// TestPatternIsTheProbes checks that what a scenario expects with body_size is
// what the probe application sends.
func TestPatternIsTheProbes(t *testing.T) {
	probe, ok := apps.Lookup("probe")
	if !ok {
		t.Fatal("there is no probe application")
	}
	const n = 100_000
	answer := httptest.NewRecorder()
	probe.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/bytes/%d", n), nil))
	if !bytes.Equal(answer.Body.Bytes(), scenarios.Pattern(n)) {
		t.Errorf("the probe answers with %d other bytes", answer.Body.Len())
	}
}
