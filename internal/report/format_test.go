package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrapKeepsWordsWhole(t *testing.T) {
	got := Style{Width: 12}.wrap("  ", "one two three incomprehensibilities four")
	want := []string{"  one two", "    three", "    incomprehensibilities", "    four"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := (Style{}).wrap("  ", "one two three"); len(got) != 1 {
		t.Errorf("wrapped without a width: %q", got)
	}
	if got, want := (Style{Width: 12}).wrap("", "between 21.5 % and % alone"), []string{"between", "  21.5 %", "  and %", "  alone"}; !cmp.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
