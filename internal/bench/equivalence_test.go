package bench

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// answers are those of a server, the same to each request.
func answers(e apps.Environ) (list []apps.Environ) {
	for range probeRequests {
		list = append(list, e)
	}
	return list
}

func TestCompareLetsKnownDifferencesPass(t *testing.T) {
	reference := apps.Environ{Method: "GET", PathInfo: "/environ", Headers: []string{"HTTP_X_PROBE: one, two"}}
	joined := reference
	joined.Headers = []string{"HTTP_X_PROBE: one,two"}
	moved := joined
	moved.PathInfo = "/"
	known := []targets.Exception{{Differs: "HTTP_X_PROBE", Why: "no blank"}}
	a := results.Case{Target: "a", Protocol: "http"}
	b := results.Case{Target: "b", Protocol: "http"}
	tests := []struct {
		name       string
		a, b       *probed
		exceptions []results.Exception
		want       []string // in the error; nil: none
	}{
		{"the same", &probed{a, answers(reference), nil}, &probed{b, answers(reference), known}, nil, nil},
		{
			"known of b", &probed{a, answers(reference), nil}, &probed{b, answers(joined), known},
			[]results.Exception{{Case: b.ID(), Differs: "HTTP_X_PROBE", Why: "no blank"}},
			nil,
		},
		{
			"known of the reference", &probed{a, answers(joined), known}, &probed{b, answers(reference), nil},
			[]results.Exception{{Case: a.ID(), Differs: "HTTP_X_PROBE", Why: "no blank"}},
			nil,
		},
		{
			"one known, one not", &probed{a, answers(reference), nil}, &probed{b, answers(moved), known},
			[]results.Exception{{Case: b.ID(), Differs: "HTTP_X_PROBE", Why: "no blank"}},
			[]string{"the application is given different environments", "GET /environ: path_info:", "a: a/http", "b: b/http", `path_info: a has "/environ", b has "/"`, "--no-verify"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &conductor{}
			err := c.compare(tt.a, tt.b)
			if (err != nil) != (tt.want != nil) {
				t.Fatalf("error %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("no %q in %v", part, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "HTTP_X_PROBE") {
				t.Errorf("the known difference is in %v", err)
			}
			if diff := cmp.Diff(tt.exceptions, c.run.Exceptions); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExcerptIsShort(t *testing.T) {
	got := excerpt([]byte(strings.Repeat("x", 10_000)))
	if len(got) > 300 || !strings.Contains(got, "9800 bytes more") {
		t.Errorf("excerpt of 10000 bytes: %q", got)
	}
}
