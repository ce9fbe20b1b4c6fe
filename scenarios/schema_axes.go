package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

// axis is what a scenario says of one axis.
type axis struct {
	key    string   // of the scenario file
	values []string // without those that have no name
}

// axes returns the axes of a scenario by name.
func axes(s *Scenario) map[string]axis {
	all := map[string]axis{
		"target":      {key: "targets"},
		"protocol":    {"protocols", s.Protocols},
		"network":     {"networks", s.Networks},
		"connection":  {"connections", s.Connections},
		"front":       {"fronts", s.Fronts},
		"application": {"application", s.Applications},
		"load":        {key: "load"},
		"request":     {key: "request"},
	}
	add := func(name, value string) {
		if value != "" {
			a := all[name]
			a.values = append(a.values, value)
			all[name] = a
		}
	}
	for _, t := range s.Targets {
		add("target", t.Name)
	}
	for _, l := range s.Load {
		add("load", l.Name)
	}
	for _, r := range s.Requests {
		add("request", r.Name)
	}
	return all
}

// check refuses selectors of values that the scenario does not have, and trends
// along axes without numbers. Axes whose own key in the file is wrong are passed
// over: their mistake says more.
func (c *claims) check(d *decoder, s *Scenario, entries map[string]entry) {
	all := axes(s)
	sound := func(a axis) bool {
		e, given := entries[a.key]
		return a.key != "" && (!given || e.ok)
	}
	for _, use := range c.selectors {
		a := all[use.axis]
		switch {
		case !sound(a) || slices.Contains(a.values, use.value):
		case len(a.values) == 0 && use.axis == "request":
			d.reject(use.node, fmt.Sprintf("no case has request %q", use.value), "the scenario's request has no name: give it one")
		case len(a.values) > 0:
			hint := suggest(use.value, a.values)
			if spelling.Nearest(use.value, a.values) == "" {
				hint += fmt.Sprintf("; or add it to %s", a.key)
			}
			d.reject(use.node, fmt.Sprintf("no case has %s %q", use.axis, use.value), hint)
		}
	}
	for _, use := range c.alongs {
		if a := all[use.axis]; sound(a) {
			d.checkAlong(s, use, a)
		}
	}
}

// checkAlong refuses a trend along an axis on which there is no slope.
func (d *decoder) checkAlong(s *Scenario, use alongUse, a axis) {
	series := map[string][]float64{}
	slope := false // whether a series has two numbers
	var has []string
	for _, value := range a.values {
		number, ok := s.Number(use.axis, value)
		if name := s.Series(use.axis, value); ok && !slices.Contains(series[name], number) {
			series[name] = append(series[name], number)
			slope = slope || len(series[name]) > 1
		}
		if use.axis == "load" && ok {
			value += fmt.Sprintf(" (%g)", number) // not in its name
		}
		has = append(has, value)
	}
	if len(has) == 0 {
		has = []string{"one without a name"}
	}
	open := slices.ContainsFunc(s.Load, func(l Load) bool { return l.Rate > 0 })
	closed := slices.ContainsFunc(s.Load, func(l Load) bool { return l.Clients > 0 })
	switch {
	case !slope:
		hint, ok := moreNumbers[use.axis]
		if !ok {
			hint = "a trend goes along target, application, load or request"
		}
		d.reject(use.node, fmt.Sprintf("a trend needs at least two different numbers along %s, and the scenario has %s", use.axis, strings.Join(has, ", ")), hint)
	case use.axis == "load" && open && closed:
		d.reject(use.node, "clients and rates are not on one scale", "a trend along load needs loads of one kind: make two scenarios")
	}
}

// moreNumbers says what to add to an axis that can have numbers.
var moreNumbers = map[string]string{
	"target":      `add targets whose names end in different numbers, such as {name: threads-2, recipe: uwsgi, args: [--threads, "2"]}`,
	"application": "add applications whose names end in different numbers, such as middleware-0 and middleware-16",
	"load":        "add loads with different clients, such as {name: many, clients: 64}",
	"request":     "add requests whose names end in different numbers, such as {name: down-1024, path: /bytes/1024}",
}
