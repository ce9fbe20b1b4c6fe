package results

import "testing"

func TestSpoiled(t *testing.T) {
	share := func(x float64) *float64 { return &x }
	for _, test := range []struct {
		name  string
		usage Usage
		want  bool
	}{
		{"nothing is known", Usage{}, false},
		{"below both limits", Usage{Steal: share(0.09), Others: share(0.14)}, false},
		{"stolen", Usage{Steal: share(StealLimit)}, true},
		{"crowded", Usage{Steal: share(0), Others: share(OthersLimit)}, true},
	} {
		if got := test.usage.Spoiled(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
