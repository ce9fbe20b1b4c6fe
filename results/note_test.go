package results

import (
	"slices"
	"testing"
)

func TestOnlyTheHostDisturbs(t *testing.T) {
	for kind := range noteKinds {
		want := kind == "steal" || kind == "others" || kind == "frequency" || kind == "throttle"
		trial := Trial{Notes: []Note{{Kind: "late"}, {Kind: kind}}}
		if got := trial.Disturbed(); got != want {
			t.Errorf("%s: disturbed %v, want %v", kind, got, want)
		}
	}
	if (Trial{Notes: []Note{{Kind: "of a later version"}}}).Disturbed() {
		t.Error("a note of an unknown kind disturbs")
	}
}

func TestTrialsAreNotedForTheirMeasurement(t *testing.T) {
	not := []string{"steal", "others", "frequency", "throttle", "bottleneck", "search"}
	for kind := range noteKinds {
		want := !slices.Contains(not, kind)
		trial := Trial{Notes: []Note{{Kind: "steal"}, {Kind: "bottleneck"}, {Kind: kind}}}
		if got := trial.Noted(); got != want {
			t.Errorf("%s: noted %v, want %v", kind, got, want)
		}
	}
	if !(Trial{Notes: []Note{{Kind: "of a later version"}}}).Noted() {
		t.Error("a note of an unknown kind is none")
	}
}

func TestNotesSayWhatTheyAreAbout(t *testing.T) {
	for kind, want := range map[string]string{"late": "requests sent after their time, or never", "of a later version": "of a later version"} {
		if got := (Note{Kind: kind}).About(); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}
