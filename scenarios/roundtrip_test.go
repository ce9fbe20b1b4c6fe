package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// render writes a scenario as a file, every key spelt out.
func render(s *Scenario) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("name: %q", s.Name)
	line("about: %q", s.About)
	line("application: [%s]", strings.Join(s.Applications, ", "))
	line("targets:")
	for _, t := range s.Targets {
		if t.URL == "" {
			line("  - %s", t.Name)
		} else {
			line("  - {name: %q, url: %q}", t.Name, t.URL)
		}
	}
	line("protocols: [%s]", strings.Join(s.Protocols, ", "))
	line("networks: [%s]", strings.Join(s.Networks, ", "))
	line("connections: [%s]", strings.Join(s.Connections, ", "))
	line("fronts: [%s]", strings.Join(s.Fronts, ", "))
	line("workers: %d", s.Workers)
	line("client: %s", s.Client)
	line("load:")
	for _, l := range s.Load {
		if l.Clients > 0 {
			line("  - {name: %q, clients: %d}", l.Name, l.Clients)
		} else {
			line("  - {name: %q, rate: %s/s, arrivals: %s}", l.Name, strconv.FormatFloat(l.Rate, 'g', -1, 64), l.Arrivals)
		}
	}
	line("request:\n  method: %s\n  path: %q\n  body: %q\n  headers:%s", s.Requests[0].Method, s.Requests[0].Path, s.Requests[0].Body, map[bool]string{true: " {}"}[len(s.Requests[0].Headers) == 0])
	for _, name := range slices.Sorted(maps.Keys(s.Requests[0].Headers)) {
		line("    %s: %q", name, s.Requests[0].Headers[name])
	}
	line("expect:\n  status: %d", s.Requests[0].Expect.Status)
	if s.Requests[0].Expect.Body != nil {
		line("  body: %q", *s.Requests[0].Expect.Body)
	}
	line("warmup: %s\nduration: %s\ntimeout: %s", s.Warmup, s.Duration, s.Timeout)
	line("blocks: {min: %d, max: %d, precision: %s}", s.Blocks.Min, s.Blocks.Max, strconv.FormatFloat(s.Blocks.Precision, 'f', -1, 64))
	switch {
	case s.Placement == nil:
	case len(s.Placement.Servers) == 0 && len(s.Placement.Generator) == 0:
		line("placement: none")
	default:
		list := func(cpus []int) string { return strings.ReplaceAll(fmt.Sprint(cpus), " ", ", ") }
		line("placement: {servers: %s, generator: %s}", list(s.Placement.Servers), list(s.Placement.Generator))
	}
	for key, claims := range map[string][]Claim{"claims": s.Claims, "gates": s.Gates} {
		line("%s:%s", key, map[bool]string{true: " []"}[len(claims) == 0])
		for _, c := range claims {
			line("  - name: %q\n    says: %q\n    metrics: [%s]", c.Name, c.Says, strings.Join(c.Metrics, ", "))
			for key, selector := range map[string]Selector{"of": c.Of, "over": c.Over} {
				line("    %s:", key)
				for axis, value := range selector {
					line("      %s: %q", axis, value)
				}
			}
			line("    factor: %q", c.Factor)
		}
	}
	return b.String()
}

// genScenario draws scenarios without mistakes.
func genScenario(t *rapid.T) *Scenario {
	some := func(valid []string, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(valid), 1, len(valid), rapid.ID[string]).Draw(t, label)
	}
	one := func(valid []string, label string) string { return rapid.SampledFrom(valid).Draw(t, label) }
	names := func(low, high int, label string) []string {
		return rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zé0-9][A-Za-z0-9._-]{0,9}`), low, high, rapid.ID[string]).Draw(t, label)
	}
	// Text within double quotes, as Go and YAML write it alike.
	text := rapid.StringMatching(`[ -~äß€]{0,30}`)
	span := rapid.Map(rapid.Int64Range(int64(time.Second), int64(maxDuration)), func(n int64) time.Duration { return time.Duration(n) })

	s := &Scenario{
		Name:         names(1, 1, "name")[0],
		About:        text.Draw(t, "about"),
		Applications: some(vocabulary.Applications, "applications"),
		Protocols:    some(vocabulary.Protocols, "protocols"),
		Networks:     some(vocabulary.Networks, "networks"),
		Connections:  some(vocabulary.Connections, "connections"),
		Fronts:       some(vocabulary.Fronts, "fronts"),
		Workers:      rapid.IntRange(1, maxWorkers).Draw(t, "workers"),
		Client:       one(vocabulary.Clients, "client"),
		Requests: []Request{{
			Method:  one([]string{"GET", "POST"}, "method"),
			Path:    rapid.StringMatching(`/[a-z0-9/?=&]{0,10}`).Draw(t, "path"),
			Headers: rapid.MapOfN(rapid.StringMatching(`X-[A-Z]{1,5}`), text, 0, 3).Draw(t, "headers"),
			Body:    text.Draw(t, "body"),
			Expect:  Expect{Status: rapid.IntRange(200, 599).Draw(t, "status"), Body: rapid.Ptr(text, true).Draw(t, "expected body")},
		}},
		Warmup:   span.Draw(t, "warmup"),
		Duration: span.Draw(t, "duration"),
		Timeout:  span.Draw(t, "timeout"),
	}
	for _, target := range some(vocabulary.Targets, "targets") {
		s.Targets = append(s.Targets, TargetRef{Name: target})
	}
	for _, name := range names(0, 2, "external targets") {
		if !slices.Contains(vocabulary.Targets, name) {
			s.Targets = append(s.Targets, TargetRef{Name: name, URL: "scgi://127.0.0.1:4000/"})
		}
	}
	for _, name := range names(1, 3, "loads") {
		if rapid.Bool().Draw(t, "closed") {
			s.Load = append(s.Load, Load{Name: name, Clients: rapid.IntRange(1, maxClients).Draw(t, "clients")})
		} else {
			s.Load = append(s.Load, Load{Name: name, Rate: rapid.Float64Range(1, maxRate).Draw(t, "rate"), Arrivals: one([]string{Constant, Poisson}, "arrivals")})
		}
	}
	s.Blocks.Min = rapid.IntRange(1, maxBlocks).Draw(t, "min")
	s.Blocks.Max = rapid.IntRange(s.Blocks.Min, maxBlocks).Draw(t, "max")
	s.Blocks.Precision = rapid.Float64Range(0, 0.99).Draw(t, "precision")
	cpus := func(label string) []int {
		return rapid.SliceOfNDistinct(rapid.IntRange(0, maxCPU), 1, 3, rapid.ID[int]).Draw(t, label)
	}
	switch rapid.IntRange(0, 2).Draw(t, "placement") {
	case 1:
		s.Placement = &Placement{}
	case 2:
		s.Placement = &Placement{Servers: cpus("servers"), Generator: cpus("generator")}
	}
	for i, name := range names(0, 4, "claims") {
		c := Claim{
			Name: name, Says: "says " + text.Draw(t, "says"), Metrics: some(vocabulary.Metrics, "metrics"),
			Of:     Selector{"protocol": one(s.Protocols, "of"), "load": s.Load[0].Name},
			Over:   Selector{"target": s.Targets[0].Name},
			Factor: Factor{one([]string{AtLeast, AtMost}, "operator"), rapid.Float64Range(0.001, maxFactor).Draw(t, "factor")},
		}
		if i%2 == 0 {
			s.Claims = append(s.Claims, c)
		} else {
			s.Gates = append(s.Gates, c)
		}
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genScenario(t)
		text := render(want)
		got, err := Parse("generated.yaml", []byte(text), vocabulary)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Claim{}, "Line"), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, text)
		}
	})
}
