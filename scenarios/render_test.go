package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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
		b.WriteString(renderTarget(t))
	}
	line("protocols: [%s]", strings.Join(s.Protocols, ", "))
	line("networks: [%s]", strings.Join(s.Networks, ", "))
	line("connections: [%s]", strings.Join(s.Connections, ", "))
	line("fronts: [%s]", strings.Join(s.Fronts, ", "))
	line("workers: %d", s.Workers)
	line("client: %s", s.Client)
	line("load:")
	for _, l := range s.Load {
		switch {
		case l.Clients > 0:
			line("  - {name: %q, clients: %d}", l.Name, l.Clients)
		case l.Search != nil:
			line("  - {name: %q, search: %s, arrivals: %s}", l.Name, renderSearch(*l.Search), l.Arrivals)
		default:
			line("  - {name: %q, rate: %s/s, arrivals: %s}", l.Name, strconv.FormatFloat(l.Rate, 'g', -1, 64), l.Arrivals)
		}
	}
	if len(s.Requests) == 1 && s.Requests[0].Name == "" {
		line("request:")
		b.WriteString(renderRequest(s.Requests[0], "  "))
	} else {
		line("request:")
		for _, r := range s.Requests {
			line("  - name: %q", r.Name)
			b.WriteString(renderRequest(r, "    "))
		}
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
			line("    of: %s\n    over: %s", renderTexts(c.Of), renderTexts(c.Over))
			line("    factor: %q", c.Factor)
		}
	}
	line("trends:%s", map[bool]string{true: " []"}[len(s.Trends) == 0])
	for _, t := range s.Trends {
		line("  - {name: %q, says: %q, metric: %s, along: %s, per: %s, unit: %q, where: %s}", t.Name, t.Says, t.Metric, t.Along, strconv.FormatFloat(t.Per, 'g', -1, 64), t.Unit, renderTexts(t.Where))
	}
	return b.String()
}

func renderSearch(s Search) string {
	slo := make([]string, len(s.SLO))
	for i, o := range s.SLO {
		bound := strconv.FormatFloat(o.Below, 'f', -1, 64)
		if o.Metric != "errors" {
			bound += "ms"
		}
		slo[i] = o.Metric + " < " + bound
	}
	return fmt.Sprintf("{slo: %q, from: %s, precision: %s}", strings.Join(slo, ", "),
		strconv.FormatFloat(s.From, 'g', -1, 64), strconv.FormatFloat(s.Precision, 'f', -1, 64))
}

func renderTarget(t TargetRef) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	r := t.Recipe
	switch {
	case t.URL != "":
		line("  - {name: %q, url: %q}", t.Name, t.URL)
		return b.String()
	case r.YAML != "":
		line("  - name: %q\n    recipe:%s", t.Name, r.YAML)
		return b.String()
	case r.Name == "" && r.File == "":
		line("  - %q", t.Name)
		return b.String()
	case r.Name != "":
		line("  - name: %q\n    recipe: %q", t.Name, r.Name)
	default:
		line("  - name: %q\n    recipe: %q", t.Name, "./"+r.File)
	}
	if r.Program != "" {
		line("    program: %q", r.Program)
	}
	if len(r.Args) > 0 {
		line("    args: %s", renderList(r.Args))
	}
	if len(r.Env) > 0 {
		line("    env: %s", renderTexts(r.Env))
	}
	return b.String()
}

func renderRequest(r Request, indent string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, indent+format+"\n", args...) }
	line("method: %s", r.Method)
	line("path: %q", r.Path)
	line("headers: %s", renderTexts(r.Headers))
	line("header_count: %d", r.HeaderCount)
	if r.BodySize > 0 {
		line("body_size: %s", renderSize(r.BodySize))
	} else {
		line("body: %q", r.Body)
	}
	switch e := r.Expect; {
	case e.Body != nil:
		line("expect: {status: %d, body: %q}", e.Status, *e.Body)
	case e.BodySize != nil:
		line("expect: {status: %d, body_size: %s}", e.Status, renderSize(*e.BodySize))
	default:
		line("expect: {status: %d}", e.Status)
	}
	return b.String()
}

// renderSize uses the largest unit that fits.
func renderSize(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%dMiB", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	case n%2 == 0:
		return fmt.Sprintf("%dB", n)
	}
	return strconv.FormatInt(n, 10)
}

func renderList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func renderTexts[M ~map[string]string](texts M) string {
	pairs := make([]string, 0, len(texts))
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		pairs = append(pairs, fmt.Sprintf("%s: %q", key, texts[key]))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
