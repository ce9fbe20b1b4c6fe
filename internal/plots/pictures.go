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
func Pictures(of summary.Timed) []Picture {
	d, cases, times := of.Data, summary.Cases(of.Data), newTimed(of)
	var pictures []Picture
	for _, picture := range []func() (p Picture, ok bool){
		func() (Picture, bool) { return ratioPage(d) },
		func() (Picture, bool) { return throughputPage(d) },
		func() (Picture, bool) { return capacityPage(d) },
		func() (Picture, bool) { return cpuPage(d) },
		func() (Picture, bool) { return latencyPicture(times), true },
		func() (Picture, bool) { return ecdfPicture(times) },
		func() (Picture, bool) { return correctedPicture(times) },
		func() (Picture, bool) { return driftPicture(d) },
		func() (Picture, bool) { return saturationPicture(d, cases) },
		func() (Picture, bool) { return trendsPicture(d, cases) },
	} {
		if p, ok := picture(); ok {
			pictures = append(pictures, p)
		}
	}
	return pictures
}
