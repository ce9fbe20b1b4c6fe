package scenarios

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// The keys that say how hard a load drives: each load has one of them.
const (
	clientsKey = "clients"
	rateKey    = "rate"
	searchKey  = "search"
)

// loads decodes one load, whose name may be left out, or a list of loads.
func (d *decoder) loads(n ast.Node) (loads []Load) {
	switch n.(type) {
	case *ast.SequenceNode:
		seen := make(map[string]bool)
		d.list(n, "load", false, func(item ast.Node) { loads = append(loads, d.load(item, seen)) })
		return loads
	case *ast.MappingNode:
		return []Load{d.load(n, nil)}
	}
	d.see(n)
	d.reject(n, "load must be a load or a list of loads, not "+kind(n), "write {clients: 16}")
	return nil
}

// load decodes one load. seen holds the names of a list's loads so far; nil: the
// load stands alone, and is named after its kind where it has no name.
func (d *decoder) load(n ast.Node, seen map[string]bool) (l Load) {
	example := "name: saturate"
	if seen == nil {
		example = ""
	}
	given := d.mapping(n, "a load",
		field{"name", example, func(n ast.Node) { l.Name = d.name(n, "load", seen) }},
		field{clientsKey, "", func(n ast.Node) { l.Clients, _ = d.whole(n, "clients", 1, maxClients) }},
		field{rateKey, "", func(n ast.Node) { l.Rate = quantity(d, n, "rate", "a rate such as 2000/s", parseRate) }},
		field{searchKey, "", func(n ast.Node) { l.Search = d.search(n) }},
		field{"arrivals", "", func(n ast.Node) { l.Arrivals = d.word(n, "arrivals", []string{Constant, Poisson}) }},
	)
	if given == nil {
		return l
	}
	drive := d.driveOf(n, given)
	if _, named := given["name"]; !named && seen == nil {
		l.Name = drive
	}
	arrivals, hasArrivals := given["arrivals"]
	switch {
	case drive == clientsKey && hasArrivals:
		d.reject(arrivals.key, "arrivals belong to a load with a rate or a search", "clients send their next request when the last one was answered: remove arrivals")
	case drive != clientsKey && !hasArrivals:
		l.Arrivals = Constant
	}
	return l
}

// driveOf returns the one key that says how hard a load drives: the first of
// them where there are several, which is a mistake as it is to have none.
func (d *decoder) driveOf(n ast.Node, given map[string]entry) (drive string) {
	for _, key := range []string{clientsKey, rateKey, searchKey} {
		e, ok := given[key]
		switch {
		case !ok:
		case drive == "":
			drive = key
		default:
			d.reject(d.later(given[drive].key, e.key), fmt.Sprintf("a load has either %s or %s, not both", drive, key), "make two loads of it")
		}
	}
	if drive == "" {
		d.rejectMissing(n, "a load needs clients, a rate or a search", "add clients: 16 (closed load), rate: 2000/s (open load) or "+
			`search: {slo: "p99 < 10ms"} (the highest rate that holds it)`)
	}
	return drive
}

// checkRates refuses a rate that sends nothing within a trial.
func (d *decoder) checkRates(s *Scenario, entries map[string]entry) {
	load, duration := entries["load"], entries["duration"]
	if !load.ok || duration.key != nil && !duration.ok {
		return
	}
	items := []ast.Node{load.value}
	if list, ok := load.value.(*ast.SequenceNode); ok {
		items = list.Values
	}
	for i, item := range items {
		l := s.Load[i]
		if l.Rate == 0 || l.Rate*s.Duration.Seconds() >= 1 {
			continue
		}
		d.eachKey(item, "a load", func(key string, _, value ast.Node) {
			if key == rateKey {
				d.reject(value, fmt.Sprintf("load %q sends less than one request in a trial of %s", l.Name, s.Duration), "raise the rate or the duration")
			}
		})
	}
}
