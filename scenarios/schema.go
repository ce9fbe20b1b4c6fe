package scenarios

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Limits of counts: what one machine can hold, with room to spare.
const (
	maxClients = 10_000
	maxWorkers = 1024
	maxBlocks  = 1000
	maxCPU     = 4095
)

// scenario decodes the whole file.
func (d *decoder) scenario(root ast.Node) *Scenario {
	v := d.vocabulary
	s := &Scenario{
		Applications: []string{"hello"},
		Networks:     []string{"tcp"},
		Connections:  []string{"per-request"},
		Fronts:       []string{"none"},
		Workers:      1,
		Client:       "gwbench",
		Warmup:       150 * time.Millisecond,
		Duration:     300 * time.Millisecond,
		Timeout:      5 * time.Second,
		Blocks:       Blocks{Min: 10, Max: 30, Precision: 0.05},
	}
	sent := []sentRequest{newSentRequest()}
	expect := Expect{Status: 200}
	var judged claims
	fields := []field{
		{"name", "name: hello", func(n ast.Node) { s.Name = d.name(n, "name", nil) }},
		{"about", "", func(n ast.Node) { s.About, _ = d.text(n, "about") }},
		{"application", "", func(n ast.Node) { s.Applications = d.oneOrMore(n, "application", v.Applications) }},
		{"targets", "targets: [builtin]", func(n ast.Node) { s.Targets = d.targets(n) }},
		{"protocols", "protocols: [http, uwsgi]", func(n ast.Node) { s.Protocols = d.words(n, "protocol", v.Protocols) }},
		{"networks", "", func(n ast.Node) { s.Networks = d.words(n, "network", v.Networks) }},
		{"connections", "", func(n ast.Node) { s.Connections = d.words(n, "connection", v.Connections) }},
		{"fronts", "", func(n ast.Node) { s.Fronts = d.words(n, "front", v.Fronts) }},
		{"workers", "", func(n ast.Node) { s.Workers, _ = d.whole(n, "workers", 1, maxWorkers) }},
		{"client", "", func(n ast.Node) { s.Client = d.word(n, "client", v.Clients) }},
		{"load", "load: [{name: saturate, clients: 16}]", func(n ast.Node) { s.Load = d.loads(n) }},
		{"request", "", func(n ast.Node) { sent = d.requests(n) }},
		{"expect", "", func(n ast.Node) { d.expect(n, &expect) }},
		{"warmup", "", func(n ast.Node) { s.Warmup = quantity(d, n, "warmup", "a duration such as 150ms", parseDuration) }},
		{"duration", "", func(n ast.Node) { s.Duration = quantity(d, n, "duration", "a duration such as 300ms", parseDuration) }},
		{"timeout", "", func(n ast.Node) { s.Timeout = quantity(d, n, "timeout", "a duration such as 5s", parseDuration) }},
		{"blocks", "", func(n ast.Node) { d.blocks(n, &s.Blocks) }},
		{"placement", "", func(n ast.Node) { s.Placement = d.placement(n) }},
		{"claims", "", func(n ast.Node) { s.Claims = judged.list(d, n, "claim") }},
		{"gates", "", func(n ast.Node) { s.Gates = judged.list(d, n, "gate") }},
		{"trends", "", func(n ast.Node) { s.Trends = judged.trends(d, n) }},
	}
	entries := d.mapping(root, "a scenario", fields...)
	s.Requests = withDefault(sent, expect)
	if entries != nil {
		judged.check(d, s, entries)
		d.checkRates(s, entries)
	}
	return s
}

// quantity decodes a scalar that has a syntax of its own.
func quantity[T any](d *decoder, n ast.Node, what, want string, parse func(string) (T, error)) (value T) {
	s, ok := d.scalar(n, what, want)
	if !ok {
		return value
	}
	value, err := parse(s)
	if err != nil {
		problem, hint := explain(err)
		d.reject(n, what+": "+problem, hint)
	}
	return value
}

// name decodes a name that the user makes up. seen, where not nil, holds the
// names given so far and gets this one.
func (d *decoder) name(n ast.Node, what string, seen map[string]bool) string {
	name, ok := d.text(n, what)
	if !ok {
		return ""
	}
	if name == "" {
		d.reject(n, what+" is empty", "write a name")
		return ""
	}
	if problem := badName(name); problem != "" {
		d.reject(n, fmt.Sprintf("%s %q %s", what, name, problem), "use letters, digits, dots, dashes and underscores, such as uwsgi-10x")
		return ""
	}
	if seen[name] {
		d.reject(n, fmt.Sprintf("%s %q is given twice", what, name), "rename one of them")
	} else if seen != nil {
		seen[name] = true
	}
	return name
}

// growing are the words of which another gwbench, or the same one with a user's
// recipes, may know more.
var growing = []string{"target", "recipe", "front", "application"}

// word decodes one name of the vocabulary.
func (d *decoder) word(n ast.Node, what string, valid []string) string {
	w, ok := d.text(n, what)
	open := d.vocabulary.Stored && slices.Contains(growing, what)
	if ok && !open && !slices.Contains(valid, w) {
		d.reject(n, fmt.Sprintf("unknown %s %q", what, w), suggest(w, valid))
	}
	return w
}

// words decodes a list of different names of the vocabulary, at least one.
func (d *decoder) words(n ast.Node, what string, valid []string) (words []string) {
	d.list(n, what+"s", false, func(item ast.Node) {
		w := d.word(item, what, valid)
		if slices.Contains(words, w) && w != "" {
			d.reject(item, fmt.Sprintf("%s %q is given twice", what, w), "remove it")
			return
		}
		words = append(words, w)
	})
	return words
}

// oneOrMore decodes one name of the vocabulary, or a list as words does.
func (d *decoder) oneOrMore(n ast.Node, what string, valid []string) []string {
	if list, ok := n.(*ast.SequenceNode); ok && len(list.Values) > 0 {
		return d.words(n, what, valid)
	} else if ok {
		d.reject(n, what+" must not be empty", "name at least one, or leave the key out")
		return nil
	}
	if _, mapping := n.(*ast.MappingNode); mapping {
		d.wrongType(n, what, "a name or a list of names")
		return nil
	}
	return []string{d.word(n, what, valid)}
}

// blocks decodes the bounds on the number of blocks. A bound that is not given
// is the default, moved where the other one demands it.
func (d *decoder) blocks(n ast.Node, b *Blocks) {
	given := d.mapping(n, "blocks",
		field{"min", "", func(n ast.Node) { b.Min, _ = d.whole(n, "min", 1, maxBlocks) }},
		field{"max", "", func(n ast.Node) { b.Max, _ = d.whole(n, "max", 1, maxBlocks) }},
		field{"precision", "", func(n ast.Node) { b.Precision = quantity(d, n, "precision", "a percentage such as 5%", parsePercent) }},
	)
	low, high := given["min"], given["max"]
	switch {
	case b.Min <= b.Max:
	case low.ok && high.ok:
		second := high.value
		if d.start(second).before(d.start(low.value)) {
			second = low.value
		}
		d.reject(second, fmt.Sprintf("min %d is above max %d", b.Min, b.Max), "swap them?")
	case low.ok && high.key == nil:
		b.Max = b.Min
	case high.ok && low.key == nil:
		b.Min = b.Max
	}
}

// placement decodes none, or the CPUs of both sides.
func (d *decoder) placement(n ast.Node) *Placement {
	p := &Placement{}
	d.see(n)
	if _, ok := n.(*ast.MappingNode); !ok {
		if word, ok := plain(n); !ok || word != "none" {
			d.reject(n, "placement must be none, or a mapping of servers and generator", "write {servers: [1], generator: [0]} with CPU numbers; without the key gwbench chooses")
		}
		return p
	}
	cpus := func(list *[]int, what string) func(ast.Node) {
		return func(n ast.Node) {
			d.list(n, what, false, func(item ast.Node) {
				cpu, ok := d.whole(item, "a CPU number", 0, maxCPU)
				if ok && slices.Contains(*list, cpu) {
					d.reject(item, fmt.Sprintf("CPU %d is given twice in %s", cpu, what), "remove it")
				}
				*list = append(*list, cpu)
			})
		}
	}
	d.mapping(n, "placement",
		field{"servers", "servers: [1]", cpus(&p.Servers, "servers")},
		field{"generator", "generator: [0]", cpus(&p.Generator, "generator")},
	)
	return p
}
