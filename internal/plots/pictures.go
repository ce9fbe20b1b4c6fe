// Package plots draws the pictures of a report.
//
// All speak one language: a colour for each protocol (told apart with every common
// form of colour blindness), dashes for a connection per request, units on every
// axis, and names that are shortened rather than printed over each other. Drawing is
// a pure function of the records: equal records give equal bytes. It is safe for
// concurrent use.
package plots

import (
	"github.com/gwbench/gwbench/internal/summary"
)

// Pictures lays out the pictures of a report, in its order.
func Pictures(d summary.Data) []Picture {
	var pages []Picture
	for _, page := range []func(summary.Data) (p Picture, ok bool){
		ratioPage,
		throughputPage,
		capacityPage,
		cpuPage,
		func(d summary.Data) (Picture, bool) { return latencyPage(d), true },
	} {
		if p, ok := page(d); ok {
			pages = append(pages, p)
		}
	}
	return pages
}
