package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseFormats(t *testing.T) {
	for list, want := range map[string][]Format{
		"html":             {HTML},
		"html,md,svg":      {HTML, Markdown, SVG},
		" MD , pdf,md,png": {Markdown, PDF, PNG},
	} {
		got, err := ParseFormats(list)
		if err != nil {
			t.Errorf("%q: %v", list, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", list, diff)
		}
	}
	for list, want := range map[string]string{
		"":         `"" is no format of a report: use some of html,md,svg,png,pdf`,
		"html,pgn": `"pgn" is no format of a report: did you mean png? use some of html,md,svg,png,pdf`,
	} {
		if _, err := ParseFormats(list); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", list, err, want)
		}
	}
}
