package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestTargetsAsJSON holds the shape that programs rely on: which keys there
// are, at every level.
func TestTargetsAsJSON(t *testing.T) {
	stdout, stderr, code := runGwbench(t, "targets", "--no-probe", "--json")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	var inventory struct {
		Targets, Fronts, Applications []map[string]any
		Install                       []string
	}
	var top map[string]any
	for _, into := range []any{&inventory, &top} {
		if err := json.Unmarshal([]byte(stdout), into); err != nil {
			t.Fatal(err)
		}
	}
	expectKeys(t, "the whole", top, "applications fronts install targets")
	if inventory.Install == nil {
		t.Error("install is not a list")
	}
	for _, holding := range slices.Concat(inventory.Targets, inventory.Fronts) {
		expectKeys(t, "a target", holding, "about available caveat install missing name offers packages version")
		for _, offer := range holding["offers"].([]any) {
			expectKeys(t, "an offer", offer.(map[string]any), "application connection network note protocol status")
		}
		if (holding["missing"] == "") != holding["available"].(bool) {
			t.Errorf("%s: available %v, missing %q", holding["name"], holding["available"], holding["missing"])
		}
	}
	for _, application := range inventory.Applications {
		expectKeys(t, "an application", application, "about available missing name packages")
	}
}

func expectKeys(t *testing.T, what string, object map[string]any, keys string) {
	t.Helper()
	if got := strings.Join(slices.Sorted(maps.Keys(object)), " "); got != keys {
		t.Errorf("the keys of %s are %s, want %s", what, got, keys)
	}
}

func TestTargetsAnswerAsJSON(t *testing.T) {
	stdout, stderr, code := runGwbench(t, "targets", "builtin", "--json")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	var inventory struct {
		Targets []struct {
			Offers []struct{ Protocol, Network, Connection, Application, Status string }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &inventory); err != nil {
		t.Fatal(err)
	}
	if len(inventory.Targets) != 1 || len(inventory.Targets[0].Offers) != 12 {
		t.Fatalf("not builtin's 12 combinations:\n%s", stdout)
	}
	for _, offer := range inventory.Targets[0].Offers {
		if offer.Status != "ok" || offer.Application != "hello" {
			t.Errorf("%+v", offer)
		}
	}
}

func TestTargetsIsInterrupted(t *testing.T) { interruptServing(t, "targets", "builtin", "gonet") }
