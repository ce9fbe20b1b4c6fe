package results

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCaseID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genCase(t)
		got, err := ParseCaseID(want.ID())
		if err != nil || got != want {
			t.Fatalf("%s was read as %+v (%v)", want.ID(), got, err)
		}
		for i, axis := range Axes {
			if want.Value(axis) != want.values()[i] {
				t.Fatalf("value of %s is %q", axis, want.Value(axis))
			}
		}
	})
	for _, id := range []string{"", "a/b", "a/b/c/d/e/f", "a/b/c/d/e/f/g/h/i", "a/b/c/d/e/f/g/", "a//c/d/e/f/g", "/b/c/d/e/f/g", "a/b/c/d/e/f/"} {
		if c, err := ParseCaseID(id); err == nil {
			t.Errorf("%q was read as %+v", id, c)
		}
	}
}

func TestCaseWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, other := genCase(t), genCase(t)
		axis := rapid.SampledFrom(Axes).Draw(t, "axis")
		after := before.With(map[string]string{axis: other.Value(axis), "colour": "red"})
		for _, a := range Axes {
			want := before.Value(a)
			if a == axis {
				want = other.Value(a)
			}
			if got := after.Value(a); got != want {
				t.Fatalf("with another %s, %s is %q, want %q", axis, a, got, want)
			}
		}
	})
}

func TestVarying(t *testing.T) {
	cases := example().Plan.Cases
	if diff := cmp.Diff([]string{"protocol"}, Varying(cases)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if axes := Varying(nil); axes != nil {
		t.Errorf("no cases vary on %v", axes)
	}
}

// TestRequestOfACase checks that the name of a request is a value like any
// other, and that its absence leaves the ID as it was before there were such
// names.
func TestRequestOfACase(t *testing.T) {
	c := example().Plan.Cases[0]
	const id = "builtin/uwsgi/tcp/per-request/none/hello/saturate"
	if c.ID() != id || c.Value("request") != "" {
		t.Errorf("ID %s, request %q", c.ID(), c.Value("request"))
	}
	small, large := c, c
	small.Request, large.Request = "small", "large"
	if small.ID() != id+"/small" || small.Value("request") != "small" {
		t.Errorf("ID %s, request %q", small.ID(), small.Value("request"))
	}
	axes := Varying([]Case{small, large})
	if diff := cmp.Diff([]string{"request"}, axes); diff != "" {
		t.Errorf("axes (-want +got):\n%s", diff)
	}
	small.Request = "a/b"
	if err := small.Validate(); err == nil {
		t.Error("a slash in the name of a request was accepted")
	}
	for c, want := range map[Case]string{c: `"load":"saturate"}`, large: `"load":"saturate","request":"large"}`} {
		if text, err := json.Marshal(c); err != nil || !strings.HasSuffix(string(text), want) {
			t.Errorf("%s, %v; want it to end in %s", text, err, want)
		}
	}
}

func TestRunID(t *testing.T) {
	start := time.Date(2026, 12, 31, 23, 59, 59, 0, time.FixedZone("east", 3600))
	for name, want := range map[string]string{
		"hello":                  "20261231T225959Z-hello",
		"Hello World!":           "20261231T225959Z-hello-world",
		"../../etc/passwd":       "20261231T225959Z-etc-passwd",
		"":                       "20261231T225959Z-run",
		"...":                    "20261231T225959Z-run",
		"größe":                  "20261231T225959Z-gr-e",
		"a\x00b\n":               "20261231T225959Z-a-b",
		strings.Repeat("x", 300): "20261231T225959Z-" + strings.Repeat("x", maxSlug),
	} {
		if got := runID(start, name); got != want {
			t.Errorf("%q gives %s, want %s", name, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		id := runID(start, rapid.String().Draw(t, "name"))
		if !filepath.IsLocal(id) || filepath.Base(id) != id || len(id) > len(idTime)+1+maxSlug || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789._-TZ") != "" {
			t.Fatalf("%q is not safe as the name of a folder", id)
		}
	})
}
