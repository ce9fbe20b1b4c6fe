package scenarios

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

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
		Warmup:       span.Draw(t, "warmup"),
		Duration:     span.Draw(t, "duration"),
		Timeout:      span.Draw(t, "timeout"),
	}
	for _, target := range some(vocabulary.Targets, "targets") {
		s.Targets = append(s.Targets, TargetRef{Name: target})
	}
	for _, name := range names(0, 4, "own targets") {
		if !slices.Contains(vocabulary.Targets, name) {
			s.Targets = append(s.Targets, genTarget(t, name, text))
		}
	}
	requests := names(0, 3, "requests")
	for _, name := range requests {
		s.Requests = append(s.Requests, genRequest(t, name, text))
	}
	if len(requests) == 0 {
		s.Requests = []Request{genRequest(t, "", text)}
	}
	for _, name := range names(1, 3, "loads") {
		l := Load{Name: name}
		switch rapid.IntRange(0, 2).Draw(t, "kind of load") {
		case 0:
			l.Clients = rapid.IntRange(1, maxClients).Draw(t, "clients")
		case 1:
			l.Rate = rapid.Float64Range(1, maxRate).Draw(t, "rate")
		case 2:
			l.Search = genSearch(t)
		}
		if l.Clients == 0 {
			l.Arrivals = one([]string{Constant, Poisson}, "arrivals")
		}
		s.Load = append(s.Load, l)
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
	steps := s.numbered()
	for i, name := range names(0, 6, "claims") {
		if i%3 == 2 && len(steps) > 0 {
			s.Trends = append(s.Trends, Trend{
				Name: name, Says: "says " + text.Draw(t, "says"), Metric: one(vocabulary.Metrics, "metric"),
				Along: one(steps, "along"), Where: Selector{"protocol": one(s.Protocols, "where")},
				Per: rapid.Float64Range(0.001, maxStep).Draw(t, "per"), Unit: text.Draw(t, "unit"),
			})
			continue
		}
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

// numbered lists the axes that a trend can go along.
func (s *Scenario) numbered() (list []string) {
	kinds := map[bool]bool{}
	for _, l := range s.Load {
		if l.Search == nil {
			kinds[l.Clients > 0] = true
		}
	}
	for name, a := range axes(s) {
		first := map[string]float64{} // number of each series
		slope := false
		for _, value := range a.values {
			if n, ok := s.Number(name, value); ok {
				series := s.Series(name, value)
				if _, seen := first[series]; !seen {
					first[series] = n
				}
				slope = slope || first[series] != n
			}
		}
		if slope && name != "protocol" && !(name == "load" && len(kinds) > 1) {
			list = append(list, name)
		}
	}
	slices.Sort(list) // rapid needs the same choice for the same draws
	return list
}

// genSearch draws a search, with an objective on errors as every search has one.
func genSearch(t *rapid.T) *Search {
	s := &Search{
		SLO:       []Objective{{"errors", rapid.Float64Range(0.0001, 0.99).Draw(t, "errors")}},
		From:      rapid.Float64Range(1, maxRate).Draw(t, "from"),
		Precision: rapid.Float64Range(leastPrecision, 0.99).Draw(t, "precision"),
	}
	for _, metric := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"latency.p50", "latency.p99"}), 0, 2, rapid.ID[string]).Draw(t, "objectives") {
		s.SLO = append(s.SLO, Objective{metric, float64(rapid.IntRange(1, 60_000).Draw(t, "ms"))})
	}
	return s
}

// genTarget draws a target that has a name of its own.
func genTarget(t *rapid.T, name string, text *rapid.Generator[string]) TargetRef {
	target := TargetRef{Name: name}
	r := &target.Recipe
	switch rapid.IntRange(0, 3).Draw(t, "kind of target") {
	case 0:
		target.URL = "scgi://127.0.0.1:4000/"
		return target
	case 1:
		r.YAML = rapid.SampledFrom(inlineRecipes).Draw(t, "inline")
		return target
	case 2:
		r.Name = rapid.SampledFrom(vocabulary.Targets).Draw(t, "recipe")
	case 3:
		r.File = rapid.StringMatching(`[a-z]{1,5}/[a-z]{1,5}\.ya?ml`).Draw(t, "file")
	}
	r.Program = rapid.StringMatching(`[a-z/]{0,9}`).Draw(t, "program")
	r.Args = rapid.SliceOfN(text, 0, 3).Draw(t, "args")
	r.Env = rapid.MapOfN(rapid.StringMatching(`[A-Z_]{1,5}`), text, 0, 2).Draw(t, "env")
	return target
}

// inlineRecipes are recipes as they follow "recipe:" of a target.
var inlineRecipes = []string{
	" {program: x}",
	" {program: x, serves: [{protocols: [http]}]}  # a comment",
	"\n      program: x\n      serves:\n      - protocols: [http]",
	"\n        # first\n        files:\n          a: |\n            one\n\n            two\n  # outside\n        program: 'it''s'\n  # after",
}

// genRequest draws a request of that name.
func genRequest(t *rapid.T, name string, text *rapid.Generator[string]) Request {
	r := Request{
		Name:        name,
		Method:      rapid.SampledFrom([]string{"GET", "POST"}).Draw(t, "method"),
		Path:        rapid.StringMatching(`/[a-z0-9/?=&]{0,10}`).Draw(t, "path"),
		Headers:     rapid.MapOfN(rapid.StringMatching(`X-[A-Z]{1,5}`), text, 0, 3).Draw(t, "headers"),
		HeaderCount: rapid.IntRange(0, maxHeaders).Draw(t, "header count"),
		Expect:      Expect{Status: rapid.IntRange(200, 599).Draw(t, "status")},
	}
	size := rapid.OneOf(rapid.Int64Range(0, maxSize), rapid.Map(rapid.Int64Range(0, maxSize>>20), func(n int64) int64 { return n << 20 }))
	if rapid.Bool().Draw(t, "pattern") {
		r.BodySize = size.Draw(t, "body size")
	} else {
		r.Body = text.Draw(t, "body")
	}
	if rapid.Bool().Draw(t, "expected pattern") {
		r.Expect.BodySize = rapid.Ptr(size, true).Draw(t, "expected size")
	} else {
		r.Expect.Body = rapid.Ptr(text, true).Draw(t, "expected body")
	}
	return r
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genScenario(t)
		text := render(want)
		got, err := Parse("generated.yaml", []byte(text), vocabulary)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for i, target := range got.Targets {
			if target.Recipe.YAML != "" {
				checkInline(t, text, want.Targets[i].Recipe.YAML, target.Recipe)
				want.Targets[i].Recipe, got.Targets[i].Recipe = RecipeRef{}, RecipeRef{}
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Claim{}, "Line"), cmpopts.IgnoreFields(Trend{}, "Line"), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, text)
		}
	})
}
