package summary

import (
	"slices"

	"github.com/gwbench/gwbench/results"
)

// MostCurves is how many curves in one pair of axes a reader can tell apart.
const MostCurves = 12

// Facet is a part of many cases, few enough for one picture.
type Facet struct {
	Name    string   // what its cases have in common, inert; "" where that is nothing
	Axes    []string // that tell its cases apart
	Members []int    // indexes of the cases, ascending
}

// facetAxes are what cases are parted by, the first choice first: protocols are to be
// seen beside each other.
var facetAxes = []string{"target", "application", "request", "front", "network", "load", "protocol", "connection"}

// Facets part cases that are too many for one picture: by one axis, else by two, else
// by their order. Axes are those that tell the cases apart; each facet keeps those
// that still do. Up to most cases are one facet.
func Facets(cases []results.Case, axes []string, most int) []Facet {
	all := make([]int, len(cases))
	for i := range all {
		all[i] = i
	}
	whole := Facet{Axes: axes, Members: all}
	if len(cases) <= most {
		return []Facet{whole}
	}
	var fallback []Facet
	for _, axis := range facetAxes {
		parts := whole.part(cases, axis)
		if len(parts) < 2 {
			continue
		}
		largest := 0
		for _, p := range parts {
			largest = max(largest, len(p.Members))
		}
		if largest > 1 && largest <= most {
			return parts
		}
		if largest > most && fallback == nil {
			for _, p := range parts {
				fallback = append(fallback, p.again(cases, most)...)
			}
		}
	}
	if fallback != nil {
		return fallback
	}
	n := (len(cases) + most - 1) / most
	var chunks []Facet
	for part := range slices.Chunk(all, (len(cases)+n-1)/n) {
		chunks = append(chunks, Facet{Axes: axes, Members: part})
	}
	return chunks
}

// part splits a facet by the values of an axis, in the order in which they occur.
func (f Facet) part(cases []results.Case, axis string) []Facet {
	if !slices.Contains(f.Axes, axis) {
		return nil
	}
	var parts []Facet
	var values []string
	for _, i := range f.Members {
		v := cases[i].Value(axis)
		at := slices.Index(values, v)
		if at < 0 {
			at = len(parts)
			rest := slices.DeleteFunc(slices.Clone(f.Axes), func(a string) bool { return a == axis })
			parts = append(parts, Facet{Name: Label(cases[i], []string{axis}, mostFacetName), Axes: rest})
			values = append(values, v)
		}
		parts[at].Members = append(parts[at].Members, i)
	}
	return parts
}

// mostFacetName is how much of a name stands above a picture.
const mostFacetName = 40

// again parts a facet that is too large.
func (f Facet) again(cases []results.Case, most int) []Facet {
	members := make([]results.Case, len(f.Members))
	for i, at := range f.Members {
		members[i] = cases[at]
	}
	parts := Facets(members, f.Axes, most)
	for i := range parts {
		for j, at := range parts[i].Members {
			parts[i].Members[j] = f.Members[at]
		}
		if parts[i].Name == "" {
			parts[i].Name = f.Name
		} else {
			parts[i].Name = f.Name + " " + parts[i].Name
		}
	}
	return parts
}
