package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
)

// limitMeans says what follows where that was the limit of most trials under a
// closed load.
var limitMeans = map[string]string{
	results.BottleneckServer:    "throughput is what the servers can do",
	results.BottleneckFront:     "throughput is the front's, and the servers behind it can do more: compare the CPU time of the target",
	results.BottleneckGenerator: "throughput is a lower bound of what the servers can do: compare capacity, which is per second of their CPU time",
	results.BottleneckNetwork:   "throughput is the network's, not the servers'",
	results.BottleneckUnknown:   "something but CPU time held them back, such as waiting or a lock: read throughput with care",
}

// limitAnswer says which resource was the limit under each kind of load.
func limitAnswer(d Data) string {
	var closed, open, search []results.Trial
	loads := map[string]string{}
	for _, c := range d.Run.Plan.Cases {
		loads[c.ID()] = c.Load
	}
	for _, t := range d.Trials {
		name, planned := loads[t.Case]
		switch load := d.Run.Plan.Loads[name]; {
		case !planned || !t.Valid:
		case load.Search != nil:
			search = append(search, t)
		case load.Closed():
			closed = append(closed, t)
		default:
			open = append(open, t)
		}
	}
	var sentences []string
	if len(closed) > 0 {
		text := "Under closed load: " + limits(closed, "")
		counts := CountBottlenecks(closed)
		switch means := limitMeans[counts[0].Name]; {
		case means == "":
		case len(counts) == 1:
			text += ". " + Capital(means)
		case counts[0].Name == results.BottleneckUnknown:
			text += ". There " + means
		default:
			text += fmt.Sprintf(". Where it was %s, %s", bottleneckWords[counts[0].Name], means)
		}
		sentences = append(sentences, text+".")
	}
	if len(open) > 0 {
		kept, unknown, unsent := 0, 0, int64(0)
		for _, t := range open {
			switch t.Bottleneck {
			case results.BottleneckRate:
				kept++
				unsent += max(t.Counts.Dropped, 0)
			case "":
				unknown++
			}
		}
		text := fmt.Sprintf("Under open load the rate was kept up with in %d of %s", kept, Plural(len(open), "trial"))
		switch {
		case unknown > 0:
			text += fmt.Sprintf("; of %d that is not known", unknown)
		case kept == 0:
			text += ": latency there may be that of a queue that grows"
		case kept == len(open):
			text += ": latency there is that of servers with room to spare"
		default:
			text += ": latency in the others may be that of a queue that grows"
		}
		sentences = append(sentences, text+".")
		if unsent > 0 {
			were, they := "were", "they"
			if unsent == 1 {
				were, they = "was", "it"
			}
			sentences = append(sentences, fmt.Sprintf("Where it was kept up with, %s %s never sent, and what %s would have waited is in no latency.", Plural(int(unsent), "request"), were, they))
		}
	}
	if len(search) > 0 {
		text := "What ended the searches: " + limits(search, "") + "."
		switch counts := CountBottlenecks(search); {
		case !slices.ContainsFunc(counts, func(n Count) bool { return n.Name == results.BottleneckGenerator }):
		case len(counts) == 1:
			text += " So those rates are lower bounds."
		default:
			text += " Where it was the load generator the rates are lower bounds."
		}
		sentences = append(sentences, text)
	}
	return strings.Join(sentences, " ")
}
